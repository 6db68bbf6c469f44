"""The steps a case passes when all goes well, read from the definition."""

from __future__ import annotations

from engine.definitions.model import Definition, State, Transition

ACCEPTING = ("approved", "done")


def main_road(definition: Definition, start: str | None = None) -> tuple[str, ...]:
    """Keys of the states from ``start``, or from the first, to an end or to where a case may rest, by the arrow that
    carries the case on from each; of a parallel state branch after branch. What only somebody outside may do, such as
    an appeal, carries it nowhere."""
    road: list[str] = []
    _walk(definition, start or definition.initial, road, None)
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
            key = None if state.is_resting else _onward(definition, state)


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
    if state.always:
        return state.always[-1].to  # the way without a condition; those before it are the exceptions
    moves = [
        move
        for move in state.transitions.values()
        if move.to in definition.states and not _is_outside(definition, move)
    ]
    best = min(moves, key=_reluctance, default=None)
    if best is None and state.parent is not None:
        return _onward(definition, definition.states[state.parent])
    return best.to if best is not None else None


def _is_outside(definition: Definition, move: Transition) -> bool:
    return bool(move.by) and all(definition.roles[role].is_external for role in move.by)


def _reluctance(move: Transition) -> tuple[bool, bool, bool, bool]:
    """Arrows people are meant to take come first; what ends, sends back or needs a reason comes last."""
    return (move.tone == "danger", "comment" in move.requires, move.action == "rejected",
            not (move.tone == "primary" or move.action in ACCEPTING))  # fmt: skip
