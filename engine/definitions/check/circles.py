"""WF023: automatic steps that can run in a circle without a person or a timer."""

from __future__ import annotations

from engine.definitions.graph import Graph, Move
from engine.definitions.model import State
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems


def automatic_circles(case_type: CaseType, problems: Problems) -> None:
    """Report every circle once, at its first state in document order."""
    graph = case_type.graph
    onward = {key: automatic_entries(graph, key) for key in graph.states}
    if not any(onward.values()):
        return
    reach = {key: _all_after(key, onward) for key in graph.states}
    told: set[str] = set()
    for key in graph.states:
        if key in told or key not in reach[key]:
            continue
        circle = [other for other in graph.states if other in reach[key] and key in reach[other]]
        told.update(circle)
        names = ", ".join(f'"{other}"' for other in circle)
        problems.add(
            "WF023",
            case_type.at(key),
            f"Langkah otomatis berputar tanpa menunggu orang: {names}.",
            f"Automatic steps run in a circle without waiting for a person: {names}.",
        )


def _all_after(key: str, onward: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(onward[key])
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting += onward[other]
    return found


def automatic_entries(graph: Graph, key: str) -> list[str]:
    """Every state that may be entered by itself right after ``key`` was."""
    found: list[str] = []
    for move in _automatic_moves(graph, key):
        found += graph.entered(graph.common(move.source, move.target), move.target)
    return found


def _automatic_moves(graph: Graph, key: str) -> list[Move]:
    state = graph.states[key]
    moves = [Move(key, always.to) for always in state.always]
    event = _raised_at_once(state)
    if event is not None:
        transition = graph.known(key).get(event)
        if transition is not None and transition.to is not None:
            moves.append(Move(transition.source, transition.to))
    if state.multi_instance is not None:
        first = next((each for each in state.transitions.values() if not each.by and not each.is_internal), None)
        if first is not None and first.to is not None:
            moves.append(Move(key, first.to))
    if state.kind == "final" and state.parent is not None and graph.states[state.parent].kind == "compound":
        move = graph.done(state.parent)
        moves += [move] if move is not None else []
    if state.kind == "parallel":
        move = graph.done(key)
        moves += [move] if move is not None and _joins_by_itself(graph, state) else []
    return moves


def _raised_at_once(state: State) -> str | None:
    """``approved`` where every place of an approval may turn out not to be needed."""
    approval = state.approval
    if approval is None or not approval.approvers:
        return None
    return "approved" if all(approver.needed_when is not None for approver in approval.approvers) else None


def _joins_by_itself(graph: Graph, state: State) -> bool:
    """Whether a parallel state's join may be met right after it was entered, nobody having done anything."""
    able = []
    for name, region in state.regions.items():
        if region.initial not in graph.states:
            continue
        inside = (state.key, name)
        seen: set[str] = set()
        waiting = list(graph.entered(inside, region.initial))
        while waiting:
            key = waiting.pop()
            if key in seen or not graph.is_inside(key, inside):
                continue
            seen.add(key)
            for move in _automatic_moves(graph, key):
                if graph.is_inside(move.target, inside):
                    waiting += graph.entered(graph.common(move.source, move.target), move.target)
        if seen.intersection(graph.region_finals(state.key, name)):
            able.append(name)
    return bool(able) and graph.joins(state, able)
