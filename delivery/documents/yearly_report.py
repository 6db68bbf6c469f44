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
    """One table: its title and lines of a name and a number; None is a number that is not told."""

    title: str
    lines: Sequence[tuple[str, int | None]]

    @property
    def is_silent(self) -> bool:
        """Whether it tells no number at all."""
        return all(number is None for _name, number in self.lines)


def yearly_report(
    letterhead: Letterhead, year: int, total: int | None, below: int, tables: Sequence[Counted], day: date
) -> dict[str, Any]:
    """The data of the form ``inspectorate_letter``; in Indonesian, as letters are. A table that tells no number is$
    named at the end and not printed."""
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
        {"kind": "rows", "rows": [["Pengaduan diterima", _told(total)]]},
    ]
    for table in tables:
        if not table.is_silent:
            lines = [[name, _told(number)] for name, number in table.lines]
            parts.append({"kind": "heading", "text": table.title})
            parts.append({"kind": "table", "head": ["Uraian", "Jumlah"], "lines": lines})
    silent = ", ".join(table.title for table in tables if table.is_silent)
    if silent:
        parts.append(_text(f"Semua angkanya terlalu kecil untuk ditampilkan: {silent}."))
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


def _told(number: int | None) -> str:
    return "–" if number is None else str(number)


def _text(text: str) -> dict[str, Any]:
    return {"kind": "text", "text": text}
