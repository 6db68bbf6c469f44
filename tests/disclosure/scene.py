"""One installation after a busy day: two regions, a report sent by HTTP with markers everywhere, officers at work.

Nothing is made by hand that people make with pages: the receipt comes from the page, the keys from the ceremony.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from app import create_app
from config import Settings
from engine.audit.anchors import anchor
from engine.cases import drafts
from engine.cases.fire import Fired, fire
from engine.cases.follow import comment
from engine.database import Database
from engine.disclosure import officer_keys
from engine.disclosure.ceremony import escrow_state, hold_ceremony
from engine.disclosure.conversation import OFFICE, say
from engine.disclosure.keyring import Keyring, hold, officer
from engine.disclosure.models import OfficerKey
from engine.disclosure.officer_keys import OfficerKeys, Owner
from engine.disclosure.officers import cost_today, escrow_of
from engine.disclosure.primitives import Context, KeyPair, labelled, wrap
from engine.disclosure.seals import seal_of
from engine.facts import Command
from engine.organisation import sessions
from reporting import create_reporting_app
from tests.conftest import FrozenClock
from tests.factories import PASSWORD, a_person, an_account
from tests.reporting.conftest import HERE, OTHER, Reporter, code_of
from tests.sealed_office import SealedOffice, a_sealed_office
from tests.web.browser import Browser

BEGINNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SECRET_KEY, PEPPER = "k" * 39 + "z", "p" * 39 + "z"
ADDRESS, AGENT = "198.51.100.233", "Penanda-Peramban/7.77"
TRACES = {
    "X-Forwarded-For": ADDRESS, "X-Real-IP": ADDRESS, "Forwarded": f"for={ADDRESS}", "User-Agent": AGENT,
    "Referer": "https://penanda-rujukan.example/",
}  # fmt: skip
PREFIX = "Penanda-rahasia-"  # every marker begins so: looking for it looks for all of them
WRITTEN = {
    "summary": "Penanda-rahasia-cerita retribusi dibawa pulang",
    "place": "Penanda-rahasia-tempat Pasar Lama",
    "happened_on": "Penanda-rahasia-hari Jumat",
    "reported_aliases": "Penanda-rahasia-alias Bang Jago",
    "reason": "Penanda-rahasia-sebab utang",
    "manner": "Penanda-rahasia-cara karcis palsu",
    "name": "Penanda-rahasia-nama Citra Ayu",
    "contact": "Penanda-rahasia-kontak 081234567",
    "file": "Penanda-rahasia-isi-berkas",
    "file name": "Penanda-rahasia-nama-berkas",
    "message": "Penanda-rahasia-pesan pelapor",
    "draft": "Penanda-rahasia-konsep belum dikirim",
    "comment": "Penanda-rahasia-komentar petugas",
    "remark": "Penanda-rahasia-catatan petugas",
    "reply": "Penanda-rahasia-jawaban petugas",
    "verification_note": "Penanda-rahasia-verifikasi cukup",
    "review_note": "Penanda-rahasia-telaah berkadar",
    "officer's draft": "Penanda-rahasia-konsep petugas",
}


@dataclass
class Scene:
    """``kept`` are the markers; ``sealed`` the region's case, by id and number; ``code`` the reporter's receipt."""

    database: Database
    folder: Path
    settings: Settings
    clock: FrozenClock
    office: SealedOffice
    stranger: int = 0
    admin: int = 0
    app: Flask = None  # type: ignore[assignment]
    reports: Flask = None  # type: ignore[assignment]
    case_id: int = 0
    number: str = ""
    code: str = ""
    draft_code: str = ""
    cookie: str = ""
    sheets: tuple[str, ...] = ()
    began: float = field(default_factory=time.time)
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.folder / "alur.log"

    @contextmanager
    def working(self, name: str) -> Iterator[Session]:
        """A transaction with that person's key at hand, committed."""
        with self.database.writing.begin() as session:
            hold(session, Keyring(officer(self.ids[name]), self.office.pairs[name]))
            yield session

    def act(self, name: str, action: str, said: str = "", **answers: Any) -> None:
        with self.working(name) as session:
            done = fire(
                session, self.case_id, Command(action, self.ids[name], comment=said, answers=answers), now=self.clock()
            )
            assert isinstance(done, Fired), (name, action, done)

    def reporter(self, region: str = HERE) -> Reporter:
        """A browser before the reporters' pages whose every request carries what must leave no trace."""
        client = self.reports.test_client()
        client.environ_base.update(
            {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in TRACES.items()}
            | {"REMOTE_ADDR": ADDRESS}
        )
        return Reporter(client, region)

    def browser(self, name: str | None, *, is_open: bool = True) -> Browser:
        """Somebody's browser at the office, signed in, with their key open."""
        browser = Browser(self.app.test_client())
        if name is None:
            return browser
        person_id = self.ids[name]
        with self.database.writing.begin() as session:
            token = sessions.open_session(session, person_id, browser="Tes", network="127.0.0.0/24", now=self.clock())
            if is_open and name in self.office.pairs:
                place = Context("session", officer(person_id), "private-key")
                key = labelled(token.encode(), b"alur session key")
                sessions.keep_key(
                    session, sessions.token_hash(token), wrap(key, self.office.pairs[name].private, place), self.clock()
                )
        browser.set_cookie("alur", token)
        return browser


