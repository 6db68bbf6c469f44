"""A region with its ceremony held, officers who make keys by their passwords, and a sealed case for some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.audit.models import AuditEntry
from engine.cases.models import Case
from engine.database import Database
from engine.disclosure import case_keys, officers, seals, unlocking
from engine.disclosure.case_keys import CaseName, Kind
from engine.disclosure.ceremony import Ceremony, escrow_state, hold_ceremony
from engine.disclosure.keyring import RECEIPT, hold, officer
from engine.disclosure.models import CaseKey
from engine.disclosure.primitives import new_pair
from engine.disclosure.seals import to_text
from engine.errors import KeyNeeded
from engine.organisation import sessions
from engine.organisation.accounts import SignedIn
from engine.publishing.models import DefinitionVersion
from tests.factories import PASSWORD, a_person, a_region, an_account

NAMES = ("ida", "vina", "kiki", "admin")
STORY = "Retribusi pasar dibawa pulang"


@dataclass
class Holders:
    """People by their first names; all sign in with PASSWORD until they change it."""

    database: Database
    region_id: int
    region: str
    people: Mapping[str, int]
    sheets: tuple[str, ...] = ()

    def ceremony(self, now: datetime, *old: str, lost: bool = False, needed: int = 2, custodians: int = 3) -> Ceremony:
        with self.database.writing.begin() as session:
            held = hold_ceremony(
                session, self.region_id, needed, custodians, seen=escrow_state(session, self.region_id).public,
                old_sheets=old, are_old_lost=lost, by=self.people["admin"], now=now,
            )  # fmt: skip
        self.sheets = held.sheets
        return held

    def make_key(self, name: str, now: datetime, *, replaces: bool = False, password: str = PASSWORD) -> None:
        officers.make_key(
            self.database, self.people[name], password, requires_factor=False, replaces=replaces, now=now
        )  # fmt: skip

    def sign_in(self, name: str, now: datetime, password: str = PASSWORD) -> str:
        """The token of a new session."""
        outcome = unlocking.sign_in(
            self.database, name, password, network="10.1.2.3", browser="Tes", now=now
        )  # fmt: skip
        assert isinstance(outcome, SignedIn), outcome
        return outcome.token

    def keyring(self, token: str, now: datetime) -> unlocking.Keyring | None:
        """What a request with this token holds."""
        with self.database.reading() as session:
            visitor = sessions.visitor(session, token, now)
        if visitor is None or visitor.sealed_key is None:
            return None
        return unlocking.keyring_of(visitor.person_id, token, visitor.sealed_key)

    def reads(self, token: str, case_id: int, now: datetime) -> bool:
        """Whether a request with this token reads the case."""
        with self.database.reading() as session:
            hold(session, self.keyring(token, now))
            try:
                return seals.seal_of(session, case_id).unlock("answers", self.locked[case_id]) == STORY
            except KeyNeeded:
                return False

    def seal_a_case(self, now: datetime, *names: str, custodians: tuple[str, ...] = ()) -> int:
        """A case whose content these people open, and whose identity the ``custodians``."""
        with self.database.writing.begin() as session:
            number = f"c-{len(self.locked):06d}"
            case = Case(
                region_id=self.region_id, number=number, case_type="report", digest="d", revision=1, state={},
                title="Laporan", opened_at=now, head_hash="", is_sealed=True,
            )  # fmt: skip
            session.add(case)
            session.flush()
            publics = officers.publics(session, self.people.values())
            of = {name: publics[self.people[name]] for name in (*names, *custodians)}
            name = CaseName(self.region, number)
            keys = case_keys.new_case_keys(
                name,
                {RECEIPT: new_pair().public, **{officer(self.people[one]): of[one] for one in names}},
                {officer(self.people[one]): of[one] for one in custodians} or {"nobody": new_pair().public},
            )
            for kind, copies in ((Kind.CONTENT, keys.sealed_content), (Kind.IDENTITY, keys.sealed_identity)):
                for holder, sealed in copies.items():
                    session.add(CaseKey(case_id=case.id, kind=kind, holder=holder, sealed=to_text(sealed)))
            seal = seals.CaseSeal(name, keys.content)
            self.locked[case.id] = seal.lock("answers", STORY)
            return int(case.id)

    def holders(self, case_id: int) -> list[str]:
        """Who has a copy of the content key."""
        with self.database.reading() as session:
            rows = session.scalars(
                select(CaseKey.holder).where(CaseKey.case_id == case_id, CaseKey.kind == Kind.CONTENT)
            )
            called = {officer(person_id): name for name, person_id in self.people.items()}
            return sorted(called.get(holder, holder) for holder in rows)

    def told(self) -> list[AuditEntry]:
        """What stands on record in the region."""
        with self.database.reading() as session:
            rows = select(AuditEntry).where(AuditEntry.region_id == self.region_id).order_by(AuditEntry.seq)
            return list(session.scalars(rows))

    def __post_init__(self) -> None:
        self.locked: dict[int, str] = {}


def key_holders(database: Database, now: datetime) -> Holders:
    """The people with their accounts; no ceremony was held and nobody has a key."""
    with database.writing.begin() as session:
        region = a_region(session)
        people = {name: a_person(session, region_id=region.id, name=name.capitalize()) for name in NAMES}
        for name, person in people.items():
            an_account(session, person, name, is_admin=name == "admin")
        session.add(
            DefinitionVersion(
                digest="d", case_type="report", number=1, version="1.0.0", title={}, files={}, stored_at=now
            )
        )
        return Holders(database, region.id, region.key, {name: person.id for name, person in people.items()})


def with_keys(database: Database, now: datetime, *names: str) -> Holders:
    """The same after the ceremony; these people have keys."""
    found = key_holders(database, now)
    found.ceremony(now)
    for name in names:
        found.make_key(name, now)
    return found
