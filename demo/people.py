"""The demonstration's regions, offices and people, added by the functions the administration pages use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from demo.accounts import PASSWORD
from demo.pattern import regional
from engine.organisation import groups, people, positions, regions, units
from engine.organisation.accounts import open_account
from engine.organisation.passwords import hashed
from engine.organisation.recorded import Author

FILE = Path(__file__).with_name("organisation.yaml")
LONG_AGO = date(2022, 1, 3)  # before the first year of performance that is played


@cache
def written() -> Mapping[str, Any]:
    """Regions by key, as plain values: Kabupaten Contoh from its file, then the nine of the pattern."""
    return {**yaml.safe_load(FILE.read_text(encoding="utf-8"))["regions"], **regional()}


def add_everybody(session: Session, now: datetime, regions_named: Collection[str] | None = None) -> None:
    """Add all regions, or only those named; everybody gets an account named by their key in the file."""
    secret = hashed(PASSWORD)
    for key, region in written().items():
        if regions_named is None or key in regions_named:
            _add_region(session, key, region, secret, Author(None, now))


def _add_region(session: Session, key: str, region: Mapping[str, Any], secret: str, author: Author) -> None:
    today = author.now.date()
    row = regions.add_region(session, key=key, name=region["name"], timezone=region["timezone"], author=author)
    regions.set_letterhead(session, row.id, region["settings"], author=author)
    unit_ids = _units(session, row.id, region["units"], author)
    position_ids = _positions(session, unit_ids, region["positions"], author)
    person_ids = _people(session, row.id, key, region, unit_ids, secret, author)
    for holder in region["holders"]:
        positions.appoint(
            session,
            position_ids[holder["position"]],
            person_ids[holder["person"]],
            holder.get("kind", "definitif"),
            starts_on=_day(today, holder["from"]) if "from" in holder else LONG_AGO,
            ends_on=_day(today, holder["to"]) if "to" in holder else None,
            decree_number=holder.get("decree"),
            author=author,
        )
    for group_key, group in region["groups"].items():
        added = groups.add_group(session, row.id, key=group_key, title=group["title"], author=author)
        for member in group["members"]:
            groups.add_member(session, added.id, person_ids[member], author=author)


def _units(session: Session, region_id: int, written: Mapping[str, Any], author: Author) -> dict[str, int]:
    ids: dict[str, int] = {}
    for key, unit in written.items():
        parent = ids[unit["parent"]] if "parent" in unit else None
        added = units.add_unit(
            session, region_id, key=key, name=unit["name"], level=unit["level"], parent_id=parent, author=author
        )
        ids[key] = added.id
    return ids


def _positions(
    session: Session, unit_ids: Mapping[str, int], written: Mapping[str, Any], author: Author
) -> dict[str, int]:
    ids: dict[str, int] = {}
    for key, position in written.items():
        added = positions.add_position(
            session,
            unit_ids[position["unit"]],
            kind=position["kind"],
            title=position["title"],
            superior_id=ids[position["superior"]] if "superior" in position else None,
            is_structural=position["kind"] != "staff",
            author=author,
        )
        ids[key] = added.id
    return ids


def _people(
    session: Session,
    region_id: int,
    region_key: str,
    region: Mapping[str, Any],
    unit_ids: Mapping[str, int],
    secret: str,
    author: Author,
) -> dict[str, int]:
    ids: dict[str, int] = {}
    domain = region_key.replace("_", "-") + ".example"
    for key, person in region["people"].items():
        added = people.add_person(
            session,
            region_id,
            name=person["name"],
            nip=person.get("nip"),
            rank=person.get("rank"),
            email=f"{key}@{domain}",
            unit_id=unit_ids[person["unit"]],
            author=author,
        )
        ids[key] = added.id
        is_admin = key in region.get("administrators", ())
        open_account(session, added.id, key, secret, by=None, now=author.now, is_admin=is_admin, is_demo=True)
    return ids


def _day(today: date, offset: int) -> date:
    return today + timedelta(days=offset)
