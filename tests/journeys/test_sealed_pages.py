"""The officers' pages of sealed cases, on a phone and on a desk: nothing serious for axe, and nothing sideways."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.database import open_database
from engine.disclosure.ceremony import hold_ceremony
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.inspectorates import BEGINNING
from tests.journeys.served import served
from tests.journeys.test_pages import look
from tests.web.sealed_pages import SealedPages, app_of, build, until_the_report_is_proposed

PLACES = (
    ("leo", "/case/{case}", "id", PHONE), ("leo", "/case/{case}", "en", DESK), ("irma", "/cases", "id", PHONE),
    ("ida", "/intake", "id", PHONE), ("irma", "/statistics", "en", PHONE), ("kiki", "/identity-requests", "en", PHONE),
    ("admin", "/key-ceremony", "id", PHONE),
)  # fmt: skip


@pytest.fixture(scope="module")
def inspectorate(
    sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SealedPages, str]]:
    """A case in three steps of its examination at once, a request for an identity, reports; where the pages are."""
    folder, url, clock = tmp_path_factory.mktemp("sealed"), sqlite_files.new(), FrozenClock(BEGINNING)
    database = open_database(url)
    kept = build(database, BEGINNING)
    pages = SealedPages(database, kept, app_of(database, clock, folder), clock)
    pages.ask("vina", "Saksi kunci perlu dipanggil sidang kode etik")
    until_the_report_is_proposed(pages, stops_before="record")
    with database.writing.begin() as session:
        hold_ceremony(session, kept.region_id, 2, 3, seen="", by=None, now=BEGINNING)
        office = pages.office(session)
        for _ in range(4):
            office.report()
    with served(pages.app) as address:
        yield pages, address
    database.close()
    sqlite_files.drop(url)
    shutil.rmtree(Path(folder))


@pytest.mark.parametrize(("name", "address", "language", "width"), PLACES)
def test_an_officers_page_of_sealed_cases_is_accessible_and_fits(
    inspectorate: tuple[SealedPages, str], chromium: Browser, name: str, address: str, language: str, width: int
) -> None:
    pages, site = inspectorate
    context = chromium.new_context(viewport={"width": width, "height": 900})
    browser = pages.browser(name, language="en")
    browser.post("/language", {"language": language})  # it is the person's, and stays from one page to the next
    context.add_cookies([{"name": "alur", "value": browser.cookie("alur"), "url": site}])
    look(context.new_page(), f"{site}{address.format(case=pages.kept.case_id)}", width)
    context.close()
