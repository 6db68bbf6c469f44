"""WF120: a scenario names an unknown user, state, event, item, timer or fixture; and the shape of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions.compiling import Compiler
from engine.definitions.model import Definition
from engine.definitions.parse import CaseType
from engine.definitions.parse_notifications import AUDIENCES
from engine.definitions.parse_people import STAND_INS
from engine.definitions.problems import Problems
from engine.definitions.reading import item as item_entry
from engine.definitions.scenarios import MAXIMUM_CHAIN, merged_given, moment, people_in_answers
from engine.definitions.source import BOOLEAN, DECIMAL, INTEGER, LIST, MAP, NULL, TEXT, Entry, Node

GIVEN_KEYS = frozenset(
    ("uses", "initiator", "users", "data", "case_roles", "acting", "organisation", "clock", "version", "title")
)
STEP_KEYS: Mapping[str, tuple[str, ...]] = {
    "as": ("as", "do", "with", "in", "item", "expect", "refused"),
    "drive": ("drive", "until", "expect"),
    "advance": ("advance", "expect"),
    "migrate": ("migrate", "expect"),
}
EXPECT_KEYS = frozenset(
    (
        "state",
        "states",
        "candidates",
        "ended",
        "data",
        "decided",
        "fired",
        "mails",
        "incident",
        "on_behalf_of",
        "due",
    )
)
WITH_KEYS = ("comment", "data", "attachments", "assign", "second_factor")
TASK_ACTS = frozenset(("claim", "release", "recall", "assign", "delegate"))


def scenario_names(case_type: CaseType, problems: Problems) -> None:
    """Check fixtures and scenarios against the definition they prove."""
    compiler = case_type.compiler
    compiler.problems = problems
    fixtures = compiler.map(compiler.root.get("fixtures"))
    names = _Names(case_type)
    plain = {key: fixture.value.plain() for key, fixture in fixtures.items() if fixture.value.kind == MAP}
    names.fixtures = {key: merged_given(fixture, plain) for key, fixture in plain.items()}
    for entry in fixtures.values():
        _given(compiler.keys(entry, GIVEN_KEYS), fixtures, names)
    for entry in compiler.map(compiler.root.get("scenarios")).values():
        _scenario(entry, fixtures, names)


class _Names:
    """What scenarios of one case type may name."""

    def __init__(self, case_type: CaseType) -> None:
        definition = case_type.definition
        self.definition = definition
        self.compiler: Compiler = case_type.compiler
        self.actions = TASK_ACTS | {action for state in definition.states.values() for action in state.transitions}
        for state in definition.states.values():
            if state.approval is not None:
                self.actions |= {state.approval.accept, state.approval.refuse} - {""}
        self.timers = {f"{state.key}.{timer}" for state in definition.states.values() for timer in state.timers}
        for key, sla in definition.slas.items():
            if sla.at_risk_share is not None:
                self.timers |= {f"{key}.at_risk", f"sla.{key}.at_risk"}
        self.people: set[str] = set()
        self.fixtures: dict[str, dict[str, Any]] = {}
        self.items: _Items | None = None

    def unknown(self, node: Node, indonesian: str, english: str, known: Iterable[str], word: str | None = None) -> None:
        self.compiler.unknown("WF120", node, indonesian, english, known, word)

    def state(self, node: Node) -> None:
        self.compiler.state(node, "WF120")

    def person(self, node: Node) -> None:
        if node.kind != TEXT:
            self.compiler.wrong_kind(node, TEXT)
        elif node.value not in self.people:
            self.unknown(node, "Tidak ada orang", "There is no user", self.people)

    def action(self, node: Node, is_refused_as_unknown: bool = False) -> None:
        if node.kind != TEXT:
            self.compiler.wrong_kind(node, TEXT)
        elif node.value not in self.actions and not is_refused_as_unknown:
            self.unknown(node, "Tidak ada tindakan", "There is no action", self.actions)

    def field(self, entry: Entry) -> None:
        self.compiler.field_name(entry.key)


class _Items:
    """The items a multi-instance can have in one scenario: what its list holds at any step."""

    def __init__(self, definition: Definition, data: Sequence[Mapping[str, Any]]) -> None:
        self.by_state: dict[str, set[str] | None] = {}
        for key, state in definition.states.items():
            if state.multi_instance is not None:
                self.by_state[key] = _items_of(definition, state.multi_instance.collection.text, data)

    def known(self, state: str | None) -> set[str] | None:
        """The items of one state, or of all; None when that cannot be told from the file."""
        wanted = [self.by_state[state]] if state in self.by_state else list(self.by_state.values())
        if any(items is None for items in wanted):
            return None
        return {item for items in wanted if items is not None for item in items}


def _items_of(definition: Definition, collection: str, data: Sequence[Mapping[str, Any]]) -> set[str] | None:
    name = collection.strip().removeprefix("case.")
    field = definition.fields.get(name)
    if field is None or _is_written_by_effect(definition, name):
        return None
    lists = [values[name] for values in data if isinstance(values.get(name), list)]
    if field.type == "table":
        return {str(number) for number in range(1, max((len(rows) for rows in lists), default=0) + 1)}
    return {str(item) for values in lists for item in values}


def _is_written_by_effect(definition: Definition, name: str) -> bool:
    calls = []
    for state in definition.states.values():
        calls += [call for transition in state.transitions.values() for call in transition.effects]
        calls += [call for timer in state.timers.values() for call in timer.effects]
        calls += [call for always in state.always for call in always.effects]
    return any(call.options.get("field") == name for call in calls)


def _given(given: Mapping[str, Entry], fixtures: Mapping[str, Entry], names: _Names) -> None:
    compiler = names.compiler
    if "uses" in given:
        _uses(given["uses"].value, fixtures, names)
    compiler.optional_text(given.get("initiator"))
    for section in ("users", "case_roles"):
        for entry in compiler.map(given.get(section)).values():
            if entry.value.kind != NULL:
                compiler.role(entry.key)
                compiler.names(entry)
    for entry in compiler.map(given.get("data")).values():
        names.field(entry)
    for entry in compiler.map(given.get("acting")).values():
        if entry.value.kind != NULL:
            compiler.role(entry.key)
            inner = compiler.keys(entry, ("user", "kind"), ("user", "kind"))
            compiler.optional_text(inner.get("user"))
            compiler.choice(inner.get("kind"), STAND_INS)
    _organisation(given.get("organisation"), names)
    if "clock" in given:
        _clock(given["clock"].value, names)
    compiler.title(given.get("title"))


def _uses(node: Node, fixtures: Mapping[str, Entry], names: _Names) -> None:
    if node.kind != TEXT:
        names.compiler.wrong_kind(node, TEXT)
        return
    seen: set[str] = set()
    here: Node | None = node
    while here is not None and here.kind == TEXT and here.value in fixtures:
        if here.value in seen or len(seen) >= MAXIMUM_CHAIN:
            names.unknown(node, "Contoh data berputar atau berantai:", "Fixtures use each other without end:", ())
            return
        seen.add(here.value)
        here = fixtures[here.value].value.get("uses")
    if node.value not in fixtures:
        names.unknown(node, "Tidak ada contoh data", "There is no fixture", fixtures)


def _organisation(entry: Entry | None, names: _Names) -> None:
    if entry is None:
        return
    compiler = names.compiler
    given = compiler.keys(entry, ("superiors", "limits"))
    for inner in compiler.map(given.get("superiors")).values():
        if inner.value.kind != NULL:
            compiler.optional_text(inner)
    for inner in compiler.map(given.get("limits")).values():
        if inner.value.kind not in (INTEGER, DECIMAL, NULL):
            compiler.wrong_kind(inner.value, DECIMAL)


def _clock(node: Node, names: _Names) -> None:
    if node.kind != TEXT or moment(node.value, ZoneInfo("UTC")) is None:
        names.compiler.wrong(
            node,
            "Jam harus tanggal atau saat, misalnya 2026-03-02 atau 2026-03-02T09:00.",
            "A clock is a date or a moment, such as 2026-03-02 or 2026-03-02T09:00.",
        )


def _scenario(entry: Entry, fixtures: Mapping[str, Entry], names: _Names) -> None:
    compiler = names.compiler
    steps = [node for node in (entry.value.get("steps") or entry.value).items if node.kind == MAP]
    start = entry.value.entries.get("given")
    given: Mapping[str, Any] = {}
    if start is not None:
        _given(compiler.keys(start, GIVEN_KEYS), fixtures, names)
        _version(start.value.get("version"), names)
        if start.value.kind == MAP:
            given = merged_given(start.value.plain(), names.fixtures)
    names.people = _known_people(given, steps, names.definition)
    data = [found for found in (given.get("data"), *(_data_of(step) for step in steps)) if isinstance(found, dict)]
    names.items = _Items(names.definition, data)
    listed = entry.value.entries.get("steps")
    for node in compiler.nodes(listed):
        _step(node, names)


def _version(node: Node | None, names: _Names) -> None:
    if node is not None and node.kind == TEXT:
        known = names.compiler.known_versions
        if node.value not in known and node.value != names.definition.version:
            names.unknown(node, "Tidak ada versi", "There is no version", known)


def _data_of(step: Node) -> Any:
    node = step.get("with", "data")
    return node.plain() if node is not None else None


def _known_people(given: Mapping[str, Any], steps: Sequence[Node], definition: Definition) -> set[str]:
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
    for data in (given.get("data"), *(_data_of(step) for step in steps)):
        if isinstance(data, dict):
            found.update(people_in_answers(definition, data))
    return found


def _values(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else ()


def _step(node: Node, names: _Names) -> None:
    compiler = names.compiler
    if node.kind != MAP:
        compiler.wrong_kind(node, MAP)
        return
    kind = next((key for key in ("drive", "advance", "migrate") if key in node.entries), "as")
    required = {"as": ("as", "do"), "drive": ("drive", "until")}.get(kind, (kind,))
    given = compiler.keys(item_entry(node), STEP_KEYS[kind], required)
    refused = compiler.choice(given.get("refused"), sorted(compiler.vocabulary.refusals))
    if kind == "as":
        _act(given, refused, names)
    elif kind == "drive" and "drive" in given:
        names.action(given["drive"].value)
        if "until" in given:
            names.state(given["until"].value)
    elif kind == "advance":
        compiler.duration(given["advance"], is_counted=False)
    elif kind == "migrate":
        migrations = compiler.named("migrations")
        compiler.known_name(given["migrate"].value, migrations, "WF120", "rencana migrasi", "migration")
    if "expect" in given:
        _expect(given["expect"], names)


def _act(given: Mapping[str, Entry], refused: str | None, names: _Names) -> None:
    compiler = names.compiler
    if "as" in given:
        names.person(given["as"].value)
    if "do" in given:
        names.action(given["do"].value, refused == "unknown_event")
    if "in" in given:
        names.state(given["in"].value)
    if "item" in given and refused != "unknown_item":
        _item(given["item"].value, given.get("in"), names)
    if "with" not in given:
        return
    inner = compiler.keys(given["with"], WITH_KEYS)
    compiler.optional_text(inner.get("comment"))
    for entry in compiler.map(inner.get("data")).values():
        if refused != "field_invalid":
            names.field(entry)
    for entry in compiler.map(inner.get("assign")).values():
        compiler.role(entry.key)
        compiler.names(entry)
    attachments = inner.get("attachments")
    if attachments is not None and attachments.value.kind not in (INTEGER, LIST):
        compiler.wrong_kind(attachments.value, INTEGER, LIST)


def _item(node: Node, where: Entry | None, names: _Names) -> None:
    if node.kind not in (TEXT, INTEGER):
        names.compiler.wrong_kind(node, TEXT)
        return
    assert names.items is not None
    known = names.items.known(str(where.value.value) if where is not None else None)
    if known is not None and str(node.value) not in known:
        names.unknown(node, "Tidak ada butir", "There is no item", known)


def _expect(entry: Entry, names: _Names) -> None:
    compiler = names.compiler
    given = compiler.keys(entry, EXPECT_KEYS)
    for key, inner in given.items():
        reader = _EXPECTED.get(key)
        if reader is not None and inner.value.kind != NULL:
            reader(inner, names)
    if "incident" in given and given["incident"].value.kind != NULL:
        compiler.choice(given["incident"], sorted(compiler.vocabulary.incidents))


def _expected_state(entry: Entry, names: _Names) -> None:
    names.state(entry.value)


def _expected_states(entry: Entry, names: _Names) -> None:
    for node in names.compiler.nodes(entry):
        names.state(node)


def _expected_people(entry: Entry, names: _Names) -> None:
    for node in names.compiler.nodes(entry):
        names.person(node)


def _expected_data(entry: Entry, names: _Names) -> None:
    for inner in names.compiler.map(entry).values():
        names.field(inner)


def _expected_timers(entry: Entry, names: _Names) -> None:
    for node in names.compiler.name_nodes(entry):
        if node.value not in names.timers:
            names.unknown(node, "Tidak ada pengingat", "There is no timer", names.timers)


def _expected_mails(entry: Entry, names: _Names) -> None:
    compiler = names.compiler
    known = set(names.definition.notifications)
    known |= {each.template for each in names.definition.notifications.values() if each.template}
    for node in compiler.nodes(entry):
        given = compiler.keys(item_entry(node), ("template", "to"), ("template",))
        if "template" in given:
            compiler.known_name(given["template"].value, known, "WF027", "pemberitahuan", "notification")
        if "to" in given:
            nodes = [given["to"].value] if given["to"].value.kind == TEXT else compiler.nodes(given["to"])
            for each in nodes:
                compiler.role(each, (*AUDIENCES, *names.people))


def _expected_principal(entry: Entry, names: _Names) -> None:
    node = entry.value
    if node.kind != TEXT or node.value not in names.definition.roles:
        names.person(node)


def _expected_end(entry: Entry, names: _Names) -> None:
    if entry.value.kind != BOOLEAN:
        names.compiler.wrong_kind(entry.value, BOOLEAN)


def _expected_due(entry: Entry, names: _Names) -> None:
    if entry.value.kind != TEXT or moment(entry.value.value, ZoneInfo("UTC")) is None:
        names.compiler.day(entry.value)


_EXPECTED: Mapping[str, Callable[[Entry, _Names], None]] = {
    "state": _expected_state,
    "states": _expected_states,
    "candidates": _expected_people,
    "ended": _expected_end,
    "data": _expected_data,
    "decided": _expected_data,
    "fired": _expected_timers,
    "mails": _expected_mails,
    "on_behalf_of": _expected_principal,
    "due": _expected_due,
}
