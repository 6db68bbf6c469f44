"""A small region with the shipped agreement published, and its people's browsers without a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from app import create_app
from config import Settings
from engine.database import Database, open_database
from engine.organisation import sessions
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.web.region import Regency, an_agreement, build

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
BEGINNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class Browser:
    """Somebody's browser: gets pages, and posts forms with the token the page gave."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._token = ""

    def get(self, address: str, **values: Any) -> TestResponse:
        answer = self._client.get(address, buffered=True, **values)
        found = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self._token = found[1] if found else self._token
        return answer

    def post(self, address: str, data: dict[str, Any] | None = None, **values: Any) -> TestResponse:
        """A form of the page looked at last; without one, of the sign-in page or the profile."""
        for page in ("/sign-in", "/profile"):
            if not self._token:
                self.get(page)
        answer = self._client.post(address, data={"csrf_token": self._token, **(data or {})}, **values)
        found = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self._token = found[1] if found else self._token
        return answer

    def forget_cookie(self, name: str) -> None:
        self._client.delete_cookie(name)

    def set_cookie(self, name: str, value: str) -> None:
        self._client.set_cookie(name, value)


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


@pytest.fixture
def web_app(pages_database: Database, clock: FrozenClock, tmp_path: Path) -> Flask:
    settings = Settings(environment="test", secret_key="k" * 40, files_dir=tmp_path / "files", demo=True)
    return create_app(settings, database=pages_database, clock=clock)


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
