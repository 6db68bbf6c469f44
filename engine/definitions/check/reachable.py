"""WF021: a state that cannot be reached. WF022: a state from which no end can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.graph import WHOLE, Container, Graph, Move, backwards
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems

Way = tuple[Container, str, bool]  # from which container to which target, and whether history decides
Place = str | Way


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
    """Every state from which the case can come to its end or to rest; one with children, if one of them can.

    A move leads to all it enters, which is more than its target where that stands in a parallel state.
    """
    reached = reachable(graph)
    before: dict[Place, list[Place]] = {}
    entered: set[Place] = set()

    def follows(after: Place, place: Place) -> None:
        before.setdefault(after, []).append(place)

    for key, state in graph.states.items():
        if state.children:
            for child in [child for child in state.children if child in reached] or state.children:
                follows(child, key)
            continue
        for move in _ways_out(graph, key):
            way = (graph.common(move.source, move.target), move.target, move.resumes)
            follows(way, key)
            if way not in entered:
                entered.add(way)
                for leaf in _entered_leaves(graph, way, reached):
                    follows(leaf, way)
    ends: list[Place] = [key for key in graph.states if _is_end(graph, key)]
    return {place for place in backwards(ends, before) if isinstance(place, str)}


def _ways_out(graph: Graph, key: str) -> Iterator[Move]:
    yield from graph.moves(key)
    for here in graph.paths[key] if not graph.is_passed(key) else ():
        done = graph.done(here)
        if done is not None and graph.may_join(key, here):
            yield done


def _entered_leaves(graph: Graph, way: Way, reached: set[str]) -> list[str]:
    container, target, resumes = way
    found = graph.entered(container, target)
    if resumes:
        found += [key for key in graph.inside[target] if key in reached]
    return [key for key in found if not graph.states[key].children]


def _is_end(graph: Graph, key: str) -> bool:
    """A final state at the top, or a state that rests or stands in one that does."""
    state = graph.states[key]
    if state.kind == "final" and state.parent is None:
        return True
    return not graph.is_passed(key) and any(graph.states[here].is_resting for here in graph.paths[key])
