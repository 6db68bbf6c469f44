"""Lists as downloads: CSV as all lists have it, and workbooks of one sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from fractions import Fraction

from flask import Response

from sakip.exchange.writing import XLSX, written
from sakip.values import as_text

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | Fraction


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    """UTF-8 with a mark, semicolons, numbers with a point."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(head)
    writer.writerows([value if isinstance(value, str) else as_text(Fraction(value)) for value in row] for row in rows)
    return _download("\ufeff" + text.getvalue(), "text/csv", f"{name}.csv")


def as_workbook(name: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    """Numbers are numbers, everything else is text."""
    return _download(b"".join(written(XLSX, head, rows)), WORKBOOK, f"{name}.xlsx")


def _download(content: str | bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
