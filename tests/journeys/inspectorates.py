"""Two inspectorates on one installation: the officers' site, the reporters' pages on a port, a worker, a mail server.

Officers act with pages alone: they set up their second factor, make their key, sign in for every act, press buttons.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy import delete
from werkzeug.test import TestResponse

from app import create_app
from config import Settings
from engine.cases.models import Case
from engine.database import Database
from engine.disclosure.ceremony import hold_ceremony
from engine.disclosure.models import OfficerKey
from engine.organisation.models import Person
from reporting import create_reporting_app
from tests.conftest import FrozenClock
from tests.disclosure.scene import Scene
from tests.factories import PASSWORD, a_person, an_account
from tests.journeys.served import served
from tests.mail_sink import MailSink
from tests.reporting.conftest import Reporter
from tests.sealed_office import SealedOffice, a_sealed_office
from tests.web.browser import Browser
from worker import Worker

BEGINNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, 8 o'clock in Jakarta
FIRST, SECOND = "kab_contoh", "kota_tanjungbalai"
PACKS = {FIRST: None, SECOND: SECOND}
PDF = b"%PDF-1.7\nPenanda-rahasia berkas petugas\n%%EOF\n"
NO_KEY = ("udin", "admin", "oscar", "kuku")  # have no part in it: no key


@dataclass
class Officer:
    """Somebody with a password and a telephone."""

    id: int
    username: str
    email: str
    telephone: pyotp.TOTP | None = None


@dataclass
class House:
    """``people`` by region and first name; ``cases`` the case of each region, by id and number, once it is there."""

    database: Database
    settings: Settings
    clock: FrozenClock
    sink: MailSink
    scene: Scene
    people: Mapping[str, Mapping[str, Officer]]
    units: Mapping[str, Mapping[str, int]]
    address: str = ""
    cases: dict[str, tuple[int, str]] = field(default_factory=dict)

    def at(self, region: str) -> Inspectorate:
        return Inspectorate(self, region)

    def reporter(self, region: str) -> Reporter:
        """A new browser before the reporters' pages, without a picture."""
        return Reporter(self.scene.reports.test_client(), region)

    def days_go_by(self, days: int = 1) -> None:
        """Day by day, with the worker at its work in the evening, when every slot of the day is over."""
        for _ in range(days):
            self.clock.moment = self.clock.moment.replace(hour=11)
            Worker(self.settings, database=self.database, clock=self.clock).run(once=True)
            self.clock.advance(hours=14)  # eight o'clock again

    def newest(self, region: str) -> tuple[int, str]:
        """Where the report lies that just came: only the database tells, as nobody else would."""
        with self.database.reading() as session:
            known = [number for number, _ in self.cases.values()]
            row = session.query(Case).filter(Case.is_sealed, Case.id.not_in(known)).one()
            self.cases[region] = row.id, row.number
        return self.cases[region]


