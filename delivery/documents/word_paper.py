"""A Word document being written: its styles, and the parts that reports and letters are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt, RGBColor

from delivery.documents import word_xml

FONT = "Cambria"
ACCENT, INK, QUIET, HAIR = "2B3F8C", "211F1B", "575248", "A9A398"
HEAD, GROUP = "ECEFFA", "F6F5F2"
TONES = {"good": "1D5E38", "warn": "774900", "bad": "9C2617"}
PAGE = 165  # millimetres between the margins
LANGUAGES = {"id": "id-ID", "en": "en-GB"}
RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
SQUARE = "\N{BLACK SQUARE} "  # the band's colour before its name

Data = Mapping[str, Any]


class Paper:
    """A document being written: styles are set once, parts are added one after the other."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.file = Document()
        self._tables = 0
        self._style()
        self._footer()

    def said(self, indonesian: str, english: str) -> str:
        """A word of the document's own language."""
        return english if self.data["language"] == "en" else indonesian

    def _style(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(25), Mm(20)
        section.top_margin, section.bottom_margin = Mm(20), Mm(24)
        normal = self.file.styles["Normal"]
        word_xml.fonts(normal, FONT)
        word_xml.language(normal, LANGUAGES[self.data["language"]])
        normal.font.size = Pt(11)
        normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.15
        sizes = ((1, 17, ACCENT, 0), (2, 13, ACCENT, 16), (3, 12, INK, 16), (4, 11, INK, 12))
        for level, size, colour, before in sizes:
            style = self.file.styles[f"Heading {level}"]
            word_xml.fonts(style, FONT)
            style.font.size, style.font.bold, style.font.italic = Pt(size), level < 4, level == 4
            style.font.color.rgb = RGBColor.from_string(colour)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
            style.paragraph_format.keep_with_next = True
        caption = self.file.styles["Caption"]
        word_xml.fonts(caption, FONT)
        caption.font.size, caption.font.bold, caption.font.italic = Pt(9.5), True, False
        caption.font.color.rgb = RGBColor.from_string(INK)
        caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(10), Pt(4)
        caption.paragraph_format.keep_with_next = True

    def _footer(self) -> None:
        section = self.file.sections[0]
        line = section.footer.paragraphs[0]
        line.paragraph_format.tab_stops.add_tab_stop(Mm(PAGE), RIGHT)
        draft = self.said(" · Draf, belum berlaku", " · Draft, not in force") if self.data["is_draft"] else ""
        self.run(line, f"{self.data['reference']}{draft}\t{self.said('Halaman ', 'Page ')}", size=8.5, colour=QUIET)
        word_xml.field(line, "PAGE")
        self.run(line, self.said(" dari ", " of "), size=8.5, colour=QUIET)
        word_xml.field(line, "NUMPAGES")
        for run in line.runs:
            run.font.size, run.font.color.rgb = Pt(8.5), RGBColor.from_string(QUIET)

    def run(
        self, paragraph: Any, text: str, *, size: float = 0, colour: str = "", is_strong: bool = False
    ) -> Any:  # fmt: skip
        """Add letters to a paragraph; without size and colour those of its style."""
        run = paragraph.add_run(text)
        if size:
            run.font.size = Pt(size)
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
        if is_strong:
            run.bold = True
        return run

    def line(self, text: str = "", *, before: float = 0, after: float = 0, **letters: Any) -> Any:
        """A paragraph of one line, with its own room."""
        found = self.file.add_paragraph()
        found.paragraph_format.space_before, found.paragraph_format.space_after = Pt(before), Pt(after)
        if text:
            self.run(found, text, **letters)
        return found

    def text(self, text: str) -> None:
        """What somebody wrote: a paragraph a line."""
        for each in text.split("\n"):
            if each.strip():
                paragraph = self.file.add_paragraph(each.strip())
                paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    def heading(self, text: str, level: int) -> Any:
        """A heading."""
        return self.file.add_heading(text, level)

    def break_page(self) -> None:
        """Whatever follows begins a page."""
        self.file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    # -- parts -----------------------------------------------------------------------------------------------------

    def part(self, it: Data) -> None:
        """One part of a chapter or letter, by its kind."""
        kind = it["kind"]
        if kind == "heading":
            self.heading(it["text"], int(it.get("level", 2)))
        elif kind == "text":
            self.text(it["text"])
        elif kind == "note":
            self.line(it["text"], before=4, after=6, size=8.5, colour=QUIET)
        elif kind == "lead":
            self.line(it["text"], before=8, after=2, size=10.5, is_strong=True).paragraph_format.keep_with_next = True
        elif kind == "list":
            for item in it["items"]:
                self.file.add_paragraph(item, style="List Bullet")
        else:
            {"rows": self.pairs, "table": self.table, "tiles": self.tiles, "bars": self.bars}[kind](it)

    def pairs(self, it: Data) -> None:
        """Words and what they stand for, as two columns without lines."""
        made = self._table(len(it["rows"]), [42, PAGE - 42])
        for row, (label, said) in zip(made.rows, it["rows"], strict=True):
            word_xml.keep_whole(row)
            self._write(row.cells[0], {"text": label, "quiet": True}, size=10)
            self._write(row.cells[1], said, size=11)
        self.line(after=2)

    def tiles(self, it: Data) -> None:
        """A few large numbers side by side."""
        tiles = it["tiles"]
        made = self._table(1, [PAGE / len(tiles)] * len(tiles))
        for cell, one in zip(made.rows[0].cells, tiles, strict=True):
            colour = TONES.get(one["tone"], QUIET)
            word_xml.shade(cell, GROUP)
            word_xml.borders(cell, left=(24, colour))
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            self.run(paragraph, one["number"], size=20, colour=colour, is_strong=True)
            self.run(cell.add_paragraph(), one["label"], size=9)
        self.line(after=2)

    def bars(self, it: Data) -> None:
        """What the page draws as bars: a table of the same numbers."""
        lines = []
        for one in it["bars"]:
            has = one["shown"] is not None
            said = {"text": one["shown"] or one["instead"], "tone": one["tone"], "strong": has, "quiet": not has}
            lines.append([one["label"], said])
        head = [self.said("Indikator", "Indicator"), self.said("Capaian", "Achievement")]
        plain = {"head": head, "lines": lines, "widths": [3, 1.2], "right": [1], "centre": []}
        self.table({**plain, "source": it["source"]})

    def table(self, it: Data) -> None:
        """A table with its caption, a head that is repeated, and its source beneath."""
        if it.get("caption"):
            self._tables += 1
            label = self.said("Tabel", "Table")
            self.file.add_paragraph(f"{label} {self._tables}. {it['caption']}", style="Caption")
        head, numbers = it["head"], "widths" not in it
        if numbers:  # the letters' tables number their rows and share the width
            head, it = ["No", *it["head"]], {**it, "right": [], "centre": [0]}
        shares = it.get("widths") or [0.4, *[1] * len(it["head"])]
        widths = [PAGE * share / sum(shares) for share in shares]
        made = self._table(1 + len(it["lines"]), widths)
        word_xml.repeat(made.rows[0])
        for at, label in enumerate(head):
            cell = made.rows[0].cells[at]
            word_xml.shade(cell, HEAD)
            word_xml.borders(cell, top=(8, ACCENT), bottom=(word_xml.LINE, HAIR))
            self._write(cell, {"text": label, "strong": True}, size=9, align=_align(it, at))
        for number, (row, line) in enumerate(zip(made.rows[1:], it["lines"], strict=True), 1):
            word_xml.keep_whole(row)
            self._line(row, [str(number), *line] if numbers else line, it)
        if it.get("source"):
            self.line(it["source"], before=3, after=8, size=8, colour=QUIET)
        else:
            self.line(after=4)

    def _line(self, row: Any, line: Sequence[Any], it: Data) -> None:
        cells, at = row.cells, 0
        for one in line:
            across = 1 if isinstance(one, str) else len(cells) if one.get("span") else int(one.get("across", 1))
            cell = cells[at] if across == 1 else cells[at].merge(cells[at + across - 1])
            word_xml.borders(cell, bottom=(word_xml.LINE, HAIR))
            is_group = not isinstance(one, str) and bool(one.get("span"))
            if is_group:
                word_xml.shade(cell, GROUP)
            self._write(cell, {**one, "strong": True} if is_group else one, align=None if is_group else _align(it, at))
            at += across

    def _table(self, rows: int, widths: Sequence[float]) -> Any:
        made = self.file.add_table(rows, len(widths))
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        word_xml.margins(made, top=60, bottom=60, left=90, right=90)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Mm(width)
        for row in made.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        return made

    def _write(self, cell: Any, one: Any, *, size: float = 9.5, align: Any = None) -> None:
        """Put a cell's letters into it: text, a smaller line beneath, a tone."""
        it: Data = {"text": one} if isinstance(one, str) else one
        paragraph = cell.paragraphs[0]
        for number, text in enumerate(str(it["text"]).split("\n")):
            paragraph = cell.add_paragraph() if number else paragraph
            _tight(paragraph, align)
            tone = TONES.get(str(it.get("tone") or ""), "")
            colour = QUIET if it.get("quiet") else tone
            if tone and not it.get("quiet"):
                self.run(paragraph, SQUARE, size=size - 1, colour=tone)
            self.run(paragraph, text, size=size, colour=colour, is_strong=bool(it.get("strong")))
        if it.get("small"):
            beneath = cell.add_paragraph()
            _tight(beneath, align)
            self.run(beneath, it["small"], size=8, colour=QUIET)

    def signature(self) -> None:
        """Place and date, position, how it was signed, and the name where one may stand there."""
        data, signer = self.data, self.data["signer"]
        dated = self.line(f"{data['place']}, {data['date']}", before=24)
        lines = [dated, self.line(f"{signer['position']},", after=18)]
        lines.append(self.line(signer["signed"], after=18, size=8.5, colour=QUIET))
        if signer["name"]:
            lines.append(self.line(signer["name"], is_strong=True))
        if signer["nip"]:
            lines.append(self.line(f"NIP {signer['nip']}"))
        for each in lines:
            each.paragraph_format.left_indent, each.alignment = Mm(PAGE / 2), CENTRE
            each.paragraph_format.keep_with_next = True
        lines[-1].paragraph_format.keep_with_next = False


def _align(it: Data, at: int) -> Any:
    return RIGHT if at in it["right"] else CENTRE if at in it["centre"] else None


def _tight(paragraph: Any, align: Any) -> None:
    paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 1.0
    paragraph.alignment = align
