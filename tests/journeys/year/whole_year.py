"""The whole year in its order, with what its pages have to say by then: from the tree to the next year's predicate."""

from __future__ import annotations

from demo.performance_after import raised
from tests.journeys.year.acts_after import way
from tests.journeys.year.acts_agreement import agreement
from tests.journeys.year.acts_evaluation import evaluation, next_evaluation
from tests.journeys.year.acts_quarters import quarters
from tests.journeys.year.acts_report import report
from tests.journeys.year.acts_tree import agency_s_tree, partner_agrees, partner_s_tree
from tests.journeys.year.regency import Played


def play(year: Played) -> None:
    """Play all of it; what a page does not say fails the test."""
    for act in (partner_s_tree, agency_s_tree, partner_agrees, agreement, quarters, report):
        act(year)
    _its_report_is_published_with_the_year_s_figures(year)
    evaluation(year)
    _it_stands_at_b_and_every_recommendation_is_to_be_followed_up(year)
    way(year)
    assert "Jalan terhemat dari B (66,25) ke BB: upaya 19, " in year.kept["way"]
    assert "Rencana aksi menuju BB, Kabupaten Contoh" in year.kept["plan"]
    next_evaluation(year)
    _a_year_later_it_stands_at_bb_and_the_worksheet_shows_why(year)


def _its_report_is_published_with_the_year_s_figures(year: Played) -> None:
    hands = year.sits("agency_head")
    hands.open(year.kept["report"])
    assert "Laporan ini sudah terbit; angkanya tidak berubah lagi." in hands.text
    assert all(said in hands.text for said in ("101,34", "99,47")), hands.text  # 83,1 of 82 and 94,5 of 95


def _it_stands_at_b_and_every_recommendation_is_to_be_followed_up(year: Played) -> None:
    hands = year.sits("bureau", None)
    hands.open(year.kept["worksheet"])
    assert "79dari 79 dijawab" in hands.text and "66,25nilaipredikat dari jawaban ini: B" in hands.text
    hands.open("/performance?year=2025")
    assert "Predikat SAKIP 2025: B, kurang 3,76 menuju BB66,25. Evaluasi Inspektorat" in hands.text
    hands.open("/queue")
    assert hands.text.count("Tindak lanjut rekomendasi: ") >= 3 and "Tugas saya 3" in hands.text


def _a_year_later_it_stands_at_bb_and_the_worksheet_shows_why(year: Played) -> None:
    hands = year.sits("bureau", None)
    hands.open("/performance?year=2026")
    assert "Predikat SAKIP 2026: BB" in hands.text and "70,08" in hands.text
    hands.open(f"{year.kept['later']}?only=changed&tier=self")
    assert hands.heading == "Lembar kerja 2026, Kabupaten Contoh"
    rows = len(raised(2026))
    assert f"Berubah {rows}" in hands.text and hands.text.count("Tahun lalu") == rows == 8
