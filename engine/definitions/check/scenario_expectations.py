"""What a step of a scenario expects: the names in it must exist (WF120), its values must be of their kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from engine.definitions.check.scenario_vocabulary import Names
from engine.definitions.migration_plans import TOLD
from engine.definitions.parse_notifications import AUDIENCES
from engine.definitions.reading import item as item_entry
from engine.definitions.scenarios import moment
from engine.definitions.source import BOOLEAN, MAP, NULL, TEXT, Entry

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


def expected(entry: Entry, names: Names) -> None:
    compiler = names.compiler
    given = compiler.keys(entry, EXPECT_KEYS)
    for key, inner in given.items():
        reader = _EXPECTED.get(key)
        if reader is not None and inner.value.kind != NULL:
            reader(inner, names)
    if "incident" in given and given["incident"].value.kind != NULL:
        compiler.choice(given["incident"], sorted(compiler.vocabulary.incidents))


def _expected_state(entry: Entry, names: Names) -> None:
    names.state(entry.value)


def _expected_states(entry: Entry, names: Names) -> None:
    for node in names.compiler.nodes(entry):
        names.state(node)


def _expected_people(entry: Entry, names: Names) -> None:
    for node in names.compiler.nodes(entry):
        names.person(node)


def _expected_data(entry: Entry, names: Names) -> None:
    for inner in names.compiler.map(entry).values():
        names.field(inner)


def _expected_timers(entry: Entry, names: Names) -> None:
    for node in names.compiler.name_nodes(entry):
        if node.value not in names.timers:
            names.unknown(node, "Tidak ada pengingat", "There is no timer", names.timers)


def _expected_mails(entry: Entry, names: Names) -> None:
    compiler = names.compiler
    known = set(names.definition.notifications)
    known |= {each.template for each in names.definition.notifications.values() if each.template}
    if names.definition.migrations:
        known.add(TOLD)
    for node in compiler.nodes(entry):
        given = compiler.keys(item_entry(node), ("template", "to"), ("template",))
        if "template" in given:
            compiler.known_name(given["template"].value, known, "WF027", "pemberitahuan", "notification")
        if "to" in given:
            nodes = [given["to"].value] if given["to"].value.kind == TEXT else compiler.nodes(given["to"])
            for each in nodes:
                names.role(each, (*AUDIENCES, *names.people))


def _expected_principal(entry: Entry, names: Names) -> None:
    node = entry.value
    if node.kind != TEXT or node.value not in names.definition.roles:
        names.person(node)


def _expected_end(entry: Entry, names: Names) -> None:
    if entry.value.kind != BOOLEAN:
        names.compiler.wrong_kind(entry.value, BOOLEAN)


def _expected_due(entry: Entry, names: Names) -> None:
    if entry.value.kind == MAP:
        names.compiler.duration(entry, is_counted=False)
        return
    if entry.value.kind != TEXT or moment(entry.value.value, ZoneInfo("UTC")) is None:
        names.compiler.day(entry.value)


_EXPECTED: Mapping[str, Callable[[Entry, Names], None]] = {
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
