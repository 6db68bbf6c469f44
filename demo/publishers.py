"""The two people of the demonstration in whose names it publishes: an administrator, and a supervisor who approves."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from engine.organisation.groups import SUPERVISORS
from engine.organisation.models import Account, Group, GroupMember, Person


class Publishers(NamedTuple):
    """Ids of people; None where the region has nobody of that kind."""

    by: int | None
    approved_by: int | None


def publishers(session: Session, region_id: int | None) -> Publishers:
    """Of this region; for what is published for all, of the first region there is."""
    in_region = true() if region_id is None else Person.region_id == region_id
    people = select(Person.id).where(Person.is_active, in_region).order_by(Person.region_id, Person.id).limit(1)
    admin = people.join(Account, Account.person_id == Person.id).where(Account.is_admin)
    supervisor = (
        people.join(GroupMember, GroupMember.person_id == Person.id)
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.key == SUPERVISORS)
    )
    by = session.scalar(admin)
    return Publishers(by, session.scalar(supervisor.where(Person.id != by)))
