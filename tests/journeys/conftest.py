"""A real browser in front of a real server: Chromium, the region of the page tests, one database a test file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app import create_app
from config import Settings
from engine.database import Database, open_database
from engine.organisation import sessions
from engine.organisation.models import Person
from tests.conftest import FrozenClock
from tests.journeys.served import served
from tests.web.conftest import entry_file, evaluation_file, regency_file
from tests.web.region import Regency

__all__ = ["entry_file", "evaluation_file", "regency_file"]

CHROMIUM = "/usr/bin/chromium"
# Without these it looks up its maker's hosts at every start, which a closed network answers with noise.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
PHONE, DESK = 360, 1280


@dataclass(slots=True)
class Site:
    """A running server: its address, database, region and clock."""

    address: str
    database: Database
    regency: Regency
    clock: FrozenClock


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(regency_file: tuple[Path, Regency], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server of a test file, on a port of its own, with a clock at Monday 2 March 2026, 09.00 in Jakarta."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(regency_file[0], folder / "site.sqlite")
    database = open_database(f"sqlite:///{folder / 'site.sqlite'}")
    clock = FrozenClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    settings = Settings(environment="test", secret_key="k" * 40, files_dir=folder / "files", demo=True)
    with served(create_app(settings, database=database, clock=clock)) as address:
        yield Site(address, database, regency_file[1], clock)
    database.close()


@pytest.fixture
def page_of(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """``page_of("sari", width=360, language="en", scripts=False, dark=True)`` is a tab of somebody signed in;
    ``page_of(None)`` of a visitor. Addresses may be given without the host."""
    contexts = []

    def open_tab(
        username: str | None, *, width: int = DESK, language: str = "id", scripts: bool = True, dark: bool = False
    ) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        context.add_cookies(_cookies(site, username, language))  # type: ignore[arg-type]
        return context.new_page()

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def tab_of(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """``tab_of("sari", language="en", dark=True)`` is the one tab of a test file, now of this person, on a desk: for
    tests that only look. A new one takes the browser more time than a page."""
    tabs: dict[bool, Page] = {}

    def given(username: str | None, *, width: int = DESK, language: str = "id", dark: bool = False) -> Page:
        if dark not in tabs:
            context = chromium.new_context(base_url=site.address, color_scheme="dark" if dark else "light")
            tabs[dark] = context.new_page()
        tabs[dark].set_viewport_size({"width": width, "height": 900})
        tabs[dark].context.clear_cookies()
        tabs[dark].context.add_cookies(_cookies(site, username, language))  # type: ignore[arg-type]
        return tabs[dark]

    yield given
    for tab in tabs.values():
        tab.context.close()


def _cookies(site: Site, username: str | None, language: str) -> list[dict[str, str]]:
    """What makes a browser that of somebody signed in (None: of a visitor) who reads this language."""
    cookies = [{"name": "alur_language", "value": language, "url": site.address}]
    if username is not None:
        cookies.append({"name": "alur", "value": _session_of(site, username, language), "url": site.address})
    return cookies


def _session_of(site: Site, username: str, language: str) -> str:
    from_people = site.regency.people[username]
    with site.database.writing.begin() as session:
        session.get_one(Person, from_people).language = language
        return sessions.open_session(session, from_people, browser="Tes", network="127.0.0.0/24", now=site.clock())
