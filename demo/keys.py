"""The demonstration's key ceremonies, and keys for everybody who handles complaints in two of its regions.

The pairs are wrapped by a cheap hash, so that the demonstration is built in seconds; each person's first sign-in
renews it at the full cost. The sheets are kept nowhere, as ever: who wants some holds a ceremony.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.accounts import PASSWORD
from engine.disclosure import officer_keys
from engine.disclosure.budget import MIB
from engine.disclosure.ceremony import hold_ceremony
from engine.disclosure.officers import add_key, escrow_of, owner_of
from engine.disclosure.primitives import Cost, KeyPair
from engine.organisation.models import Account, Group, GroupMember, Holder, Person, Position
from engine.organisation.regions import region_called

REGIONS = ("kab_contoh", "kota_tanjungbalai")
GROUPS = (
    "complaint_intake", "complaint_verifiers", "complaint_reviewers", "supervisors", "inspectorate_administration",
    "investigators", "outside_inspectorate", "custodians",
)  # fmt: skip
NEEDED, CUSTODIANS = 2, 3
CHEAP = Cost(1, 8 * MIB)
Pairs = Mapping[int, KeyPair]  # by person


def give_keys(session: Session, now: datetime) -> Pairs:
    """The ceremonies, then the keys of inspectors, custodians, and the heads of all units; given back to act with."""
    pairs = {}
    for key in REGIONS:
        region_id = region_called(session, key).id
        hold_ceremony(session, region_id, NEEDED, CUSTODIANS, seen="", by=_administrator(session, region_id), now=now)
        public = escrow_of(session, region_id)
        for person_id in _people(session, region_id):
            owner = owner_of(session, person_id)
            pairs[person_id], kept = officer_keys.new_officer_keys(owner, PASSWORD, public, cost=CHEAP)
            add_key(session, person_id, kept, public, requires_factor=False, by=person_id, now=now)
    return pairs


def _people(session: Session, region_id: int) -> list[int]:
    in_groups = select(GroupMember.person_id).join(Group).where(Group.region_id == region_id, Group.key.in_(GROUPS))
    in_charge = (
        select(Holder.person_id).join(Position).where(Position.region_id == region_id, Position.kind != "staff")
    )  # fmt: skip
    return sorted(set(session.scalars(in_groups)) | set(session.scalars(in_charge)))


def _administrator(session: Session, region_id: int) -> int | None:
    people = select(Person.id).join(Account, Account.person_id == Person.id)
    return session.scalar(people.where(Person.region_id == region_id, Account.is_admin).order_by(Person.id).limit(1))
