"""What a page says about a file that was looked at or brought in: its numbers, its rows, its problems in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.definitions.model import Text
from sakip.exchange.agreements import AGREEMENT
from sakip.exchange.kept import LOOKED_AT, REFUSED, SEEN, WAITING, WRITTEN
from sakip.exchange.models import ImportRow
from web.language import words
from web.performance.cells import number

KIND_WORDS = {
    "realisations": Text("Realisasi", "Realisations"),
    "budget": Text("Anggaran dan serapan", "Budget and spending"),
    "tree": Text("Pohon kinerja", "Tree of goals"),
    "answers": Text("Jawaban lembar kerja", "Answers of a worksheet"),
    "recommendations": Text("Rekomendasi", "Recommendations"),
    AGREEMENT: Text("Perjanjian kinerja (YAML)", "Performance agreement (YAML)"),
}
STATE_WORDS = {
    SEEN: (Text("menunggu keputusan Anda", "waits for your decision"), "now"),
    WAITING: (Text("sedang dimasukkan", "being brought in"), "now"),
    WRITTEN: (Text("masuk", "brought in"), "good"),
    REFUSED: (Text("tidak dimasukkan", "not brought in"), "bad"),
}
UNCHANGED = Text("tidak mengubah apa pun", "changes nothing")
MOST_PROBLEMS = 200  # on one page; a file has them all


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of what was brought in before."""

    import_id: int
    name: str
    kind: str
    state: str
    tone: str
    written: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A problem: its place ("Realisasi!C12"), what is wrong in the reader's language, its code."""

    place: str
    message: str
    code: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it will be; a cell is what will stand, and what stands now where it changes."""

    place: str
    is_bad: bool
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A file in numbers and rows."""

    kind: str
    read: int
    rows_read: str  # "120, 118 tanpa kesalahan"; of an agreement what it holds
    written: int
    unchanged: int
    wrong: int
    without_bad: int
    case: str
    left_out: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Shown, ...]
    problems: tuple[Said, ...]
    more_problems: int
    progress: str  # of a file that waits: "4.200 dari 10.000 baris dibaca."


def listed(row: ImportRow) -> Listed:
    """A line of the list."""
    title, tone = STATE_WORDS[row.state]
    is_empty = row.state == WRITTEN and not row.outcome["written"]
    kind = KIND_WORDS.get(row.outcome["kind"] or "")
    return Listed(
        row.id, row.name, words(kind), words(UNCHANGED if is_empty else title), "" if is_empty else tone,
        row.outcome["written"], row.finished_at or row.seen_at,
    )  # fmt: skip


def preview(row: ImportRow) -> Preview:
    """What the page of a file shows."""
    told = row.outcome
    problems = tuple(
        Said(_place(sheet, at, column), words(Text(indonesian, english)), code)
        for sheet, at, column, code, indonesian, english in told["problems"]
    )
    columns = told.get("columns") or []
    rows = tuple(
        Shown(
            _place(one["sheet"], one["row"], ""), one["is_bad"],
            tuple(
                (_said(one["cells"].get(key)), _said(one["before"].get(key)) if not one["is_bad"] else "")
                for key, _, _ in columns
            ),
        )
        for one in told.get("rows") or []
    )  # fmt: skip
    return Preview(
        words(KIND_WORDS.get(told["kind"] or "")), told["read"], _rows_read(told), told["written"], told["unchanged"],
        sum(one.code != "too_many_problems" for one in problems), told.get("without_bad", 0), told["case"],
        tuple(told["left_out"]), tuple(words(Text(indonesian, english)) for _, indonesian, english in columns), rows,
        problems[:MOST_PROBLEMS], max(len(problems) - MOST_PROBLEMS, 0),
        _progress(told.get(LOOKED_AT), told["read"]) if row.state == WAITING else "",
    )  # fmt: skip


def counted(count: int, indonesian: str, one: str, several: str) -> str:
    """A sentence about a number, which stands at its %s."""
    return words(Text(indonesian, one if count == 1 else several)) % number(count)


def _rows_read(told: Mapping[str, Any]) -> str:
    """How many rows there are, and how many of them nothing is wrong with; of an agreement what it is made of."""
    if told.get("holds") is not None:
        goals, indicators, programmes = told["holds"]
        return ", ".join((
            counted(goals, "%s sasaran", "%s goal", "%s goals"),
            counted(indicators, "%s indikator", "%s indicator", "%s indicators"),
            counted(programmes, "%s program", "%s programme", "%s programmes"),
        ))  # fmt: skip
    read, wrong = told["read"], told.get("wrong", 0)
    rows = counted(read, "%s baris", "%s row", "%s rows")
    if not wrong:
        return rows
    return words(Text("%s, %s tanpa kesalahan", "%s, %s without a mistake")) % (rows, number(read - wrong))


def _progress(done: int | None, read: int) -> str:
    """How far a worker is with a file: it is read, then written."""
    if done is None:
        return counted(read, "%s baris menunggu giliran.", "%s row waits for its turn.", "%s rows wait for their turn.")
    said = words(Text("%s dari %s baris dibaca.", "%s of %s rows read.")) % (number(done), number(read))
    return f"{said} {words(Text('Sekarang ditulis.', 'They are being written now.'))}" if done >= read else said


def _place(sheet: str, row: int, column: str) -> str:
    at = f"{column}{row}" if len(column) <= 3 else f"{column}:{row}"
    return "!".join(part for part in (sheet, at if row else "") if part)


def _said(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return number(cell["number"]) if "number" in cell else words(Text(cell["id"], cell["en"]))
