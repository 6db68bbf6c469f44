"""What is asked is the region's: which questions, in which order, and which only of some."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import ROOT
from engine.channel import files
from engine.database import Database, open_database
from reporting import create_reporting_app
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.reporting.conftest import BEGINNING, STORY, Reporter, open_channel, settings_at
from tests.sealed_office import COMPLAINT, a_sealed_office

ASKED = {  # by the region's file: the pages of a report that is filled in
    "kab_contoh": ["what", "where_and_when", "who", "why_and_how", "evidence"],  # 5W1H
    "kab_kerinci": ["what", "which", "where", "when", "who", "why", "how", "evidence"],  # 6W1H
    "kab_aceh_tengah": ["what", "which", "where_and_when", "who", "why_and_how", "how_much", "evidence"],  # 5W2H
}
_TYPED = re.compile(r'<(?:textarea|input) id="(\w+)"')


@pytest.fixture(scope="module")
def regions(sqlite_files: SqliteFiles) -> Iterator[Database]:
    """Three regions, each with its own form where it has one."""
    url = sqlite_files.new()
    database = open_database(url)
    with database.writing.begin() as session:
        for region in ASKED:
            office = a_sealed_office(session, BEGINNING, region, publishes=False)
            office.publish(COMPLAINT, None if region == "kab_contoh" else region)
            open_channel(office)
    yield database
    database.close()
    sqlite_files.drop(url)


@pytest.fixture
def reporter_of(regions: Database, clock: FrozenClock, tmp_path: Path) -> Callable[[str], Reporter]:
    app = create_reporting_app(settings_at(tmp_path), database=regions, clock=clock)
    return lambda region: Reporter(app.test_client(), region)


def _walk(reporter: Reporter, **chosen: str) -> list[str]:
    """The questions on the way, every text answered; ``chosen`` by field."""
    page, asked = reporter.begin(), []
    while "/ask/" in page.request.path:
        key = page.request.path.rpartition("/")[2]
        asked.append(key)
        typed = {field: STORY if field == "summary" else "1500000" for field in _TYPED.findall(page.text)}
        answers = {**typed, **{name: value for name, value in chosen.items() if f'name="{name}"' in page.text}}
        answers.pop("file", None)
        page = reporter.follow(reporter.post(f"ask/{key}", answers))
    assert page.request.path.endswith("/check")
    return asked


@pytest.mark.parametrize("region", ASKED)
def test_each_region_asks_its_own_questions(reporter_of: Callable[[str], Reporter], region: str) -> None:
    assert _walk(reporter_of(region), category="corruption") == ASKED[region]


def test_a_question_that_does_not_apply_to_an_answer_is_not_asked_and_not_counted(
    reporter_of: Callable[[str], Reporter],
) -> None:
    reporter = reporter_of("kab_aceh_tengah")
    assert "how_much" not in _walk(reporter, category="discipline")
    assert "Berapa kerugiannya?" not in reporter.get("check").text
    assert reporter.get("ask/how_much").status_code == 404
    assert "dari 7" in reporter.get("ask/what").text
    reporter.get("ask/which?to=check")
    reporter.follow(reporter.post("ask/which", {"category": "assets", "to": "check"}))
    assert "Berapa kerugiannya?" in reporter.get("check").text
    assert "dari 8" in reporter.get("ask/what").text


def test_what_an_answer_makes_visible_on_its_own_page_is_asked_before_the_next(
    reporter_of: Callable[[str], Reporter], tmp_path: Path
) -> None:
    """Without a script a page cannot grow while it is filled in."""
    folder = tmp_path / "channels"
    (folder / "regions").mkdir(parents=True)
    (folder / "base.yaml").write_bytes((ROOT / "channel_config" / "base.yaml").read_bytes())
    own = (ROOT / "channel_config" / "regions" / "kab_aceh_tengah.yaml").read_text(encoding="utf-8")
    own = own.replace("fields: [category]", "fields: [category, amount]").partition("  how_much:")[0]
    (folder / "regions" / "kab_aceh_tengah.yaml").write_text(own, encoding="utf-8")
    files.use_folder(folder)
    try:
        reporter = reporter_of("kab_aceh_tengah")
        reporter.begin()
        reporter.follow(reporter.post("ask/what", {"summary": STORY}))
        reporter.get("ask/which")
        reporter.follow(reporter.post("ask/which", {"category": "discipline"}))
        assert 'name="amount"' not in reporter.get("ask/which").text
        again = reporter.post("ask/which", {"category": "assets"})
        assert again.location.endswith("/ask/which")
        assert 'name="amount"' in reporter.follow(again).text
        assert reporter.post("ask/which", {"category": "assets", "amount": ""}).location.endswith("/where_and_when")
    finally:
        files.use_folder(None)
