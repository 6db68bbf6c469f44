"""The states of a case type as a graph: what a move enters, what leads on from a state, which joins can be met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.definitions.model import Definition, State, Transition

Container = tuple[str | None, str | None]  # (state, region) around a state; the whole case is (None, None)
WHOLE: Container = (None, None)
RAISED = frozenset(("done", "approved", "rejected"))  # raised by the engine, never done by a person


@dataclass(frozen=True, slots=True)
class Move:
    """One way on: out of ``source`` (where it is written) to ``target``."""

    source: str
    target: str


class Graph:
    """Asked by the checks on reachability, dead ends, circles and joins. Guards are taken to hold."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.states: Mapping[str, State] = definition.states
        self.paths = {key: tuple(self._path(key)) for key in self.states}
        self._moves: dict[str, tuple[Move, ...]] = {}
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

    # -- what leads on ---------------------------------------------------------------------------------------------

    def known(self, key: str) -> dict[str, Transition]:
        """Every transition that holds in a state: its own, then its ancestors' where no inner one has the name.

        ``done`` is not passed to ancestors, so it is not in it.
        """
        found: dict[str, Transition] = {}
        for here in self.paths[key]:
            for action, transition in self.states[here].transitions.items():
                if action != "done":
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

    def _all_moves(self, key: str) -> Iterator[Move]:
        for action, transition in self.known(key).items():
            if transition.to is None:
                continue
            if action not in RAISED or any(self.can_be_raised(here, action) for here in self.paths[key]):
                yield Move(transition.source, transition.to)
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

    def region_finals(self, key: str, region: str | None) -> list[str]:
        """The final states directly in a region (or, without one, in a compound state)."""
        return [
            child
            for child in self.states[key].children
            if self.states[child].region == region and self.states[child].kind == "final"
        ]

    @cached_property
    def finishing(self) -> frozenset[str]:
        """Every state from which its own region, or compound state, can come to a final state without being left."""
        found = {key for key, state in self.states.items() if state.kind == "final"}
        is_growing = True
        while is_growing:
            grown = {key for key in self.states if key not in found and self._finishes(key, found)}
            found |= grown
            is_growing = bool(grown)
        return frozenset(found)

    def _finishes(self, key: str, found: set[str]) -> bool:
        """Whether one more move inside the innermost container of ``key`` leads to a state that finishes."""
        container = self.containers(key)[0]
        for entry in self.inside[key]:
            for move in self._ways(entry, found):
                stays = move.source == container[0] or self.is_inside(move.source, container)
                if stays and self.is_inside(move.target, container):
                    top = self._child_in(move.target, container)
                    if top in found:
                        return True
        return False

    def _ways(self, key: str, found: set[str]) -> Iterator[Move]:
        yield from self.moves(key)
        move = self.done(key)
        if move is not None and self._may_be_done(key, found):
            yield move

    def _may_be_done(self, key: str, finishing: set[str] | frozenset[str]) -> bool:
        state = self.states[key]
        if state.kind == "compound":
            return bool(self.region_finals(key, None)) and state.initial in finishing
        able = [name for name, region in state.regions.items() if region.initial in finishing]
        return self.joins(state, able)

    def _child_in(self, key: str, container: Container) -> str:
        """The ancestor of ``key`` (or itself) that stands directly in a container."""
        return next(here for here in self.paths[key] if self.containers(here)[0] == container)

    def can_finish(self, state: State, region: str) -> bool:
        """Whether a region of a parallel state can come to a final state at all."""
        return state.regions[region].initial in self.finishing

    def joins(self, state: State, able: list[str]) -> bool:
        """Whether the regions that are ``able`` to finish meet the join; names of no region count as met."""
        join = state.join
        if join is not None and join.quorum is not None:
            return len(able) >= join.quorum
        wanted = join.regions if join is not None else tuple(state.regions)
        return all(name in able for name in wanted if name in state.regions)
