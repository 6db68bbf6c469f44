"""The inspectorate's letters: what they say, what they never say, and that they are archivable files."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pypdf
import pytest

from delivery.documents.inspectorate import FORM, LETTERS, Letterhead, Matter, Member, Signer
from delivery.documents.typesetting import render

MADE_AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
ANSWERS = {
    "assignment_number": "700.1/ST/0001/2026", "assignment_from": "10 Maret 2026", "assignment_until": "10 April 2026",
    "scope": "Retribusi pasar 2025", "report_number": "700.1/LHP/0001/2026", "findings": "Setoran kurang",
    "reported_reply": "Membantah", "outcome": "Terbukti, disiplin sedang", "answer": "Terbukti dan ditindak",
    "answer_number": "700.1/J/0001/2026", "letter_number": "700.1/LPSK/0001/2026", "wanted": "Bantuan hukum",
    "urgency": "Hari ini juga", "assessment_note": "Ancaman nyata", "summary": "CERITA PELAPOR",
    "reported_person": "NAMA TERLAPOR",
}  # fmt: skip


def a_matter(*, is_draft: bool = False, answers: dict[str, str] | None = None) -> Matter:
    kept = ANSWERS if answers is None else answers
    signer = Signer("Inspektur", "Irma Wati", "197001011995032001", "Ditandatangani melalui Alur")
    return Matter(
        "9F3K-77QD", lambda name: kept.get(name, ""),
        lambda name: ["Setor kembali", "Perbaiki pembukuan"] if name == "recommendations" and kept else [],
        (Member("Leo", "198", "Ketua tim"), Member("Nia", "", "Anggota tim")),
        Letterhead("Pemerintah Kabupaten Contoh", "Inspektorat Daerah", "Jalan Merdeka 1", "Contoh"),
        signer, date(2026, 3, 2), is_draft,
    )  # fmt: skip


def text_of(letter: str, matter: Matter) -> str:
    pdf = pypdf.PdfReader(io.BytesIO(render(FORM, LETTERS[letter](matter), MADE_AT)))
    return " ".join("\n".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.parametrize(
    ("letter", "says"),
    [
        ("assignment_letter", ["SURAT TUGAS", "700.1/ST/0001/2026", "Leo", "Ketua tim", "Retribusi pasar 2025"]),
        (
            "examination_report",
            ["700.1/LHP/0001/2026", "Setoran kurang", "Membantah", "disiplin sedang", "Setor kembali"],
        ),
        ("answer_letter", ["700.1/J/0001/2026", "Laporan nomor 9F3K-77QD", "Terbukti dan ditindak", "keberatan"]),
        (
            "protection_referral",
            ["700.1/LPSK/0001/2026", "Lembaga Perlindungan Saksi", "Bantuan hukum", "Ancaman nyata"],
        ),
    ],
)
def test_a_letter_has_its_number_its_matter_and_who_signs(letter, says):
    text = text_of(letter, a_matter())
    assert [word for word in (*says, "INSPEKTORAT DAERAH", "Irma Wati", "2 Maret 2026") if word not in text] == []


@pytest.mark.parametrize("letter", sorted(LETTERS))
def test_no_letter_tells_the_story_or_names_whom_it_is_about(letter):
    text = text_of(letter, a_matter())
    assert "CERITA PELAPOR" not in text
    assert "NAMA TERLAPOR" not in text


@pytest.mark.parametrize("letter", sorted(LETTERS))
def test_a_draft_can_be_read_before_anything_is_written(letter):
    assert "belum berlaku" in text_of(letter, a_matter(is_draft=True, answers={}))
