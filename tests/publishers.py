"""Two people who may change what is published, where a test publishes for the second time."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.organisation.models import Account, Person, Region
from engine.publishing.approval import is_published
from tests.factories import a_person, a_region, an_account

NAMES = ("Penerbit", "Penyetuju")


class Names(TypedDict):
    """As ``publish`` takes them."""

    by: int | None
    approved_by: int | None


NOBODY = Names(by=None, approved_by=None)


def publishers(session: Session, region_id: int | None = None) -> Names:
    """Two administrators of the region, put there when they are asked for first; of any region without one."""
    home = region_id or session.scalar(select(Region.id).order_by(Region.id).limit(1)) or a_region(session).id
    return Names(by=_administrator(session, home, NAMES[0]), approved_by=_administrator(session, home, NAMES[1]))


def publishers_if_needed(session: Session, case_type: str, region_id: int | None = None) -> Names:
    """Nobody for a first publication, which needs nobody."""
    return publishers(session, region_id) if is_published(session, case_type, region_id) else NOBODY


def _administrator(session: Session, region_id: int, name: str) -> int:
    query = select(Person.id).join(Account, Account.person_id == Person.id)
    known = session.scalar(query.where(Person.region_id == region_id, Person.name == name))
    if known is not None:
        return known
    person = a_person(session, name=name, region_id=region_id)
    an_account(session, person, is_admin=True)
    return person.id
