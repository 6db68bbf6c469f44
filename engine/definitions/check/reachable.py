"""WF021: a state that cannot be reached. WF022: a state from which no end can be reached."""

from __future__ import annotations

from engine.definitions.graph import WHOLE, Graph
from engine.definitions.model import State
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems


def unreachable_states(case_type: CaseType, problems: Problems) -> None:
    """Report every state no case can ever be in."""
    graph = case_type.graph
    reached = reachable(graph)
    for key in graph.states:
        if key not in reached:
            problems.add(
                "WF021",
                case_type.at(key),
                f'Langkah "{key}" tidak bisa dicapai dari mana pun.',
                f'State "{key}" cannot be reached from anywhere.',
            )


def reachable(graph: Graph) -> set[str]:
    """Every state a case can be in, by any action, timer, automatic step, join or history."""
    found: set[str] = set()
    initial = graph.definition.initial
    waiting = graph.entered(WHOLE, initial) if initial in graph.states else []
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        for move in graph.moves(key) if not graph.states[key].children else ():
            waiting += graph.entered(graph.common(move.source, move.target), move.target)
        waiting += _finished_by(graph, key, found)
    return found


def _finished_by(graph: Graph, key: str, found: set[str]) -> list[str]:
    """What is entered because reaching the final state ``key`` may complete the state around it."""
    state = graph.states[key]
    if state.kind != "final" or state.parent is None:
        return []
    move = graph.done(state.parent)
    if move is None:
        return []
    parent = graph.states[state.parent]
    if parent.kind == "parallel" and not _join_reached(graph, parent, found):
        return []
    return graph.entered(graph.common(move.source, move.target), move.target)


def _join_reached(graph: Graph, parent: State, found: set[str]) -> bool:
    """Whether final states of enough regions are reached. A join that can never be met is WF028, and met here."""
    able = [name for name in parent.regions if any(key in found for key in graph.region_finals(parent.key, name))]
    return graph.joins(parent, able) or not graph.joins(
        parent, [name for name in parent.regions if graph.can_finish(parent, name)]
    )


def dead_ends(case_type: CaseType, problems: Problems) -> None:
    """Report every state from which no final or resting state can be reached."""
    graph = case_type.graph
    ending = ending_states(graph)
    for key, state in graph.states.items():
        if key not in ending and state.kind != "final":
            problems.add(
                "WF022",
                case_type.at(key),
                f'Dari "{key}" tidak ada jalan menuju selesai. Kasus akan macet di sini.',
                f'From "{key}" there is no way to an end. Cases would get stuck here.',
            )


def ending_states(graph: Graph) -> set[str]:
    """Every state from which the case can come to its end or to rest."""
    ending = {key for key in graph.states if _is_end(graph, key)}
    is_growing = True
    while is_growing:
        grown = {key for key in graph.states if key not in ending and _leads(graph, key, ending)}
        ending |= grown
        is_growing = bool(grown)
    return ending


def _is_end(graph: Graph, key: str) -> bool:
    """A final state at the top, or a state that rests or stands in one that does."""
    state = graph.states[key]
    if state.kind == "final" and state.parent is None:
        return True
    return any(graph.states[here].is_resting for here in graph.paths[key])


def _leads(graph: Graph, key: str, ending: set[str]) -> bool:
    """Whether one more move from ``key`` leads to a state from which an end can be reached."""
    state = graph.states[key]
    if state.children:
        return any(
            child in ending for child in graph.entered(graph.containers(key)[0], key) if child in graph.inside[key]
        )
    moves = list(graph.moves(key))
    moves += [
        move for here in graph.paths[key] if (move := graph.done(here)) is not None and _may_join(graph, key, here)
    ]
    return any(move.target in ending for move in moves)


def _may_join(graph: Graph, key: str, around: str) -> bool:
    """Whether ``around`` can still be done while ``key`` (itself or a state in it) is active."""
    state = graph.states[around]
    if state.kind == "compound":
        inside = next((here for here in graph.paths[key] if graph.states[here].parent == around), None)
        return bool(graph.region_finals(around, None)) and (inside or state.initial) in graph.finishing
    able = [name for name in state.regions if graph.can_finish(state, name)]
    inside = next((here for here in graph.paths[key] if graph.states[here].parent == around), None)
    if inside is not None:
        region = graph.states[inside].region
        able = [name for name in able if name != region]
        if region is not None and inside in graph.finishing:
            able.append(region)
    return graph.joins(state, able)
