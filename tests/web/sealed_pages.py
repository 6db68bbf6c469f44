"""The inspectorate of ``tests.sealed_office`` behind its pages: browsers whose keys are open, and one sealed case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from config import Settings
from engine.cases.identity_release import ask
from engine.database import Database
from engine.disclosure.declared import Declared, identity_text
from engine.disclosure.keyring import officer
from engine.disclosure.primitives import Context, KeyPair, labelled, wrap
from engine.organisation import sessions
from engine.organisation.models import Person, Region, Unit
from tests.conftest import FrozenClock
from tests.factories import a_person, a_region, an_account
from tests.sealed_office import SealedOffice, a_sealed_office
from tests.web.browser import Browser

NAME = "Citra Ayu Rahasia"
STRANGER = "stranger"  # of another region


@dataclass(frozen=True)
class Kept:
    """What a database file holds, as plain values."""

    region_id: int
    people: Mapping[str, int]
    units: Mapping[str, int]
    pairs: Mapping[str, KeyPair]
    receipt: KeyPair
    case_id: int
    number: str


def build(database: Database, now: datetime) -> Kept:
    """The office, its case at the verification with a name left in confidence, and an administrator and a stranger."""
    with database.writing.begin() as session:
        office = a_sealed_office(session, now)
        office.way, office.identity = Declared("confidential").to_text(), identity_text("confidential", {"name": NAME})
        office.report(reported_person=office.people["udin"].id, reported_aliases=["Bang Jago"])
        assert office.do("ida", "register") is None
        admin = a_person(session, office.units["top"], "Admin")
        stranger = a_person(session, region_id=a_region(session).id, name="Stranger")
        people = {**office.people, "admin": admin, STRANGER: stranger}
        for name, person in people.items():
            an_account(session, person, name, is_admin=name == "admin")
        return Kept(
            office.region.id, {name: person.id for name, person in people.items()},
            {name: unit.id for name, unit in office.units.items()}, office.pairs, office.receipt, office.case_id,
            office.number,
        )  # fmt: skip


@dataclass
class SealedPages:
    """``browser`` signs somebody in; with their key open unless told otherwise."""

    database: Database
    kept: Kept
    app: Flask
    clock: FrozenClock

    def browser(self, name: str, *, is_open: bool = True, language: str = "id") -> Browser:
        person_id = self.kept.people[name]
        with self.database.writing.begin() as session:
            token = sessions.open_session(session, person_id, browser="Tes", network="127.0.0.0/24", now=self.clock())
            if is_open and name in self.kept.pairs:
                place = Context("session", officer(person_id), "private-key")
                key = labelled(token.encode(), b"alur session key")
                sealed = wrap(key, self.kept.pairs[name].private, place)
                sessions.keep_key(session, sessions.token_hash(token), sealed, self.clock())
        browser = Browser(self.app.test_client())
        browser.set_cookie("alur", token)
        if language != "id":
            browser.post("/language", {"language": language})
        return browser

    def do(self, name: str, action: str, comment: str = "", **answers: Any) -> str | None:
        """An act of the case through the engine."""
        with self.database.writing.begin() as session:
            return self.office(session).do(name, action, comment, **answers)

    def ask(self, name: str, motive: str) -> None:
        with self.database.writing.begin() as session:
            office = self.office(session)
            office.at_work(name)
            assert ask(session, self.kept.case_id, self.kept.people[name], motive, self.clock()) is None

    def office(self, session: Any) -> SealedOffice:
        kept = self.kept
        people = {name: session.get_one(Person, person) for name, person in kept.people.items()}
        return SealedOffice(
            session, self.clock(), session.get_one(Region, kept.region_id),
            {name: session.get_one(Unit, unit) for name, unit in kept.units.items()}, people, dict(kept.pairs),
            kept.receipt, kept.case_id, kept.number,
        )  # fmt: skip


def sealed_settings(folder: Path) -> Settings:
    return Settings(
        environment="test", secret_key="k" * 40, receipt_pepper="p" * 40, files_dir=folder / "files",
        sealed_dir=folder / "sealed",
    )  # fmt: skip


def app_of(database: Database, clock: FrozenClock, folder: Path) -> Flask:
    """An application of its own, for what has a server or outlives a test."""
    return create_app(sealed_settings(folder), database=database, clock=clock)


def until_the_report_is_proposed(pages: SealedPages, stops_before: str | None = None) -> None:
    """From the verification through the examination, one witness heard and no expert asked; up to an earlier act, when
    one is named."""
    unit = pages.kept.units["market"]
    team = {"technical_controller": ["tika"], "lead_investigator": ["leo"], "investigator": ["nia", "oka"]}
    acts: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("vina", "complete", {"verification_note": "Lengkap", "unit": unit}),
        ("rani", "submit_review", {"review_note": "Cukup petunjuk", "supervisory": "supervisory", "impact": "agency"}),
        ("irma", "examine", {}),
        ("sam", "draft_letter", {"assign": team, "scope": "Retribusi 2025", "witnesses": ["Pedagang A"]}),
        *((signer, "sign", {}) for signer in ("adi", "sekar", "irma")),
        ("nia", "record", {"item": "Pedagang A", "attachments": 1}),
        ("leo", "note_reply", {"reported_reply": "Ia membantah"}),
        ("oka", "close_file", {}),
        ("leo", "propose_report", {"findings": "Setoran kurang", "outcome": "discipline_medium"}),
    )
    with pages.database.writing.begin() as session:
        office = pages.office(session)
        for name, action, answers in acts:
            if action == stops_before:
                return
            assert office.do(name, action, **answers) is None, action
