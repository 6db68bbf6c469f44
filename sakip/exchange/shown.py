"""The rows of a file as a page shows them before they are written: what would change, what is wrong, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import isfinite
from typing import Any

from engine.definitions.model import Text
from sakip.exchange.cells import Odd
from sakip.exchange.record import STAYS, Reading
from sakip.exchange.table import Kind
from sakip.shown_values import shown_value
from sakip.values import Absence, as_text

MOST_ROWS = 100  # that would change, and as many that are wrong
LONGEST_CELL = 300
NUMBER = "number"


class Shown:
    """Keeps the first rows of an import, whatever its size."""

    def __init__(self) -> None:
        self.columns: dict[str, Text] = {}
        self._changing: list[Reading] = []
        self._wrong: list[Reading] = []

    def take(self, kind: Kind, reading: Reading) -> None:
        """One more row, after it was looked at."""
        if not self.columns:
            self.columns = {column.key: column.title for column in kind.columns}
        kept = self._wrong if reading.is_bad else self._changing
        if reading.verdict != STAYS and len(kept) < MOST_ROWS:
            kept.append(reading)

    def plain(self) -> dict[str, Any]:
        """``columns`` (key, Indonesian, English) and ``rows``, in their order, as JSON can hold them."""
        kept = [one for one in (*self._changing, *self._wrong) if one.is_bad or one.verdict != STAYS]
        kept.sort(key=lambda one: (one.record.sheet, one.record.row))
        used = {key for one in kept for key in (*one.record.cells, *one.after)}
        return {
            "columns": [[key, title.id, title.en] for key, title in self.columns.items() if key in used],
            "rows": [
                {
                    "sheet": one.record.sheet, "row": one.record.row, "is_bad": one.is_bad,
                    "cells": _cells({**one.record.cells, **({} if one.is_bad else one.after)}),
                    "before": _cells(one.before),
                }
                for one in kept
            ],
        }  # fmt: skip


def _cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {key: plain for key, cell in cells.items() if (plain := _plain(cell)) is not None}


def _plain(cell: Any) -> Any:
    """A cell as JSON: a text, a number as ``{"number": text}``, words in both languages."""
    match cell:
        case None | "":
            return None
        case Text():
            return {"id": cell.id, "en": cell.en}
        case Absence():
            return {"id": "belum terbit", "en": "not issued yet"}
        case Odd():
            return cell.text[:LONGEST_CELL]
        case str():
            return cell[:LONGEST_CELL]
        case date():
            return cell.isoformat()
        case Fraction():
            return {NUMBER: as_text(cell)}
        case float() if not isfinite(cell):
            return str(cell)
        case float():
            return {NUMBER: as_text(Fraction(str(cell)))}
        case bool():
            return {"id": "ya", "en": "yes"} if cell else {"id": "tidak", "en": "no"}
        case int():
            return str(cell)
    words = shown_value(cell)
    return {"id": words.id, "en": words.en} if isinstance(words, Text) else str(words)
