"""Which states behave differently because of a role, a form, a table or a parameter somewhere else in the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property

from engine.definitions.diff.plain import plain
from engine.definitions.model import Definition, EffectCall, State


class Uses:
    """Asked by the comparers of everything that stands outside the lifecycle."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.states = definition.states

    def role(self, key: str) -> set[str]:
        """The states whose people are found by a role, also by way of another one."""
        wanted = {key}
        is_growing = True
        while is_growing:
            more = {
                other.key
                for other in self.definition.roles.values()
                if other.resolve == "superior_of" and other.options.get("role") in wanted
            }
            is_growing = not more <= wanted
            wanted |= more
        return {state.key for state in self.states.values() if wanted & set(_people(state))}

    def form(self, key: str) -> set[str]:
        """The states that show a form."""
        return {
            state.key
            for state in self.states.values()
            for work in (state.task, state.approval)
            if work is not None and work.form == key
        }

    def effect(self, name: str, *kinds: str) -> set[str]:
        """The states that run an effect of one of ``kinds`` which names ``name``."""
        return {
            state.key
            for state in self.states.values()
            for call in effects_of(state)
            if call.kind in kinds and name in plain(call.options).values()
        }

    def action(self, names: Iterable[str]) -> set[str]:
        """The states in which one of these actions can be made."""
        wanted = set(names)
        return {
            state.key
            for state in self.states.values()
            if wanted
            & {*state.transitions, *((state.approval.accept, state.approval.refuse) if state.approval else ())}
        }

    def window(self, key: str) -> set[str]:
        """The states with a transition that a schedule opens and closes."""
        return {
            state.key for state in self.states.values() for each in state.transitions.values() if each.window == key
        }

    def calendar(self, key: str) -> set[str]:
        """The states in which time is counted on a calendar."""
        is_only = len(self.definition.calendars) == 1
        return {name for name, text in self._texts.items() if f'"{key}"' in text or (is_only and '"working_' in text)}

    def mention(self, name: str) -> set[str]:
        """The states in whose expressions a dotted name stands."""
        return {key for key, text in self._texts.items() if name in text}

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {key: json.dumps(plain(state), ensure_ascii=False) for key, state in self.states.items()}


def effects_of(state: State) -> Iterator[EffectCall]:
    """Every effect written in a state."""
    for transition in state.transitions.values():
        yield from transition.effects
    for always in state.always:
        yield from always.effects
    for timer in state.timers.values():
        yield from timer.effects


def _people(state: State) -> Iterator[str]:
    if state.task is not None:
        yield from state.task.candidates
        yield from state.task.excluded
    if state.approval is not None:
        yield from state.approval.excluded
        for approver in state.approval.approvers:
            yield from approver.candidates
        if state.approval.along is not None:
            yield state.approval.along.from_role
    for transition in state.transitions.values():
        yield from transition.by
    for call in effects_of(state):
        if call.kind in ("add_candidate", "release_tasks_of"):
            yield str(call.options.get("role"))
