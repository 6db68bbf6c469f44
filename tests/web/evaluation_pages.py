"""The pages of the evaluation office of ``tests.sakip``: its people's browsers, its case moved on between two looks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from config import ROOT, Settings
from engine.cases.files import FileStore
from engine.database import Database, open_database
from engine.organisation import sessions
from engine.organisation.models import Region, Unit
from sakip import standing
from sakip.answers import expand
from tests.conftest import FrozenClock
from tests.factories import an_account
from tests.sakip.evaluation_office import (
    AT_B,
    DAYS,
    OPENED,
    an_evaluation_office,
    assured,
    begun,
    locked_by_the_unit,
    sheet,
    verified_by_all,
)
from tests.sakip.tree_office import Office
from tests.web.browser import Browser
from web import installation
from web.installation import Installation


@dataclass(frozen=True)
class Built:
    """A database file with the office in it: ids by name, and by tier the case that stands there."""

    url: str
    region_id: int
    people: Mapping[str, int]
    units: Mapping[str, int]
    cases: Mapping[str, int]


@dataclass
class Pages:
    """``people`` and ``units`` are ids by name; the office itself lives in a session only while it is used."""

    database: Database
    app: Flask
    clock: FrozenClock
    region_id: int
    people: Mapping[str, int]
    units: Mapping[str, int]
    cases: Mapping[str, int]
    url: str = ""

    def worksheet(self, tier: str) -> str:
        """The address of the case that stands at a tier, on a day in its window."""
        self.clock.moment = DAYS.get(tier, OPENED)
        return f"/performance/worksheets/{self.cases[tier]}"

    def browser(self, name: str, language: str = "id") -> Browser:
        browser = Browser(self.app.test_client())
        browser.set_cookie("alur", self.token(name))
        if language != "id":
            browser.post("/language", {"language": language})
        return browser

    def token(self, name: str) -> str:
        with self.database.writing.begin() as session:
            return sessions.open_session(
                session, self.people[name], browser="Tes", network="127.0.0.0/24", now=self.clock()
            )

    @contextmanager
    def office(self) -> Iterator[Office]:
        """The office as its own tests use it; what is done in it is committed, and the clock goes along."""
        with self.database.writing.begin() as session:
            found = Office(
                session, self.clock(), session.get_one(Region, self.region_id),
                {name: session.get_one(Unit, number) for name, number in self.units.items()}, {},
                {name: _Person(number) for name, number in self.people.items()},  # type: ignore[misc]
            )  # fmt: skip
            yield found
            self.clock.moment = found.now


@dataclass
class _Person:
    id: int


def build(
    url: str, folder: Path = ROOT / "sakip_config", key: str | None = None, *, with_tiers: bool = True
) -> Built:  # fmt: skip
    """Fill an empty database with the office and a case at each tier, the tiers before answered at B. A region with a
    rubric of its own (``key``), and whoever wants no others, gets a case at the self-assessment only."""
    database = open_database(url)
    with database.writing.begin() as session:
        office = an_evaluation_office(session, key, folder, own=key is not None)
        for person in office.people.values():
            an_account(session, person)
        cases = {"self": begun(office)}
        if key is None and with_tiers:
            cases |= {tier: locked_by_the_unit(office, AT_B) for tier in DAYS}
            for tier in ("assure", "final"):
                verified_by_all(office, cases[tier])
            assured(office, cases["final"], AT_B)
        found = Built(
            url, office.region.id, {name: one.id for name, one in office.people.items()},
            {name: one.id for name, one in office.units.items()}, cases,
        )  # fmt: skip
    database.close()
    return found


def pages_of(built: Built, folder: Path, app: Flask | None = None) -> Pages:
    """A copy of the office with an application that shows it, one that is there already if given; whoever asks closes
    its database."""
    standing.forget()  # another database may have had the same region at the same revision
    place = folder / "office.sqlite"
    shutil.copyfile(built.url.removeprefix("sqlite:///"), place)
    database, clock = open_database(f"sqlite:///{place}"), FrozenClock(OPENED)
    settings = Settings(environment="test", secret_key="k" * 40, files_dir=folder / "files", demo=True)
    if app is None:
        app = create_app(settings, database=database, clock=clock)
    installation.install(app, Installation(settings, database, clock, FileStore(settings.files_dir)))
    return Pages(database, app, clock, built.region_id, built.people, built.units, built.cases, f"sqlite:///{place}")


def at(moment: datetime, pages: Pages) -> None:
    """Let it be another day."""
    pages.clock.moment = moment


def number_of(address: str) -> int:
    """The case an address of ``Pages.worksheet`` is about."""
    return int(address.rpartition("/")[2])


def revision(text: str) -> str:
    """The revision a page would send along."""
    found = re.search(r'name="revision" value="([0-9]+)"', text)
    assert found is not None
    return found[1]


def row_of(text: str, path: str) -> str:
    """The part of a page from a row to the next one."""
    return text.partition(f'name="row" value="{path}"')[2].partition('name="row"')[0]


def all_answers(pages: Pages, patterns: Mapping[str, Any] = AT_B) -> dict[str, Any]:
    """Every row answered by patterns."""
    with pages.office() as office:
        given = expand(sheet(office).sections, patterns)
    return {"row": list(given), **{f"answer:{path}": one for path, one in given.items()}}
