"""WF023: automatic steps that can run in a circle without a person or a timer."""

from __future__ import annotations

from collections.abc import Mapping, Set

from engine.definitions.graph import Graph, Move
from engine.definitions.model import State
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems


def automatic_circles(case_type: CaseType, problems: Problems) -> None:
    """Report every circle once, at its first state in document order."""
    graph = case_type.graph
    onward = {key: automatic_entries(graph, key) for key in graph.states}
    for circle in circles(onward):
        circle.sort(key=lambda key: graph.states[key].position)
        names = ", ".join(f'"{key}"' for key in circle[:10])
        problems.add(
            "WF023",
            case_type.at(circle[0]),
            f"Langkah otomatis berputar tanpa menunggu orang: {names}.",
            f"Automatic steps run in a circle without waiting for a person: {names}.",
        )


def circles(onward: Mapping[str, list[str]]) -> list[list[str]]:
    """Groups of states that lead back to themselves (Tarjan's strongly connected components, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_states: dict[str, None] = {}
    found: list[list[str]] = []
    for start in onward:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        open_states[start] = None
        work = [(start, iter(onward[start]))]
        while work:
            key, following = work[-1]
            other = next((each for each in following if each not in index or each in open_states), None)
            if other is not None and other not in index:
                index[other] = low[other] = len(index)
                open_states[other] = None
                work.append((other, iter(onward[other])))
            elif other is not None:
                low[key] = min(low[key], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[key])
                if low[key] == index[key]:
                    group: list[str] = []
                    while not group or group[-1] != key:
                        group.append(open_states.popitem()[0])
                    if len(group) > 1 or key in onward[key]:
                        found.append(group)
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
    around = graph.states[state.parent] if state.kind == "final" and state.parent is not None else None
    if around is not None and (done := graph.done(around.key)) is not None:
        finished = {state.region} if state.region is not None else set()
        if around.kind == "compound" or graph.joins(around, finished | _finish_by_themselves(graph, around)):
            moves.append(done)
    return moves


def _raised_at_once(state: State) -> str | None:
    """``approved`` where every place of an approval may turn out not to be needed."""
    approval = state.approval
    if approval is None or not approval.approvers:
        return None
    return "approved" if all(approver.needed_when is not None for approver in approval.approvers) else None


def _finish_by_themselves(graph: Graph, state: State) -> Set[str]:
    """The regions of a parallel state that come to an end right after it was entered, nobody having done anything."""
    known = graph.finishing_alone.get(state.key)
    if known is not None:
        return known
    able = set()
    for name, region in state.regions.items():
        if region.initial not in graph.states:
            continue
        inside = (state.key, name)
        finals = graph.region_finals(state.key, name)
        seen: set[str] = set()
        waiting = list(graph.entered(inside, region.initial))
        while waiting:
            key = waiting.pop()
            if key in seen or not graph.is_inside(key, inside):
                continue
            seen.add(key)
            for move in _automatic_moves(graph, key) if key not in finals else ():
                if graph.is_inside(move.target, inside):
                    waiting += graph.entered(graph.common(move.source, move.target), move.target)
        if seen.intersection(finals):
            able.add(name)
    graph.finishing_alone[state.key] = able
    return able
