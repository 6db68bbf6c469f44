"""Effects run in the order written, each seeing what those before it did; their changes go into the step."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from engine.cases import assigning, promises
from engine.cases.answers import computed
from engine.cases.calculated import fitting
from engine.cases.people import own_holders
from engine.cases.step import Notice, Step
from engine.changes import (
    AddCandidate,
    CaseChange,
    Change,
    Decided,
    ExtendSla,
    Notify,
    ReleaseTasks,
    SetAnswer,
    StartSla,
    StopSla,
)
from engine.definitions.model import EffectCall
from engine.definitions.scope import ExpressionFault
from engine.effects import SHELF, Effect, EffectFault
from engine.facts import Situation

_AMOUNTS = frozenset({"integer", "decimal", "percent", "money", "year"})
_SMALL = 10**15  # whole numbers below need no second look


class StepFailed(Exception):
    """The step cannot be made; nothing of it is kept and the incident ``code`` is raised."""

    def __init__(self, code: str, state: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.state = state
        self.detail = detail


@cache
def _shelf() -> Mapping[str, Effect]:
    return SHELF.values()


def perform(step: Step, calls: tuple[EffectCall, ...], state: str, item: Any = None) -> None:
    """Runs effects that stand in ``state``. Raises StepFailed when one cannot do its work."""
    if not calls:
        return
    for call in calls:
        scope = step.scope(user=step.actor, item=item)
        situation = Situation(step.definition, step.answers, scope, step.actor, step.comment, state)
        try:
            for change in _shelf()[call.kind].run(call.options, situation):
                _take_in(step, change, state)
        except EffectFault as fault:
            raise StepFailed(fault.incident, state, f"{call.key}: {fault}") from fault
        except ExpressionFault as fault:
            raise StepFailed("effect_failed", state, f"{call.key}: {fault.reason.en}") from fault
    if step.chart.has_computed and step.set_by_effects:
        step.answers = computed(step.definition, step.answers, step.scope(user=step.actor))
        step.changed()


def _take_in(step: Step, change: CaseChange | Change, state: str) -> None:
    if isinstance(change, SetAnswer):
        step.set_answer(change.field, _fitting(step, change))
    elif isinstance(change, Notify):
        step.notices.append(Notice(len(step.changes), change.notification, state, None))
    elif isinstance(change, Decided):
        step.decided.update(change.outputs)
    elif isinstance(change, AddCandidate):
        assigning.add_role(step, state, change.role)
    elif isinstance(change, ReleaseTasks):
        _release(step, change.role)
    elif isinstance(change, StartSla):
        promises.start(step, change.sla)
    elif isinstance(change, StopSla):
        promises.stop(step, change.sla)
    elif isinstance(change, ExtendSla):
        promises.extend(step, change.sla, change.by)
    else:
        step.changes.append(change)


def _fitting(step: Step, change: SetAnswer) -> Any:
    """The value as its field keeps it: an amount that was calculated has the field's decimals, as a computed one, and
    is not larger than any answer may be."""
    value = change.value
    kind = type(value)
    field = step.definition.fields.get(change.field) if kind is int or kind is Decimal else None
    if field is None or field.type not in _AMOUNTS or (kind is int and field.type == "integer" and abs(value) < _SMALL):
        return value
    kept = fitting(value, field)
    if kept is None:
        raise EffectFault(f"{change.field} cannot hold {value}")
    return kept


def _release(step: Step, role: str) -> None:
    if role != "actor":
        assigning.release_people(step, own_holders(step, role))
    elif step.actor is not None:
        assigning.release_people(step, (step.actor,))
