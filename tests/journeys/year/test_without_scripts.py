"""A year of an invented regency, played through pages in a browser without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import create_app
from config import Settings
from demo.performance_after import raised
from engine.database import open_database
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.journeys.year.acts_after import next_year, way
from tests.journeys.year.acts_agreement import agreement
from tests.journeys.year.acts_evaluation import evaluation
from tests.journeys.year.acts_quarters import quarters
from tests.journeys.year.acts_report import report
from tests.journeys.year.acts_tree import agency_s_tree, partner_agrees, partner_s_tree
from tests.journeys.year.regency import BEGINNING, Played, build
from tests.journeys.year.without_scripts import WithoutScripts
from worker import Worker


@pytest.fixture
def year(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Played]:
    """The regency on the second of January, with nothing but its own tree."""
    url = sqlite_files.new()
    build(url)
    database, clock = open_database(url), FrozenClock(BEGINNING)
    settings = Settings(
        environment="test", secret_key="k" * 40, files_dir=tmp_path / "files", demo=True, database_url=url
    )
    app = create_app(settings, database=database, clock=clock)
    yield Played(database, app, clock, Worker(settings, database=database, clock=clock), WithoutScripts(app))
    database.close()
    sqlite_files.drop(url)


def test_a_regency_gets_from_its_tree_to_the_next_year_s_predicate_without_scripts(year: Played) -> None:
    for act in (partner_s_tree, agency_s_tree, partner_agrees, agreement, quarters, report):
        act(year)
    _its_report_is_published_with_the_year_s_figures(year)
    evaluation(year, 2025)
    _it_stands_at_b_and_every_recommendation_is_to_be_followed_up(year)
    way(year)
    assert "Jalan terhemat dari B (66,25) ke BB: upaya 19, " in year.kept["way"]
    assert "Rencana aksi menuju BB, Kabupaten Contoh" in year.kept["plan"]
    next_year(year)
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
    assert hands.text.count("Tindak lanjut rekomendasi: Irwan Saputra") >= 3 and "Tugas saya 3" in hands.text


def _a_year_later_it_stands_at_bb_and_the_worksheet_shows_why(year: Played) -> None:
    hands = year.sits("bureau", None)
    hands.open("/performance?year=2026")
    assert "Predikat SAKIP 2026: BB" in hands.text and "70,08" in hands.text
    hands.open(f"{year.kept['later']}?only=changed&tier=self")
    assert hands.heading == "Lembar kerja 2026, Kabupaten Contoh"
    rows = len(raised(2026))
    assert f"Berubah {rows}" in hands.text and hands.text.count("Tahun lalu") == rows == 8
