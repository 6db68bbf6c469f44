"""A case's answers as a document to read: summary lists and tables, in the order and words of the form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.definitions.model import Field, Form, Section
from web.officer.shown import Reading, is_number, shown

MANY_EMPTY = 3  # questions of a section without an answer, from here on told in one line
MOST_COLUMNS = 5  # of a table whose columns all stand side by side; beyond it the lesser ones go beneath the name
TEXTS = 3  # paragraphs beneath a name that are read as such
MOST_SHORT, SHORT = 7, 500  # … of nothing but short texts, such as a year's target and its quarters'


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer: ``id`` is its anchor, ``value`` what people read ("" when nothing was given); ``is_given`` when
    somebody answered, not where it only is as every case begins."""

    id: str
    title: str
    value: str
    is_changed: bool = False
    is_given: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    title: str
    value: str
    is_number: bool = False
    is_changed: bool = False
    old: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: ``code`` and ``name`` lead it, ``notes`` stand beneath in small, ``cells`` beside it."""

    id: str
    code: str
    name: str
    notes: tuple[str, ...]
    cells: tuple[Cell, ...]
    is_changed: bool = False
    is_told: bool = False  # its notes are texts to be read: a line each


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under one row of the table around them; ``name`` is empty for a plain table."""

    id: str
    code: str
    name: str
    notes: tuple[str, ...]
    rows: tuple[Row, ...]
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    title: str
    head: tuple[Cell, ...]  # titles of the columns, the row's name first
    groups: tuple[RowGroup, ...]
    total: tuple[str, str] | None = None  # words and sum
    link: tuple[str, str] | None = None  # words and address of the page that shows its rows instead

    @property
    def is_empty(self) -> bool:
        """Whether there is no row to show."""
        return not any(group.rows or group.name for group in self.groups)

    @property
    def count(self) -> int:
        """How many rows it has."""
        return len(self.rows)

    @property
    def is_changed(self) -> bool:
        """Whether a row is not as its reader last saw it."""
        return any(row.is_changed or any(cell.is_changed for cell in row.cells) for row in self.rows)

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them."""
        return tuple(row for group in self.groups for row in group.rows)


@dataclass(frozen=True, slots=True)
class Part:
    """One section: its facts, then its tables."""

    id: str
    title: str
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it has been filled in, and nothing taken out since the reader last saw it."""
        said = any((fact.value and fact.is_given) or fact.is_changed for fact in self.facts)
        return not said and all(table.is_empty for table in self.tables)

    @property
    def empty(self) -> tuple[Fact, ...]:
        """What nothing was given for, where that is so much that it is named in one line; what changed is no part."""
        found = tuple(fact for fact in self.facts if not fact.value and not fact.is_changed)
        return found if len(found) >= MANY_EMPTY else ()

    def asks(self, fields: Collection[str]) -> bool:
        """Whether one of these fields stands in it."""
        wanted = {anchor(name) for name in fields}
        return not wanted.isdisjoint([*(fact.id for fact in self.facts), *(table.id for table in self.tables)])


