"""Whom and what the options of ``flask sakip`` name. A name nobody has is a matter of usage: exit 2, always."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.console import USAGE, leave
from engine.clock import system_clock
from engine.errors import NotFound
from engine.organisation.accounts import person_called
from engine.organisation.models import Person, Region, Unit
from engine.organisation.regions import region_called


def region_meant(session: Session, key: str | None) -> Region:
    """The region of ``--region``, or the only one there is; ends the command where there is none, or several."""
    if key is not None:
        return region_named(session, key)
    found = session.scalars(select(Region).limit(2)).all()
    if len(found) != 1:
        leave(USAGE, "Say which region: --region KEY.")
    return found[0]


def region_named(session: Session, key: str) -> Region:
    """The region with this key; ends the command where there is none."""
    try:
        return region_called(session, key)
    except NotFound as missing:
        leave(USAGE, str(missing))


def unit_named(session: Session, region_id: int, key: str | None) -> Unit | None:
    """The unit of ``--unit`` in the region, None without one; ends the command where there is none."""
    if key is None:
        return None
    unit = session.scalar(select(Unit).where(Unit.region_id == region_id, Unit.key == key))
    if unit is None:
        leave(USAGE, f"There is no unit '{key}' in this region.")
    return unit


def person_named(session: Session, username: str, region_id: int | None = None) -> Person:
    """The person behind an account's name, of the region where one is given; ends the command where there is none."""
    try:
        person = person_called(session, username)
    except NotFound as missing:
        leave(USAGE, str(missing))
    if region_id is not None and person.region_id != region_id:
        leave(USAGE, f"There is no account '{username}' in this region.")
    return person


def day_meant(region: Region, on: datetime | None, year: int | None) -> date:
    """The day of ``--on``; without one today where the region is, or the day of ``--year`` that is nearest to it."""
    if on is not None:
        return on.date()
    today = system_clock().astimezone(ZoneInfo(region.timezone)).date()
    return today if year is None else min(max(today, date(year, 1, 1)), date(year, 12, 31))
