"""What is counted and decided: parameters, decision tables, bands, SLAs, schedules, milestones (reference §2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.definitions.compiling import Compiler
from engine.definitions.expression_types import UNKNOWN, Type
from engine.definitions.literals import literal
from engine.definitions.model import (
    BandRow,
    Bands,
    DecisionTable,
    Duration,
    Field,
    Parameter,
    Schedule,
    Sla,
    TableRule,
    Text,
)
from engine.definitions.parse_effects import parse_effects
from engine.definitions.reading import Reader
from engine.definitions.source import NULL, TEXT, Entry, Node

VALUE_TYPES = (
    "text",
    "integer",
    "decimal",
    "boolean",
    "date",
    "money",
    "percent",
    "choice",
    "person",
    "unit",
    "month",
    "year",
    "yes_no",
    "moment",
    "duration",
)
FIELD_TYPE_OF: Mapping[str, str] = {"boolean": "yes_no", "choice": "text", "moment": "text", "duration": "text"}
OUTCOME_ORDER = 1_000_000


def parse_parameters(root: Node, reader: Reader) -> Mapping[str, Parameter]:
    """The typed knobs. Read before everything else, for their values stand in other places."""
    found = {}
    for key, entry in reader.keyed(root.entries.get("parameters")).items():
        given = reader.keys(entry, ("type", "default", "minimum", "maximum", "title", "hot"), ("type", "default"))
        kind = reader.choice(given.get("type"), VALUE_TYPES)
        minimum, maximum = reader.number(given.get("minimum")), reader.number(given.get("maximum"))
        default = _default(given.get("default"), kind, minimum, maximum, reader)
        title = reader.title(given.get("title"), key)
        is_hot = reader.boolean(given.get("hot"))
        found[key] = Parameter(key, kind or "text", default, minimum, maximum, title, is_hot)
    return found


def _default(
    entry: Entry | None, kind: str | None, minimum: Decimal | None, maximum: Decimal | None, reader: Reader
) -> Any:
    if entry is None or kind is None:
        return None if entry is None else entry.value.plain()
    if entry.value.kind == NULL:
        reader.wrong(entry.value, "Nilai awal harus diisi.", "The default must be given.")
        return None
    value = literal(entry.value, plain_field(kind), reader)
    if value is not None and isinstance(value, int | Decimal) and not isinstance(value, bool):
        reader.within(entry.value, minimum, maximum)
    return value


def plain_field(kind: str, key: str = "") -> Field:
    """A field that holds a value of a named type (§6), for checking and storing literals."""
    field_type = FIELD_TYPE_OF.get(kind, kind)
    return Field(key, field_type, Text(key, key), None, False, None, "ordinary", None, {}, {})


def parse_tables(compiler: Compiler) -> Mapping[str, DecisionTable]:
    """Decision tables: expressions over the case feed the inputs, conditions over the inputs choose rules."""
    found = {}
    for key, entry in compiler.keyed(compiler.root.get("decision_tables")).items():
        required = ("inputs", "outputs", "rules")
        given = compiler.keys(entry, ("hit_policy", *required, "title"), required)
        inputs = {
            name: compiled
            for name, inner in compiler.keyed(given.get("inputs")).items()
            if (compiled := compiler.expression(inner)) is not None
        }
        types: dict[str, Type] = dict.fromkeys(compiler.map(given.get("inputs")), UNKNOWN)
        types.update({name: compiled.type for name, compiled in inputs.items()})
        outputs = table_outputs(given.get("outputs"), compiler)
        rules = _rules(given.get("rules"), types, outputs, compiler)
        policy = compiler.choice(given.get("hit_policy"), ("unique", "first", "collect"), "unique") or "unique"
        compiler.title(given.get("title"))
        found[key] = DecisionTable(key, policy, inputs, outputs, rules)
    return found


def table_outputs(entry: Entry | None, reader: Reader) -> dict[str, str]:
    """Names and types of what a table decides."""
    return {name: reader.choice(inner, VALUE_TYPES) or "text" for name, inner in reader.keyed(entry).items()}


def _rules(
    entry: Entry | None, types: Mapping[str, Type], outputs: Mapping[str, str], compiler: Compiler
) -> tuple[TableRule, ...]:
    found = []
    for key, rule in compiler.keyed(entry).items():
        given = compiler.keys(rule, ("order", "when", "then"), ("then",))
        order = compiler.integer(given.get("order"))
        when = {}
        for name, condition in compiler.map(given.get("when")).items():
            if name not in types:
                compiler.unknown("WF052", condition.key, "Tidak ada masukan", "There is no input", types)
                continue
            compiled = compiler.expression(condition, "boolean", inputs=types)
            if compiled is not None:
                when[name] = compiled
        then = {}
        for name, value in compiler.map(given.get("then")).items():
            if name not in outputs:
                compiler.unknown("WF052", value.key, "Tidak ada keluaran", "There is no output", outputs)
                continue
            then[name] = literal(value.value, plain_field(outputs[name], name), compiler)
        found.append(TableRule(key, OUTCOME_ORDER if order is None else order, when, then))
    return tuple(sorted(found, key=lambda each: each.order))


def parse_bands(compiler: Compiler) -> Mapping[str, Bands]:
    """Bands: each row ends where the next one starts."""
    section = compiler.root.get("bands")
    if section is None:
        return {}
    entries = compiler.map(section)
    if "rows" in entries and "minimum" in entries:
        entries = {"bands": section}
    found = {}
    for key, entry in entries.items():
        required = ("minimum", "maximum", "rows")
        given = compiler.keys(entry, ("includes", *required, "title"), required)
        minimum, maximum = compiler.number(given.get("minimum")), compiler.number(given.get("maximum"))
        rows = []
        for name, row in compiler.map(given.get("rows")).items():
            inner = compiler.keys(row, ("from", "title", "tone"), ("from",))
            starts = compiler.number(inner.get("from"))
            title, tone = compiler.title(inner.get("title"), name), compiler.optional_text(inner.get("tone"))
            if starts is not None:
                rows.append(BandRow(name, starts, title, tone))
        includes = compiler.choice(given.get("includes"), ("lower", "upper"), "lower") or "lower"
        if minimum is not None and maximum is not None:
            found[key] = Bands(minimum, maximum, includes, tuple(rows))
    return found


def parse_slas(compiler: Compiler) -> Mapping[str, Sla]:
    """Promises with their clock."""
    found = {}
    for key, entry in compiler.keyed(compiler.root.get("slas")).items():
        allowed = ("title", "target", "calendar", "start", "stop", "pause_in", "at_risk")
        given = compiler.keys(entry, allowed, ("target", "start"))
        calendar = compiler.calendar(given.get("calendar"))
        has_calendar = "on" if "calendar" in given else None
        target = compiler.duration(given.get("target"), has_calendar)
        share, effects = None, parse_effects(None, compiler)
        if "at_risk" in given:
            risk = compiler.keys(given["at_risk"], ("at", "effects"), ("at",))
            share = compiler.number(risk.get("at"), Decimal(0), Decimal(1))
            effects = parse_effects(risk.get("effects"), compiler)
        found[key] = Sla(
            key,
            target or Duration("days", 1),
            calendar,
            _moments(given.get("start"), compiler),
            _moments(given.get("stop"), compiler),
            compiler.states_in(given.get("pause_in")),
            share,
            effects,
            compiler.title(given.get("title"), key),
        )
    return found


def _moments(entry: Entry | None, compiler: Compiler) -> tuple[str, ...]:
    """States, or ``state.action``; one or a list of them."""
    if entry is None:
        return ()
    nodes = [entry.value] if entry.value.kind == TEXT else compiler.nodes(entry)
    return tuple(name for node in nodes if (name := _moment(node, compiler)) is not None)


def _moment(node: Node, compiler: Compiler) -> str | None:
    if node.kind != TEXT:
        compiler.wrong_kind(node, TEXT)
        return None
    state, dot, action = str(node.value).partition(".")
    if state not in compiler.states:
        compiler.unknown("WF041", node, "Tidak ada langkah", "There is no state", compiler.states, state)
        return None
    known = compiler.events_of(state)
    if dot and action not in known:
        compiler.unknown(
            "WF041",
            node,
            f'Langkah "{state}" tidak punya',
            f'State "{state}" has no',
            [f"{state}.{each}" for each in known],
            action,
        )
        return None
    return str(node.value)


def parse_schedules(compiler: Compiler) -> Mapping[str, Schedule]:
    """Windows in which some transitions may be made."""
    found = {}
    for key, entry in compiler.keyed(compiler.root.get("schedules")).items():
        given = compiler.keys(entry, ("title", "from", "to", "extendable_by"), ("from", "to"))
        opens = compiler.expression(given.get("from"), "date")
        closes = compiler.expression(given.get("to"), "date")
        extendable = compiler.roles_in(given.get("extendable_by"))
        title = compiler.title(given.get("title"), key)
        if opens is not None and closes is not None:
            found[key] = Schedule(key, title, opens, closes, extendable)
    return found


def parse_milestones(compiler: Compiler) -> Mapping[str, tuple[str, ...]]:
    """What states mean for statistics."""
    return {key: compiler.states_in(entry) for key, entry in compiler.keyed(compiler.root.get("milestones")).items()}
