"""What the scenarios of one case type may name: its actions, timers and states, the people and items of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.definitions.compiling import Compiler
from engine.definitions.model import Definition
from engine.definitions.parse import CaseType
from engine.definitions.scenarios import people_in_answers
from engine.definitions.source import TEXT, Entry, Node

TASK_ACTS = frozenset(("claim", "release", "recall", "assign", "delegate"))


class Names:
    """What scenarios of one case type may name. With ``older`` those of that version, until a migration is made;
    with ``left`` what the version said that the case may have left, or may still be in when a plan lets it stay."""

    def __init__(self, case_type: CaseType, older: Definition | None = None, left: Names | None = None) -> None:
        definition = older or case_type.definition
        self.definition = definition
        self.compiler: Compiler = case_type.compiler
        self._older = older
        self.actions = TASK_ACTS | {action for state in definition.states.values() for action in state.transitions}
        for state in definition.states.values():
            if state.approval is not None:
                self.actions |= {state.approval.accept, state.approval.refuse} - {""}
        self.timers = {f"{state.key}.{timer}" for state in definition.states.values() for timer in state.timers}
        for key, sla in definition.slas.items():
            if sla.at_risk_share is not None:
                self.timers |= {f"{key}.at_risk", f"sla.{key}.at_risk", "sla.at_risk"}
        self.written = frozenset(_written_by_effects(definition))
        self._left = left
        if left is not None:
            self.actions |= left.actions
            self.timers |= left.timers
        self.people: set[str] = set()
        self.knows_people = True  # not where the fixture that names them is not there
        self.fixtures: dict[str, dict[str, Any]] = {}
        self.items: Items | None = None

    def unknown(self, node: Node, indonesian: str, english: str, known: Iterable[str], word: str | None = None) -> None:
        self.compiler.unknown("WF120", node, indonesian, english, known, word)

    def state(self, node: Node) -> None:
        if self._left is not None and node.value in self._left.definition.states:
            return
        if self._older is None:
            self.compiler.state(node, "WF120")
        else:
            self.compiler.known_name(node, self._older.states, "WF120", "langkah", "state")

    def role(self, node: Node, extra: Iterable[str] = ()) -> None:
        """A role; one that only an older version has may be named from the beginning, and so may one yet to come."""
        self.compiler.role(node, extra if self._older is None else (*extra, *self._older.roles))

    def person(self, node: Node) -> None:
        if node.kind != TEXT:
            self.compiler.wrong_kind(node, TEXT)
        elif self.knows_people and node.value not in self.people:
            self.unknown(node, "Tidak ada orang", "There is no user", self.people)

    def action(self, node: Node, is_refused_as_unknown: bool = False) -> None:
        if node.kind != TEXT:
            self.compiler.wrong_kind(node, TEXT)
        elif node.value not in self.actions and not is_refused_as_unknown:
            self.unknown(node, "Tidak ada tindakan", "There is no action", self.actions)

    def field(self, entry: Entry) -> None:
        if self._left is not None and entry.name in self._left.definition.fields:
            return
        if self._older is None:
            self.compiler.field_name(entry.key)
        else:
            self.compiler.known_name(entry.key, self._older.fields, "WF026", "isian", "field")


class Items:
    """The items a multi-instance can have in one scenario: what its list holds at any step. Few scenarios name one."""

    def __init__(self, names: Names, data: Sequence[Mapping[str, Any]]) -> None:
        self._names, self._data = names, data

    def known(self, state: str | None) -> set[str] | None:
        """The items of one state, or of all; None when that cannot be told from the file."""
        states = self._names.definition.states
        repeated = {key: one.multi_instance for key, one in states.items() if one.multi_instance is not None}
        wanted = [repeated[state]] if state in repeated else list(repeated.values())
        found: set[str] = set()
        for multi_instance in wanted:
            items = _items_of(self._names, multi_instance.collection.text, self._data)
            if items is None:
                return None
            found |= items
        return found


def _items_of(names: Names, collection: str, data: Sequence[Mapping[str, Any]]) -> set[str] | None:
    name = collection.strip().removeprefix("case.")
    field = names.definition.fields.get(name)
    if field is None or name in names.written:
        return None
    lists = [values[name] for values in data if isinstance(values.get(name), list)]
    if field.type == "table":
        return {str(number) for number in range(1, max((len(rows) for rows in lists), default=0) + 1)}
    return {str(item) for values in lists for item in values}


def _written_by_effects(definition: Definition) -> Iterator[str]:
    for state in definition.states.values():
        effects = [transition.effects for transition in state.transitions.values()]
        effects += [timer.effects for timer in state.timers.values()]
        effects += [always.effects for always in state.always]
        yield from (str(call.options["field"]) for calls in effects for call in calls if "field" in call.options)


def data_of(step: Node) -> Any:
    node = step.get("with", "data")
    return node.plain() if node is not None else None


def known_people(given: Mapping[str, Any], steps: Sequence[Node], definition: Definition) -> set[str]:
    """People in ``users``, ``case_roles``, ``acting``, ``initiator``, the reporting line, what is assigned, and in
    answers of type person."""
    found: set[str] = set()
    if isinstance(given.get("initiator"), str):
        found.add(given["initiator"])
    groups = [given.get("users"), given.get("case_roles")]
    groups += [node.plain() for step in steps if (node := step.get("with", "assign")) is not None]
    for group in groups:
        for people in group.values() if isinstance(group, dict) else ():
            found.update(person for person in people if isinstance(person, str)) if isinstance(people, list) else None
    for entry in _values(given.get("acting")):
        if isinstance(entry, dict):
            found.add(str(entry.get("user")))
    organisation = given.get("organisation")
    superiors = organisation.get("superiors") if isinstance(organisation, dict) else None
    if isinstance(superiors, dict):
        found.update(superiors)
        found.update(person for person in superiors.values() if isinstance(person, str))
    for data in (given.get("data"), *(data_of(step) for step in steps)):
        if isinstance(data, dict):
            found.update(people_in_answers(definition, data))
    return found


def _values(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else ()
