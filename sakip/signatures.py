"""Who has signed an agreement, as which party: read from the case's history and its region's own definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.cases.views import CasePage, HistoryLine
from engine.definitions.model import Approval, Definition
from engine.definitions.scope import ExpressionFault, Scope

SIGNING = "signing"  # no region may take this state away: both parties sign (the base's sealed nodes)
PARTIES = ("first_party", "second_party")
SENDS_BACK = frozenset({"return", "reject", "recall"})


@dataclass(frozen=True, slots=True)
class Signature:
    """An act of signing: ``place`` is first_party or second_party; ``principal_name`` when somebody stood in, then
    ``kind`` is their capacity as people read it (Plt.)."""

    place: str
    person_name: str
    at: datetime
    principal_name: str | None = None
    kind: str | None = None


def signatures_of(page: CasePage) -> tuple[Signature, ...]:
    """The signatures that count in a case, oldest first: those since signing began last, and none once the agreement
    was sent back or opened again. Whoever's place comes first in the region's order is the first party."""
    state = page.definition.states.get(SIGNING)
    if state is None or state.approval is None:
        return ()
    parties = dict(zip(_needed(page.definition, state.approval, page.answers), PARTIES, strict=False))
    found: list[Signature] = []
    for line in sorted(page.history, key=lambda line: line.seq):
        if _begins_anew(line, page.definition, state.approval.accept):
            found.clear()
        if line.action != state.approval.accept or line.state != SIGNING or line.actor_name is None:
            continue
        known = page.definition.substitution.get(line.kind or "")
        kind = known.title.id if known is not None else None
        for place in (line.details or {}).get("places", ()):
            if place in parties:
                found.append(Signature(parties[place], line.actor_name, line.at, line.principal_name, kind))
    return tuple(found)


def _needed(definition: Definition, approval: Approval, answers: Mapping[str, Any]) -> Iterator[str]:
    """The places whose signature these answers ask for, in the order of signing."""
    scope = Scope(answers=answers, parameters=definition.parameter_values)
    for approver in approval.approvers:
        try:
            if approver.needed_when is None or approver.needed_when.evaluate(scope):
                yield approver.key
        except ExpressionFault:  # an answer is missing: nobody could be asked for it either
            continue


def _begins_anew(line: HistoryLine, definition: Definition, accept: str) -> bool:
    """Whether an act makes the signatures before it worthless: it opens signing, breaks it off, sends the agreement
    back, or takes one in force up again."""
    if SIGNING in line.entered or line.action in SENDS_BACK:
        return True
    if SIGNING in line.left:
        return line.action != accept
    return _rests(definition, line.left) and bool(line.entered) and not _rests(definition, line.entered)


def _rests(definition: Definition, states: tuple[str, ...]) -> bool:
    return any(definition.states[key].is_resting for key in states if key in definition.states)
