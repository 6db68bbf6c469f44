"""Counts every change of an organisation, so that nobody keeps working with an old picture of it.

A listener does it, not each function: whatever writes these tables through a session, an administration page
included, cannot forget.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, event, select, update
from sqlalchemy.orm import Session

from engine.organisation.models import (
    Delegation,
    Group,
    GroupMember,
    Holder,
    Holiday,
    Person,
    Position,
    Region,
    Unit,
    UnitParent,
)

_CHANGED = "organisation_changed_in"
_REGIONS = Region.__table__
# Made once: it runs with every flush, and to make it takes longer than to run it.
_COUNT: Any = (
    update(_REGIONS)  # type: ignore[arg-type]
    .where(_REGIONS.c.id == bindparam("changed"))
    .values(organisation_revision=_REGIONS.c.organisation_revision + 1)
)
_OF_A_REGION = (Unit, Person, Position, Group, Delegation, Holiday)
_OWNED: dict[type, tuple[type[Any], str]] = {
    Holder: (Position, "position_id"),
    GroupMember: (Group, "group_id"),
    UnitParent: (Unit, "unit_id"),
}


def lock_organisation(session: Session, region_id: int) -> None:
    """Let nobody else change this region's organisation until this transaction ends: checks of periods then hold."""
    locked = select(Region.id).where(Region.id == region_id).with_for_update(key_share=True)
    session.execute(locked).one()


def has_changes(session: Session, region_id: int) -> bool:
    """Whether this session itself changed the region's organisation; others may not see that yet, or never."""
    return region_id in session.info.get(_CHANGED, ())


@event.listens_for(Session, "before_flush")
def _count_changes(session: Session, context: Any, instances: Any) -> None:  # noqa: ARG001
    regions: set[int] = set()
    for row in (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))):
        region_id = _region_of(session, row)
        if region_id is not None:
            regions.add(region_id)
    for region_id in sorted(regions):
        session.connection().execute(_COUNT, {"changed": region_id})
        session.info.setdefault(_CHANGED, set()).add(region_id)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _all_may_see(session: Session) -> None:
    session.info.pop(_CHANGED, None)


def _region_of(session: Session, row: Any) -> int | None:
    if isinstance(row, _OF_A_REGION):
        return row.region_id
    if isinstance(row, Region):
        return row.id  # None while it is new
    owner = _OWNED.get(type(row))
    if owner is None:
        return None
    model, column = owner
    found = session.get(model, getattr(row, column))
    return None if found is None else found.region_id
