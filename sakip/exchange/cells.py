"""What a file holds before anybody knows what it means: sheets of rows of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_BYTES = 32 * 1024 * 1024  # of the file as it comes
LONGEST_CELL = 32_767  # what spreadsheets themselves allow

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet would run
FORMULA, CELL_ERROR = "formula", "cell_error"
_CONTROL_SIGNS = dict.fromkeys({*range(32), 127} - {*map(ord, "\t\n\r")})


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that holds no value of its own: ``code`` is formula or cell_error, ``text`` what stands there."""

    code: str
    text: str


Cell = str | float | int | bool | date | Odd  # an empty cell is not there


def readable(text: str) -> str:
    """A text without control signs, as pages take it too: PostgreSQL keeps no zero sign."""
    return text.translate(_CONTROL_SIGNS)


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts from 1; cells by their column, counted from 0 (in YAML by their place among its keys)."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells joined into one: rows from 1, columns from 0, both ends inside."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(slots=True)
class Sheet:
    """``rows`` can be walked once; ``merged`` is complete when they were. ``columns`` are the names of the columns
    where letters mean nothing (YAML)."""

    name: str
    rows: Iterable[Row]
    merged: list[Merged] = field(default_factory=list)
    columns: tuple[str, ...] = ()
