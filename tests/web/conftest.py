"""A small region with the shipped agreement published, and its people's browsers without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from app import create_app
from config import Settings
from engine.cases.files import FileStore
from engine.database import Database, open_database
from engine.organisation import sessions
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.web.browser import Browser
from tests.web.entry_pages import build as build_entry
from tests.web.entry_pages import report_pages
from tests.web.evaluation_pages import Built, Pages, pages_of
from tests.web.evaluation_pages import build as build_evaluation
from tests.web.region import Regency, an_agreement, build
from tests.web.sealed_pages import Kept, SealedPages, sealed_settings
from tests.web.sealed_pages import build as build_sealed
from web import installation
from web.installation import Installation

BEGINNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def regency_file(sqlite_files: SqliteFiles) -> Iterator[tuple[Path, Regency]]:
    """A database file with the region in it, to be copied."""
    url = sqlite_files.new()
    database = open_database(url)
    regency = build(database, BEGINNING)
    database.close()
    yield Path(str(make_url(url).database)), regency
    sqlite_files.drop(url)


@pytest.fixture
def regency(regency_file: tuple[Path, Regency]) -> Regency:
    return regency_file[1]


@pytest.fixture
def pages_database(regency_file: tuple[Path, Regency], tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own with the region in it."""
    place = tmp_path / "pages.sqlite"
    shutil.copyfile(regency_file[0], place)
    database = open_database(f"sqlite:///{place}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def one_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application of ``web_app``, put together once a run: that takes longer than most tests."""
    yield from _put_together(settings_of(tmp_path_factory.mktemp("one-app")))


@pytest.fixture(scope="session")
def one_sealed_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """That of ``sealed_pages``."""
    yield from _put_together(sealed_settings(tmp_path_factory.mktemp("one-sealed-app")))


def _put_together(settings: Settings) -> Iterator[Flask]:
    nowhere = open_database("sqlite://")
    yield create_app(settings, database=nowhere)
    nowhere.close()


def settings_of(folder: Path) -> Settings:
    return Settings(environment="test", secret_key="k" * 40, files_dir=folder / "files", demo=True)


def handed(app: Flask, settings: Settings, database: Database, clock: FrozenClock) -> Flask:
    """The application with the settings, database, clock and files of one test: all that its requests look up."""
    installation.install(app, Installation(settings, database, clock, FileStore(settings.files_dir)))
    return app


@pytest.fixture
def web_app(one_app: Flask, pages_database: Database, clock: FrozenClock, tmp_path: Path) -> Flask:
    return handed(one_app, settings_of(tmp_path), pages_database, clock)


@pytest.fixture
def visitor(web_app: Flask) -> Browser:
    """Somebody who has not signed in."""
    return Browser(web_app.test_client())


@pytest.fixture
def browser_of(
    web_app: Flask, pages_database: Database, regency: Regency, clock: FrozenClock
) -> Callable[..., Browser]:
    """``browser_of("sari")`` is signed in; her language can be given."""

    def open_one(username: str, language: str = "id") -> Browser:
        with pages_database.writing.begin() as session:
            token = sessions.open_session(
                session, regency.people[username], browser="Tes", network="127.0.0.0/24", now=clock()
            )
        browser = Browser(web_app.test_client())
        browser.set_cookie("alur", token)
        if language != "id":
            browser.post("/language", {"language": language})
        return browser

    return open_one


@pytest.fixture
def case_id(pages_database: Database, regency: Regency, clock: FrozenClock) -> int:
    """Sari's agreement as a draft."""
    return an_agreement(pages_database, regency, clock())


@pytest.fixture(scope="session")
def sealed_file(sqlite_files: SqliteFiles) -> Iterator[tuple[Path, Kept]]:
    """A database file with an inspectorate and one sealed case, to be copied."""
    url = sqlite_files.new()
    database = open_database(url)
    kept = build_sealed(database, BEGINNING)
    database.close()
    yield Path(str(make_url(url).database)), kept
    sqlite_files.drop(url)


@pytest.fixture
def sealed_pages(
    one_sealed_app: Flask, sealed_file: tuple[Path, Kept], clock: FrozenClock, tmp_path: Path
) -> Iterator[SealedPages]:
    """The inspectorate of the test's own."""
    place = tmp_path / "sealed.sqlite"
    shutil.copyfile(sealed_file[0], place)
    database = open_database(f"sqlite:///{place}")
    app = handed(one_sealed_app, sealed_settings(tmp_path), database, clock)
    yield SealedPages(database, sealed_file[1], app, clock)
    database.close()


@pytest.fixture(scope="session")
def evaluation_file(sqlite_files: SqliteFiles) -> Iterator[Built]:
    """A database file with the evaluation office in it, to be copied."""
    found = build_evaluation(sqlite_files.new())
    yield found
    sqlite_files.drop(found.url)


@pytest.fixture
def evaluation(evaluation_file: Built, tmp_path: Path, one_app: Flask) -> Iterator[Pages]:
    """The evaluation office of the test's own, before anything was evaluated."""
    found = pages_of(evaluation_file, tmp_path, one_app)
    yield found
    found.database.close()


@pytest.fixture(scope="session")
def entry_file(sqlite_files: SqliteFiles) -> Iterator[Built]:
    """A database file with the measuring office in it, to be copied."""
    found = build_entry(sqlite_files.new())
    yield found
    sqlite_files.drop(found.url)


@pytest.fixture
def entry(entry_file: Built, tmp_path: Path, one_app: Flask) -> Iterator[Pages]:
    """The measuring office of the test's own, in April."""
    found = report_pages(entry_file, tmp_path, one_app)
    yield found
    found.database.close()
