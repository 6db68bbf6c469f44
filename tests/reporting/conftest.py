"""Two regions with a reporting channel, the reporters' application before them, and a reporter without a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from config import Settings
from engine.channel import receipts
from engine.database import Database, open_database
from engine.disclosure.models import DisclosureRegion
from engine.disclosure.primitives import Cost, new_pair
from reporting import create_reporting_app
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.sealed_office import SealedOffice, a_sealed_office

BEGINNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HERE, OTHER = "kab_contoh", "kab_lain"
LINKED = ("protection_request", "retaliation_report")
STORY = "Uang retribusi pasar dibawa pulang setiap hari Jumat oleh kepala pasar."
CODE = re.compile(r'<p class="receipt"[^>]*>(.*?)</p>', re.S)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_TAG = re.compile(r"<[^>]+>")


@dataclass
class Reporter:
    """Somebody's browser: gets pages, follows redirects, posts forms with the token of the page looked at last."""

    client: FlaskClient
    region: str = HERE
    token: str = ""
    base: str = "http://localhost"

    def get(self, address: str, **values: Any) -> TestResponse:
        return self._seen(self.client.get(self._at(address), base_url=self.base, **values))

    def post(self, address: str, data: dict[str, Any] | None = None, **values: Any) -> TestResponse:
        sent = {"csrf_token": self.token, **(data or {})}
        return self._seen(self.client.post(self._at(address), data=sent, base_url=self.base, **values))

    def send(self, address: str, body: bytes, kind: str) -> TestResponse:
        """A body as it is, of this content type."""
        return self._seen(self.client.post(self._at(address), data=body, content_type=kind, base_url=self.base))

    def follow(self, answer: TestResponse) -> TestResponse:
        """The page a good post leads to."""
        assert answer.status_code == 303, answer.text[:2000]
        return self.get(answer.location)

    def begin(self, way: str = "anonymous") -> TestResponse:
        """As far as the first question."""
        self.get("way")
        return self.follow(self.post("way", {"way": way}))

    def write(self, **answers: str) -> TestResponse:
        """A whole report, as far as the check."""
        self.begin()
        self.follow(self.post("ask/what", {"summary": answers.pop("summary", STORY)}))
        self.follow(self.post("ask/where_and_when", answers))
        self.follow(self.post("ask/who", {"do": "skip"}))
        self.follow(self.post("ask/why_and_how", {"do": "skip"}))
        return self.follow(self.post("ask/evidence", {"do": "next"}))

    def report(self, **answers: str) -> str:
        """A report that was sent; the code as it stands on the page."""
        self.write(**answers)
        return code_of(self.follow(self.post("send")))

    def open(self, code: str) -> TestResponse:
        """Comes back with a code."""
        self.get("open")
        return self.post("open", {"code": code})

    def cookie(self) -> str | None:
        found = self.client.get_cookie("s") or self.client.get_cookie("__Host-s")
        return None if found is None else found.value

    def _at(self, address: str) -> str:
        return address if address.startswith("/") else f"/{self.region}/{address}"

    def _seen(self, answer: TestResponse) -> TestResponse:
        found = _TOKEN.findall(answer.text) if answer.mimetype == "text/html" else []
        self.token = found[-1] if found else self.token
        return answer


def code_of(answer: TestResponse) -> str:
    """The code a page shows, as people would write it down."""
    found = CODE.search(answer.text)
    assert found is not None, answer.text[:3000]
    return "-".join(_TAG.sub(" ", found[1]).split())


@pytest.fixture(autouse=True, scope="session")
def _cheap_receipts() -> Iterator[None]:
    """The same hash with little memory: what it costs has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "_cost", Cost(1, 64 * 1024))
        yield


@pytest.fixture(scope="session")
def offices_file(sqlite_files: SqliteFiles) -> Iterator[Path]:
    """A database file with both regions in it, to be copied."""
    url = sqlite_files.new()
    database = open_database(url)
    with database.writing.begin() as session:
        for key in (HERE, OTHER):
            office = a_sealed_office(session, BEGINNING, key)
            open_channel(office)
            for case_type in LINKED if key == HERE else ():
                office.publish(case_type)
    database.close()
    yield Path(str(make_url(url).database))
    sqlite_files.drop(url)


def open_channel(office: SealedOffice) -> None:
    """The region has held its ceremony: its channel takes reports."""
    office.session.add(
        DisclosureRegion(
            region_id=office.region.id, salt=office.region.key.encode().ljust(16, b"-")[:16],
            escrow_public=new_pair().public, escrow_needed=2, escrow_custodians=3, escrow_made_at=BEGINNING,
        )
    )  # fmt: skip


@pytest.fixture
def reports_database(offices_file: Path, tmp_path: Path) -> Iterator[Database]:
    place = tmp_path / "reports.sqlite"
    shutil.copyfile(offices_file, place)
    database = open_database(f"sqlite:///{place}")
    yield database
    database.close()


def settings_at(folder: Path, **values: Any) -> Settings:
    return Settings(
        environment="test", secret_key="k" * 40, receipt_pepper="p" * 40, sealed_dir=folder / "sealed",
        files_dir=folder / "files", **values,
    )  # fmt: skip


@pytest.fixture
def reports(reports_database: Database, clock: FrozenClock, tmp_path: Path) -> Flask:
    """The reporters' application, by http."""
    return create_reporting_app(settings_at(tmp_path), database=reports_database, clock=clock)


@pytest.fixture
def a_reporter(reports: Flask) -> Callable[..., Reporter]:
    """``a_reporter()`` is another browser each time."""
    return lambda region=HERE: Reporter(reports.test_client(), region)


@pytest.fixture
def reporter(a_reporter: Callable[..., Reporter]) -> Reporter:
    return a_reporter()
