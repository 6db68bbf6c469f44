"""A custodian vouches for a new key: this person made it, and is to be given cases.

Whoever manages accounts could put a name into an office and make a key in that name. Before the region's first report
the people who prepare it see each other; later no case is sealed for a new key until a custodian, who is no
administrator, has met its owner and compared the key. It is a record as every act of administration is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.record import lock_chain, record
from engine.disclosure.custodians import CUSTODIANS
from engine.disclosure.keyring import held, officer
from engine.disclosure.models import OfficerKey
from engine.disclosure.officers import count_keys_revision, fingerprint_of, publics
from engine.errors import Conflict, KeyNeeded, NotFound
from engine.organisation.directory import snapshot
from engine.organisation.models import Person


@dataclass(frozen=True, slots=True)
class WaitingKey:
    """A key that waits; ``public`` (hexadecimal) names it, ``fingerprint`` is what people compare."""

    person_id: int
    name: str
    public: str
    fingerprint: str
    made_at: datetime


def may_vouch(session: Session, person_id: int, now: datetime) -> bool:
    """Whether this person is a custodian of their region with a key that is vouched for."""
    region_id = session.scalar(select(Person.region_id).where(Person.id == person_id))
    if region_id is None or person_id not in publics(session, [person_id]):
        return False
    return snapshot(session, region_id, now).is_member(person_id, CUSTODIANS, now)


def waiting_keys(session: Session, person_id: int, now: datetime) -> tuple[WaitingKey, ...]:
    """The keys of the region that wait for a custodian, by name. Raises NotFound for anybody else."""
    if not may_vouch(session, person_id, now):
        raise NotFound("There is no such page.")
    region_id = session.scalar(select(Person.region_id).where(Person.id == person_id))
    rows = session.execute(
        select(OfficerKey, Person.name)
        .join(Person, Person.id == OfficerKey.person_id)
        .where(OfficerKey.region_id == region_id, OfficerKey.vouched_at.is_(None), Person.is_active)
        .order_by(Person.name, Person.id)
    )
    return tuple(
        WaitingKey(key.person_id, name, key.public.hex(), fingerprint_of(key.public), key.made_at) for key, name in rows
    )


def vouch(session: Session, person_id: int, *, whose: int, public: str, now: datetime) -> None:
    """``person_id`` vouches for the key ``public`` of ``whose``; holders give it copies from now on.

    Raises NotFound for who may not, one's own key and one that does not wait, KeyNeeded while one's own key is locked,
    Conflict when it is another key by now.
    """
    waiting = {one.person_id: one for one in waiting_keys(session, person_id, now)}
    keyring = held(session)
    if keyring is None or keyring.holder != officer(person_id):
        raise KeyNeeded
    found = waiting.get(whose)
    if found is None or whose == person_id:
        raise NotFound("There is no such key.")
    key = session.get_one(OfficerKey, whose)
    lock_chain(session, key.region_id)
    session.refresh(key)
    if key.public.hex() != public or key.vouched_at is not None:
        raise Conflict("It is another key by now.")
    key.vouched_at, key.vouched_by = now, person_id
    count_keys_revision(session, key.region_id)
    record(
        session, key.region_id, person_id, "officer_key_vouched", f"officer_keys:{whose}", None, {"public": public}, now
    )
