"""An inspectorate whose officers hold keys, with the shipped complaint published: sealed cases for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from engine.cases.fire import Fired, fire
from engine.cases.open_sealed import OpenedSealed, open_sealed
from engine.changes import Refusal
from engine.disclosure.days import coarse
from engine.disclosure.keyring import RECEIPT, Keyring, hold, officer
from engine.disclosure.models import OfficerKey
from engine.disclosure.primitives import KeyPair, new_pair
from engine.facts import REPORTER, Command
from engine.organisation.models import Person, Region, Unit
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from engine.vocabulary import load
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit

ROOT = Path(__file__).resolve().parents[1]
COMPLAINT = "complaint_investigation"
GROUPS = {
    "complaint_intake": ("ida",), "complaint_verifiers": ("vina", "vito"), "complaint_reviewers": ("rani",),
    "supervisors": ("sam", "susi"), "inspectorate_administration": ("adi",),
    "investigators": ("tika", "leo", "nia", "oka"), "outside_inspectorate": ("oscar",),
    "custodians": ("kiki", "koko", "kuku"),
}  # fmt: skip
HEADS = {"sekar": "secretary", "irma": "head"}  # of the inspectorate
SECRET = "Retribusi pasar dibawa pulang"


@dataclass
class SealedOffice:
    """People by their first names; ``at_work`` puts somebody's key at hand, as signing in does."""

    session: Session
    now: datetime
    region: Region
    units: Mapping[str, Unit]
    people: Mapping[str, Person]
    pairs: dict[str, KeyPair]
    receipt: KeyPair = field(default_factory=new_pair)
    case_id: int = 0
    number: str = ""
    way: str = '{"way":"anonymous"}'  # as the next report declares it
    identity: str = "{}"

    def at_work(self, name: str | None) -> None:
        """Whose keyring the session holds from now on; ``reporter`` is the receipt's, None nobody's."""
        if name is None:
            hold(self.session, None)
        elif name == REPORTER:
            hold(self.session, Keyring(RECEIPT, self.receipt, at=self.now))
        else:
            hold(self.session, Keyring(officer(self.people[name].id), self.pairs[name]))

    def publish(self, case_type: str = COMPLAINT, pack: str | None = None) -> None:
        """The shipped definition for this region."""
        publish(
            self.session, shipped(case_type, pack), case_type, reason="Uji", by=None, region=self.region.id,
            vocabulary=load(), now=self.now - timedelta(days=1), prove=lambda definition: (),
        )  # fmt: skip

    def report(self, by: str | None = None, case_type: str = COMPLAINT, **answers: Any) -> OpenedSealed | Refusal:
        """A report from outside, or one that an officer writes down."""
        told = {"category": "corruption", "summary": SECRET, **answers}
        opened = open_sealed(
            self.session, region_id=self.region.id, case_type=case_type, answers=told,
            receipt_public=self.receipt.public, declared=self.way, identity=self.identity,
            by=None if by is None else self.people[by].id, now=coarse(self.now, self.zone),
        )  # fmt: skip
        if isinstance(opened, OpenedSealed):
            self.case_id, self.number = opened.case_id, opened.number
        return opened

    @property
    def zone(self) -> Any:
        return ZoneInfo(self.region.timezone)

    def do(
        self, name: str, action: str, comment: str = "", assign: Mapping[str, Any] | None = None, **answers: Any
    ) -> str | None:
        """One act with that person's key; the refusal's code, or None when it was done."""
        self.at_work(name)
        who = REPORTER if name == REPORTER else self.people[name].id
        chosen = {role: tuple(self.people[each].id for each in names) for role, names in (assign or {}).items()}
        files = answers.pop("attachments", 0)
        item = answers.pop("item", None)
        command = Command(
            action, who, comment=comment, answers=answers, assign=chosen, new_attachments=files, item=item
        )
        outcome = fire(self.session, self.case_id, command, now=self.now)
        if isinstance(outcome, Refusal):
            return outcome.code
        assert isinstance(outcome, Fired) and outcome.incident is None, outcome
        return None


@cache
def shipped(case_type: str, pack: str | None) -> Mapping[str, str]:
    """The texts to publish; gathered once, for reading them checks every region's overlay as well."""
    folder = ROOT / "workflows" if pack is None else ROOT / "workflows" / "regions" / pack
    gathered, loaded = gather(folder / f"{case_type}.yaml", ROOT, ROOT / "delivery" / "templates", load())
    assert gathered is not None, loaded.problems
    return MappingProxyType(dict(gathered.files))


def a_sealed_office(session: Session, now: datetime, key: str | None = None, *, publishes: bool = True) -> SealedOffice:
    """The inspectorate, the market office with its head, and everybody's pair of keys."""
    region = a_region(session, key)
    top = a_unit(session, region, "region")
    inspectorate = a_unit(session, region, "inspectorate", parent=top)
    market = a_unit(session, region, "agency", parent=top)
    people = {
        name: a_person(session, inspectorate, name.capitalize())
        for name in (*(name for names in GROUPS.values() for name in names), *HEADS)
    }
    people |= {"wali": a_person(session, top, "Wali"), "umar": a_person(session, market, "Umar"),
               "udin": a_person(session, market, "Udin")}  # fmt: skip
    for group, names in GROUPS.items():
        a_group(session, region, group, *[people[name] for name in names])
    for name, kind in HEADS.items():
        a_holder(session, a_position(session, inspectorate, kind), people[name])
    a_holder(session, a_position(session, top, "head"), people["wali"])
    a_holder(session, a_position(session, market, "head"), people["umar"])
    pairs = {name: new_pair() for name in people}
    for name, pair in pairs.items():
        session.add(a_key_of(people[name], now, pair))
    session.flush()
    office = SealedOffice(
        session, now, region, {"top": top, "inspectorate": inspectorate, "market": market}, people, pairs
    )
    if publishes:
        office.publish()
    return office


def a_key_of(person: Person, now: datetime, pair: KeyPair | None = None) -> OfficerKey:
    """A row of an officer's key whose private half the test has, and no password opens."""
    public = (pair or new_pair()).public
    return OfficerKey(
        person_id=person.id, region_id=person.region_id, public=public, by_password=b"-", by_escrow=b"-",
        escrow_public=b"-", made_at=now, changed_at=now,
        vouched_at=now,
    )  # fmt: skip
