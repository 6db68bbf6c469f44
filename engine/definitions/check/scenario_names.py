"""WF120: a scenario names an unknown user, state, event, item, timer or fixture; and the shape of scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions.check.scenario_expectations import expected
from engine.definitions.check.scenario_vocabulary import Items, Names, data_of, known_people
from engine.definitions.compiling import Compiler
from engine.definitions.parse import CaseType
from engine.definitions.parse_people import STAND_INS
from engine.definitions.problems import Problems
from engine.definitions.reading import item as item_entry
from engine.definitions.scenarios import MAXIMUM_CHAIN, merged_given, moment
from engine.definitions.source import DECIMAL, INTEGER, LIST, MAP, NULL, TEXT, Entry, Node

GIVEN_KEYS = frozenset(
    ("uses", "initiator", "users", "data", "case_roles", "acting", "organisation", "clock", "version", "title")
)
STEP_KEYS: Mapping[str, tuple[str, ...]] = {
    "as": ("as", "do", "with", "in", "item", "expect", "refused"),
    "drive": ("drive", "until", "expect"),
    "advance": ("advance", "expect"),
    "migrate": ("migrate", "expect"),
}
_MAPS = frozenset({"measure", "reference", "file", "signature"})  # fields whose answers are maps
WITH_KEYS = ("comment", "data", "attachments", "assign", "second_factor")


def scenario_names(case_type: CaseType, problems: Problems) -> None:
    """Check fixtures and scenarios against the definition they prove."""
    compiler = case_type.compiler
    compiler.problems = problems
    fixtures = compiler.map(compiler.root.get("fixtures"))
    names = Names(case_type)
    plain = {key: fixture.value.plain() for key, fixture in fixtures.items() if fixture.value.kind == MAP}
    names.fixtures = {key: merged_given(fixture, plain) for key, fixture in plain.items()}
    older = {version: Names(case_type, definition) for version, definition in compiler.older.items()}
    of_older = _of_older(compiler, plain, names, older)
    for entry in fixtures.values():
        _given(compiler.keys(entry, GIVEN_KEYS), fixtures, names, entry.name not in of_older)
    for entry in _scenarios(compiler):
        first = older.get(_begins_in(entry, names)) if older else None
        if first is None:
            _scenario(entry, fixtures, names, names)
        else:
            first.fixtures = names.fixtures
            _scenario(entry, fixtures, first, Names(case_type, left=first))


def _begins_in(entry: Entry, names: Names) -> str:
    """The version a scenario begins in, also where its fixture says so."""
    given = entry.value.get("given")
    plain = given.plain() if given is not None and given.kind == MAP else {}
    return str(merged_given(plain, names.fixtures).get("version"))


def _of_older(compiler: Compiler, fixtures: Mapping[str, Any], names: Names, older: Mapping[str, Names]) -> set[str]:
    """The fixtures a scenario in an older version begins with: their answers may be of kinds that version has."""
    found: set[str] = set()
    for entry in _scenarios(compiler):
        if _begins_in(entry, names) in older:
            uses = entry.value.get("given", "uses")
            name = None if uses is None else uses.value
            while isinstance(name, str) and name in fixtures and name not in found:
                found.add(name)
                name = fixtures[name].get("uses")
    return found


def _scenarios(compiler: Compiler) -> Iterator[Entry]:
    """Those of the case type, then those of its migration plans."""
    yield from compiler.map(compiler.root.get("scenarios")).values()
    for plan in compiler.named("migrations").values():
        yield from compiler.map(plan.value.entries.get("scenarios")).values()


def _given(given: Mapping[str, Entry], fixtures: Mapping[str, Entry], names: Names, has_kinds: bool = True) -> None:
    compiler = names.compiler
    if "uses" in given:
        _uses(given["uses"].value, fixtures, names)
    compiler.optional_text(given.get("initiator"))
    for section in ("users", "case_roles"):
        for entry in compiler.map(given.get(section)).values():
            if entry.value.kind != NULL:
                names.role(entry.key)
                compiler.names(entry)
    for entry in compiler.map(given.get("data")).values():
        names.field(entry)
        if has_kinds:
            _kind(entry, names, "uses" in given)
    for entry in compiler.map(given.get("acting")).values():
        if entry.value.kind != NULL:
            names.role(entry.key)
            inner = compiler.keys(entry, ("user", "kind"), ("user", "kind"))
            compiler.optional_text(inner.get("user"))
            compiler.choice(inner.get("kind"), STAND_INS)
    _organisation(given.get("organisation"), names)
    if "clock" in given:
        _clock(given["clock"].value, names)
    compiler.title(given.get("title"))


def _kind(entry: Entry, names: Names, is_patch: bool) -> None:
    """An answer of another kind than its field, as ``test`` would refuse to begin with it (WF012)."""
    definition = names.definition
    field = definition.fields.get(entry.name)
    spec = None if field is None else names.compiler.vocabulary.field_types.get(field.type)
    if field is None or spec is None:
        return
    if is_patch and entry.value.kind == MAP and field.type in _MAPS:
        return  # a part of an answer; the rest stands in the fixture it is laid over
    form = next((form for form in definition.forms.values() if field.key in form.fields), None)
    for path, sentence in spec.given_faults(entry.value.plain(), field, form):
        names.compiler.wrong(_inside(entry.value, path.split(".") if path else ()), sentence.id, sentence.en)


def _inside(node: Node, path: Sequence[str]) -> Node:
    """What stands at a path inside an answer, as far as it goes."""
    for part in path:
        inner = node.items[int(part)] if part.isdigit() and int(part) < len(node.items) else node.get(part)
        if inner is None:
            break
        node = inner
    return node


def _uses(node: Node, fixtures: Mapping[str, Entry], names: Names) -> None:
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


def _organisation(entry: Entry | None, names: Names) -> None:
    if entry is None:
        return
    compiler = names.compiler
    given = compiler.keys(entry, ("superiors", "limits", "units"))
    for section in ("superiors", "units"):
        for inner in compiler.map(given.get(section)).values():
            if inner.value.kind != NULL:
                compiler.optional_text(inner)
    for inner in compiler.map(given.get("limits")).values():
        if inner.value.kind not in (INTEGER, DECIMAL, NULL):
            compiler.wrong_kind(inner.value, DECIMAL)


def _clock(node: Node, names: Names) -> None:
    if node.kind != TEXT or moment(node.value, ZoneInfo("UTC")) is None:
        names.compiler.wrong(
            node,
            "Jam harus tanggal atau saat, misalnya 2026-03-02 atau 2026-03-02T09:00.",
            "A clock is a date or a moment, such as 2026-03-02 or 2026-03-02T09:00.",
        )


def _scenario(entry: Entry, fixtures: Mapping[str, Entry], names: Names, after: Names) -> None:
    """``names`` are those of the version it begins in, ``after`` what may be named once a migration was made."""
    compiler = names.compiler
    steps = [node for node in (entry.value.get("steps") or entry.value).items if node.kind == MAP]
    start = entry.value.entries.get("given")
    given: Mapping[str, Any] = {}
    if start is not None:
        _version(start.value.get("version"), after)
        _given(compiler.keys(start, GIVEN_KEYS), fixtures, names)
        if start.value.kind == MAP:
            given = merged_given(start.value.plain(), names.fixtures)
    data = [found for found in (given.get("data"), *(data_of(step) for step in steps)) if isinstance(found, dict)]
    vocabularies = (names,) if names is after else (names, after)
    people = set().union(*(known_people(given, steps, each.definition) for each in vocabularies))
    for each in vocabularies:
        each.people, each.items = people, Items(each, data)
        each.knows_people = start is None or _is_known_fixture(start.value.get("uses"), names)
    for node in compiler.nodes(entry.value.entries.get("steps")):
        if node.kind == MAP and "migrate" in node.entries:
            names = after
        _step(node, names)


def _is_known_fixture(node: Node | None, names: Names) -> bool:
    return node is None or (node.kind == TEXT and node.value in names.fixtures)


def _version(node: Node | None, names: Names) -> None:
    if node is not None and node.kind != TEXT:
        names.compiler.wrong_kind(node, TEXT)
    elif node is not None:
        known = names.compiler.known_versions
        if node.value not in known and node.value != names.definition.version:
            names.unknown(node, "Tidak ada versi", "There is no version", known)


def _step(node: Node, names: Names) -> None:
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
        expected(given["expect"], names)


def _act(given: Mapping[str, Entry], refused: str | None, names: Names) -> None:
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
        names.role(entry.key)
        compiler.names(entry)
    attachments = inner.get("attachments")
    if attachments is not None and attachments.value.kind not in (INTEGER, LIST):
        compiler.wrong_kind(attachments.value, INTEGER, LIST)


def _item(node: Node, where: Entry | None, names: Names) -> None:
    if node.kind not in (TEXT, INTEGER):
        names.compiler.wrong_kind(node, TEXT)
        return
    assert names.items is not None
    known = names.items.known(str(where.value.value) if where is not None else None)
    if known is not None and str(node.value) not in known:
        names.unknown(node, "Tidak ada butir", "There is no item", known)