def build(database: Database, url: str, folder: Path) -> Scene:
    """The installation, with its logs in ``folder``."""
    settings = Settings(
        environment="test", secret_key=SECRET_KEY, receipt_pepper=PEPPER, files_dir=folder / "files",
        sealed_dir=folder / "sealed", cache_dir=folder / "cache", database_url=url,
    )  # fmt: skip
    clock, photo = (
        FrozenClock(BEGINNING),
        _photo(),
    )  # made before: the library that makes it tells its log what is in it
    with _logged(folder / "alur.log"):
        with database.writing.begin() as session:
            office = a_sealed_office(session, BEGINNING, HERE)
            a_stranger = a_sealed_office(session, BEGINNING, OTHER)
            scene = Scene(database, folder, settings, clock, office)
            scene.ids = {name: person.id for name, person in office.people.items()}
            scene.stranger = scene.ids["stranger"] = a_stranger.people["irma"].id
            admin = a_person(session, office.units["top"], "Admin")
            scene.admin = scene.ids["admin"] = admin.id
            scene.sheets = _keys(session, office, a_stranger, admin.id)
            for name, person in {**office.people, "admin": admin, "stranger": a_stranger.people["irma"]}.items():
                an_account(session, person, name, is_admin=name == "admin")
            office.pairs["stranger"] = a_stranger.pairs["irma"]
        scene.app = create_app(settings, database=database, clock=clock)
        scene.reports = create_reporting_app(settings, database=database, clock=clock)
        _report(scene, photo)
        _leave_a_draft(scene)
        _handle(scene)
    return scene


def _keys(session: Session, *offices: Any) -> tuple[str, ...]:
    """A ceremony in each region, and everybody's pair under their password."""
    *regions, admin = offices
    sheets: tuple[str, ...] = ()
    for office in regions:
        held = hold_ceremony(
            session, office.region.id, 2, 3, seen=escrow_state(session, office.region.id).public, old_sheets=(),
            are_old_lost=False, by=admin, now=BEGINNING,
        )  # fmt: skip
        sheets = sheets or held.sheets
        public = escrow_of(session, office.region.id)
        for name, person in office.people.items():
            owner = Owner(office.region.key, str(person.id))
            pair, kept = officer_keys.new_officer_keys(owner, PASSWORD, public, cost=cost_today())
            office.pairs[name] = pair
            _keep(session, person.id, kept, pair, public)
    return sheets


def _keep(session: Session, person_id: int, kept: OfficerKeys, pair: KeyPair, escrow: bytes) -> None:
    row = session.get_one(OfficerKey, person_id)
    row.public, row.by_password, row.by_escrow = pair.public, kept.by_password, kept.by_escrow
    row.escrow_public = escrow
    session.flush()


