"""Who may read which tree: the region's own everybody of the region, a unit's its own line (reference §4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases.access import Reader, reader_of
from engine.errors import NotFound
from engine.organisation.models import Region
from engine.organisation.snapshot import UnitRow, organisation
from sakip.configuration.levels import Levels
from sakip.looking import BUREAU_GROUP
from sakip.tree.values import OF_REGION


@dataclass(frozen=True, slots=True)
class TreePlace:
    """One tree: ``name`` as addresses and nodes call it, ``unit_id`` None for the region's own."""

    name: str
    unit_id: int | None
    title: str
    depth: int = 0


def places_of(session: Session, person_id: int, levels: Levels | None, now: datetime) -> tuple[TreePlace, ...]:
    """The trees a person may read, the region's first, then the units' from the top down.

    A unit's tree is read by who works in it or below it, by structural positions in it or above it, and by the
    region's groups ``supervisors`` and ``organisation_bureau``. ``levels`` say which types of unit keep a tree;
    without them only the region's.
    Raises NotFound for somebody who is not there.
    """
    reader = reader_of(session, person_id, now)
    region = TreePlace(OF_REGION, None, session.get_one(Region, reader.region_id).name)
    if levels is None:
        return (region,)
    units = organisation(session, reader.region_id).units
    found = [unit for unit in units.values() if unit.level in levels.subjects and _may_read(reader, unit, now)]
    found.sort(key=lambda unit: (unit.path.count("/"), unit.name, unit.id))
    top = min((unit.path.count("/") for unit in found), default=0)
    return (region, *(_place(unit, top) for unit in found))


def place_called(session: Session, person_id: int, name: str, now: datetime) -> TreePlace:
    """The tree an address names. Raises NotFound for one of another region, and for one this person may not read."""
    reader = reader_of(session, person_id, now)
    if name == OF_REGION:
        return TreePlace(OF_REGION, None, session.get_one(Region, reader.region_id).name)
    unit = organisation(session, reader.region_id).unit_keys.get(name)
    row = None if unit is None else organisation(session, reader.region_id).units[unit]
    if row is None or not _may_read(reader, row, now):
        raise NotFound("There is no such tree.")
    return _place(row, row.path.count("/"))


def _place(unit: UnitRow, top: int) -> TreePlace:
    return TreePlace(unit.key, unit.id, unit.name, unit.path.count("/") - top)


def _may_read(reader: Reader, unit: UnitRow, now: datetime) -> bool:
    if reader.is_supervisor or unit.id in reader.unit_ids:
        return True
    if reader.directory.is_member(reader.person_id, BUREAU_GROUP, now):
        return True
    own = reader.directory.unit(reader.directory.person(reader.person_id).unit)
    return own is not None and own.path.startswith(unit.path)
