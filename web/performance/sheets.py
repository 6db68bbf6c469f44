"""Lists as files: CSV, and workbooks of one sheet in the format of Office Open XML."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from fractions import Fraction
from xml.sax.saxutils import escape

from flask import Response

from sakip.values import as_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_767
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/book.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/sheet.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" Target="book.xml"/></Relationships>',
    "_rels/book.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/worksheet" Target="sheet.xml"/></Relationships>',
}
Value = str | int | Fraction


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    """UTF-8 with a mark, semicolons, numbers with a point."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(head)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return _download("\ufeff" + text.getvalue(), "text/csv", f"{name}.csv")


def as_workbook(name: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    """A workbook of one sheet: numbers are numbers, everything else is text."""
    lines = "".join(f"<row>{''.join(_cell(value) for value in row)}</row>" for row in (head, *rows))
    book = (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_DOCUMENT}"><sheets>'
        '<sheet name="Alur" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    sheet = f'<worksheet xmlns="{_SHEET}"><sheetData>{lines}</sheetData></worksheet>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in {**_PARTS, "book.xml": book, "sheet.xml": sheet}.items():
            archive.writestr(path, _HEAD + text)
    return _download(file.getvalue(), XLSX, f"{name}.xlsx")


def _cell(value: Value) -> str:
    if isinstance(value, str) or "/" in as_text(Fraction(value)):
        text = NOT_XML.sub("", _plain(value))[:LONGEST_CELL]
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    return f"<c><v>{_plain(value)}</v></c>"


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else as_text(Fraction(value))


def _download(content: str | bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
