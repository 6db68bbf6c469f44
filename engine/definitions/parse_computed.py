"""What forms compute: the expressions of computed fields, columns and proposed rows, each after those it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.definitions.compiling import Compiler
from engine.definitions.expression_types import Type
from engine.definitions.expressions import unreadable
from engine.definitions.model import Field
from engine.definitions.needs import in_order_of_need
from engine.definitions.parse_effects import EXPECTED
from engine.definitions.source import MAP, TEXT, Entry

_NAMED = re.compile(r"\bcase\.([a-z][a-z0-9_]*)")


def with_computed(entry: Entry | None, fields: Mapping[str, Field], compiler: Compiler) -> dict[str, Field]:
    """The fields with their ``computed`` expressions; inside a table a column sees its row as ``item``."""
    found = dict(fields)
    for key in _by_need(entry, fields):
        written = entry.value.entries.get(key) if entry is not None else None
        if written is None or written.value.kind != MAP:
            continue
        found[key] = _with_computed(written, fields[key], compiler, None)
        if found[key] is not fields[key]:
            known = {**compiler.environment.fields, key: found[key]}
            compiler.environment = replace(compiler.environment, fields=known)
    return found


def _by_need(entry: Entry | None, fields: Mapping[str, Field]) -> list[str]:
    """The keys so that a computed field comes after the computed fields it names: whether they may be empty is known
    only then."""
    return in_order_of_need(fields, lambda key: _needs(entry, key))


def _needs(entry: Entry | None, key: str) -> Iterator[str]:
    """The names in what a field computes."""
    written = entry.value.entries.get(key) if entry is not None else None
    for text in _computed_texts(written):
        yield from _NAMED.findall(text)


def _computed_texts(written: Entry | None) -> Iterator[str]:
    if written is None or written.value.kind != MAP:
        return
    computed = written.value.entries.get("computed")
    if computed is not None and computed.value.kind == TEXT:
        yield str(computed.value.value)
    columns = written.value.entries.get("columns")
    if columns is not None and columns.value.kind == MAP:
        for inner in columns.value.entries.values():
            yield from _computed_texts(inner)


def _with_computed(written: Entry, field: Field, compiler: Compiler, row: Type | None) -> Field:
    expression = written.value.entries.get("computed")
    if expression is not None:
        spec = compiler.vocabulary.field_types.get(field.type)
        kind = spec.type_of(field, compiler.environment).kind if spec is not None else ""
        compiled = compiler.expression(expression, EXPECTED.get(kind), item_type=row)
        field = replace(field, computed=compiled or unreadable(""))
    rows = written.value.entries.get("rows_from")
    if rows is not None and field.options.get("rows_from") is not None:
        asked = {name: compiler.expression(each) for name, each in compiler.map(rows.value.entries.get("with")).items()}
        source = {"source": field.options["rows_from"]["source"], "with": asked}
        field = replace(field, options={**field.options, "rows_from": source})
    columns = written.value.entries.get("columns")
    if field.columns and columns is not None:
        inner_row = Type("row", columns=compiler.environment.columns_of(field))
        inner = {
            key: _with_computed(columns.value.entries[key], column, compiler, inner_row)
            for key, column in field.columns.items()
            if key in columns.value.entries
        }
        if any(inner[key] is not field.columns[key] for key in inner):
            field = replace(field, columns=inner)
    return field
