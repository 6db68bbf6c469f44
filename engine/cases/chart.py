"""A definition as tables: who encloses whom, what is left and entered, which action a place knows. Built once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.definitions.model import (
    Approval,
    Definition,
    DutySeparation,
    Field,
    MultiInstance,
    Notification,
    State,
    Task,
    Text,
    Transition,
)

Container = tuple[str | None, str | None]  # (state, region); the whole case is (None, None)
WHOLE: Container = (None, None)
_VARIABLE = re.compile(r"\{([a-z][a-z0-9_.]*)\}")


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """An action as a place knows it. ``source`` is the state it is written in; a vote has no transition of its own
    but ``leads`` to the one it may raise. ``holder`` is the state whose tasks its candidates have, if any."""

    action: str
    source: str
    transition: Transition
    is_vote: bool
    accepts: bool
    holder: str | None


class Chart:
    """Tables of one definition. ``order`` counts states in document order; ``path`` goes from a state up to the top."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.states = definition.states
        self.order = {key: number for number, key in enumerate(definition.states)}
        self.path = {key: self._path(key) for key in definition.states}
        self.has_computed = any(map(_is_computed, definition.fields.values()))
        self.moving_timers = tuple(
            (key, f"{key}.{timer.key}")
            for key, state in definition.states.items()
            for timer in state.timers.values()
            if timer.at is not None
        )
        self.sla_starts = _by_event(definition, starting=True)
        self.sla_stops = _by_event(definition, starting=False)
        self.pauses = {key: frozenset(sla.pause_in) for key, sla in definition.slas.items() if sla.pause_in}
        self.duties = self._duties()
        self.has_duties_of_places = any(  # in_state, was_in_state: their answer changes with every move
            "in_state" in rule.exclude_when.text for rule in definition.separation_of_duties.values()
        )
        self.external = frozenset(key for key, role in definition.roles.items() if role.is_external)
        self.variables = {key: _variables(spec) for key, spec in definition.notifications.items()}
        self._known: dict[str, Mapping[str, Known]] = {}
        self._inside: dict[str, frozenset[str]] = {}
        self._below: dict[Container, frozenset[str]] = {}
        self._containers: dict[tuple[str, str], Container] = {}
        self._entries: dict[tuple[Container, str], tuple[str, ...]] = {}

    # -- enclosing ------------------------------------------------------------------------------------------------

    def _path(self, key: str) -> tuple[str, ...]:
        found: list[str] = []
        here: str | None = key
        while here is not None:
            found.append(here)
            here = self.states[here].parent
        return tuple(found)

    def _enclosing(self, key: str) -> list[Container]:
        """Compound containers around ``key``, innermost first; a region counts as one, its parallel state does not."""
        found: list[Container] = []
        for here in self.path[key]:
            state = self.states[here]
            if state.region is not None:
                found.append((state.parent, state.region))
            elif state.parent is not None:
                found.append((state.parent, None))
        found.append(WHOLE)
        return found

    def container(self, source: str, target: str) -> Container:
        """The least common compound ancestor of both: everything below it is left (reference §8.4)."""
        found = self._containers.get((source, target))
        if found is None:
            around = set(self._enclosing(target))
            found = next(container for container in self._enclosing(source) if container in around)
            self._containers[source, target] = found
        return found

    def below(self, container: Container) -> frozenset[str]:
        """Every state below ``container``."""
        found = self._below.get(container)
        if found is None:
            found = frozenset(key for key in self.states if container in self._enclosing(key))
            self._below[container] = found
        return found

    def inside(self, key: str) -> frozenset[str]:
        """``key`` and every state below it."""
        found = self._inside.get(key)
        if found is None:
            found = self._inside[key] = frozenset(other for other, path in self.path.items() if key in path)
        return found

    # -- entering -------------------------------------------------------------------------------------------------

    def entry(self, container: Container, target: str) -> tuple[str, ...]:
        """The states entered when ``target`` is entered from ``container``, document order, initial children too."""
        found = self._entries.get((container, target))
        if found is None:
            found = self._entries[container, target] = self.entry_of(container, (target,))
        return found

    def entry_of(self, container: Container, targets: Iterable[str]) -> tuple[str, ...]:
        """The same for several targets at once, as history remembers them."""
        below = self.below(container)
        wanted = {key for target in targets for key in self.path[target] if key in below}
        waiting = list(wanted)
        while waiting:
            for child in self._missing(self.states[waiting.pop()], wanted):
                wanted.add(child)
                waiting.append(child)
        return self.in_order(wanted)

    def _missing(self, state: State, wanted: set[str]) -> list[str]:
        if state.kind == "compound" and state.initial and not wanted.intersection(state.children):
            return [state.initial]
        if state.kind == "parallel":
            return [
                region.initial for region in state.regions.values() if not wanted.intersection(region.children)
            ]  # fmt: skip
        return []

    def in_order(self, keys: Iterable[str]) -> tuple[str, ...]:
        """``keys`` in document order."""
        found = list(keys)
        if len(found) > 1:
            found.sort(key=self.order.__getitem__)
        return tuple(found)

    def leaves(self, active: Iterable[str]) -> tuple[str, ...]:
        """The active states without active children, document order."""
        states = self.states
        return self.in_order([key for key in active if not states[key].children])

    # -- actions --------------------------------------------------------------------------------------------------

    def known(self, leaf: str) -> Mapping[str, Known]:
        """Every action a place knows: its own, its parents' where no inner state has one of that name."""
        found = self._known.get(leaf)
        if found is None:
            found = self._known[leaf] = self._actions(leaf)
        return found

    def _actions(self, leaf: str) -> Mapping[str, Known]:
        found: dict[str, Known] = {}
        for key in self.path[leaf]:
            state = self.states[key]
            if state.approval is not None:
                for action, event, accepts in (
                    (state.approval.accept, "approved", True),
                    (state.approval.refuse, "rejected", False),
                ):
                    if not action:
                        continue
                    raised = state.transitions.get(event) or _never(state, event)
                    found.setdefault(action, Known(action, key, raised, True, accepts, key))
            for action, transition in state.transitions.items():
                if not _is_raised(state, action):
                    holder = None if transition.by else self._holder(leaf, key)
                    found.setdefault(action, Known(action, key, transition, False, True, holder))
        return found

    def _holder(self, leaf: str, source: str) -> str | None:
        if self.work(source) is not None:
            return source
        return next((key for key in self.path[leaf] if self.work(key) is not None), None)

    def work(self, key: str) -> Task | Approval | None:
        """The task or approval of a state."""
        state = self.states[key]
        return state.approval or state.task

    def instances(self, key: str) -> MultiInstance | None:
        """The multi-instance of a state that has one."""
        return self.states[key].multi_instance

    def candidate_actions(self, key: str) -> frozenset[str]:
        """What a candidate of the task of ``key`` may do there; transitions with ``by`` are not the candidates'."""
        return _candidate_actions(self, key)

    def edits(self, holder: str | None) -> tuple[str | None, frozenset[str]]:
        """The form and the editable fields of a task or approval."""
        return _edits(self, holder)

    def title(self, action: str, known: Known) -> Text:
        """What people read for an action; a vote without its own words is read as its key."""
        return Text(action, action) if known.is_vote else known.transition.title

    def _duties(self) -> Mapping[str, tuple[DutySeparation, ...]]:
        rules = self.definition.separation_of_duties.values()
        return {
            role: tuple(rule for rule in rules if role in rule.applies_to)
            for role in {role for rule in rules for role in rule.applies_to}
        }


