"""Changes out: what a decision wants done, as values. ``cases/apply.py`` is the only reader that acts on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.definitions.model import Duration, Text
from engine.facts import Audience, CaseState, OpenTask, PersonId

EMPTY: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return EMPTY


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One answer that does not hold. ``path`` is dotted, rows from 0: ``goals.0.indicators.2.target``."""

    path: str
    message: Text
    code: str = "invalid"  # required, invalid, not_editable, too_long, …


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act is not possible. ``code`` is of the reference §9; ``values`` fill the sentence; ``faults`` are the
    answers in question; ``next_step`` a key of the table there (who_may, watch, field, …)."""

    code: str
    sentence: Text
    next_step: Text | None = None
    values: Mapping[str, Any] = field(default_factory=_nothing)
    faults: tuple[FieldFault, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """A notification to be sent. ``audiences`` are who gets it; ``reason`` one of assigned, reminder, escalated,
    returned, outcome, incident, …; ``values`` the closed list of variables, per language where they differ."""

    notification: str
    audiences: tuple[Audience, ...]
    roles: tuple[str, ...]  # as the definition names them, for scenarios (mails: {template, to})
    reason: str
    task: int | None
    values: Mapping[str, Any] = field(default_factory=_nothing)
    is_urgent: bool = False
    is_automatic: bool = False  # sent because a task opened, not by an effect


@dataclass(frozen=True, slots=True)
class RaiseIncident:
    code: str  # no_candidate, effect_failed, timer_failed, no_rule_matched, message_failed, migration_blocked
    state: str | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class IssueNumber:
    field: str
    pattern: str


@dataclass(frozen=True, slots=True)
class RenderDocument:
    template: str
    field: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    case_type: str
    answers: Mapping[str, Any]
    link: str


@dataclass(frozen=True, slots=True)
class SignalCase:
    link: str
    event: str


@dataclass(frozen=True, slots=True)
class CallConnector:
    connector: str
    values: Mapping[str, Any]


# -- changes of the case itself: what effects yield and the plan works into its own next state, in the order written --


@dataclass(frozen=True, slots=True)
class Notify:
    """A notification to be queued; the plan finds its people and makes a ``QueueMessage`` of it."""

    notification: str


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """``value`` is typed as the field's type stores it, or None to empty it."""

    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision table said; its outputs are set as answers beside."""

    table: str
    outputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AddCandidate:
    """One more role for the open tasks of the state whose effect it is."""

    role: str


@dataclass(frozen=True, slots=True)
class ReleaseTasks:
    """Claims of the person acting (``role`` "actor") or of everybody in a role are given up."""

    role: str


@dataclass(frozen=True, slots=True)
class StartSla:
    sla: str


@dataclass(frozen=True, slots=True)
class StopSla:
    sla: str


@dataclass(frozen=True, slots=True)
class ExtendSla:
    sla: str
    by: Duration


CaseChange = Notify | SetAnswer | Decided | AddCandidate | ReleaseTasks | StartSla | StopSla | ExtendSla
Change = QueueMessage | RaiseIncident | IssueNumber | RenderDocument | OpenCase | SignalCase | CallConnector


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """How an open task ended. ``outcome`` is the action, or ``cancelled`` when its state was left by another road."""

    task: OpenTask
    outcome: str
    person: PersonId | None
    principal: PersonId | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act as it will be told. ``action`` is a transition's key, or claim, release, assign, recall, timer, open.
    ``actor`` is None for the system; ``details`` holds keys a sentence needs (timer, place, assigned to)."""

    at: datetime
    actor: PersonId | None
    principal: PersonId | None
    kind: str | None  # of the substitution
    action: str
    state: str | None  # the state that took it
    left: tuple[str, ...]
    entered: tuple[str, ...]
    comment: str = ""
    item: str | None = None
    details: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done, all of it or nothing. Rows to write are the difference of ``before`` and ``after``.

    ``fired`` lists timers that fired (``state.timer``, ``sla.at_risk``), ``decided`` the outputs of decision tables.
    ``answers`` are all answers afterwards; ``answers_changed`` is None when none changed. ``taken`` are the arrows
    followed, automatic ones too: ``state.action``, ``state.always.key``; that of a timer stands in ``fired``.
    """

    before: CaseState
    after: CaseState
    answers: Mapping[str, Any]
    answers_changed: Mapping[str, tuple[Any, Any]] | None  # top-level field -> (old, new)
    entries: tuple[HistoryEntry, ...]
    closed: tuple[ClosedTask, ...] = ()
    changes: tuple[Change, ...] = ()
    fired: tuple[str, ...] = ()
    decided: Mapping[str, Any] = field(default_factory=_nothing)
    taken: tuple[str, ...] = ()

    @property
    def opened(self) -> tuple[OpenTask, ...]:
        """Tasks that are new in ``after``."""
        return tuple(task for number, task in self.after.tasks.items() if number not in self.before.tasks)


@dataclass(frozen=True, slots=True)
class ActionView:
    """One action as a page shows it: possible, or unavailable with its refusal. Same source as the act itself."""

    action: str
    state: str
    task: int | None
    item: str | None
    title: Text
    tone: str | None
    needs: tuple[str, ...]  # comment, attachment, second_factor
    edits: tuple[str, ...]  # fields that may be sent with it
    form: str | None
    is_internal: bool
    next_states: tuple[str, ...]  # where it would lead, for "Berikutnya …"
    refusal: Refusal | None
