"""Rows go out as CSV, JSON or a workbook: decimal point, ISO dates, and no cell that a spreadsheet would run (§12)."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from xml.sax.saxutils import escape

from sakip.exchange.cells import FORMULA_STARTS, LONGEST_CELL
from sakip.exchange.problems import letter
from sakip.values import as_text

CSV, JSON, XLSX = "csv", "json", "xlsx"
FORMATS = (CSV, JSON, XLSX)
Value = str | int | bool | Fraction | date | None
Rows = Iterable[Sequence[Value]]

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS: Mapping[str, str] = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_DOCUMENT}"><sheets>'
    '<sheet name="Alur" sheetId="1" r:id="r1"/></sheets></workbook>',
}


def written(form: str, head: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """A file of this form, piece by piece. Raises KeyError for a form nobody knows."""
    return {CSV: _csv, JSON: _json, XLSX: _xlsx}[form](head, rows)


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that looks like it gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _csv(head: Sequence[str], rows: Rows) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([as_cell(value) for value in row])
        if text.tell() > 64 * 1024:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _json(head: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """A list of maps. Exact numbers are texts, as everywhere; only whole ones and yes and no are JSON's own."""
    first = True
    yield b"["
    for row in rows:
        told = {name: _jsonable(value) for name, value in zip(head, row, strict=True)}
        yield (("\n" if first else ",\n") + json.dumps(told, ensure_ascii=False)).encode()
        first = False
    yield b"\n]\n"


def _jsonable(value: Value) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else _plain(value)


def as_cell(value: Value) -> str:
    """A value as the text a file writes of it; a text that a spreadsheet would run gets an apostrophe in front."""
    return neutral(value) if isinstance(value, str) else _plain(value)


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    return as_text(value) if isinstance(value, Fraction) else str(value)


def _xlsx(head: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """One sheet; numbers are numbers, everything else is text, so nothing in it is ever run."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in _PARTS.items():
            archive.writestr(path, _HEAD + text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=False) as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData>'.encode())
            for number, row in enumerate(_with_head(head, rows), 1):
                cells = "".join(_cell(f"{letter(place)}{number}", value) for place, value in enumerate(row))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
    yield file.getvalue()


def _with_head(head: Sequence[str], rows: Rows) -> Iterator[Sequence[Value]]:
    yield head
    yield from rows


def _cell(place: str, value: Value) -> str:
    if value is None or value == "":
        return ""
    text = _plain(value)
    is_number = isinstance(value, int | Fraction) and not isinstance(value, bool) and "/" not in text
    if is_number and len(text) <= 15:  # longer ones lose their last digits in a spreadsheet
        return f'<c r="{place}"><v>{text}</v></c>'
    said = escape(_NOT_XML.sub("", text)[:LONGEST_CELL])
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
