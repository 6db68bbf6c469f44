"""WF021: a state that cannot be reached. WF022: a state from which no end can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.graph import WHOLE, Container, Graph, backwards
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
    finished: dict[str, set[str]] = {}
    taken: set[tuple[Container, str]] = set()
    initial = graph.definition.initial
    waiting = graph.entered(WHOLE, initial) if initial in graph.states else []
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        for move in graph.moves(key) if not graph.states[key].children else ():
            way = (graph.common(move.source, move.target), move.target)
            if way not in taken:
                taken.add(way)
                waiting += graph.entered(*way)
        waiting += _finished_by(graph, key, finished)
    return found


def _finished_by(graph: Graph, key: str, finished: dict[str, set[str]]) -> list[str]:
    """What is entered because reaching the final state ``key`` may complete the state around it.

    ``finished`` collects the regions of each parallel state that have come to an end. A join that can never be met
    is WF028, and counts as met here.
    """
    state = graph.states[key]
    if state.kind != "final" or state.parent is None:
        return []
    move = graph.done(state.parent)
    if move is None:
        return []
    parent = graph.states[state.parent]
    if parent.kind == "parallel":
        regions = finished.setdefault(parent.key, set())
        if state.region is None or state.region in regions:
            return []
        regions.add(state.region)
        is_reported = parent.join is not None and not graph.may_join(parent.key, parent.key)
        if not graph.joins(parent, regions) and not is_reported:
            return []
    return graph.entered(graph.common(move.source, move.target), move.target)


def dead_ends(case_type: CaseType, problems: Problems) -> None:
    """Report every state from which no final or resting state can be reached."""
    graph = case_type.graph
    ending = ending_states(graph)
    for key, state in graph.states.items():
        if key in ending or (state.kind == "final" and state.parent not in ending):
            continue  # a final state inside is told only where nothing around it is
        problems.add(
            "WF022",
            case_type.at(key),
            f'Dari "{key}" tidak ada jalan menuju selesai. Kasus akan macet di sini.',
            f'From "{key}" there is no way to an end. Cases would get stuck here.',
        )


def ending_states(graph: Graph) -> set[str]:
    """Every state from which the case can come to its end or to rest."""
    before: dict[str, list[str]] = {}
    reached = reachable(graph)
    for key in graph.states:
        for following in _following(graph, key, reached):
            before.setdefault(following, []).append(key)
    return backwards([key for key in graph.states if _is_end(graph, key)], before)


def _following(graph: Graph, key: str, reached: set[str]) -> Iterator[str]:
    """The states one more move leads to; of a state with children, those of them that are reached."""
    children = graph.states[key].children
    if children:
        yield from [child for child in children if child in reached] or children
        return
    yield from (move.target for move in graph.moves(key))
    for here in graph.paths[key]:
        done = graph.done(here)
        if done is not None and graph.may_join(key, here):
            yield done.target


def _is_end(graph: Graph, key: str) -> bool:
    """A final state at the top, or a state that rests or stands in one that does."""
    state = graph.states[key]
    if state.kind == "final" and state.parent is None:
        return True
    return any(graph.states[here].is_resting for here in graph.paths[key])
