"""A sheet becomes records: the row of headings is found, its columns are understood or told, merged cells are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain, islice

from engine.definitions.model import Text
from sakip.exchange.cells import MOST_ROWS, Cell, Row, Sheet
from sakip.exchange.problems import FileRefused, Findings, letter

LOOKED_AT = 15  # rows in which the headings are looked for: titles and empty rows stand above them
_NO_LETTERS = re.compile(r"[\W_]+")
_COUNTERS = frozenset(("no", "nomor", "number", ""))  # a column that only counts rows


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` and ``names`` are what a heading may say, capitals and marks ignored; ``title`` is how a sentence calls
    it. One that is not ``used`` may stand in the file and is not read: exports explain themselves."""

    key: str
    title: Text
    names: tuple[str, ...] = ()
    required: bool = False
    used: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: its key on the command line, and the columns by which it is recognised."""

    key: str
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[Column, ...]:
        """Those without which it is not this kind."""
        return tuple(one for one in self.columns if one.required)

    def named(self, heading: str) -> Column | None:
        """The column a heading means."""
        return _names(self).get(folded(heading))


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its cells by column key, and by what letter (or name) each column goes here."""

    sheet: str
    row: int
    cells: Mapping[str, Cell]
    letters: Mapping[str, str]


@dataclass(slots=True)
class Table:
    """A sheet with headings. ``records`` can be walked once; then ``findings`` has everything about its form."""

    kind: Kind
    sheet: Sheet
    header: Row
    rest: Iterable[Row]
    findings: Findings
    columns: dict[int, Column] = field(default_factory=dict)

    def records(self, most: int = MOST_ROWS) -> Iterator[Record]:
        """The rows below the headings. Raises FileRefused for more than ``most``."""
        self._understand()
        letters = {column.key: self._letter(place) for place, column in self.columns.items()}
        unnamed: set[int] = set()
        last = self.header.number
        for count, row in enumerate(self.rest, 1):
            if count > most:
                raise FileRefused(
                    "too_many_rows", f"Lebih dari {most} baris. Bagi menjadi beberapa berkas.",
                    f"More than {most} rows. Divide it into several files.", sheet=self.sheet.name, row=row.number,
                )  # fmt: skip
            last = row.number
            self._tell_unnamed(row, unnamed)
            cells = {self.columns[place].key: cell for place, cell in row.cells.items() if place in self.columns}
            if cells:
                yield Record(self.sheet.name, row.number, cells, letters)
        self._tell_merged(last)

    def _letter(self, place: int) -> str:
        return self.sheet.columns[place] if self.sheet.columns else letter(place)

    def _tell(self, row: int, place: int, code: str, indonesian: str, english: str) -> None:
        self.findings.add(self.sheet.name, row, self._letter(place), code, indonesian, english)

    def _understand(self) -> None:
        """What each heading means; those doubled, unknown or missing are told."""
        first: dict[str, int] = {}
        for place, heading in sorted(self.header.cells.items()):
            column = self.kind.named(str(heading))
            if column is None:
                self._tell_unknown(place, str(heading))
            elif column.key in first:
                other = self._letter(first[column.key])
                self._tell(
                    self.header.number, place, "doubled_column",
                    f'Kolom "{_short(heading)}" sudah ada di {other}.',
                    f'The column "{_short(heading)}" stands at {other} already.',
                )  # fmt: skip
            else:
                first[column.key] = place
                if column.used:
                    self.columns[place] = column
        for column in self.kind.required:
            if column.key not in first:
                self.findings.add(
                    self.sheet.name, self.header.number, "", "missing_column",
                    f'Kolom "{column.title.id}" tidak ada.', f'The column "{column.title.en}" is missing.',
                )  # fmt: skip

    def _tell_unknown(self, place: int, heading: str) -> None:
        if folded(heading) in _COUNTERS:
            return
        names = _names(self.kind)
        near = get_close_matches(folded(heading), names, 1)
        hint = names[near[0]].title if near else None
        self._tell(
            self.header.number, place, "unknown_column",
            f'Kolom "{_short(heading)}" tidak dikenal.' + (f' Mungkin maksudnya "{hint.id}".' if hint else ""),
            f'Unknown column "{_short(heading)}".' + (f' Did you mean "{hint.en}"?' if hint else ""),
        )  # fmt: skip

    def _tell_unnamed(self, row: Row, told: set[int]) -> None:
        for place in row.cells:
            if place not in self.header.cells and place not in told:
                told.add(place)
                self._tell(
                    row.number, place, "unnamed_column", "Kolom ini berisi data tetapi tidak berjudul.",
                    "This column holds data and has no heading.",
                )  # fmt: skip

    def _tell_merged(self, last: int) -> None:
        """Only the first of merged cells holds a value: which of them it is meant for nobody can know."""
        for one in self.sheet.merged:
            is_single = one.first_row == one.last_row and one.first_column == one.last_column
            touches = any(one.first_column <= place <= one.last_column for place in self.columns)
            if touches and not is_single and one.last_row >= self.header.number and one.first_row <= last:
                self._tell(
                    one.first_row, one.first_column, "merged_cells",
                    "Sel ini digabung. Pisahkan dan isi setiap selnya.",
                    "These cells are merged. Split them and fill in each.",
                )  # fmt: skip


