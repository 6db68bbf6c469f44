"""The printed performance agreement: what stands on its pages, and what kind of file it is."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pypdf
import pytest

from delivery.documents.typesetting import documents, render
from engine.errors import InvalidInput

MADE_AT = datetime(2026, 3, 2, 5, 0, 7, 123456, tzinfo=UTC)


def a_party(name: str = "Ratna Sulistyo, S.Kom.", **values: Any) -> dict[str, Any]:
    return {
        "name": name,
        "nip": "198099992005012001",
        "rank": "Pembina (IV/a)",
        "position": "Plt. Kepala Dinas Kominfo",
        "unit": None,
        "signed": None,
        **values,
    }


def an_indicator(name: str = "Indeks SPBE", **values: Any) -> dict[str, Any]:
    return {"name": name, "is_key": True, "note": None, "target": "2,8", "unit": "Indeks", "weight": "", **values}


def an_agreement(**values: Any) -> dict[str, Any]:
    return {
        "language": "id",
        "is_draft": False,
        "title": "Perjanjian Kinerja Tahun 2026, Kepala Dinas Kominfo",
        "reference": "PK/2026/DISKOMINFO/0001",
        "letterhead": {
            "government": "Pemerintah Kabupaten Contoh",
            "unit": "Dinas Kominfo",
            "address": "Jalan Merdeka 1",
        },
        "heading": "Perjanjian Kinerja Tahun 2026",
        "stage": "",
        "number": "PK/2026/DISKOMINFO/0001",
        "texts": {"opening": "PEMBUKA", "alone": "JANJI SENDIRI", "promise": "JANJI", "supervision": "SUPERVISI"},
        "first": a_party(),
        "second": a_party("BUPATI CONTOH", nip=None, rank=None, position="Bupati Contoh"),
        "place": "Contoh",
        "date": "20 Januari 2026",
        "annex_of": "Kepala Dinas Kominfo",
        "missions": [],
        "labels": {"goal": "Sasaran Strategis", "programme": "Program"},
        "has_weights": False,
        "has_sources": True,
        "goals": [{"statement": "Meningkatnya kualitas informatika", "indicators": [an_indicator()]}],
        "programmes": [
            {
                "kind": "row",
                "no": "1",
                "code": "2.16.01",
                "name": "Program Penunjang",
                "budget": "Rp4.100.832.755",
                "source": "APBD",
            }
        ],
        "total": "Rp4.100.832.755",
        **values,
    }


def pages(data: dict[str, Any]) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(render("performance_agreement", data, MADE_AT)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_the_statement_comes_first_and_the_annex_on_its_own_page() -> None:
    statement, annex = pages(an_agreement())
    for words in ("PEMERINTAH KABUPATEN CONTOH", "PERJANJIAN KINERJA TAHUN 2026", "Nomor: PK/2026/DISKOMINFO/0001"):
        assert words in statement
    assert "LAMPIRAN PERJANJIAN KINERJA TAHUN 2026" in annex
    for words in ("Sasaran Strategis", "Indeks SPBE", "2,8", "Rp4.100.832.755", "TOTAL"):
        assert words in annex


def test_the_second_party_signs_left_of_the_first() -> None:
    statement = pages(an_agreement())[0]
    end = statement[statement.index("20 Januari 2026") :]
    assert end.index("Pihak Kedua") < end.index("Pihak Kesatu")
    assert end.index("BUPATI CONTOH") < end.index("Ratna Sulistyo")


def test_an_elected_head_has_neither_number_nor_rank() -> None:
    statement = pages(an_agreement())[0]
    assert statement.count("NIP") == 2  # in the list and under the signature of the first party alone
    assert statement.count("Pangkat/Golongan") == 1


def test_an_acting_official_is_named_as_one() -> None:
    statement = pages(an_agreement())[0]
    assert statement.count("Plt. Kepala Dinas Kominfo") == 2


def test_a_head_of_region_promises_alone() -> None:
    statement = pages(an_agreement(second=None))[0]
    assert "JANJI SENDIRI" in statement
    assert "Pihak Kedua" not in statement
    assert "SUPERVISI" not in statement


def test_a_draft_says_so_on_every_page_and_a_signed_one_never() -> None:
    assert all("DRAF" in page and "belum berlaku" in page for page in pages(an_agreement(is_draft=True)))
    assert not any("DRAF" in page or "belum berlaku" in page for page in pages(an_agreement()))


def test_every_page_has_its_number_and_the_tables_head() -> None:
    goals = [
        {
            "statement": f"Sasaran {goal}",
            "indicators": [an_indicator(f"Indikator {goal}.{n} " + "kata " * 12) for n in range(6)],
        }
        for goal in range(5)
    ]
    shown = pages(an_agreement(goals=goals))
    assert len(shown) >= 4
    for number, page in enumerate(shown, 1):
        assert f"Halaman {number} dari {len(shown)}" in page
    listing = [page for page in shown if "Indikator " in page]
    assert all("Indikator Kinerja" in page and "Target" in page for page in listing)
    assert sum(page.count("Indikator 4.5") for page in shown) == 1
    assert "TOTAL" in shown[-1] or "TOTAL" in shown[-2]


def test_signatures_are_never_torn_apart() -> None:
    for rows in range(1, 40, 6):
        goals = [{"statement": "Sasaran", "indicators": [an_indicator(f"Indikator {n}") for n in range(rows)]}]
        last = pages(an_agreement(goals=goals))[-1]
        for words in ("20 Januari 2026", "Pihak Kedua", "BUPATI CONTOH", "NIP 198099992005012001"):
            assert words in last


def test_weights_have_a_column_only_where_there_are_any() -> None:
    assert "Bobot" not in pages(an_agreement())[1]
    goals = [{"statement": "S", "indicators": [an_indicator(weight="60")]}]
    assert "Bobot (%)" in pages(an_agreement(has_weights=True, goals=goals))[1]


@pytest.mark.parametrize(
    "hostile",
    [
        '#eval("1+1")',
        "*bold* _x_ $x^2$ @ref <label>",
        "#import sys: *",
        "\\u{41}",
        "`raw` // comment",
        '#read("/etc/passwd")',
    ],
)
def test_what_people_typed_is_printed_as_they_typed_it(hostile: str) -> None:
    goals = [{"statement": hostile, "indicators": [an_indicator(hostile)]}]
    shown = pages(an_agreement(goals=goals, first=a_party(hostile)))
    squeezed = "".join("".join(shown).split())
    assert squeezed.count("".join(hostile.split())) >= 3


def test_the_file_can_be_archived_and_read_aloud() -> None:
    with pikepdf.open(io.BytesIO(render("performance_agreement", an_agreement(), MADE_AT))) as pdf:
        assert str(pdf.Root.Lang).startswith("id")
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == an_agreement()["title"]
        kinds = {str(node) for node in _kinds(pdf.Root.StructTreeRoot)}
        assert {"/Table", "/TH", "/TD", "/H1"} <= kinds


def _kinds(node: Any) -> set[Any]:
    found: set[Any] = set()
    if isinstance(node, pikepdf.Array):
        for child in node:
            found |= _kinds(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.add(node.S)
        if "/K" in node:
            found |= _kinds(node.K)
    return found


def test_every_font_is_inside_the_file() -> None:
    with pikepdf.open(io.BytesIO(render("performance_agreement", an_agreement(), MADE_AT))) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())


def test_the_same_data_make_the_same_bytes() -> None:
    assert render("performance_agreement", an_agreement(), MADE_AT) == render(
        "performance_agreement", an_agreement(), MADE_AT
    )


@pytest.mark.parametrize("name", ["official", "nothing", "../performance_agreement", "/etc/passwd"])
def test_only_known_documents_are_made(name: str) -> None:
    assert documents() == ("inspectorate_letter", "performance_agreement", "performance_report")
    with pytest.raises(InvalidInput):
        render(name, an_agreement(), MADE_AT)


def test_data_that_do_not_fit_are_refused_with_a_sentence() -> None:
    with pytest.raises(InvalidInput, match="performance_agreement"):
        render("performance_agreement", {"language": "id"}, MADE_AT)


@pytest.mark.parametrize(
    "strange", ["😀 emoji", "漢字 a b", "ꦗꦮ", "nul \x00", "half \ud800", "private \ue000", "tab\tx", "\u202eabc"]
)
def test_a_sign_no_font_has_does_not_cost_the_document(strange: str) -> None:
    goals = [{"statement": f"Sasaran {strange} akhir", "indicators": [an_indicator(strange)]}]
    text = pages(an_agreement(goals=goals))[1]
    assert "Sasaran" in text
    assert "akhir" in text
    assert "LAMPIRAN" in text
