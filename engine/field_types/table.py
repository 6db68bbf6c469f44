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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from engine.changes import FieldFault
from engine.definitions.environment import Environment
from engine.definitions.expression_types import Type
from engine.definitions.model import Field, Text
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type, kind_of
from engine.field_types.question import LIMITS, Context, FieldType, Unfit, is_blank, printable
from engine.field_types.reading.words import line
from engine.field_types.sources import row_faults

MOST_ROWS = 500
MOST_ALTOGETHER = 1000  # rows of a table with all rows of the tables in it: what a page can still show
TOO_MANY_WITHIN = Text(
    f"Paling banyak {MOST_ALTOGETHER} baris; baris di dalam baris ikut dihitung.",
    f"At most {MOST_ALTOGETHER} rows, those within rows counted too.",
)
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
        if rows_within(raw, field) > MOST_ALTOGETHER:
            raise Unfit(TOO_MANY_WITHIN, "too_many")
        rows: list[dict[str, Any]] = []
        faults: list[FieldFault] = []
        for position, each in enumerate(raw):
            row = _row(each, field, context, str(position), faults)
            if row:
                rows.append(row)
        faults = faults or list(row_faults(field, context, rows, is_final=False))
        if faults:
            raise Unfit(faults[0].message, faults=faults)
        wrong = _wrong_count(len(rows), field)
        if wrong is not None:
            raise wrong
        return rows or None

    def missing(self, value: Any, field: Field) -> builtins.list[str]:
        found = []
        columns = [each for each in _columns(field) if each.field.is_required or each.field.type == "table"]
        for position, row in enumerate(value or ()):
            for column in columns:
                answer = row.get(column.key)
                if column.field.is_required and is_blank(answer):
                    found.append(f"{position}.{column.key}")
                found += [f"{position}.{column.key}.{path}" for path in column.kind.missing(answer, column.field)]
        return found

    def outside(self, value: Any, field: Field) -> Iterator[FieldFault]:
        columns = [each for each in _columns(field) if each.is_limited]
        for position, row in enumerate(value):
            for column in columns:
                answer = row.get(column.key)
                if answer is not None:
                    for fault in column.kind.outside(answer, column.field):
                        yield replace(fault, path=f"{position}.{column.key}{fault.path and '.'}{fault.path}")
        wrong = _wrong_count(len(value), field)
        if wrong is not None:
            yield FieldFault("", wrong.message, wrong.code)

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
                for key, column in field.columns.items()
                if kind_of(column.type).is_asked
            }
            | ({ROW_KEY: row[ROW_KEY]} if ROW_KEY in row else {})
            for row in value or ()
        ]

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> None:
        """None: a table is drawn from its ``columns``, each cell with the field of its own type."""


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    field: Field
    kind: FieldType
    is_limited: bool


@lru_cache(maxsize=4096)
def _columns(field: Field) -> tuple[_Column, ...]:
    """The columns that can be answered; a measure stands last: it depends on the unit beside it."""
    asked = [
        _Column(key, column, kind_of(column.type), column.type == "table" or not LIMITS.isdisjoint(column.options))
        for key, column in field.columns.items()
        if column.computed is None and kind_of(column.type).is_asked
    ]
    return tuple(sorted(asked, key=lambda each: each.field.type == "measure"))


def _wrong_count(count: int, field: Field) -> Unfit | None:
    least, most = field.options.get("min_rows", 0), field.options.get("max_rows", MOST_ROWS)
    if 0 < count < least:
        return Unfit(Text(f"Paling sedikit {least} baris.", f"At least {least} rows."), "too_few")
    return Unfit(_too_many(most), "too_many") if count > most else None


def _row(raw: Any, field: Field, context: Context, path: str, faults: list[FieldFault]) -> dict[str, Any] | None:
    if is_blank(raw):
        return None
    if not isinstance(raw, Mapping):
        faults.append(FieldFault(path, Text("Isi sebagai baris tabel.", "Give a row of a table.")))
        return None
    for key in raw:
        if key not in field.columns and key != ROW_KEY:
            shown = printable(key)
            message = Text(f"Kolom {shown!r} tidak dikenal.", f"There is no column {shown!r}.")
            faults.append(FieldFault(f"{path}.{shown}", message, "unknown"))
            return None
    row: dict[str, Any] = {}
    inner = context.within(row)
    for column in _columns(field):
        if column.key not in raw:
            continue
        try:
            row[column.key] = column.kind.clean(raw[column.key], column.field, inner)
        except Unfit as unfit:
            faults.extend(unfit.at(f"{path}.{column.key}"))
    try:
        row_key = None if is_blank(raw.get(ROW_KEY)) else line(raw[ROW_KEY], {"max_length": 200})
    except Unfit as unfit:
        faults.extend(unfit.at(f"{path}.{ROW_KEY}"))
        return None
    if row_key is None and _says_nothing(row, field):
        return None
    given = _defaults(field) | {key: value for key, value in row.items() if value is not None}
    ordered = {key: given[key] for key in field.columns if key in given}
    return ordered if row_key is None else ordered | {ROW_KEY: row_key}


def _says_nothing(row: Mapping[str, Any], field: Field) -> bool:
    """Whether a row is empty, or holds only the defaults a page puts there while something required is missing."""
    if all(value is None for value in row.values()):
        return True
    usual = _defaults(field)
    is_usual = all(value is None or value == usual.get(key) for key, value in row.items())
    return is_usual and any(each.field.is_required and row.get(each.key) is None for each in _columns(field))


@lru_cache(maxsize=4096)
def _defaults(field: Field) -> dict[str, Any]:
    found = {}
    for key, column in field.columns.items():
        if column.default is None:
            continue
        try:
            found[key] = kind_of(column.type).clean(column.default, column)
        except Unfit:
            found[key] = column.default  # of a named list of the form, which is kept as it is written
    return found


@lru_cache(maxsize=4096)
def _converters(field: Field, direction: str) -> tuple[tuple[str, Field, Callable[[Any, Field], Any]], ...]:
    return tuple((key, column, getattr(kind_of(column.type), direction)) for key, column in field.columns.items())


def _converted(row: Mapping[str, Any], field: Field, direction: str) -> dict[str, Any]:
    found = {key: convert(row[key], column) for key, column, convert in _converters(field, direction) if key in row}
    if ROW_KEY in row:
        found[ROW_KEY] = row[ROW_KEY]
    return found


def rows_within(raw: Any, field: Field) -> int:
    """How many rows a table has as it was given, with those of the tables in it, blank ones too."""
    if not isinstance(raw, builtins.list | tuple):
        return 0
    inner = [column for column in field.columns.values() if column.type == "table"]
    if not inner:
        return len(raw)
    return len(raw) + sum(
        rows_within(row.get(column.key), column) for row in raw if isinstance(row, Mapping) for column in inner
    )


def _too_many(most: int) -> Text:
    return Text(f"Paling banyak {most} baris.", f"At most {most} rows.")
