"""One record on its way in: each cell is read as what its column asks, and what does not fit is told with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.definitions.model import Text
from sakip.exchange.cells import CELL_ERROR, FORMULA, FORMULA_STARTS, Cell, Odd
from sakip.exchange.problems import Findings
from sakip.exchange.table import Kind, Record

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?")
_LOCAL = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_YES = frozenset(("ya", "yes", "true", "benar", "1", "x", "v", "✓"))
_NO = frozenset(("tidak", "no", "false", "salah", "0", "-", ""))
LONGEST_TEXT = 8_000
ODD = {
    FORMULA: Text(
        "Sel ini berisi rumus. Tempel nilainya saja (Paste Values).",
        "This cell holds a formula. Paste its value only (Paste Values).",
    ),
    CELL_ERROR: Text("Sel ini berisi galat {text}.", "This cell holds the error {text}."),
}


STAYS, CHANGES = "stays", "changes"


class Reading:
    """Reads the cells of one record; ``is_bad`` once something did not fit. ``verdict`` says whether the record says
    what stands already (stays, changes; "" while nobody knows), ``before`` and ``after`` what a cell was and will be,
    where that is more than the cell itself shows."""

    def __init__(self, kind: Kind, record: Record, findings: Findings) -> None:
        self._titles = {column.key: column.title for column in kind.columns}
        self.record, self._findings, self.is_bad = record, findings, False
        self.verdict = ""
        self.before: Mapping[str, Any] = {}
        self.after: Mapping[str, Any] = {}

    def settle(
        self, changes: bool, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None
    ) -> None:
        """Whether the record would change something, and the cells it changes."""
        self.verdict = CHANGES if changes else STAYS
        self.before, self.after = before or {}, after or {}

    def tell(self, column: str, code: str, indonesian: str, english: str) -> None:
        """Something about a cell; "" is the whole row. The title of its column is put in front."""
        if not self.is_bad:
            self._findings.rows += 1
        self.is_bad = True
        title, letter = self._titles.get(column), self.record.letters.get(column, "")
        if title is not None:
            indonesian, english = f"{title.id}: {indonesian}", f"{title.en}: {english}"
        self._findings.add(self.record.sheet, self.record.row, letter, code, indonesian, english)

    def cell(self, column: str, *, required: bool = False) -> Cell | None:
        """The value of a cell; None where it is empty or holds none of its own, which is told."""
        cell = self.record.cells.get(column)
        if isinstance(cell, Odd):
            words = ODD[cell.code]
            self.tell(column, cell.code, words.id.format(text=cell.text), words.en.format(text=cell.text))
            return None
        if isinstance(cell, str):
            cell = cell.strip() or None
        if cell is None and required:
            self.tell(column, "empty_cell", "Belum diisi.", "It is empty.")
        return cell

    def text(self, column: str, *, required: bool = False) -> str:
        """A text as written; numbers as they print. "" where there is none."""
        cell = self.cell(column, required=required)
        if cell is None:
            return ""
        said = cell.isoformat() if isinstance(cell, date) else str(cell)
        if len(said) > LONGEST_TEXT:
            self.tell(
                column, "too_long", f"Lebih dari {LONGEST_TEXT} huruf.", f"More than {LONGEST_TEXT} characters."
            )  # fmt: skip
            return ""
        said = said.replace("\r\n", "\n").replace("_x000D_", "")
        return said[1:] if said.startswith("'") and said[1:].startswith(FORMULA_STARTS) else said  # as exports write it

    def year(self, column: str, otherwise: int | None) -> int | None:
        """A fiscal year; ``otherwise`` where the cell is empty."""
        cell = self.cell(column, required=otherwise is None)
        if cell is None:
            return otherwise
        said = str(cell).removesuffix(".0")
        if isinstance(cell, bool | date) or not re.fullmatch(r"20[0-9]{2}", said):
            self.tell(column, "no_year", f'"{said[:40]}" bukan tahun.', f'"{said[:40]}" is no year.')
            return None
        return int(said)

    def day(self, column: str, *, required: bool = False) -> date | None:
        """A day: a date of the spreadsheet, 2026-03-31 or 31-03-2026."""
        cell = self.cell(column, required=required)
        if cell is None or (isinstance(cell, date)):
            return cell
        if not isinstance(cell, str):
            self.tell(
                column, "number_for_date", f"Angka {cell} bukan tanggal. Beri sel ini format tanggal.",
                f"The number {cell} is no date. Give the cell a date format.",
            )  # fmt: skip
            return None
        parts = _ISO.fullmatch(cell)
        local = _LOCAL.fullmatch(cell)
        try:
            if parts:
                return date(int(parts[1]), int(parts[2]), int(parts[3]))
            if local:
                return date(int(local[3]), int(local[2]), int(local[1]))
        except ValueError:
            pass
        self.tell(
            column, "no_date", f'"{cell[:40]}" bukan tanggal. Tulis seperti 2026-03-31.',
            f'"{cell[:40]}" is no date. Write it like 2026-03-31.',
        )  # fmt: skip
        return None

    def flag(self, column: str) -> bool | None:
        """Yes or no; None where the cell is empty."""
        cell = self.cell(column)
        if cell is None or isinstance(cell, bool):
            return cell
        said = str(cell).casefold()
        if said in _YES or said in _NO:
            return said in _YES
        self.tell(column, "no_yes_no", f'"{said[:40]}" bukan ya atau tidak.', f'"{said[:40]}" is neither yes nor no.')
        return None