@dataclass
class Inspectorate:
    """One region's officers, each act of theirs a sign-in with password and code, and buttons of pages."""

    house: House
    region: str

    @property
    def people(self) -> Mapping[str, Officer]:
        return self.house.people[self.region]

    @property
    def case(self) -> str:
        return f"/case/{self.house.cases[self.region][0]}"

    def signed_in(self, name: str) -> Browser:
        """A browser of theirs, their key open."""
        officer, browser = self.people[name], Browser(self.house.scene.app.test_client())
        self.house.clock.advance(minutes=1)  # a code serves once
        answer = browser.post("/sign-in", {"username": officer.username, "password": PASSWORD})
        if officer.telephone is not None:
            assert answer.location.startswith("/sign-in/code"), answer.text
            browser.get("/sign-in/code")
            answer = browser.post("/sign-in/code", {"one_time_code": officer.telephone.at(self.house.clock())})
        assert answer.location == "/queue", (name, answer.text)
        return browser

    def set_up(self, name: str) -> None:
        """Their second factor, without which nobody gets a key, and their key."""
        officer, browser = self.people[name], self.signed_in(name)
        browser.get("/profile/second-factor")
        assert browser.post("/profile/key/make", {"password": PASSWORD}).location == "/profile/second-factor"
        assert browser.post("/profile/second-factor/begin", {"password": PASSWORD}).status_code == 303
        found = re.search(r'href="(otpauth://[^"]+)"', browser.get("/profile/second-factor").text)
        assert found is not None
        learnt = pyotp.parse_uri(found[1].replace("&amp;", "&"))
        assert isinstance(learnt, pyotp.TOTP)
        officer.telephone = learnt
        code = learnt.at(self.house.clock())
        assert browser.post("/profile/second-factor/confirm", {"one_time_code": code}).status_code == 200
        assert browser.post("/profile/key/make", {"password": PASSWORD}).location == "/profile/key"
        assert browser.post("/sign-out").status_code == 303

    def act(self, name: str, action: str, comment: str = "", file: str = "", **typed: Any) -> None:
        """Presses the button of the case's page whose value begins so."""
        browser = self.signed_in(name)
        page = browser.get(self.case)
        value = re.search(rf'name="act" value="({re.escape(action)}(?:\|[^"]*)?)"', page.text)
        seen = re.search(r'name="revision" value="(\d+)"', page.text)
        assert value and seen, f"{name} is not offered {action}: {_buttons(page)}"
        sent = {"act": value[1], "revision": seen[1], "comment": comment, **typed}
        if file:
            sent["attachment"] = io.BytesIO(PDF), file
        _went_on(browser.post(f"{self.case}/act", sent), name, action)

    def fill(self, name: str, action: str, comment: str = "", **answers: Any) -> None:
        """Answers the form page by page, then presses the act on its last page."""
        browser = self.signed_in(name)
        page = self.write(browser, answers)
        value = re.search(rf'name="act" value="({re.escape(action)}(?:\|[^"]*)?)"', page.text)
        seen = re.search(r'name="revision" value="(\d+)"', page.text)
        assert value and seen, f"{name} is not offered {action}: {_buttons(page)}"
        sent = {"act": value[1], "revision": seen[1], "comment": comment}
        _went_on(browser.post(f"{self.case}/edit?section=-send", sent), name, action)

    def write(self, browser: Browser, answers: Mapping[str, Any]) -> TestResponse:
        """Types these answers where the form asks for them; gives the page that checks and sends."""
        left, address = dict(answers), f"{self.case}/edit"
        for _section in range(8):
            page = browser.get(address)
            assert page.status_code == 200, page.text
            if 'name="op" value="next:"' not in page.text:
                break
            here = {key: left.pop(key) for key in tuple(left) if f'name="{key}"' in page.text}
            section = re.search(r'<form[^>]*action="([^"]*/edit[^"]*)"', page.text)
            assert section is not None
            answer = browser.post(section[1].replace("&amp;", "&"), {**here, "op": "next:"})
            assert answer.status_code == 303, answer.text
            address = answer.location
        assert not left, f"not asked: {left}"
        return page

    def read(self, name: str) -> str:
        """The case's page as they see it."""
        page = self.signed_in(name).get(self.case)
        assert page.status_code == 200, name
        return page.text


def _went_on(answer: TestResponse, name: str, action: str) -> None:
    told = re.findall(r'class="(?:summary|notice|err)[^>]*>(.*?)</(?:div|span)>', answer.text, re.S)
    assert answer.status_code == 303, (name, action, answer.status_code, told)
    assert "/edit" not in answer.location, (name, action, answer.location)


def _buttons(page: TestResponse) -> list[str]:
    return re.findall(r'name="act" value="([^"]*)"', page.text) or [page.status, page.text[-3000:]]


@contextmanager
def two_inspectorates(database: Database, url: str, folder: Path, sink: MailSink) -> Iterator[House]:
    """The installation, its people ready for work, and the reporters' pages on a port."""
    settings = Settings(
        environment="test", secret_key="k" * 39 + "z", receipt_pepper="p" * 39 + "z", files_dir=folder / "files",
        sealed_dir=folder / "sealed", cache_dir=folder / "cache", database_url=url, mail_server=sink.host,
        mail_port=sink.port, base_url="http://localhost",
    )  # fmt: skip
    clock = FrozenClock(BEGINNING)
    with database.writing.begin() as session:
        offices = {key: a_sealed_office(session, BEGINNING, key, publishes=False) for key in PACKS}
        people = {key: _accounts(office) for key, office in offices.items()}
        units = {key: {name: unit.id for name, unit in office.units.items()} for key, office in offices.items()}
    scene = Scene(database, folder, settings, clock, offices[FIRST])
    scene.app = create_app(settings, database=database, clock=clock)
    scene.reports = create_reporting_app(settings, database=database, clock=clock)
    house = House(database, settings, clock, sink, scene, people, units)
    for key in PACKS:
        for name in people[key]:
            if name not in NO_KEY:
                house.at(key).set_up(name)
    with served(scene.reports, is_silent=True) as house.address:
        yield house


def _accounts(office: SealedOffice) -> dict[str, Officer]:
    """The ceremony was held, and everybody has a password; keys they make themselves."""
    session, region = office.session, office.region
    office.publish(pack=PACKS[region.key])
    session.execute(delete(OfficerKey).where(OfficerKey.region_id == region.id))
    hold_ceremony(session, region.id, 2, 3, seen="", by=None, now=BEGINNING)
    admin = a_person(session, office.units["top"], "Admin")
    found = {}
    for name, person in {**office.people, "admin": admin}.items():
        username = f"{name}.{region.key}"
        an_account(session, person, username, is_admin=name == "admin")
        found[name] = Officer(person.id, username, _email(person))
    return found


def _email(person: Person) -> str:
    assert person.email is not None
    return person.email
