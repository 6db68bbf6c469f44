"""A small agency with everybody the shipped performance agreement asks for, and its definition published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.fire import Fired, fire
from engine.cases.open import Opened, open_case
from engine.changes import Refusal
from engine.facts import Command
from engine.organisation.models import Person, Region, Unit
from engine.publishing.publish import publish
from engine.vocabulary import load
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit

ROOT = Path(__file__).parent.parent
FILES = ("workflows/performance_agreement.yaml", "forms_config/performance_agreement.yaml")

ANSWERS: Mapping[str, Any] = {
    "period": 2026,
    "level": "individual",
    "stage": "original",
    "first_party_name": "Sari Wulandari",
    "first_party_capacity": "definitive",
    "first_party_position": "Analis Informasi Publik",
    "second_party_name": "Fitri Handayani",
    "second_party_capacity": "definitive",
    "second_party_position": "Kepala Dinas Komunikasi dan Informatika",
    "goals": [
        {
            "code": "S1",
            "statement": "Meningkatnya kualitas komunikasi publik",
            "indicators": [
                {"code": "S1.1", "statement": "Indeks Keterbukaan Informasi Publik", "unit": "index", "target": 70,
                 "weight": 60, "consolidation": "last"},
                {"code": "S1.2", "statement": "Permohonan informasi dijawab tepat waktu", "unit": "percent",
                 "target": 95, "weight": 40, "consolidation": "average"},
            ],
        }
    ],
    "programmes": [
        {"code": "2.16.02", "name": "Pengelolaan Informasi dan Komunikasi Publik", "supports": "S1", "source": "apbd",
         "budget": 2721236800}
    ],
}  # fmt: skip

ROAD = (  # from the draft to in force: who does what
    ("sari", "submit"), ("budi", "approve"), ("dewi", "approve"), ("gita", "approve"), ("indra", "approve"),
    ("eko", "approve"), ("sari", "sign"), ("fitri", "sign"),
)  # fmt: skip


@dataclass
class Office:
    """``people`` by first name; ``unit`` is the section the drafter works in."""

    region: Region
    unit: Unit
    units: dict[str, Unit]
    people: dict[str, Person]
    positions: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError as error:
            raise AttributeError(name) from error

    def open(self, session: Session, now: datetime, **answers: Any) -> Opened:
        """An agreement drafted by Sari, with the answers of ``ANSWERS``."""
        opened = open_case(
            session,
            region_id=self.region.id,
            case_type="performance_agreement",
            person_id=self.people["sari"].id,
            answers={**ANSWERS, **answers},
            now=now,
        )
        assert isinstance(opened, Opened), opened
        return opened

    def act(self, session: Session, case_id: int, who: str, action: str, now: datetime, **values: Any) -> Fired:
        """What ``who`` does; it has to be possible."""
        outcome = self.attempt(session, case_id, who, action, now, **values)
        assert isinstance(outcome, Fired), outcome
        return outcome

    def attempt(
        self, session: Session, case_id: int, who: str, action: str, now: datetime, **values: Any
    ) -> Fired | Refusal:
        return fire(session, case_id, Command(action, self.people[who].id, **values), now=now)


def an_office(session: Session, now: datetime, key: str | None = None) -> Office:
    """Sari drafts; Budi, Dewi, Eko and Fitri are above her; Gita, Hadi and Indra are the bureaus."""
    region = a_region(session, key)
    top = a_unit(session, region, "region")
    agency = a_unit(session, region, "agency", top)
    division = a_unit(session, region, "division", agency)
    section = a_unit(session, region, "section", division)
    people = {
        name: a_person(session, unit, name.capitalize())
        for name, unit in (
            ("sari", section), ("budi", section), ("dewi", division), ("eko", agency), ("fitri", agency),
            ("gatot", top), ("gita", top), ("hadi", top), ("indra", top), ("joko", agency), ("wati", agency),
        )
    }  # fmt: skip
    office = Office(region, section, {"top": top, "agency": agency, "division": division, "section": section}, people)
    for name, unit, kind in (
        ("gatot", top, "head"), ("fitri", agency, "head"), ("eko", agency, "secretary"), ("dewi", division, "head"),
        ("budi", section, "head"),
    ):  # fmt: skip
        office.positions[name] = a_position(session, unit, kind)
        a_holder(session, office.positions[name], people[name])
    for group, name in (("planning", "gita"), ("personnel", "hadi"), ("finance", "indra")):
        a_group(session, region, group, people[name])
    publish_agreement(session, now - timedelta(days=60))
    return office


def publish_agreement(session: Session, now: datetime) -> str:
    """The digest of the shipped performance agreement, published for all regions."""
    files = {path: (ROOT / path).read_text(encoding="utf-8") for path in FILES}
    published = publish(
        session,
        files,
        "performance_agreement",
        reason="Uji",
        by=None,
        region=None,
        vocabulary=load(),
        now=now,
        prove=lambda definition: (),  # its scenarios have their own test
    )
    return published.digest
