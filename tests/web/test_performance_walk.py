"""Random walks through the pages of performance in three regions: whatever people press, some things always hold.

A walk signs in as somebody, follows links, fills in forms well and badly, sends old pages of colleagues again, asks for
what belongs to other regions, lets days pass and the worker work. At its end facts, results and audit are as they have
to be. What failed can be walked again by its seed.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Settings
from engine.audit.verify import verify
from engine.cases.files import FileStore
from engine.cases.models import Case
from engine.database import Database, open_database
from engine.organisation import sessions
from engine.organisation.models import Account, Person, Region
from sakip.facts.rebuild import rebuild
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.sakip.year_played import play
from tests.web.browser import Browser
from tests.web.walking import FRUITFUL, Form, Page, filled, other_address
from web import installation
from web.installation import Installation
from worker import Worker

REGIONS = ("kab_contoh", "kab_tasikmalaya", "kota_bandung")
TODAY = datetime(2026, 3, 20, 2, 30, tzinfo=UTC)  # worksheets of 2025 are being filled in
SEEDS, TURNS, TURN = range(3), 4, 7
STARTS = (
    "/performance", "/performance/trees", "/performance/reports", "/performance/evidence", "/performance/whatif",
    "/performance/import", "/performance/units", "/queue", "/cases", "/cases/new",
)  # fmt: skip
KEPT = frozenset({409, 422})  # refusals that give back what was typed


@pytest.fixture(scope="module")
def played(sqlite_files: SqliteFiles) -> Iterator[Path]:
    url = sqlite_files.new()
    play(url, TODAY, REGIONS)
    yield Path(url.removeprefix("sqlite:///"))
    sqlite_files.drop(url)


class Walk:
    """One walk: who walks, where they are, and everything that was not as it has to be."""

    def __init__(self, database: Database, app: Flask, clock: FrozenClock, worker: Worker, seed: int) -> None:
        self.database, self.app, self.clock, self.worker, self.random = database, app, clock, worker, Random(seed)
        self.beside = sqlite3.connect(str(database.engine.url.database))  # sees when somebody writes
        self.faults: list[str] = []
        self.trail: list[str] = []
        self.old: list[Form] = []
        with database.reading() as session:
            regions = {key: session.scalars(select(Region.id).where(Region.key == key)).one() for key in REGIONS}
            self.people = {key: _people(session, number) for key, number in regions.items()}
            self.cases = {key: _cases(session, number) for key, number in regions.items()}
            self.foreign = {key: _names_of_others(session, number) for key, number in regions.items()}

    def turn(self) -> None:
        """Somebody comes, looks about, and does a few things."""
        self.region = self.random.choice(REGIONS)
        number, self.name = self.random.choice(self.people[self.region])
        with self.database.writing.begin() as session:
            token = sessions.open_session(session, number, browser="Tes", network="127.0.0.0/24", now=self.clock())
        self.browser = Browser(self.app.test_client())
        self.browser.set_cookie("alur", token)
        own = f"/case/{self.random.choice(self.cases[self.region])}"
        self.page = self.look(self.random.choice((*STARTS, own, own, own)))
        for _ in range(TURN):
            self.step()

    def step(self) -> None:
        """One thing that somebody does."""
        page = self.page or self.look("/queue")
        if page is None:
            return
        forms = [one for one in page.forms() if one.is_post]
        chance = self.random.random()
        if chance < 0.4 and forms:
            self.send(self.random.choice(sorted(forms, key=lambda one: -len(one.boxes))[:3]))
        elif chance < 0.5 and self.old:
            self.send(self.random.choice(self.old))
        elif chance < 0.6:
            others = [number for key in REGIONS if key != self.region for number in self.cases[key]]
            self.page = self.look(other_address(page, {"cases": others}, self.random))
        elif links := page.links():
            fruitful = [one for one in links if FRUITFUL.match(one)]
            self.page = self.look(self.random.choice(fruitful or links), is_offered=page.status == 200)

    def rest(self) -> None:
        """Time passes, and the worker does what is due."""
        self.clock.advance(hours=self.random.choice((1, 20, 24 * 8)))
        self.worker.run(once=True)

    def look(self, address: str, *, is_offered: bool = False) -> Page | None:
        """Get a page, wherever it leads."""
        before = self._written()
        answer = self.browser.get(address)
        while answer.status_code in (302, 303):
            address = answer.headers["Location"].removeprefix("http://localhost")
            answer = self.browser.get(address)
        page = self._told("GET", address, answer)
        if self._written() != before:
            self.fault("a look at a page changed something")
        if is_offered and answer.status_code >= 400:
            self.fault(f"the page before led here, and it is {answer.status_code}")
        return page

    def send(self, form: Form) -> None:
        """Send a form of this page, or of one looked at before, perhaps by somebody else."""
        sent = filled(form, self.random, self.page.token if self.page else "")
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        answer = self.browser.post(form.action, data)
        typed = [value for _, value in sent]
        page = self._told("POST", form.action, answer, typed)
        if answer.status_code in (302, 303):
            self.page = self.look(answer.headers["Location"].removeprefix("http://localhost"), is_offered=True)
            return
        if page is not None and answer.status_code in KEPT:
            for lost in page.lost(form, sent) if len(data) == len(sent) else ():
                self.fault(f"typed and gone: {lost}")
        self.page = page

    def fault(self, said: str) -> None:
        self.faults.append(f"{said}\n    {self.name}: " + "\n    ".join(self.trail[-6:]))

    def _told(self, method: str, address: str, answer: TestResponse, typed: list[str] | None = None) -> Page | None:
        self.trail.append(f"{method} {address} -> {answer.status_code} {[one[:40] for one in typed or ()]}")
        if answer.status_code >= 500:
            self.fault("something broke")
        if answer.mimetype != "text/html":
            return None
        page = Page(address, answer)
        for said in page.faults(self.foreign[self.region], typed or ()):
            self.fault(said)
        self.old = [*self.old, *(one for one in page.forms() if one.is_post)][-60:]
        return page

    def _written(self) -> int:
        return int(self.beside.execute("PRAGMA data_version").fetchone()[0])


def _people(session: Session, region: int) -> list[tuple[int, str]]:
    query = select(Person.id, Account.username).join(Account, Account.person_id == Person.id).order_by(Person.id)
    return [(one.id, one.username) for one in session.execute(query.where(Person.region_id == region))]


def _cases(session: Session, region: int) -> list[int]:
    query = select(Case.id).where(Case.region_id == region, Case.is_sealed.is_(False))
    return list(session.scalars(query.order_by(Case.closed_at.is_not(None), Case.id.desc()).limit(15)))


def _names_of_others(session: Session, region: int) -> re.Pattern[str]:
    """The people and case numbers of the other regions that are nowhere among the region's own."""

    def told(condition: object) -> set[str]:
        people = session.scalars(select(Person.name).where(condition(Person.region_id)))
        return {*people, *session.scalars(select(Case.number).where(condition(Case.region_id)))}

    own, others = told(lambda column: column == region), told(lambda column: column != region)
    return re.compile("|".join(re.escape(one) for one in sorted(others - own, key=len, reverse=True)))


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_people_do_some_things_hold_on_every_page(
    played: Path, one_app: Flask, clock: FrozenClock, tmp_path: Path, seed: int
) -> None:
    url = f"sqlite:///{shutil.copyfile(played, tmp_path / 'walk.sqlite')}"
    database, clock.moment = open_database(url), TODAY
    settings = Settings("test", secret_key="k" * 40, files_dir=tmp_path / "files", demo=True, database_url=url)
    installation.install(one_app, Installation(settings, database, clock, FileStore(settings.files_dir)))
    walk = Walk(database, one_app, clock, Worker(settings, database=database, clock=clock), seed)
    for _ in range(TURNS):
        walk.turn()
        walk.rest()
    assert walk.faults == [], "\n\n".join(walk.faults)
    with database.writing() as session:
        for key in REGIONS:
            region = session.scalars(select(Region.id).where(Region.key == key)).one()
            assert rebuild(session, region, clock(), is_check=True).different == [], key
        assert verify(session) == []
    walk.beside.close()
    database.close()
