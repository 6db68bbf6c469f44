"""The year of pages once more in a real browser with its scripts on, and then its pages looked at by axe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app import create_app
from config import Settings
from engine.database import open_database
from engine.organisation.accounts import person_called
from sakip import standing
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.journeys.axe import serious
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.year.acts_agreement import agreement
from tests.journeys.year.acts_quarters import quarters
from tests.journeys.year.acts_report import report
from tests.journeys.year.acts_tree import UNIT, agency_s_tree, partner_agrees, partner_s_tree
from tests.journeys.year.in_chromium import InChromium
from tests.journeys.year.regency import BEGINNING, Played, build
from worker import Worker

ACTS = (partner_s_tree, agency_s_tree, partner_agrees, agreement, quarters, report)


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": DESK, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def year(tab: Page, sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Played]:
    standing.forget()
    url = sqlite_files.new()
    build(url)
    database, clock = open_database(url), FrozenClock(BEGINNING)
    settings = Settings(environment="test", secret_key="k" * 40, files_dir=tmp_path, demo=True, database_url=url)
    app = create_app(settings, database=database, clock=clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    hands = InChromium(tab, f"http://127.0.0.1:{server.server_port}")
    yield Played(database, app, clock, Worker(settings, database=database, clock=clock), hands)
    server.shutdown()
    thread.join()
    server.server_close()
    database.close()


def test_a_year_goes_the_same_way_with_scripts_and_its_pages_hold_for_axe_and_phones(year: Played, tab: Page) -> None:
    left_at = {}
    for act in ACTS:
        act(year)
        left_at[act] = year.hands.address
    verification = left_at[quarters].partition("?")[0]
    looked_at = (
        (year.hand("secretary"), f"/performance/trees/{UNIT}"),
        (year.hand("staff"), verification.replace("/verifications/", "/reports/")),
        ("slamet", verification),
        (year.hand("agency_head"), year.kept["report"]),
        (year.hand("agency_head"), "/performance/whatif"),
        (year.hand("agency_head"), "/performance"),
        (year.hand("head"), "/performance"),
    )
    found = {
        (account, address): wrong for account, address in looked_at if (wrong := _wrong(year, tab, account, address))
    }
    assert found == {}


def _wrong(year: Played, tab: Page, account: str, address: str) -> list[object]:
    """What is wrong with a page of somebody's, in Indonesian on a phone and in English on a desk."""
    wrong: list[object] = []
    for language, width in (("id", PHONE), ("en", DESK)):
        with year.database.writing.begin() as session:
            person_called(session, account).language = language
        tab.set_viewport_size({"width": width, "height": 900})
        year.person(account).open(address)
        said = tab.locator("html").get_attribute("lang")
        if said != language:
            wrong.append(f"speaks {said} instead of {language}")
        if not tab.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            wrong.append(f"scrolls sideways at {width}")
        wrong.extend((language, *one) for one in serious(tab))
    return wrong