@lru_cache(maxsize=4096)
def _candidate_actions(chart: Chart, key: str) -> frozenset[str]:
    return frozenset(action for action, known in chart.known(key).items() if known.holder == key)


@lru_cache(maxsize=4096)
def _edits(chart: Chart, holder: str | None) -> tuple[str | None, frozenset[str]]:
    work = None if holder is None else chart.work(holder)
    if work is None:
        return None, frozenset()
    return work.form, frozenset(name for name, access in work.fields.items() if access == "edit")


def _never(state: State, event: str) -> Transition:
    """Stands for an event nobody gave an arrow: it asks for nothing and leads nowhere."""
    title = Text(event, event)
    return Transition(
        action=event, source=state.key, to=None, title=title, guard=None, guard_message=None, by=(), requires=(),
        effects=(), resumes=False, is_recallable=False, is_internal=True, may_be_incomplete=False, window=None,
        is_bulk=False, tone=None,
    )  # fmt: skip


def _is_raised(state: State, action: str) -> bool:
    """Whether the engine itself raises this event there, so that nobody can do it."""
    if action == "done":
        return bool(state.children)
    return action in ("approved", "rejected") and (state.approval is not None or bool(state.children))


def _variables(spec: Notification) -> tuple[str, ...]:
    """The variables of a text that stands in the case type itself."""
    texts = [text for each in (spec.subject, spec.body) if each is not None for text in (each.id, each.en)]
    return tuple(dict.fromkeys(name for text in texts for name in _VARIABLE.findall(text)))


def _is_computed(field: Field) -> bool:
    return field.computed is not None or any(map(_is_computed, field.columns.values()))


def _by_event(definition: Definition, starting: bool) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, sla in definition.slas.items():
        for event in sla.start if starting else sla.stop:
            found[event] = (*found.get(event, ()), key)
    return found


@lru_cache(maxsize=256)
def chart_of(definition: Definition) -> Chart:
    """The tables of ``definition``, built once; a definition is one object a version."""
    return Chart(definition)
