"""Reads a workbook row by row: values as they are stored, formulas and merged cells as what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from posixpath import join, normpath

from sakip.exchange.cells import (
    CELL_ERROR,
    FORMULA,
    LONGEST_CELL,
    MOST_COLUMNS,
    Cell,
    Merged,
    Odd,
    Row,
    Sheet,
)
from sakip.exchange.packed import Package, bomb, broken
from sakip.exchange.xml import attribute, walk

MOST_SHEETS = 100
MOST_STRINGS = 500_000
MOST_CHARACTERS = 12_000_000  # of shared strings together
MOST_MERGED = 10_000
MOST_CELLS = 8_000_000  # empty ones and rows too: a sheet formatted to its very end is no data
LAST_DAY = 2_950_000  # in the year 9976, as spreadsheets count days
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DATE_MARKS = re.compile(r"[dmyhs]", re.IGNORECASE)
_NOT_MARKS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_WORKBOOK = "xl/workbook.xml"


def sheets_of(content: bytes) -> list[Sheet]:
    """The visible sheets of a workbook, to be walked one after the other. Raises FileRefused, also while walking."""
    package = Package(content)
    book = _Book()
    main = _main_part(package)
    _read(package, main, book)
    folder = main.rpartition("/")[0]
    targets = _targets(package, main)
    strings = _of_type(targets, "sharedStrings")
    styles = _of_type(targets, "styles")
    texts = _Strings()
    if strings is not None and package.has(normpath(join(folder, strings))):
        _read(package, normpath(join(folder, strings)), texts)
    formats = _Styles()
    if styles is not None and package.has(normpath(join(folder, styles))):
        _read(package, normpath(join(folder, styles)), formats)
    found = []
    for name, relation in book.sheets[:MOST_SHEETS]:
        target = targets.get(relation, ("", ""))[1]
        part = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
        if target and package.has(part) and "worksheet" in targets[relation][0]:
            merged: list[Merged] = []
            reading = _Cells(texts.texts, formats.dates(), book.is_from_1904, merged)
            found.append(Sheet(name, reading.rows(package, part), merged))
    if not found:
        raise broken()
    return found


def _main_part(package: Package) -> str:
    if package.has("_rels/.rels"):
        relations = _Relations()
        _read(package, "_rels/.rels", relations)
        for kind, target in relations.targets.values():
            if kind.endswith("/officeDocument") and package.has(target.lstrip("/")):
                return target.lstrip("/")
    if package.has(_WORKBOOK):
        return _WORKBOOK
    raise broken()


def _targets(package: Package, part: str) -> dict[str, tuple[str, str]]:
    folder, _, name = part.rpartition("/")
    relations = _Relations()
    path = join(folder, "_rels", f"{name}.rels")
    if package.has(path):
        _read(package, path, relations)
    return relations.targets


def _of_type(targets: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((target for type_, target in targets.values() if type_.endswith(f"/{kind}")), None)


def _read(package: Package, part: str, listener: _Quiet) -> None:
    for _ in walk(package.chunks(part), listener):
        pass


class _Quiet:
    """Listens to nothing; others say what they listen to."""

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        pass

    def ends(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


class _Book(_Quiet):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []  # name, relation
        self.is_from_1904 = False

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            self.sheets.append((attributes.get("name", ""), attribute(attributes, "id") or ""))
        elif name == "workbookPr":
            self.is_from_1904 = attributes.get("date1904") in ("1", "true")


class _Relations(_Quiet):
    def __init__(self) -> None:
        self.targets: dict[str, tuple[str, str]] = {}  # id -> type, target

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = (attributes.get("Type", ""), attributes.get("Target", ""))


class _Strings(_Quiet):
    """The shared strings; the runs of one with several fonts are one text, what is read aloud beside it is not."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._is_text, self._is_aloud, self._characters = False, False, 0

    def starts(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if name == "si":
            self._pieces = []
        elif name == "t":
            self._is_text = True
        elif name == "rPh":
            self._is_aloud = True

    def ends(self, name: str) -> None:
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_aloud = False
        elif name == "si":
            self.texts.append("".join(self._pieces)[:LONGEST_CELL])
            if len(self.texts) > MOST_STRINGS:
                raise bomb()

    def text(self, data: str) -> None:
        if self._is_text and not self._is_aloud:
            self._pieces.append(data)
            self._characters += len(data)
            if self._characters > MOST_CHARACTERS:
                raise bomb()


class _Styles(_Quiet):
    """Which cell formats show a number as a day."""

    def __init__(self) -> None:
        self._own: dict[str, str] = {}
        self._formats: list[str] = []
        self._is_cell_formats = False

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:500]
        elif name == "cellXfs":
            self._is_cell_formats = True
        elif name == "xf" and self._is_cell_formats and len(self._formats) < MOST_STRINGS:
            self._formats.append(attributes.get("numFmtId", "0"))

    def ends(self, name: str) -> None:
        if name == "cellXfs":
            self._is_cell_formats = False

    def dates(self) -> frozenset[str]:
        """The numbers of formats that show days or times."""
        return frozenset(str(place) for place, number in enumerate(self._formats) if self._is_date(number))

    def _is_date(self, number: str) -> bool:
        if number in self._own:
            first = self._own[number].partition(";")[0]
            return bool(_DATE_MARKS.search(_NOT_MARKS.sub("", first))) and "general" not in first.casefold()
        return number.isdecimal() and len(number) < 9 and int(number) in _BUILT_IN_DATES


