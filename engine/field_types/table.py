"""Rows of columns, each column a field of its own; tables may stand in tables.

programmes:
  type: table
  title: {id: Program, en: Programmes}
  min_rows: 1
  columns:
    code: {type: text, title: {id: Kode, en: Code}}
    budget: {type: money, title: {id: Anggaran, en: Budget}, required: true}
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import FieldFault
from engine.definitions.environment import Environment
from engine.definitions.expression_types import Type
from engine.definitions.model import Field, Text
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type, kind_of
from engine.field_types.question import Context, FieldType, Unfit, is_blank
from engine.field_types.reading.words import line

MOST_ROWS = 500
ROW_KEY = "row_key"  # of a proposed row: which row of its source it is


@field_type("table")
class TableType(FieldType):
    options: Mapping[str, Option] = {
        "columns": Option("columns", is_required=True),
        "min_rows": Option("integer", minimum=0, maximum=MOST_ROWS),
        "max_rows": Option("integer", minimum=1, maximum=MOST_ROWS),
        "rows_from": Option("rows"),
    }

    def type_of(self, field: Field, environment: Environment) -> Type:
        return Type("table", columns=environment.columns_of(field))

    def read(self, raw: Any, field: Field, context: Context) -> builtins.list[dict[str, Any]] | None:
        if not isinstance(raw, builtins.list | tuple):
            raise Unfit(Text("Isi sebagai baris-baris tabel.", "Give the rows of a table."))
        most = field.options.get("max_rows", MOST_ROWS)
        if len(raw) > 2 * MOST_ROWS:
            raise Unfit(_too_many(most), "too_many")
        rows: list[dict[str, Any]] = []
        faults: list[FieldFault] = []
        for position, each in enumerate(raw):
            row = _row(each, field, context, str(position), faults)
            if row:
                rows.append(row)
        if faults:
            raise Unfit(faults[0].message, faults=faults)
        least = field.options.get("min_rows", 0)
        if rows and len(rows) < least:
            raise Unfit(Text(f"Paling sedikit {least} baris.", f"At least {least} rows."), "too_few")
        if len(rows) > most:
            raise Unfit(_too_many(most), "too_many")
        return rows or None

    def missing(self, value: Any, field: Field) -> builtins.list[tuple[str, Field]]:
        found = []
        for position, row in enumerate(value or ()):
            for key, column in _asked(field):
                answer = row.get(key)
                if column.is_required and is_blank(answer):
                    found.append((f"{position}.{key}", column))
                inner = kind_of(column.type).missing(answer, column)
                found += [(f"{position}.{key}.{path}", each) for path, each in inner]
        return found

    def to_store(self, value: Any, field: Field) -> Any:
        return None if value is None else [_converted(row, field, "to_store") for row in value]

    def from_store(self, plain: Any, field: Field) -> Any:
        return None if plain is None else [_converted(row, field, "from_store") for row in plain]

    def show(self, value: Any, field: Field, language: str, context: Context | None = None) -> str:
        count = len(value or ())
        return "" if not count else (f"{count} rows" if language == "en" else f"{count} baris")

    def to_input(self, value: Any, field: Field, context: Context | None = None) -> builtins.list[dict[str, Any]]:
        context = context or Context()
        return [
            {
                key: kind_of(column.type).to_input(row.get(key), column, context.within(row))
                for key, column in _asked(field)
            }
            for row in value or ()
        ]

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> None:
        """None: a table is drawn from its ``columns``, each cell with the field of its own type."""


def _asked(field: Field) -> Iterator[tuple[str, Field]]:
    return ((key, column) for key, column in field.columns.items() if kind_of(column.type).is_asked)


def _row(raw: Any, field: Field, context: Context, path: str, faults: list[FieldFault]) -> dict[str, Any] | None:
    if is_blank(raw):
        return None
    if not isinstance(raw, Mapping):
        faults.append(FieldFault(path, Text("Isi sebagai baris tabel.", "Give a row of a table.")))
        return None
    for key in raw:
        if key not in field.columns and key != ROW_KEY:
            shown = str(key)[:40] if isinstance(key, str) else "?"
            message = Text(f"Kolom {shown!r} tidak dikenal.", f"There is no column {shown!r}.")
            faults.append(FieldFault(f"{path}.{shown}", message, "unknown"))
            return None
    row: dict[str, Any] = {}
    inner = context.within(row)
    # A measure is read last: it depends on the unit beside it.
    for key, column in sorted(_asked(field), key=lambda each: each[1].type == "measure"):
        if column.computed is not None:
            continue
        try:
            value = kind_of(column.type).clean(raw.get(key), column, inner)
        except Unfit as unfit:
            faults.extend(unfit.at(f"{path}.{key}"))
            continue
        row[key] = value
    try:
        row_key = None if is_blank(raw.get(ROW_KEY)) else line(raw[ROW_KEY], {"max_length": 200})
    except Unfit as unfit:
        faults.extend(unfit.at(f"{path}.{ROW_KEY}"))
        return None
    if row_key is None and all(value is None for value in row.values()):
        return None
    row = {key: row[key] for key in field.columns if row.get(key) is not None}
    return _with_defaults(row if row_key is None else row | {ROW_KEY: row_key}, field)


def _with_defaults(row: dict[str, Any], field: Field) -> dict[str, Any]:
    for key, column in field.columns.items():
        if column.default is not None and key not in row:
            row[key] = kind_of(column.type).clean(column.default, column)
    return row


def _converted(row: Mapping[str, Any], field: Field, direction: str) -> dict[str, Any]:
    found = {
        key: getattr(kind_of(column.type), direction)(row[key], column)
        for key, column in field.columns.items()
        if key in row
    }
    if ROW_KEY in row:
        found[ROW_KEY] = row[ROW_KEY]
    return found


def _too_many(most: int) -> Text:
    return Text(f"Paling banyak {most} baris.", f"At most {most} rows.")
