"""A value an author writes down for a field, as the typed answer it stands for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.definitions.model import Field
from engine.definitions.reading import Reader
from engine.definitions.source import BOOLEAN, DECIMAL, INTEGER, LIST, MAP, NULL, TEXT, Node

_KINDS: dict[str, tuple[str, ...]] = {
    "text": (TEXT,),
    "paragraph": (TEXT,),
    "month": (TEXT,),
    "integer": (INTEGER,),
    "year": (INTEGER,),
    "decimal": (INTEGER, DECIMAL),
    "percent": (INTEGER, DECIMAL),
    "money": (INTEGER, DECIMAL),
    "yes_no": (BOOLEAN,),
    "boolean": (BOOLEAN,),
    "choice": (TEXT,),
    "choices": (LIST,),
    "list": (LIST,),
    "table": (LIST,),
    "person": (TEXT,),
    "unit": (TEXT,),
    "position": (TEXT,),
    "date": (TEXT,),
}
_DECIMALS = frozenset(("decimal", "percent", "money"))


def literal(node: Node, field: Field, reader: Reader) -> Any:
    """The typed answer for ``field``, None with a finding (WF012) when the value does not fit."""
    if node.kind == NULL:
        return None
    kinds = _KINDS.get(field.type)
    if kinds is None:
        return node.plain()
    if node.kind not in kinds:
        reader.wrong_kind(node, *kinds)
        return None
    return _typed(node, field, reader)


def _typed(node: Node, field: Field, reader: Reader) -> Any:
    if field.type in _DECIMALS:
        return Decimal(node.value)
    if field.type == "date":
        return reader.day(node)
    if field.type == "choice":
        return _one_choice(node, field, reader)
    if field.type == "choices":
        return [_one_choice(inner, field, reader) for inner in node.items]
    if field.type == "list":
        of = str(field.options.get("of") or "text")
        inner_field = _column(field, of)
        return [literal(inner, inner_field, reader) for inner in node.items]
    if field.type == "table":
        return [_row(inner, field, reader) for inner in node.items]
    return node.value


def _one_choice(node: Node, field: Field, reader: Reader) -> Any:
    options = field.options.get("options")
    if not isinstance(options, dict) or not options:
        return node.plain()
    return reader.one_of(node, tuple(options))


def _column(field: Field, kind: str) -> Field:
    return Field(field.key, kind, field.title, None, False, None, field.classification, None, {}, {})


def _row(node: Node, field: Field, reader: Reader) -> Any:
    if node.kind != MAP:
        reader.wrong_kind(node, MAP)
        return {}
    row: dict[str, Any] = {}
    for name, entry in node.entries.items():
        column = field.columns.get(name)
        if column is None:
            reader.unknown("WF026", entry.key, "Tidak ada kolom", "There is no column", field.columns)
        else:
            row[name] = literal(entry.value, column, reader)
    return row
