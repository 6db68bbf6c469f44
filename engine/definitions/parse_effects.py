"""Effects of a transition, a timer, an automatic step or an SLA: read by the kinds their shelf declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.definitions.compiling import Compiler
from engine.definitions.environment import NAMES
from engine.definitions.expression_types import Type
from engine.definitions.literals import literal
from engine.definitions.model import EffectCall, Field
from engine.definitions.patterns import check_pattern
from engine.definitions.source import DECIMAL, INTEGER, MAP, TEXT, Entry, Node
from engine.definitions.vocabulary_protocol import Option

_BARE = re.compile(r"[a-z][a-z0-9_]*")
NUMBER_TYPES = frozenset(("integer", "decimal", "percent", "money", "measure"))
EXPECTED: Mapping[str, str] = {
    "text": "text",
    "choice": "text",
    "scale": "text",
    "integer": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "person": "person",
    "unit": "unit",
    "list": "list",
    "table": "list",
}


def parse_effects(entry: Entry | None, compiler: Compiler, item_type: Type | None = None) -> tuple[EffectCall, ...]:
    """The effects of one place, in the order written; unknown ones are WF027."""
    calls = []
    for name, written in compiler.keyed(entry).items():
        call = _call(name, written, compiler, item_type)
        if call is not None:
            calls.append(call)
    return tuple(calls)


def _call(name: str, written: Entry, compiler: Compiler, item_type: Type | None) -> EffectCall | None:
    entries = compiler.map(written)
    if not entries:
        if written.value.kind == MAP:
            compiler.wrong(written.value, "Efek belum ditulis.", "No effect is named here.")
        return None
    kinds = list(entries.values())
    known = compiler.vocabulary.effects
    for extra in kinds[1:]:
        compiler.wrong(extra.key, "Satu entri hanya memuat satu efek.", "One entry holds exactly one effect.")
    entry = kinds[0]
    spec = known.get(entry.name)
    if spec is None:
        compiler.unknown("WF027", entry.key, "Tidak ada efek", "There is no effect", known)
        return None
    options = _options(entry, spec, compiler, item_type)
    return None if options is None else EffectCall(name, entry.name, options)


def _options(entry: Entry, spec: Any, compiler: Compiler, item_type: Type | None) -> Mapping[str, Any] | None:
    given: Mapping[str, Entry]
    if spec.shorthand is not None and entry.value.kind != MAP:
        given = {spec.shorthand: entry}
    else:
        required = [name for name, option in spec.options.items() if option.is_required]
        if entry.value.kind != MAP:
            compiler.wrong_kind(entry.value, MAP)
            return None
        given = compiler.keys(entry, tuple(spec.options), required)
    target = given.get("field")
    field = compiler.fields.get(str(target.value.value)) if target is not None else None
    is_typed = field is not None and field.type in compiler.vocabulary.field_types
    if is_typed and field is not None and target is not None:
        _check_target(spec.name, target, field, compiler)
    found: dict[str, Any] = {}
    for name, option in spec.options.items():
        if name in given:
            read: Callable[..., Any] = _READERS.get(option.kind, _plain)
            found[name] = read(given[name], option, compiler, item_type, field)
    return found


def _check_target(effect: str, target: Entry, field: Field, compiler: Compiler) -> None:
    """Append needs a list, increment a number, and nothing sets what is calculated."""
    if effect == "append" and field.type not in ("list", "choices", "table"):
        compiler.wrong(target.value, f'"{field.key}" bukan daftar.', f'"{field.key}" is no list.')
    elif effect == "increment" and field.type not in NUMBER_TYPES:
        compiler.wrong(target.value, f'"{field.key}" bukan angka.', f'"{field.key}" is no number.')
    elif field.type == "heading":
        compiler.wrong(target.value, f'"{field.key}" tidak punya isi.', f'"{field.key}" holds no answer.')


def _named(section: str, indonesian: str, english: str) -> Callable[..., Any]:
    def read(entry: Entry, _option: Option, compiler: Compiler, *_rest: Any) -> Any:
        return compiler.known_name(entry.value, compiler.named(section), "WF027", indonesian, english)

    return read


def _field(entry: Entry, _option: Option, compiler: Compiler, *_rest: Any) -> Any:
    return compiler.field_name(entry.value)


def _role(entry: Entry, _option: Option, compiler: Compiler, *_rest: Any) -> Any:
    return compiler.role(entry.value)


def _role_or_actor(entry: Entry, _option: Option, compiler: Compiler, *_rest: Any) -> Any:
    return compiler.role(entry.value, ("actor",))


def _text(entry: Entry, _option: Option, compiler: Compiler, *_rest: Any) -> Any:
    return compiler.text(entry)


def _pattern(entry: Entry, _option: Option, compiler: Compiler, *_rest: Any) -> Any:
    text = compiler.text(entry)
    check_pattern(entry.value, text, compiler)
    return text


def _duration(entry: Entry, _option: Option, compiler: Compiler, *_rest: Any) -> Any:
    return compiler.duration(entry, counted_on="sla")


def _number(entry: Entry, _option: Option, compiler: Compiler, item_type: Type | None, _field: Field | None) -> Any:
    if entry.value.kind == MAP:
        return _inner_expression(entry, compiler, item_type, "number")
    if entry.value.kind not in (INTEGER, DECIMAL):
        compiler.wrong_kind(entry.value, DECIMAL)
        return None
    return entry.value.value


def _value(entry: Entry, option: Option, compiler: Compiler, item_type: Type | None, field: Field | None) -> Any:
    node = entry.value
    is_item = option.kind == "actor_value"
    if is_item and node.kind == TEXT and node.value == "actor":
        return "actor"
    if node.kind == MAP and "expression" in node.entries:
        return _inner_expression(entry, compiler, item_type, _expected(field, is_item, compiler))
    if field is None:
        return node.plain()
    if is_item and field.type == "list":
        wrapped = literal(Node("list", [node], node.position), field, compiler)
        return wrapped[0] if wrapped else None
    if is_item and field.type in ("choices", "table"):
        return node.plain()
    value = literal(node, field, compiler)
    return Decimal(value) if field.type in ("money", "decimal", "percent") and value is not None else value


def _expected(field: Field | None, is_item: bool, compiler: Compiler) -> str | None:
    if field is None:
        return None
    spec = compiler.vocabulary.field_types.get(field.type)
    if spec is None:
        return None
    kind = spec.type_of(field, compiler.environment)
    if is_item:
        return EXPECTED.get(kind.of.kind) if kind.of is not None else None
    return EXPECTED.get(kind.kind)


def _inner_expression(entry: Entry, compiler: Compiler, item_type: Type | None, expected: str | None) -> Any:
    given = compiler.keys(entry, ("expression",), ("expression",))
    return compiler.expression(given.get("expression"), expected, item_type=item_type)


def _expressions(entry: Entry, _option: Option, compiler: Compiler, item_type: Type | None, *_rest: Any) -> Any:
    return {
        name: compiled
        for name, inner in compiler.map(entry).items()
        if (compiled := compiler.expression(inner, item_type=item_type, names=NAMES)) is not None
    }


def _connector(entry: Entry, _option: Option, compiler: Compiler, *_rest: Any) -> Any:
    """A bare name is an address outside, which only the installation knows; one with a dot has to be registered."""
    node = entry.value
    if node.kind == TEXT and _BARE.fullmatch(str(node.value)):
        return node.value
    return compiler.known_name(node, compiler.vocabulary.connectors, "WF027", "konektor", "connector")


def _plain(entry: Entry, _option: Option, _compiler: Compiler, *_rest: Any) -> Any:
    return entry.value.plain()


_READERS: Mapping[str, Callable[..., Any]] = {
    "notification": _named("notifications", "pemberitahuan", "notification"),
    "decision_table": _named("decision_tables", "tabel keputusan", "decision table"),
    "sla": _named("slas", "janji layanan", "SLA"),
    "field": _field,
    "role": _role,
    "role_or_actor": _role_or_actor,
    "value": _value,
    "actor_value": _value,
    "number": _number,
    "duration": _duration,
    "text": _text,
    "key": _text,
    "connector": _connector,
    "template": _text,
    "pattern": _pattern,
    "expressions": _expressions,
}
