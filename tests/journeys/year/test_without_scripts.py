"""A year of an invented regency, played through pages in a browser without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import create_app
from config import Settings
from engine.database import open_database
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.journeys.year.acts_agreement import agreement
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


def test_a_year_goes_from_the_tree_to_a_published_report_without_scripts(year: Played) -> None:
    partner_s_tree(year)
    agency_s_tree(year)
    partner_agrees(year)
    agreement(year)
    quarters(year)
    report(year)
    year.hands.open(year.kept["report"])
    assert "Laporan ini sudah terbit; angkanya tidak berubah lagi." in year.hands.text
    # 83,1 of 82 and 94,5 of 95: half of 101,34 and 99,47
    assert all(said in year.hands.text for said in ("101,34", "99,47")), year.hands.text