def folded(parts: Iterable[Part], to_fill: Collection[str]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The parts to show, and those of steps to come: nothing is filled in, and none of it is the reader's to fill."""
    parts = tuple(parts)
    later = tuple(part for part in parts if part.is_empty and not part.asks(to_fill))
    return tuple(part for part in parts if part not in later), later


def document(form: Form, answers: Mapping[str, Any], reading: Reading) -> tuple[Part, ...]:
    """The sections of ``form`` that hold something to read."""
    parts = (_part(form, section, answers, reading) for section in form.sections)
    return tuple(part for part in parts if part.facts or part.tables)


def elsewhere(parts: Iterable[Part], links: Mapping[str, tuple[str, str]]) -> tuple[Part, ...]:
    """The parts, with rows of some tables left to other pages; what changed stays, as links lead to its rows."""
    there = {anchor(key): link for key, link in links.items()}
    return tuple(replace(part, tables=tuple(_left(table, there) for table in part.tables)) for part in parts)


def _left(table: Table, links: Mapping[str, tuple[str, str]]) -> Table:
    return table if table.is_empty or table.is_changed else replace(table, link=links.get(table.id))


def anchor(path: str) -> str:
    """The id an answer has on the page: ``a-goals-0-indicators-2`` for a row, without the column."""
    return "a-" + path.replace(".", "-").replace("_", "-")


def _part(form: Form, section: Section, answers: Mapping[str, Any], reading: Reading) -> Part:
    placed = [form.fields[item.field] for item in section.placements if item.field in reading.visible]
    tables = [item for item in placed if item.type == "table"]
    totals = {item.key: table.key for item in placed for table in tables if _adds_up(item, table)}
    facts = tuple(_fact(item, answers, reading) for item in placed if item.type != "table" and item.key not in totals)
    shown_tables = tuple(
        _table(table, answers, reading, next((form.fields[k] for k, of in totals.items() if of == table.key), None))
        for table in tables
    )
    return Part(f"part-{section.key.replace('_', '-')}", section.title.into(reading.language), facts, shown_tables)


def _adds_up(item: Field, table: Field) -> bool:
    return item.computed is not None and item.computed.text.replace(" ", "").startswith(f"sum(case.{table.key}.")


def _fact(item: Field, answers: Mapping[str, Any], reading: Reading) -> Fact:
    answer = answers.get(item.key)
    is_given = item.default is None or answer != item.default
    words = shown(item, answer, answers, reading)
    return Fact(anchor(item.key), item.title.into(reading.language), words, item.key in reading.changed, is_given)


# -- tables --------------------------------------------------------------------------------------------------------


def _table(table: Field, answers: Mapping[str, Any], reading: Reading, total: Field | None) -> Table:
    rows: Sequence[Mapping[str, Any]] = answers.get(table.key) or ()
    inner = next((column for column in table.columns.values() if column.type == "table"), None)
    if inner is None:
        layout = _Layout(table.columns, reading)
        lines = tuple(layout.row(row, f"{table.key}.{number}") for number, row in enumerate(rows))
        groups: tuple[RowGroup, ...] = (RowGroup("", "", "", (), lines),) if lines else ()
    else:
        layout = _Layout(inner.columns, reading)
        groups = tuple(_group(table, inner, row, number, layout, reading) for number, row in enumerate(rows))
    summed = None
    if total is not None and rows:
        words = total.title.into(reading.language)
        summed = (words, shown(total, answers.get(total.key), answers, reading))
    return Table(anchor(table.key), table.title.into(reading.language), layout.head, groups, summed)


def _group(
    table: Field, inner: Field, row: Mapping[str, Any], number: int, layout: _Layout, reading: Reading
) -> RowGroup:
    path = f"{table.key}.{number}"
    lead = _Layout({key: column for key, column in table.columns.items() if column.type != "table"}, reading, beside=0)
    line = lead.row(row, path)
    rows = tuple(
        layout.row(child, f"{path}.{inner.key}.{position}") for position, child in enumerate(row.get(inner.key) or ())
    )
    return RowGroup(line.id, line.code, line.name, line.notes, rows, line.is_told)


def _is_short(column: Field) -> bool:
    return column.type == "text" and int(column.options.get("max_length") or SHORT + 1) <= SHORT


class _Layout:
    """Which column leads a row, which stand beside it, which go beneath it."""

    def __init__(self, columns: Mapping[str, Field], reading: Reading, beside: int = MOST_COLUMNS) -> None:
        self._reading = reading
        plain = [column for column in columns.values() if column.type != "table"]
        self._nested = [column for column in columns.values() if column.type == "table"]
        self._code = next((column for column in plain if column.key in ("code", "number")), None)
        rest = [column for column in plain if column is not self._code]
        texts = [column for column in rest if column.type in ("text", "paragraph")]
        self._name = next(iter(texts or rest), None)
        rest = [column for column in rest if column is not self._name]
        units = {str(column.options.get("unit_from")) for column in rest}
        wide = len(rest) + 1 > (MOST_SHORT if beside and all(map(_is_short, rest)) else beside)
        main = [column for column in rest if column.key in units or (is_number(column) and column.type != "percent")]
        self._beside = (main if wide else rest) if beside else []
        self._beneath = [column for column in rest if column not in self._beside]
        self._is_told = sum(column.type == "paragraph" for column in self._beneath) >= TEXTS

    @property
    def head(self) -> tuple[Cell, ...]:
        """Titles of the columns, the name's first."""
        language = self._reading.language
        first = [Cell(self._name.title.into(language), "")] if self._name else []
        return (*first, *(Cell(column.title.into(language), "", is_number(column)) for column in self._beside))

    def row(self, row: Mapping[str, Any], path: str) -> Row:
        """The line for one row of answers at ``path``."""
        changed = self._reading.changed
        code = self._say(self._code, row) if self._code else ""
        name = self._say(self._name, row) if self._name else ""
        cells = tuple(
            Cell(column.title.into(self._reading.language), self._say(column, row), is_number(column),
                 f"{path}.{column.key}" in changed, changed.get(f"{path}.{column.key}", ""))
            for column in self._beside
        )  # fmt: skip
        lead = [column for column in (self._code, self._name, *self._beneath) if column is not None]
        is_changed = path in changed or any(f"{path}.{column.key}" in changed for column in lead)
        return Row(anchor(path), code, name, tuple(self._notes(row)), cells, is_changed, self._is_told)

    def _notes(self, row: Mapping[str, Any]) -> Iterator[str]:
        for column in self._beneath:
            value, title = row.get(column.key), column.title.into(self._reading.language)
            if column.type == "yes_no":
                if value:
                    yield title
            elif value not in (None, "", []):
                yield f"{title}: {self._say(column, row)}"
        for table in self._nested:
            for child in row.get(table.key) or ():
                said = (self._say(column, child) for column in table.columns.values() if column.type != "table")
                yield f"{table.title.into(self._reading.language)}: {', '.join(text for text in said if text)}"

    def _say(self, column: Field, row: Mapping[str, Any]) -> str:
        return shown(column, row.get(column.key), row, self._reading)
