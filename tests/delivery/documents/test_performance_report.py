"""The performance report and the evaluation report as files: what stands in them, what kind of file each is."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx
import pikepdf
import pypdf
import pytest
from docx.oxml.ns import qn

from delivery.documents.typesetting import render
from delivery.documents.word import word
from engine.errors import InvalidInput

MADE_AT = datetime(2027, 2, 26, 3, 0, tzinfo=UTC)


def a_table(**more: Any) -> dict[str, Any]:
    cell = {"text": "Tercapai", "small": "", "tone": "good", "strong": False, "quiet": False}
    value = {**cell, "text": "95,00 %", "small": "sementara", "tone": "", "strong": True}
    reason = {**cell, "text": "Tidak dapat dihitung: nilai belum terbit", "tone": "", "quiet": True, "across": 2}
    return {
        "kind": "table", "caption": "Target dan realisasi", "head": ["Indikator", "Target", "Capaian", "Kategori"],
        "lines": [
            [{"text": "1. Layanan digital merata", "span": True}],
            ["Penduduk terlayani", "95", value, cell],
            ["Predikat SAKIP", "BB", reason],
        ],
        "widths": [3, 1, 1.2, 1.4], "right": [1, 2], "centre": [], "source": "Data per 26 Februari 2027", **more,
    }  # fmt: skip


def a_report(**more: Any) -> dict[str, Any]:
    bar = {"label": "Penduduk terlayani", "shown": "95,00 %", "thousandths": 950, "tone": "warn", "instead": "–"}
    none = {"label": "Predikat SAKIP", "shown": None, "thousandths": None, "tone": "", "instead": "belum terbit"}
    parts = [
        {"kind": "heading", "text": "A. Capaian", "level": 2}, {"kind": "text", "text": "Satu.\nDua \u202e tiga 😀."},
        {"kind": "tiles", "tiles": [{"number": "1", "tone": "good", "label": "Tercapai"}]},
        {"kind": "bars", "bars": [bar, none], "source": "Data per 26 Februari 2027"}, a_table(),
        {"kind": "note", "text": "Catatan kecil."}, {"kind": "lead", "text": "Penduduk terlayani"},
        {"kind": "rows", "rows": [["Faktor pendorong", "Menara baru"]]}, {"kind": "list", "items": ["Program A"]},
    ]  # fmt: skip
    return {
        "language": "id", "is_draft": False, "title": "Laporan Kinerja Instansi Pemerintah 2026: Dinas Kominfo",
        "reference": "LKjIP 2026 · Dinas Kominfo · 050/12/2027",
        "letterhead": {"government": "Pemerintah Kabupaten Contoh", "unit": "", "address": ""},
        "cover": {
            "government": "Pemerintah Kabupaten Contoh", "title": "Laporan Kinerja Instansi Pemerintah",
            "short": "LKjIP", "year": "2026", "unit": "Dinas Kominfo", "lines": ["Nomor 050/12/2027"], "address": "",
        },
        "chapters": [{"title": "Akuntabilitas kinerja", "number": "III", "parts": parts}],
        "annexes": [{"title": "Cara menghitung", "parts": [a_table(caption="Rumus")]}],
        "place": "Contoh", "date": "26 Februari 2027",
        "signer": {"position": "Kepala Dinas Kominfo", "name": "", "nip": "", "signed": ""}, **more,
    }  # fmt: skip


def a_letter() -> dict[str, Any]:
    table = {"kind": "table", "head": ["Komponen", "Nilai"], "lines": [["Perencanaan", "24,00"]]}
    return {
        "language": "id", "is_draft": True, "title": "Laporan Hasil Evaluasi", "reference": "LHE 2026",
        "letterhead": {"government": "Pemerintah Kabupaten Contoh", "unit": "Inspektorat", "address": "Jalan 1"},
        "heading": "Laporan Hasil Evaluasi", "number": "700/1", "nature": "Biasa", "subject": "Evaluasi",
        "addressed": [], "parts": [{"kind": "heading", "text": "A. Hasil"}, table], "place": "Contoh",
        "date": "1 Juni 2027", "signer": {"position": "Inspektur", "name": "Irma", "nip": "1980", "signed": ""},
    }  # fmt: skip


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render("performance_report", a_report(), MADE_AT)


@pytest.fixture(scope="module")
def written() -> bytes:
    return word("performance_report", a_report(), MADE_AT)


def test_10_the_pages_of_a_report_say_everything_and_no_fault_of_a_text_stops_them(pdf: bytes) -> None:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    said = "\n".join(page.extract_text() for page in pages)
    for words in (
        "PEMERINTAH KABUPATEN CONTOH", "Daftar isi", "Bab III. Akuntabilitas kinerja", "Tabel 1. Target dan realisasi",
        "95,00 %", "Tidak dapat dihitung: nilai belum terbit", "Data per 26 Februari 2027", "Menara baru",
        "Kepala Dinas Kominfo", "Lampiran 1. Cara menghitung", "Halaman 2 dari",
    ):  # fmt: skip
        assert words in said, words
    assert "DRAF" not in said and "\u202e" not in said


def test_10_a_report_is_an_archivable_tagged_pdf_with_its_fonts_and_colours_inside(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        with file.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:creator"] == ["Pemerintah Kabupaten Contoh"]
        (intent,) = file.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1" and len(intent.DestOutputProfile.read_bytes()) > 100
        assert file.Root.MarkInfo.Marked and file.Root.StructTreeRoot is not None and str(file.Root.Lang) == "id-ID"
        assert not file.is_encrypted and "/AF" not in file.Root and "/JavaScript" not in file.Root
        fonts = [one for one in file.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
        described = [one.FontDescriptor for one in fonts if "/FontDescriptor" in one]
        assert described
        for font in described:
            assert any(name in font for name in ("/FontFile", "/FontFile2", "/FontFile3")), font


def test_10_the_same_report_opens_in_a_word_processor(written: bytes) -> None:
    file = docx.Document(io.BytesIO(written))
    said = [one.text for one in file.paragraphs]
    assert "Bab III. Akuntabilitas kinerja" in said and "Tabel 1. Capaian" not in said
    styles = {one.text: one.style.name for one in file.paragraphs if one.style is not None}
    assert styles["Bab III. Akuntabilitas kinerja"] == "Heading 1" and styles["A. Capaian"] == "Heading 2"
    assert styles["Tabel 1. Target dan realisasi"] == "Caption"
    table = next(one for one in file.tables if one.rows[0].cells[0].text == "Indikator" and len(one.columns) == 4)
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[1] == ["1. Layanan digital merata"] * 4
    assert rows[2] == ["Penduduk terlayani", "95", "95,00 %\nsementara", "\N{BLACK SQUARE} Tercapai"]
    assert rows[3][2] == rows[3][3] == "Tidak dapat dihitung: nilai belum terbit"
    assert "tblHeader" in table.rows[0]._tr.xml


def test_10_the_properties_of_a_document_name_no_person_and_no_program(written: bytes) -> None:
    core = docx.Document(io.BytesIO(written)).core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("Pemerintah Kabupaten Contoh", "", "")
    assert core.title.startswith("Laporan Kinerja") and core.created == MADE_AT
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist() if name.endswith((".xml", ".rels")))
        assert "docProps/thumbnail.jpeg" not in parts.namelist()
    assert b"python-docx" not in everything and b'TargetMode="External"' not in everything


ORDER = {  # as the schema of WordprocessingML has them; a word processor may refuse any other
    "tcPr": "tcW gridSpan vMerge tcBorders shd", "tcBorders": "top left bottom right",
    "tblPr": "tblStyle tblW jc tblInd tblLayout tblCellMar tblLook", "tblCellMar": "top left bottom right",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr tabs spacing ind contextualSpacing jc "
    "outlineLvl rPr", "trPr": "cantSplit tblHeader",
}  # fmt: skip


def test_10_elements_of_a_word_document_stand_in_the_order_it_asks(written: bytes) -> None:
    body = docx.Document(io.BytesIO(written)).element
    for name, order in ORDER.items():
        for one in body.iter(qn(f"w:{name}")):
            names = [child.tag.rpartition("}")[2] for child in one]
            assert names == sorted(names, key=order.split().index), name
    assert all(cell[-1].tag == qn("w:p") for cell in body.iter(qn("w:tc")))


def test_10_a_draft_says_so_in_both(written: bytes) -> None:
    pages = pypdf.PdfReader(io.BytesIO(render("performance_report", a_report(is_draft=True), MADE_AT))).pages
    assert "Draf, belum berlaku" in pages[1].extract_text()
    draft = docx.Document(io.BytesIO(word("performance_report", a_report(is_draft=True), MADE_AT)))
    assert draft.paragraphs[0].text == "DRAF, BELUM BERLAKU"
    assert "Draf, belum berlaku" in draft.sections[0].footer.paragraphs[0].text
    assert "Draf" not in docx.Document(io.BytesIO(written)).sections[0].footer.paragraphs[0].text


def test_10_the_evaluation_report_is_a_word_document_too() -> None:
    file = docx.Document(io.BytesIO(word("inspectorate_letter", a_letter(), MADE_AT)))
    said = [one.text for one in file.paragraphs]
    assert {"INSPEKTORAT", "LAPORAN HASIL EVALUASI", "Nomor: 700/1", "Inspektur,", "Irma", "NIP 1980"} <= set(said)
    assert [[cell.text for cell in row.cells] for row in file.tables[0].rows] == [
        ["No", "Komponen", "Nilai"], ["1", "Perencanaan", "24,00"],
    ]  # fmt: skip
    letter = word("inspectorate_letter", {**a_letter(), "heading": "", "addressed": ["Bupati"]}, MADE_AT)
    assert "Bupati" in [one.text for one in docx.Document(io.BytesIO(letter)).paragraphs]


def test_a_form_without_a_word_document_is_refused() -> None:
    with pytest.raises(InvalidInput):
        word("performance_agreement", a_letter())
