"""Small workbooks as spreadsheet programs write them: shared strings, dates by style, formulas, merged cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from sakip.exchange.problems import letter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="[$-421]dd\\ mmmm\\ yyyy;@"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="2"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Formula:
    """A formula with the value it had when the file was saved."""

    text: str
    value: float = 0


@dataclass(frozen=True)
class Raw:
    """A cell as XML: attributes and what is inside."""

    attributes: str
    inside: str


def workbook(
    *rows: Sequence[Any], merged: Sequence[str] = (), more: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    parts: Mapping[str, str | bytes] | None = None, name: str = "Realisasi",
) -> bytes:  # fmt: skip
    """An .xlsx of a sheet with these rows (None: an empty cell); ``more`` are further sheets, ``parts`` further or
    other parts of the archive."""
    texts: list[str] = []
    sheets = {name: rows, **(more or {})}
    given: dict[str, str | bytes] = {"xl/styles.xml": STYLES}
    links, listed = "", ""
    for number, (called, lines) in enumerate(sheets.items(), 1):
        given[f"xl/worksheets/sheet{number}.xml"] = _sheet(lines, texts, merged if number == 1 else ())
        listed += f'<sheet name="{escape(called)}" sheetId="{number}" r:id="rId{number}"/>'
        links += f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
    links += f'<Relationship Id="rId98" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    links += f'<Relationship Id="rId99" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    given["xl/workbook.xml"] = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'
    given["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'
    given["_rels/.rels"] = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" '
        'Target="/xl/workbook.xml"/></Relationships>'
    )
    told = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    given["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{told}</sst>'
    return packed(given | dict(parts or {}))


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return file.getvalue()


def _sheet(rows: Sequence[Sequence[Any]], texts: list[str], merged: Sequence[str]) -> str:
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(f"{letter(at)}{number}", cell, texts) for at, cell in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )
    joined = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    after = f'<mergeCells count="{len(merged)}">{joined}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData>{after}</worksheet>'


def _cell(place: str, cell: Any, texts: list[str]) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Raw):
        return f'<c r="{place}" {cell.attributes}>{cell.inside}</c>'
    if isinstance(cell, Formula):
        return f'<c r="{place}"><f>{escape(cell.text)}</f><v>{cell.value}</v></c>'
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{place}" s="2"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}" s="3"><v>{cell!r}</v></c>'
    texts.append(str(cell))
    return f'<c r="{place}" t="s"><v>{len(texts) - 1}</v></c>'
