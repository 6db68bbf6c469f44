"""The states of a case type as a graph: what a move enters, what leads on from a state, which joins can be met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from engine.definitions.model import Definition, State, Transition

Container = tuple[str | None, str | None]  # (state, region) around a state; the whole case is (None, None)
WHOLE: Container = (None, None)
MAXIMUM_WAYS = 300_000
T = TypeVar("T")


def is_raised(state: State, action: str) -> bool:
    """Whether the engine itself raises this event in a state, so that nobody does it. Elsewhere it is a plain name."""
    if action == "done":
        return state.kind in ("compound", "parallel")
    return action in ("approved", "rejected") and (state.approval is not None or bool(state.children))


@dataclass(frozen=True, slots=True)
class Move:
    """One way on: out of ``source`` (where it is written) to ``target``."""

    source: str
    target: str
    resumes: bool = False  # to where the target was left


class Graph:
    """Asked by the checks on reachability, dead ends, circles and joins. Guards are taken to hold."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.states: Mapping[str, State] = definition.states
        self.paths = {key: tuple(self._path(key)) for key in self.states}
        self._moves: dict[str, tuple[Move, ...]] = {}
        self.finishing_alone: dict[str, Set[str]] = {}  # by parallel state; kept by the check on circles
        self._able: dict[str, Set[str]] = {}
        self._missing: dict[str, frozenset[str]] = {}
        self._containers = {key: self._around(key) for key in self.states}
        self._around_sets = {key: frozenset(found) for key, found in self._containers.items()}
        self.inside: dict[str, list[str]] = {key: [] for key in self.states}
        for key, path in self.paths.items():
            for here in path:
                self.inside[here].append(key)

    def _path(self, key: str) -> Iterator[str]:
        """The state itself, then outwards."""
        current: str | None = key
        while current is not None:
            yield current
            current = self.states[current].parent

    def _around(self, key: str) -> list[Container]:
        found: list[Container] = []
        for here in self.paths[key]:
            state = self.states[here]
            if state.parent is not None:
                found.append((state.parent, state.region))
        return [*found, WHOLE]

    def containers(self, key: str) -> list[Container]:
        """Compound states and regions around a state, the innermost first."""
        return self._containers[key]

    def common(self, source: str, target: str) -> Container:
        """The innermost container around both: everything below it is left (reference §8.4)."""
        around = self._around_sets[target]
        return next(container for container in self.containers(source) if container in around)

    def is_inside(self, key: str, container: Container) -> bool:
        """Whether a state stands below a container."""
        return container in self._around_sets[key]

    def entered(self, container: Container, target: str) -> list[str]:
        """All states entered when ``target`` is entered from ``container``, initial children and regions too."""
        found: dict[str, None] = {}
        waiting = [key for key in self.paths[target] if self.is_inside(key, container)]
        wanted = set(waiting)
        while waiting:
            key = waiting.pop()
            if key in found:
                continue  # a key used twice (WF024) can stand inside itself
            found[key] = None
            for child in self._first_children(self.states[key], wanted):
                wanted.add(child)
                waiting.append(child)
        return sorted(found, key=lambda key: self.states[key].position)

    def _first_children(self, state: State, wanted: set[str]) -> list[str]:
        if state.kind == "compound":
            is_chosen = bool(wanted.intersection(state.children))
            return [state.initial] if state.initial in self.states and not is_chosen else []  # type: ignore[list-item]
        if state.kind == "parallel":
            return [
                region.initial
                for region in state.regions.values()
                if region.initial in self.states and not wanted.intersection(region.children)
            ]
        return []

    @property
    def is_too_large(self) -> bool:
        """Whether states and the transitions they inherit are too many to look at one by one."""
        inherited = sum(len(self.states[here].transitions) + 1 for path in self.paths.values() for here in path)
        return inherited > MAXIMUM_WAYS

    # -- what leads on ---------------------------------------------------------------------------------------------

    def known(self, key: str) -> dict[str, Transition]:
        """Every transition that holds in a state: its own, then its ancestors' where no inner one has the name.

        ``done`` is not passed to ancestors, so it is not in it.
        """
        found: dict[str, Transition] = {}
        for here in self.paths[key]:
            for action, transition in self.states[here].transitions.items():
                if action != "done" or not is_raised(self.states[here], action):
                    found.setdefault(action, transition)
        return found

    def can_be_raised(self, key: str, event: str) -> bool:
        """Whether ``approved`` or ``rejected`` can be raised in a state."""
        approval = self.states[key].approval
        return approval is not None and (event == "approved" or bool(approval.refuse))

    def moves(self, key: str) -> tuple[Move, ...]:
        """The ways on while ``key`` is the innermost active state, without ``done``."""
        found = self._moves.get(key)
        if found is None:
            found = self._moves[key] = tuple(self._all_moves(key))
        return found

    def is_passed(self, key: str) -> bool:
        """Whether a state is left as soon as it is entered, whatever else it holds: an ``always`` has no guard."""
        return any(always.guard is None for always in self.states[key].always)

    def _all_moves(self, key: str) -> Iterator[Move]:
        if self.is_passed(key):
            yield from (Move(key, always.to) for always in self.states[key].always)
            return
        for action, transition in self.known(key).items():
            if transition.to is None:
                continue
            raised = is_raised(self.states[transition.source], action)
            if not raised or any(self.can_be_raised(here, action) for here in self.paths[key]):
                yield Move(transition.source, transition.to, transition.resumes)
        for here in self.paths[key]:
            for timer in self.states[here].timers.values():
                if timer.to is not None:
                    yield Move(here, timer.to)
            for always in self.states[here].always:
                yield Move(here, always.to)

    def done(self, key: str) -> Move | None:
        """Where a compound or parallel state goes when its child, or its join, is done."""
        transition = self.states[key].transitions.get("done")
        state = self.states[key]
        if transition is None or transition.to is None or state.kind not in ("compound", "parallel"):
            return None
        return Move(key, transition.to)

    # -- joins -----------------------------------------------------------------------------------------------------

    @cached_property
    def _finals(self) -> Mapping[Container, list[str]]:
        found: dict[Container, list[str]] = {}
        for key, state in self.states.items():
            if state.kind == "final" and state.parent is not None:
                found.setdefault((state.parent, state.region), []).append(key)
        return found

    def region_finals(self, key: str, region: str | None) -> list[str]:
        """The final states directly in a region (or, without one, in a compound state)."""
        return self._finals.get((key, region), [])

    @cached_property
    def finishing(self) -> frozenset[str]:
        """Every state from which its own region, or compound state, can come to a final state without being left."""
        members: dict[Container, list[str]] = {}
        for key in self.states:
            members.setdefault(self.containers(key)[0], []).append(key)
        found: set[str] = set()
        for container in sorted(members, key=lambda each: -len(self.paths[members[each][0]])):
            before: dict[str, list[str]] = {}
            for key in members[container]:
                for target in self._inner_targets(key, container, found):
                    before.setdefault(target, []).append(key)
            finals = [key for key in members[container] if self.states[key].kind == "final"]
            found |= backwards(finals, before)
        return frozenset(found)

    def _inner_targets(self, key: str, container: Container, finishing: set[str]) -> Iterator[str]:
        """The states directly in ``container`` that one move of ``key``, or of a state in it, leads to."""
        for entry in self.inside[key]:
            moves = list(self.moves(entry))
            done = self.done(entry)
            if done is not None and self._may_be_done(self.states[entry], finishing):
                moves.append(done)
            for move in moves:
                stays = move.source == container[0] or self.is_inside(move.source, container)
                if stays and self.is_inside(move.target, container):
                    yield next(here for here in self.paths[move.target] if self.containers(here)[0] == container)

    def _may_be_done(self, state: State, finishing: set[str]) -> bool:
        if state.kind == "compound":
            return bool(self.region_finals(state.key, None)) and state.initial in finishing
        return self.joins(state, {name for name, region in state.regions.items() if region.initial in finishing})

    def can_finish(self, state: State, region: str) -> bool:
        """Whether a region of a parallel state can come to a final state at all."""
        return state.regions[region].initial in self.finishing

    def joins(self, state: State, able: Set[str]) -> bool:
        """Whether the regions that are ``able`` to finish meet the join; names of no region count as met."""
        if state.join is not None and state.join.quorum is not None:
            return len(able) >= state.join.quorum
        return self._wanted(state) <= able

    def _wanted(self, state: State) -> Set[str]:
        """The regions a join waits for; without a join, all."""
        regions = state.regions.keys()
        return regions if state.join is None else regions & set(state.join.regions)

    def able(self, state: State) -> Set[str]:
        """The regions of a parallel state that can come to a final state."""
        found = self._able.get(state.key)
        if found is None:
            found = self._able[state.key] = {name for name in state.regions if self.can_finish(state, name)}
        return found

    def may_join(self, key: str, around: str) -> bool:
        """Whether ``around`` can still be done while ``key`` (itself or a state in it) is active."""
        state = self.states[around]
        inside = next((here for here in self.paths[key] if self.states[here].parent == around), None)
        if state.kind == "compound":
            return bool(self.region_finals(around, None)) and (inside or state.initial) in self.finishing
        able = self.able(state)
        region = self.states[inside].region if inside is not None else None
        finishes = inside in self.finishing
        if state.join is not None and state.join.quorum is not None:
            others = len(able) - (region in able)
            return others + (finishes if region is not None else 0) >= state.join.quorum
        missing = self._missing.get(around)
        if missing is None:
            missing = self._missing[around] = frozenset(self._wanted(state) - able)
        if region is None or region not in self._wanted(state):
            return not missing
        return finishes and missing <= {region}


def backwards(ends: Iterable[T], before: Mapping[T, list[T]]) -> set[T]:
    """Everything from which an end can be reached, by the steps ``before`` each."""
    found: set[T] = set()
    waiting = list(ends)
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting += before.get(place, ())
    return found
