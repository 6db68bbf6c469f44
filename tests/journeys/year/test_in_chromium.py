"""The year of pages once more in a real browser with its scripts on, and then its pages looked at by axe.

The evaluation of 2026 has no page that that of 2025 had not: people go through it without scripts only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from engine.organisation.accounts import person_called
from tests.journeys.axe import serious
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.served import served
from tests.journeys.year.acts_tree import UNIT
from tests.journeys.year.conftest import Begin
from tests.journeys.year.in_chromium import InChromium
from tests.journeys.year.regency import Played
from tests.journeys.year.whole_year import play


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": DESK, "height": 900})
    yield context.new_page()
    context.close()


def test_a_year_goes_the_same_way_with_scripts_and_its_pages_hold_for_axe_and_phones(begin: Begin, tab: Page) -> None:
    found: dict[tuple[str, str], list[object]] = {}
    with ExitStack() as stack:
        year = begin(lambda app: InChromium(tab, stack.enter_context(served(app))))
        year.most, year.repeats = 2, False  # forms alike: all of them are filled in where it takes less time
        year.look = lambda account, address: found.update({(account, address): _wrong(year, tab, account, address)})
        play(year)
        for account, address in _looked_at(year):
            year.look(account, address)
    assert len(found) == 8 and {page: wrong for page, wrong in found.items() if wrong} == {}


def _looked_at(year: Played) -> Iterator[tuple[str, str]]:
    """With the year behind them: whose page, and its address."""
    yield year.hand("secretary"), f"/performance/trees/{UNIT}"
    yield year.hand("staff"), year.kept["verification"].replace("/verifications/", "/reports/")
    yield "slamet", year.kept["verification"]
    yield year.hand("agency_head"), year.kept["report"]
    yield year.hand("agency_head"), "/performance"
    yield year.hand("head"), "/performance"


def _wrong(year: Played, tab: Page, account: str, address: str) -> list[object]:
    """What is wrong with a page of somebody's, in English on a desk and in Indonesian on a phone."""
    wrong: list[object] = []
    for language, width in (("en", DESK), ("id", PHONE)):
        with year.database.writing.begin() as session:
            person_called(session, account).language = language
        tab.set_viewport_size({"width": width, "height": 900})
        year.person(account).open(address)
        said = tab.locator("html").get_attribute("lang")
        if said != language:
            wrong.append(f"speaks {said} instead of {language}")
        if not tab.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            wrong.append(f"scrolls sideways at {width}")
        wrong.extend((language, *one) for one in serious(tab, colours=width == PHONE))
    tab.set_viewport_size({"width": DESK, "height": 900})
    return wrong
