"""Which column leads a row of a table, which stand beside it, which go into its details."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.model import Field
from web.fields import NUMERIC

MOST_BESIDE = 7  # cells that stand beside a row's name; the lesser ones go into its details
CODES = ("code", "number")
SHORT_TEXT = 80
LONG_CODE = 20
PLACES = {"choice": "unit", "scale": "unit", "yes_no": "unit", "money": "money", "date": "date", "month": "date"}


class Layout:
    """The columns of one table, sorted by their part in a row."""

    def __init__(self, table: Field) -> None:
        columns = list(table.columns.values())
        self.nested = tuple(column for column in columns if column.type == "table")
        plain = [column for column in columns if column.type not in ("table", "heading")]
        self.is_panels = bool(self.nested)
        self.code = next((column for column in plain if column.key in CODES), None)
        rest = [column for column in plain if column is not self.code]
        self.name = next((column for column in rest if column.type in ("paragraph", "text")), None)
        self._title = table.title
        if self.is_panels:
            self.beside: tuple[Field, ...] = ()
        else:
            self.beside = tuple(self._choose(plain))
        led = (self.code, self.name) if self.is_panels else ()
        self.details = tuple(column for column in plain if column not in self.beside and column not in led)

    def _choose(self, plain: list[Field]) -> list[Field]:
        room = MOST_BESIDE
        chosen = []
        for column in plain:
            if column is self.name:
                chosen.append(column)
            elif room and self._is_narrow(column):
                chosen.append(column)
                room -= 1
        return chosen

    def _is_narrow(self, column: Field) -> bool:
        if column.type == "text":
            return int(column.options.get("max_length") or 1000) <= SHORT_TEXT
        return column.type in NUMERIC or column.type in ("choice", "scale", "date", "month", "year")

    def place(self, column: Field) -> str:
        """The class that says where a cell stands in a block on a phone."""
        if column is self.code:
            return "c-code"
        if column is self.name:
            return "c-name"
        if column.type == "measure" and column.is_required:
            return "c-target"
        return f"c-{PLACES.get(column.type, 'q' if column.type in NUMERIC else 'text')}"

    def width(self, column: Field) -> str:
        """The classes of a column's head."""
        place = self.place(column).removeprefix("c-")
        if place == "code" and int(column.options.get("max_length") or 0) > LONG_CODE:
            return "w-code w-long"
        width = {"name": "", "q": "w-num", "target": "w-num"}.get(place, f"w-{place}")
        return f"{width} num".strip() if column.type in NUMERIC else width

    def thing(self, language: str) -> str:
        """What one row is called."""
        return (self.name.title if self.name is not None else self._title).into(language)

    def code_of(self, row: Mapping[str, Any]) -> str:
        """The code typed in a row."""
        return str(row.get(self.code.key) or "").strip() if self.code is not None else ""


def sentences_naming(code: str, text: str) -> str:
    """The sentences of ``text`` in which the row with this code is named: ``S4`` is not named by ``S4.1``."""
    if not code or not text:
        return ""
    named = re.compile(rf"(?<![\w.]){re.escape(code)}(?!\w|\.\w)")
    return " ".join(said for said in re.split(r"(?<=[.!?;])\s+|\n+", text) if named.search(said))


def rows_named(table: Field, rows: Any, path: str, text: str) -> Iterator[str]:
    """Paths of the rows of a table, and of the tables in it, whose code stands in ``text``."""
    layout = Layout(table)
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        here = f"{path}.{number}"
        if sentences_naming(layout.code_of(row), text):
            yield here
        for inner in layout.nested:
            yield from rows_named(inner, row.get(inner.key), f"{here}.{inner.key}", text)
