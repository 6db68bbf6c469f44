"""Writes a report or letter as a Word document (DOCX) from the same data the typeset page has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from types import MappingProxyType

from docx.shared import Mm

from delivery.documents import word_xml
from delivery.documents.typesetting import printable
from delivery.documents.word_paper import ACCENT, CENTRE, INK, LANGUAGES, QUIET, TONES, Data, Paper
from engine.clock import system_clock
from engine.errors import InvalidInput


def word(form: str, data: Data, made_at: datetime | None = None) -> bytes:
    """The DOCX of ``data``, which is what the typeset form of that name takes. Text is only ever text. ``made_at``
    (aware; now when left out) stands in the document's properties, which name no person. Raises InvalidInput for a form
    that is not written as a Word document."""
    if form not in FORMS:
        raise InvalidInput(f"There is no Word document called {form}.")
    clean = printable(data)
    moment = (made_at or system_clock()).astimezone(UTC).replace(microsecond=0, tzinfo=None)
    paper = Paper(clean)
    FORMS[form](paper)
    word_xml.properties_of(paper.file.core_properties, {
        "title": clean["title"], "author": clean["letterhead"]["government"], "created": moment, "modified": moment,
        "language": LANGUAGES[clean["language"]], "revision": 1,
    })  # fmt: skip
    word_xml.without_picture(paper.file.part.package)
    kept = BytesIO()
    paper.file.save(kept)
    return kept.getvalue()


def _report(paper: Paper) -> None:
    data = paper.data
    _cover(paper)
    paper.heading(paper.said("Daftar isi", "Contents"), 1)
    contents = paper.file.add_paragraph()
    word_xml.field(contents, 'TOC \\o "1-2" \\h \\z \\u', paper.said(
        "Klik kanan, lalu perbarui bidang ini untuk menampilkan daftar isi.",
        "Right-click and update this field to show the contents.",
    ))  # fmt: skip
    for chapter in data["chapters"]:
        number = f"{paper.said('Bab', 'Chapter')} {chapter['number']}. " if chapter["number"] else ""
        paper.heading(f"{number}{chapter['title']}", 1).paragraph_format.page_break_before = True
        for it in chapter["parts"]:
            paper.part(it)
    paper.signature()
    for at, annex in enumerate(data["annexes"], 1):
        title = f"{paper.said('Lampiran', 'Annex')} {at}. {annex['title']}"
        paper.heading(title, 1).paragraph_format.page_break_before = True
        for it in annex["parts"]:
            paper.part(it)


def _cover(paper: Paper) -> None:
    cover = paper.data["cover"]
    if paper.data["is_draft"]:
        paper.line(
            paper.said("DRAF, BELUM BERLAKU", "DRAFT, NOT IN FORCE"), size=11, colour=TONES["bad"], is_strong=True
        )
    paper.line(cover["government"].upper(), before=36, after=4, size=13, is_strong=True)
    if cover["unit"]:
        paper.line(cover["unit"].upper(), size=15, colour=ACCENT, is_strong=True)
    lines = [
        paper.line(cover["title"], before=150, size=32, is_strong=True),
        paper.line(f"({cover['short']})", after=10, size=15, colour=QUIET),
        paper.line(cover["year"], after=190, size=38, colour=ACCENT, is_strong=True),
    ]
    for each in lines:
        word_xml.left_line(each, 32, ACCENT)
        each.paragraph_format.left_indent = Mm(6)
    for text in cover["lines"]:
        paper.line(text, after=2)
    if cover["address"]:
        paper.line(cover["address"], before=4, size=9, colour=QUIET)
    paper.break_page()


def _letter(paper: Paper) -> None:
    data, head = paper.data, paper.data["letterhead"]
    for text, size in ((head["government"].upper(), 13), (head["unit"].upper(), 15), (head["address"], 9.5)):
        if text:
            paper.line(text, size=size, is_strong=size > 10).alignment = CENTRE
    word_xml.bottom_line(paper.line(after=14), 16, INK)
    if data["heading"]:
        paper.line(data["heading"].upper(), size=13, is_strong=True).alignment = CENTRE
        number = paper.said("Nomor: ", "Number: ") + data["number"]
        paper.line(number, after=14).alignment = CENTRE
    else:
        labels = (paper.said("Nomor", "Number"), paper.said("Sifat", "Nature"), paper.said("Hal", "Subject"))
        paper.pairs({"rows": list(zip(labels, (data["number"], data["nature"], data["subject"]), strict=True))})
        for text in (paper.said("Kepada", "To"), *data["addressed"]):
            paper.line(text)
    for it in data["parts"]:
        paper.part(it)
    paper.signature()


FORMS: Mapping[str, Callable[[Paper], None]] = MappingProxyType(
    {"performance_report": _report, "inspectorate_letter": _letter}
)
