"""The letters and reports of an inspectorate as data of their printed form: assignment, report, reply, referral.

None of them names the reporter. What a definition calls by these names in ``render_document`` is set with one form,
``inspectorate_letter``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

FORM = "inspectorate_letter"  # the file that sets them all
NOTHING = "…………………………"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is; ``seat`` is the place written before the date."""

    government: str
    unit: str
    address: str
    seat: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team, with what they are in it."""

    name: str
    nip: str
    part: str


@dataclass(frozen=True, slots=True)
class Signer:
    """``signed`` says how and when; empty on a draft."""

    position: str
    name: str
    nip: str
    signed: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as its letters need it. ``say`` gives an answer in Indonesian words, "" for none; ``listed`` a list's
    entries; ``day`` is the local day it was signed."""

    number: str
    say: Callable[[str], str]
    listed: Callable[[str], Sequence[str]]
    team: tuple[Member, ...]
    letterhead: Letterhead
    signer: Signer
    day: date | None
    is_draft: bool


def assignment_letter(matter: Matter) -> dict[str, Any]:
    """Surat Tugas: who examines what, from when until when. It does not say what was reported."""
    span = [("Ruang lingkup", matter.say("scope") or NOTHING), ("Waktu", _span(matter))]
    parts = [
        _text("Yang bertanda tangan di bawah ini menugaskan kepada:"),
        {
            "kind": "table",
            "head": ["Nama", "NIP", "Kedudukan dalam tim"],
            "lines": [[member.name, member.nip or "-", member.part] for member in matter.team],
        },
        _text("untuk melaksanakan pemeriksaan sebagai berikut:"),
        {"kind": "rows", "rows": [list(row) for row in span]},
        _text(
            "Tim wajib merahasiakan segala yang diketahuinya, tidak mencari tahu siapa pelapornya, dan melaporkan "
            "hasil pemeriksaan kepada pemberi tugas. Setiap anggota menyatakan benturan kepentingan begitu "
            "mengetahuinya."
        ),
    ]
    return _whole(matter, "Surat Tugas", matter.say("assignment_number"), parts, heading="Surat Tugas")


def examination_report(matter: Matter) -> dict[str, Any]:
    """Laporan Hasil Pemeriksaan: basis, findings, the reply of the person reported, outcome, recommendations."""
    recommendations = list(matter.listed("recommendations"))
    basis = [
        ["Surat Tugas", matter.say("assignment_number") or NOTHING],
        ["Waktu pemeriksaan", _span(matter)],
        ["Ruang lingkup", matter.say("scope") or NOTHING],
    ]
    parts = [
        _heading("A. Dasar pemeriksaan"),
        {"kind": "rows", "rows": basis},
        _heading("B. Temuan"),
        _text(matter.say("findings") or NOTHING),
        _heading("C. Hak jawab terlapor"),
        _text(matter.say("reported_reply") or "Terlapor tidak menyampaikan jawaban."),
        _heading("D. Simpulan"),
        _text(matter.say("outcome") or NOTHING),
        _heading("E. Rekomendasi"),
        {"kind": "list", "items": recommendations} if recommendations else _text("Tidak ada rekomendasi."),
    ]
    title = "Laporan Hasil Pemeriksaan"
    return _whole(matter, title, matter.say("report_number"), parts, heading=title)


def answer_letter(matter: Matter) -> dict[str, Any]:
    """The reply to the reporter, who is addressed by the number of the report alone."""
    parts = [
        _text("Laporan Anda telah selesai kami tangani. Hasilnya kami sampaikan sebagai berikut."),
        _text(matter.say("answer") or NOTHING),
        _text(
            "Bila Anda tidak puas, Anda dapat mengajukan keberatan melalui halaman laporan Anda. Bila Anda mengalami "
            "tekanan atau pembalasan karena laporan ini, sampaikan melalui halaman yang sama; Anda juga dapat meminta "
            "perlindungan kepada Lembaga Perlindungan Saksi dan Korban (LPSK)."
        ),
    ]
    to = ["Pelapor", f"Laporan nomor {matter.number}"]
    return _whole(matter, "Jawaban atas laporan", matter.say("answer_number"), parts, to=to)


def protection_referral(matter: Matter) -> dict[str, Any]:
    """The letter to the witness protection agency. The name is handed over apart from it, when the requester agrees."""
    rows = [
        ["Nomor permohonan", matter.number],
        ["Perlindungan yang diminta", matter.say("wanted") or NOTHING],
        ["Kemendesakan", matter.say("urgency") or NOTHING],
    ]
    parts = [
        _text(
            "Berdasarkan Undang-Undang Nomor 13 Tahun 2006 tentang Perlindungan Saksi dan Korban sebagaimana diubah "
            "dengan Undang-Undang Nomor 31 Tahun 2014, bersama ini kami sampaikan permohonan perlindungan bagi seorang "
            "pelapor."
        ),
        {"kind": "rows", "rows": rows},
        _heading("Penilaian kami"),
        _text(matter.say("assessment_note") or NOTHING),
        _text(
            "Identitas pemohon tidak kami cantumkan dalam surat ini. Pemohon telah menyetujui rujukan ini; "
            "identitasnya kami serahkan secara terpisah setelah pemohon menyatakannya kepada LPSK."
        ),
    ]
    to = ["Ketua Lembaga Perlindungan Saksi dan Korban", "di Jakarta"]
    return _whole(matter, "Permohonan perlindungan pelapor", matter.say("letter_number"), parts, to=to)


LETTERS: Mapping[str, Callable[[Matter], dict[str, Any]]] = {
    "assignment_letter": assignment_letter,
    "examination_report": examination_report,
    "answer_letter": answer_letter,
    "protection_referral": protection_referral,
}


def _whole(
    matter: Matter, subject: str, number: str, parts: list[dict[str, Any]], *, heading: str = "", to: Sequence[str] = ()
) -> dict[str, Any]:
    """The data of the form: with ``heading`` a document of its own, otherwise a letter to somebody."""
    head, signer = matter.letterhead, matter.signer
    return {
        "language": "id",
        "is_draft": matter.is_draft,
        "title": f"{subject} {number}".strip(),
        "reference": number or matter.number,
        "letterhead": {"government": head.government, "unit": head.unit, "address": head.address},
        "heading": heading,
        "number": number or NOTHING,
        "nature": "Rahasia",
        "subject": subject,
        "addressed": list(to),
        "parts": parts,
        "place": head.seat,
        "date": day_words(matter.day),
        "signer": {"position": signer.position, "name": signer.name, "nip": signer.nip, "signed": signer.signed},
    }


def day_words(day: date | None) -> str:
    """A day as letters write it; dots where it is not known yet."""
    return NOTHING if day is None else str(format_date(day, "d MMMM y", locale="id"))


def _span(matter: Matter) -> str:
    return f"{matter.say('assignment_from') or NOTHING} sampai {matter.say('assignment_until') or NOTHING}"


def _text(text: str) -> dict[str, Any]:
    return {"kind": "text", "text": text}


def _heading(text: str) -> dict[str, Any]:
    return {"kind": "heading", "text": text}
