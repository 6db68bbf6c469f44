"""The yearly report on sealed cases: numbers and nothing else, in as few lines as tell something."""

from __future__ import annotations

from datetime import date

from delivery.documents.inspectorate import Letterhead
from delivery.documents.yearly_report import Counted, yearly_report

PAPER = Letterhead("Pemerintah Kabupaten Contoh", "Inspektorat", "", "Contoh")


def test_t81_what_is_not_told_is_a_dash_and_a_table_without_any_number_is_only_named() -> None:
    ways = Counted("Cara melapor", [("Rahasia", 7), ("Tanpa nama", None)])
    stages = Counted("Tahap", [("Diterima", None), ("Sedang diperiksa", None)])
    parts = yearly_report(PAPER, 2026, 9, 3, [stages, ways], date(2027, 1, 11))["parts"]
    assert [part["lines"] for part in parts if part["kind"] == "table"] == [[["Rahasia", "7"], ["Tanpa nama", "–"]]]
    assert parts[-1]["text"] == "Semua angkanya terlalu kecil untuk ditampilkan: Tahap."


def test_of_too_few_cases_not_even_their_number_is_printed() -> None:
    parts = yearly_report(PAPER, 2026, None, 3, [], date(2027, 1, 11))["parts"]
    assert parts[-1] == {"kind": "rows", "rows": [["Pengaduan diterima", "–"]]}
