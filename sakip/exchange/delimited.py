"""Reads CSV as spreadsheets write it here: semicolons, commas or tabs, UTF-8; every cell is text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from sakip.exchange.cells import LONGEST_CELL, MOST_BYTES, MOST_COLUMNS, Row, Sheet, readable
from sakip.exchange.packed import too_large
from sakip.exchange.problems import FileRefused

DELIMITERS = ";,\t|"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 20  # lines in which the delimiter is looked for


def sheet_of(content: bytes) -> Sheet:
    """The one sheet of a CSV file. Raises FileRefused, also while its rows are walked."""
    if len(content) > MOST_BYTES:
        raise too_large()
    encoding = "utf-16" if content[:2] in _UTF16 else "utf-8-sig"
    return Sheet("", _rows(content, encoding))


def _rows(content: bytes, encoding: str) -> Iterator[Row]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    number = 0
    try:
        lines = csv.reader(map(readable, text), delimiter=_delimiter(content, encoding), strict=True)
        for number, cells in enumerate(lines, 1):
            found = {column: cell[:LONGEST_CELL] for column, cell in enumerate(cells[:MOST_COLUMNS]) if cell.strip()}
            if found:
                yield Row(number, found)
    except UnicodeError as fault:
        raise FileRefused(
            "not_utf8", "Berkas bukan teks UTF-8. Simpan sebagai CSV UTF-8.",
            "The file is not UTF-8 text. Save it as CSV UTF-8.", row=number + 1,
        ) from fault  # fmt: skip
    except csv.Error as fault:
        raise FileRefused(
            "broken_line", "Baris ini tidak terbaca: tanda petik tidak ditutup atau isinya terlalu panjang.",
            "This line cannot be read: a quote is not closed, or it is too long.", row=number + 1,
        ) from fault  # fmt: skip


def _delimiter(content: bytes, encoding: str) -> str:
    """The mark that stands equally often, outside quotes, in most of the first lines: sentences hold commas too, where
    semicolons divide cells unquoted, but never the same number in each."""
    start = content[: 64 * 1024].decode(encoding, "ignore")
    outside = "".join(part for place, part in enumerate(start.split('"')) if place % 2 == 0)
    lines = outside.splitlines()[:_LOOKED_AT]

    def alike(mark: str) -> tuple[int, int]:
        counts = Counter(line.count(mark) for line in lines if mark in line)
        return max(counts.values(), default=0), sum(number * times for number, times in counts.items())

    return max(DELIMITERS, key=alike)
