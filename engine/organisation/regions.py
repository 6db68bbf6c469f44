"""Adds regions and keeps their names, time zones and calendars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Holiday, Region
from engine.organisation.recorded import Author, add, begin, change, found, remove

KEY = re.compile(r"[a-z][a-z0-9_]*")


def add_region(session: Session, *, key: str, name: str, author: Author, timezone: str = "Asia/Jakarta") -> Region:
    """A new region; its key names the folder of its overlays. Raises Unacceptable."""
    if not KEY.fullmatch(key):
        raise Unacceptable(
            "Kode daerah memakai huruf kecil, angka dan garis bawah.",
            "A region's key has small letters, digits and underscores.",
            "key",
        )
    if session.scalar(select(Region.id).where(Region.key == key)) is not None:
        raise Unacceptable(f"Kode daerah '{key}' sudah dipakai.", f"The region key '{key}' is taken.", "key")
    region = Region(key=key, name=_name(name), timezone=_zone(timezone))
    session.add(region)
    session.flush()
    return add(session, region, region.id, "region_added", author)


def change_region(session: Session, region_id: int, *, name: str, timezone: str, author: Author) -> Region:
    """A new name or IANA time zone; the key stays. Raises Unacceptable, NotFound."""
    begin(session, region_id, author)
    region = found(session, Region, region_id)
    change(session, region, region.id, "region_changed", author, {"name": _name(name), "timezone": _zone(timezone)})
    return region


def set_letterhead(session: Session, region_id: int, settings: Mapping[str, Any], *, author: Author) -> Region:
    """What documents and mails of the region say of it: government, address, seat, agreement_texts, quiet hours."""
    begin(session, region_id, author)
    region = found(session, Region, region_id)
    change(session, region, region.id, "region_changed", author, {"settings": {**(region.settings or {}), **settings}})
    return region


def region_called(session: Session, key: str) -> Region:
    """The region with this key. Raises NotFound."""
    region = session.scalars(select(Region).where(Region.key == key)).one_or_none()
    if region is None:
        raise NotFound(f"There is no region '{key}'.")
    return region


def set_holiday(
    session: Session, region_id: int, on_date: date, title: str, *, author: Author, is_off: bool = True
) -> Holiday:
    """That day is off (or, ``is_off`` False, a working day although the nation has it off)."""
    begin(session, region_id, author)
    if not title.strip():
        raise Unacceptable("Hari libur perlu nama.", "A holiday needs a title.", "title")
    values = {"title": title.strip(), "is_off": is_off}
    holiday = session.get(Holiday, (region_id, on_date))
    if holiday is None:
        holiday = Holiday(region_id=region_id, on_date=on_date, **values)
        return add(session, holiday, region_id, "holiday_set", author)
    change(session, holiday, region_id, "holiday_set", author, values)
    return holiday


def remove_holiday(session: Session, region_id: int, on_date: date, *, author: Author) -> None:
    """That day is again what the national calendar says. Raises NotFound."""
    begin(session, region_id, author)
    remove(session, found(session, Holiday, (region_id, on_date)), region_id, "holiday_removed", author)


def _name(name: str) -> str:
    if not name.strip():
        raise Unacceptable("Daerah perlu nama.", "A region needs a name.", "name")
    return name.strip()


def _zone(timezone: str) -> str:
    try:
        return ZoneInfo(timezone).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Unacceptable("Zona waktu tidak dikenal.", "Unknown time zone.", "timezone") from error