class _Cells(_Quiet):
    """One sheet: its rows as they come, its merged cells at the end."""

    def __init__(self, texts: list[str], dates: frozenset[str], is_from_1904: bool, merged: list[Merged]) -> None:
        self._texts, self._dates, self._merged = texts, dates, merged
        self._begin = datetime(1904, 1, 1) if is_from_1904 else datetime(1899, 12, 30)
        self._ready: list[Row] = []
        self._number, self._column, self._row = 0, -1, dict[int, Cell]()
        self._kind = self._style = ""
        self._value: list[str] = []
        self._seen = self._length = 0
        self._is_value, self._is_formula, self._is_aloud = False, False, False

    def rows(self, package: Package, part: str) -> Iterator[Row]:
        """The rows that hold something."""
        for _ in walk(package.chunks(part), self):
            yield from self._ready
            self._ready.clear()

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        self._seen += 1
        if self._seen > MOST_CELLS:
            raise bomb()
        if name == "c":
            found = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = self._column + 1 if found is None else _column(found[1])
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._value, self._length, self._is_formula = [], 0, False
        elif name in ("v", "t"):
            self._is_value = not self._is_aloud
        elif name == "rPh":
            self._is_aloud = True
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            number = attributes.get("r", "")
            self._number = int(number) if number.isdecimal() and len(number) < 9 else self._number + 1
            self._column, self._row = -1, {}
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def ends(self, name: str) -> None:
        if name in ("v", "t"):
            self._is_value = False
        elif name == "rPh":
            self._is_aloud = False
        elif name == "c":
            cell = self._cell()
            if cell is not None and 0 <= self._column < MOST_COLUMNS:
                self._row[self._column] = cell
        elif name == "row" and self._row:
            self._ready.append(Row(self._number, self._row))

    def text(self, data: str) -> None:
        if self._is_value and self._length <= LONGEST_CELL:
            self._value.append(data)
            self._length += len(data)

    def _cell(self) -> Cell | None:
        text = "".join(self._value)[:LONGEST_CELL]
        if self._is_formula:
            return Odd(FORMULA, text)
        if self._kind == "s":
            place = int(text) if text.isdecimal() and len(text) < 9 else -1
            shared = self._texts[place] if 0 <= place < len(self._texts) else ""
            return shared if shared.strip() else None
        if self._kind in ("inlineStr", "str"):
            return text if text.strip() else None
        if not text:
            return None
        if self._kind == "b":
            return text.strip() in ("1", "true")
        if self._kind == "e":
            return Odd(CELL_ERROR, text)
        return self._day(text) if self._kind == "d" else self._number_of(text)

    def _number_of(self, text: str) -> Cell:
        try:
            number = float(text)
        except ValueError:
            return text
        if self._style in self._dates and 0 <= number < LAST_DAY:
            return (self._begin + timedelta(days=number)).date()
        return int(number) if number.is_integer() and abs(number) < 1e15 else number

    @staticmethod
    def _day(text: str) -> Cell:
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            return text

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        begins, ends = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if begins and ends and len(self._merged) < MOST_MERGED:
            self._merged.append(Merged(int(begins[2]), int(ends[2]), _column(begins[1]), _column(ends[1])))


def _column(letters: str) -> int:
    found = 0
    for one in letters:
        found = found * 26 + ord(one) - ord("A") + 1
    return found - 1
