"""The yearly report on sealed cases as data of its printed form: numbers alone, small ones left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from delivery.documents.inspectorate import FORM, NOTHING, Letterhead, day_words

__all__ = ["FORM", "Counted", "yearly_report"]


@dataclass(frozen=True, slots=True)
class Counted:
    """One table: its title and lines of a name and a number, already in words ("kurang dari 3")."""

    title: str
    lines: Sequence[tuple[str, str]]


def yearly_report(
    letterhead: Letterhead, year: int, total: str, below: int, tables: Sequence[Counted], day: date
) -> dict[str, Any]:
    """The data of the form ``inspectorate_letter``; in Indonesian, as letters are."""
    parts: list[dict[str, Any]] = [
        _text(
            f"Laporan ini memuat jumlah pengaduan yang diterima pada tahun {year} dan penanganannya. Tidak ada "
            "pelapor, terlapor, maupun pengaduan yang disebut."
        ),
        _text(
            f"Jumlah di bawah {below} tidak ditampilkan, begitu pula jumlah lain yang akan mengungkapkannya, agar "
            "tidak seorang pun dapat dikenali. Baris bertanda – memuat jumlah seperti itu. Uraian tanpa "
            "pengaduan tidak dicantumkan."
        ),
        {"kind": "rows", "rows": [["Pengaduan diterima", total]]},
    ]
    for table in tables:
        parts.append({"kind": "heading", "text": table.title})
        parts.append({"kind": "table", "head": ["Uraian", "Jumlah"], "lines": [list(line) for line in table.lines]})
    title = f"Laporan Penanganan Pengaduan Tahun {year}"
    return {
        "language": "id",
        "is_draft": False,
        "title": title,
        "reference": str(year),
        "letterhead": {"government": letterhead.government, "unit": letterhead.unit, "address": letterhead.address},
        "heading": title,
        "number": NOTHING,
        "nature": "Biasa",
        "subject": title,
        "addressed": [],
        "parts": parts,
        "place": letterhead.seat,
        "date": day_words(day),
        "signer": {"position": "Inspektur", "name": NOTHING, "nip": "", "signed": ""},
    }


def _text(text: str) -> dict[str, Any]:
    return {"kind": "text", "text": text}
