"""Who of a region has a key, and what is not as it must be: names, days and numbers of cases, never their content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.disclosure.case_keys import Kind
from engine.disclosure.keyring import officer
from engine.disclosure.last_copies import count_of, last_copies
from engine.disclosure.models import CaseKey, DisclosureRegion, OfficerKey
from engine.organisation.models import Account, Person, SecondFactor


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One person. ``roles`` are those they would need a key for (empty when none), ``cases`` how many it opens;
    ``is_out_of_reach``: the password was set by somebody else; ``waits``: their second copy is for an older escrow;
    ``alone`` is how many cases this key alone opens."""

    person_id: int
    name: str
    username: str
    is_active: bool
    has_key: bool
    is_out_of_reach: bool
    has_factor: bool
    waits: bool
    made_at: datetime | None
    cases: int
    alone: int
    roles: tuple[str, ...] = ()


def key_lines(session: Session, region_id: int, roles: Mapping[int, Iterable[str]] | None = None) -> list[KeyLine]:
    """Everybody of the region who has a key, and those of ``roles`` (person -> titles) who should; by name."""
    needed = {person_id: tuple(titles) for person_id, titles in (roles or {}).items()}
    region = session.get(DisclosureRegion, region_id)
    cases = _cases(session, region_id)
    query = (
        select(Person, Account, OfficerKey, SecondFactor.confirmed_at)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(OfficerKey, OfficerKey.person_id == Person.id)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Person.region_id == region_id, or_(OfficerKey.person_id.is_not(None), Person.id.in_(needed)))
        .order_by(Person.name, Person.id)
    )
    return [
        KeyLine(
            person_id=person.id, name=person.name, username="" if account is None else account.username,
            is_active=person.is_active, has_key=key is not None,
            is_out_of_reach=bool(key and account and account.password_changed_at > key.changed_at),
            has_factor=confirmed_at is not None,
            waits=key is not None and region is not None and region.escrow_public not in (None, key.escrow_public),
            made_at=None if key is None else key.made_at, cases=cases.get(officer(person.id), 0),
            alone=0 if key is None else count_of(last_copies(session, person.id)),
            roles=needed.get(person.id, ()),
        )
        for person, account, key, confirmed_at in session.execute(query)
    ]  # fmt: skip


def _cases(session: Session, region_id: int) -> dict[str, int]:
    people = select(OfficerKey.person_id).where(OfficerKey.region_id == region_id)
    holders = [officer(person_id) for person_id in session.scalars(people)]
    rows = session.execute(
        select(CaseKey.holder, func.count())
        .where(CaseKey.holder.in_(holders), CaseKey.kind == Kind.CONTENT)
        .group_by(CaseKey.holder)
    )
    return {str(holder): int(count) for holder, count in rows}
