"""What lies ahead of a case: the steps it will pass when all goes well, and who is needed in each."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from engine.cases.step import Step
from engine.cases.views import CasePage
from engine.definitions.model import Approver, Definition, State, Transition
from engine.definitions.scope import ExpressionFault, Scope
from web.language import words

ACCEPTING = ("approved", "done")


def main_road(definition: Definition) -> tuple[str, ...]:
    """Keys of the states from the first to an end, by the arrow that carries the case on from each; of a parallel
    state branch after branch."""
    road: list[str] = []
    _walk(definition, definition.initial, road, None)
    return tuple(road)


def _walk(definition: Definition, start: str, road: list[str], around: str | None) -> None:
    """Follow the road from ``start``, inside the parallel state ``around`` when it is one of its branches."""
    key: str | None = start
    seen: set[str] = set()
    while key is not None and key in definition.states and key not in road and key not in seen:
        seen.add(key)
        state = definition.states[key]
        if around is not None and around not in _path(definition, key):
            return
        if state.kind == "parallel":
            for region in state.regions.values():
                _walk(definition, region.initial, road, key)
            key = _onward(definition, state)
        elif state.children:
            key = state.initial or state.children[0]
        else:
            road.append(key)
            key = _onward(definition, state)


def _path(definition: Definition, key: str) -> tuple[str, ...]:
    found: list[str] = []
    here: str | None = key
    while here is not None:
        found.append(here)
        here = definition.states[here].parent
    return tuple(found)


def ends_case(definition: Definition, key: str) -> bool:
    """Whether a state is an end of the whole case, not only of a branch."""
    is_end = definition.states[key].kind == "final"
    return is_end and all(definition.states[around].region is None for around in _path(definition, key))


def _onward(definition: Definition, state: State) -> str | None:
    for always in state.always:
        return always.to
    moves = [move for move in state.transitions.values() if move.to in definition.states]
    best = min(moves, key=_reluctance, default=None)
    if best is None and state.parent is not None:
        return _onward(definition, definition.states[state.parent])
    return best.to if best is not None else None


def _reluctance(move: Transition) -> tuple[bool, bool, bool, bool]:
    """Arrows people are meant to take come first; what ends, sends back or needs a reason comes last."""
    return (move.tone == "danger", "comment" in move.requires, move.action == "rejected",
            not (move.tone == "primary" or move.action in ACCEPTING))  # fmt: skip


def needed(page: CasePage, key: str) -> str:
    """Who is needed in a state: the titles of its roles, with how many of them suffice."""
    state = page.definition.states[key]
    if state.task is not None:
        return ", ".join(_titles(page, state.task.candidates))
    if state.approval is None:
        return ""
    scope = Step(page.definition, page.facts, page.reader).scope()
    approvers = [approver for approver in state.approval.approvers if _is_needed(approver, scope)]
    names = [", ".join(_titles(page, approver.candidates)) for approver in approvers]
    if state.approval.completion == "quorum" and state.approval.quorum and state.approval.quorum < len(names):
        few, many = state.approval.quorum, len(names)
        return str(_("%(few)s of %(many)s: %(names)s", few=few, many=many, names=", ".join(names)))
    return ", ".join(names)


def _titles(page: CasePage, roles: tuple[str, ...]) -> Iterator[str]:
    for role in roles:
        if role in page.definition.roles:
            yield words(page.definition.roles[role].title)


def _is_needed(approver: Approver, scope: Scope) -> bool:
    if approver.needed_when is None:
        return True
    try:
        return bool(approver.needed_when.evaluate(scope))
    except ExpressionFault:
        return True  # not to be told yet: better one name too many than one too few
