"""The only file that knows `transitions`: one machine a published version decides whether a move is made, and where to.

A case is not a model of the machine. Each question is put to a throw-away subject that stands in the one state the
arrow starts from, so parallel regions never disturb each other; joins and history are not asked of the library.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from transitions import EventData, Machine

from engine.definitions.model import Definition


class Subject:
    """Stands in one state while a move is decided."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


Asks = Callable[[], bool]


def _holds(event: EventData) -> bool:
    (asks,) = event.args
    return bool(asks())


class Moves:
    """Every arrow of one definition: transitions by their action, ``always`` and timers by a name of their own."""

    def __init__(self, definition: Definition) -> None:
        self._machine = Machine(
            model=None, states=list(definition.states), initial=None, auto_transitions=False, send_event=True
        )
        self._free: dict[tuple[str, str], str] = {}  # answers that cannot change: of arrows without a guard
        self._guarded: set[tuple[str, str]] = set()
        for state in definition.states.values():
            for transition in state.transitions.values():
                self._add(transition.action, state.key, transition.to, transition.guard is not None)
            for always in state.always:
                self._add(always_event(state.key, always.key), state.key, always.to, always.guard is not None)
            for timer in state.timers.values():
                if timer.to is not None:
                    self._add(timer_event(state.key, timer.key), state.key, timer.to, False)

    def _add(self, event: str, source: str, target: str | None, is_guarded: bool) -> None:
        self._machine.add_transition(event, source, target, conditions=[_holds] if is_guarded else None)
        if is_guarded:
            self._guarded.add((source, event))

    def decide(self, source: str, event: str, asks: Asks) -> str | None:
        """Where ``event`` leads from ``source`` (itself for an internal one), or None when its guard says no.

        ``asks`` evaluates the guard; it is called only where there is one. The machine is asked about an arrow
        without a guard once a version.
        """
        known = self._free.get((source, event))
        if known is not None:
            return known
        subject = Subject(source)
        if not self._machine.events[event].trigger(subject, asks):
            return None
        if (source, event) not in self._guarded:
            self._free[source, event] = subject.state
        return subject.state


def always_event(state: str, key: str) -> str:
    """The machine's name of an automatic arrow."""
    return f"always {state}.{key}"


def timer_event(state: str, key: str) -> str:
    """The machine's name of an interrupting timer."""
    return f"timer {state}.{key}"


@lru_cache(maxsize=256)
def moves_of(definition: Definition) -> Moves:
    """The machine of ``definition``, built once a version."""
    return Moves(definition)