@lru_cache(maxsize=32)
def _names(kind: Kind) -> Mapping[str, Column]:
    """What each heading means; a name two columns share means the first: a region's own field shadows none of ours."""
    found: dict[str, Column] = {}
    for column in kind.columns:
        for name in (column.key, column.title.id, column.title.en, *column.names):
            found.setdefault(folded(name), column)
    return found


def folded(heading: str) -> str:
    """A heading without capitals, marks and doubled spaces."""
    return _NO_LETTERS.sub(" ", heading.casefold()).strip()


def tables_of(
    sheets: Sequence[Sheet], kinds: Sequence[Kind], wanted: str | None, findings: Findings
) -> list[Table]:  # fmt: skip
    """The sheets that hold records of one kind: the ``wanted`` one, otherwise the one their headings show.

    Sheets without known headings are passed over when another has some. Raises FileRefused when none has, or when
    sheets are of different kinds.
    """
    found = []
    for sheet in sheets:
        rows = iter(sheet.rows)
        first = list(islice(rows, LOOKED_AT))
        chosen = _headings(first, [one for one in kinds if wanted in (None, one.key)])
        if chosen is not None:
            kind, place = chosen
            found.append(Table(kind, sheet, first[place], chain(first[place + 1 :], rows), findings))
    if not found:
        names = ", ".join(one.key for one in kinds)
        raise FileRefused(
            "unknown_kind", f"Judul kolom tidak dikenal. Jenis yang dikenal: {names}.",
            f"The headings are unknown. Known kinds: {names}.", row=1,
        )  # fmt: skip
    if len({table.kind.key for table in found}) > 1:
        raise FileRefused(
            "several_kinds", "Lembar-lembarnya berbeda jenis. Sebutkan jenisnya, atau pisahkan berkasnya.",
            "Its sheets are of different kinds. Name the kind, or divide the file.",
        )  # fmt: skip
    return found


def _headings(rows: Sequence[Row], kinds: Sequence[Kind]) -> tuple[Kind, int] | None:
    """The kind that fits best and the row of its headings: all required columns, otherwise at least half of them."""
    best: tuple[tuple[bool, float, int], Kind, int] | None = None
    for place, row in enumerate(rows):
        said = [str(cell) for cell in row.cells.values()]
        for kind in kinds:
            known = {column.key for heading in said if (column := kind.named(heading)) is not None}
            needed = sum(one.key in known for one in kind.required)
            share = needed / len(kind.required)
            rank = (share == 1, share, len(known))
            if share >= 0.5 and len(known) > 1 and (best is None or rank > best[0]):
                best = (rank, kind, place)
    return None if best is None else best[1:]


def _short(text: object) -> str:
    said = str(text)
    return said if len(said) <= 60 else f"{said[:59]}…"