def _report(scene: Scene, photo: bytes) -> None:
    """By HTTP, in confidence, with a picture; the code proven; then a message from another browser."""
    reporter = scene.reporter()
    reporter.get("way")
    reporter.follow(reporter.post("way", {"way": "confidential"}))
    reporter.get("who")
    reporter.follow(reporter.post("who", {f"identity.{key}": WRITTEN[key] for key in ("name", "contact")}))
    pages = {
        "what": ("summary",), "where_and_when": ("place", "happened_on"), "who": ("reported_aliases",),
        "why_and_how": ("reason", "manner"),
    }  # fmt: skip
    for page, fields in pages.items():
        reporter.get(f"ask/{page}")
        reporter.follow(reporter.post(f"ask/{page}", {name: WRITTEN[name] for name in fields}))
    reporter.get("ask/evidence")
    reporter.follow(reporter.post("ask/evidence/file", {"file": (io.BytesIO(photo), f"{WRITTEN['file name']}.jpg")}))
    reporter.get("ask/evidence")
    reporter.follow(reporter.post("ask/evidence", {"do": "next"}))
    scene.code = code_of(reporter.follow(reporter.post("send")))
    reporter.get("proof")
    reporter.follow(reporter.post("proof", {"last": scene.code[-4:]}))
    again = scene.reporter()
    again.follow(again.open(scene.code))
    again.follow(again.post("mine/say", {"text": WRITTEN["message"]}))
    scene.cookie = again.cookie() or ""
    with scene.database.reading() as session:
        row = session.connection().exec_driver_sql("SELECT id, number FROM cases WHERE is_sealed").one()
        scene.case_id, scene.number = row
    scene.office.case_id, scene.office.number = scene.case_id, scene.number


def _leave_a_draft(scene: Scene) -> None:
    """Another reporter who takes a code and goes on later."""
    other = scene.reporter()
    other.begin()
    other.follow(other.post("ask/what", {"summary": WRITTEN["draft"]}))
    answer = other.post("ask/where_and_when", {"place": "", "do": "later"})
    scene.draft_code = code_of(other.follow(answer))


def _handle(scene: Scene) -> None:
    """As far as the disposition, with what officers write on the way."""
    with scene.working("ida") as session:
        comment(session, scene.case_id, scene.ids["ida"], WRITTEN["remark"], scene.clock())
        seal = seal_of(session, scene.case_id)
        say(session, seal, scene.case_id, OFFICE, scene.ids["ida"], WRITTEN["reply"], BEGINNING.date())
    scene.act("ida", "register", WRITTEN["comment"], reported_person=scene.ids["udin"], category="corruption")
    scene.act("vina", "complete", verification_note=WRITTEN["verification_note"])
    with scene.working("rani") as session:
        drafts.save(
            session, scene.ids["rani"], drafts.of_case(scene.case_id), form="complaint",
            answers={"review_note": WRITTEN["officer's draft"]}, now=scene.clock(),
        )  # fmt: skip
    with scene.working("irma") as session:
        drafts.save(
            session, scene.ids["irma"], drafts.of_case(scene.case_id), form="complaint", answers={},
            comment=WRITTEN["officer's draft"], now=scene.clock(),
        )  # fmt: skip
    scene.act(
        "rani", "submit_review", review_note=WRITTEN["review_note"], supervisory="supervisory", impact="agency"
    )  # fmt: skip
    scene.browser("irma").get(f"/case/{scene.case_id}")
    with scene.database.writing.begin() as session:
        anchor(session, scene.clock() + timedelta(days=1))  # sealed cases are anchored when their day is over


def _photo() -> bytes:
    picture, out = Image.new("RGB", (80, 60), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = WRITTEN["file"]
    picture.save(out, "JPEG", exif=exif, comment=WRITTEN["file"].encode())
    return out.getvalue()


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Everything any logger says meanwhile, at the finest level there is, in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler, root = logging.FileHandler(path, encoding="utf-8"), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()
