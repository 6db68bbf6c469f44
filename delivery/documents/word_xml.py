"""What python-docx has no word for: shading, borders, fields, repeated head rows, the language of a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

LINE = 4  # eighths of a point
# What has to stand after an element: word processors refuse a document whose elements are out of order.
_AFTER_BORDERS = ("w:shd", "w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark")
_AFTER_MARGINS = ("w:tblLook", "w:tblCaption", "w:tblDescription")
_AFTER_LINES = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
    "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
    "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
    "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip


def element(name: str, **attributes: str) -> Any:
    """An element of WordprocessingML with attributes of its own namespace."""
    found = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        found.set(qn(f"w:{key}"), value)
    return found


def shade(cell: Any, colour: str) -> None:
    """Fill a cell."""
    filled = element("shd", val="clear", color="auto", fill=colour)
    cell._tc.get_or_add_tcPr().insert_element_before(filled, *_AFTER_BORDERS[1:])


def borders(cell: Any, **sides: tuple[int, str]) -> None:
    """Lines of a cell by side (``top``, ``bottom``): eighths of a point and colour; other sides have none."""
    found = element("tcBorders")
    for side in ("top", "left", "bottom", "right"):
        size, colour = sides.get(side, (0, "auto"))
        found.append(element(side, val="single" if size else "nil", sz=str(size), space="0", color=colour))
    cell._tc.get_or_add_tcPr().insert_element_before(found, *_AFTER_BORDERS)


def margins(table: Any, **sides: int) -> None:
    """Inner margins of every cell, in twentieths of a point."""
    found = element("tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        found.append(element(side, w=str(sides[side]), type="dxa"))
    table._tbl.tblPr.insert_element_before(found, *_AFTER_MARGINS)


def repeat(row: Any) -> None:
    """The head row stands on every page the table reaches."""
    row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def keep_whole(row: Any) -> None:
    """A row is not torn by the end of a page."""
    row._tr.get_or_add_trPr().append(element("cantSplit", val="true"))


def field(paragraph: Any, instruction: str, shown: str = "1") -> None:
    """A field that the word processor fills in: a page's number, the contents."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
        elif kind:
            run._r.append(element("fldChar", fldCharType=kind))
        else:
            code = element("instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)


def left_line(paragraph: Any, size: int, colour: str) -> None:
    """A line beside a paragraph."""
    _line(paragraph, "left", size, "12", colour)


def bottom_line(paragraph: Any, size: int, colour: str) -> None:
    """A line under a paragraph."""
    _line(paragraph, "bottom", size, "4", colour)


def _line(paragraph: Any, side: str, size: int, space: str, colour: str) -> None:
    found = element("pBdr")
    found.append(element(side, val="single", sz=str(size), space=space, color=colour))
    paragraph._p.get_or_add_pPr().insert_element_before(found, *_AFTER_LINES)


def fonts(style: Any, name: str) -> None:
    """The font of a style for every script, and Indonesian as its language."""
    style.font.name = name
    properties = style.element.get_or_add_rPr()
    kept = properties.find(qn("w:rFonts"))
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        kept.set(qn(script), name)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        kept.attrib.pop(qn(theme), None)


def language(style: Any, code: str) -> None:
    """The language a style's text is in, for spelling and reading aloud."""
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("lang", val=code, eastAsia=code))


def properties_of(core: Any, values: Mapping[str, Any]) -> None:
    """The document's properties, nothing but these: no person, no program."""
    for name in ("author", "last_modified_by", "comments", "keywords", "category", "subject"):
        setattr(core, name, "")
    for name, value in values.items():
        setattr(core, name, value)


def without_picture(package: Any) -> None:
    """Take away the small picture of another document that the library's empty one brings along."""
    for name, related in list(package.rels.items()):
        if related.reltype.endswith("/thumbnail"):
            del package.rels[name]
