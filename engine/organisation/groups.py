"""Changes groups and their members, each with a period."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.organisation.faults import Unacceptable
from engine.organisation.models import Group, GroupMember, Person
from engine.organisation.recorded import Author, add, begin, change, check_period, found, overlaps

SUPERVISORS = "supervisors"  # the region's group that sees every case and every incident


def add_group(session: Session, region_id: int, *, key: str, title: str, author: Author) -> Group:
    """A new group; definitions name it by its key. Raises Unacceptable for a key that is taken."""
    begin(session, region_id, author)
    if not key.strip() or not title.strip():
        raise Unacceptable("Kelompok perlu kode dan nama.", "A group needs a key and a title.", "key")
    if session.scalar(select(Group.id).where(Group.region_id == region_id, Group.key == key)) is not None:
        raise Unacceptable(f"Kode kelompok '{key}' sudah dipakai.", f"The group key '{key}' is taken.", "key")
    return add(
        session, Group(region_id=region_id, key=key.strip(), title=title.strip()), region_id, "group_added", author
    )


def rename_group(session: Session, group_id: int, title: str, *, author: Author) -> Group:
    """A new title; the key stays, because definitions name it."""
    group = _begun(session, group_id, author)
    if not title.strip():
        raise Unacceptable("Kelompok perlu nama.", "A group needs a title.", "title")
    change(session, group, group.region_id, "group_renamed", author, {"title": title.strip()})
    return group


def add_member(
    session: Session,
    group_id: int,
    person_id: int,
    *,
    author: Author,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> GroupMember:
    """A person belongs to the group in that period. Raises Unacceptable when they do already, NotFound."""
    group = _begun(session, group_id, author)
    person = found(session, Person, person_id, group.region_id)
    check_period(starts_on, ends_on)
    if not person.is_active:
        raise Unacceptable(f"{person.name} tidak aktif.", f"{person.name} is not active.", "person_id")
    present = select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.person_id == person.id)
    for row in session.scalars(present):
        if overlaps((starts_on, ends_on), (row.starts_on, row.ends_on)):
            raise Unacceptable(
                f"{person.name} sudah menjadi anggota.", f"{person.name} is a member already.", "person_id"
            )
    member = GroupMember(group_id=group.id, person_id=person.id, starts_on=starts_on, ends_on=ends_on)
    return add(session, member, group.region_id, "member_added", author)


def end_membership(session: Session, member_id: int, *, on: date, author: Author) -> GroupMember:
    """``on`` is the membership's last day."""
    member = found(session, GroupMember, member_id)
    group = _begun(session, member.group_id, author)
    member = found(session, GroupMember, member_id)
    check_period(member.starts_on, on)
    change(session, member, group.region_id, "membership_ended", author, {"ends_on": on})
    return member


def _begun(session: Session, group_id: int, author: Author) -> Group:
    group = found(session, Group, group_id)
    begin(session, group.region_id, author)
    return found(session, Group, group_id)
