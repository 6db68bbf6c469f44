"""One region's organisation, read whole into plain immutable rows and kept until it changes."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, event, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.organisation import models
from engine.organisation.revision import has_changes


class UnitRow(NamedTuple):
    """A unit; ``path`` holds the ids from the top, ``/1/4/9/``."""

    id: int
    key: str
    name: str
    level: str
    parent_id: int | None
    path: str
    valid_from: date | None
    valid_to: date | None


class PersonRow(NamedTuple):
    id: int
    name: str
    unit_id: int | None
    is_active: bool
    nip: str | None = None


class PositionRow(NamedTuple):
    id: int
    unit_id: int
    kind: str
    title: str
    superior_id: int | None
    limit: int | None
    is_structural: bool
    valid_from: date | None
    valid_to: date | None


class Holding(NamedTuple):
    """``person`` in a position as ``kind``, from ``starts_on`` to ``ends_on``, both inclusive."""

    position: int
    person: int
    kind: str
    decree: str | None
    starts_on: date | None
    ends_on: date | None


class Membership(NamedTuple):
    group: str
    person: int
    starts_on: date | None
    ends_on: date | None


class Mandate(NamedTuple):
    """``delegate`` acts for ``principal`` as ``kind``; ``positions`` narrows it to some, empty means everything."""

    principal: int
    delegate: int
    kind: str
    decree: str | None
    starts_on: date | None
    ends_on: date | None
    positions: frozenset[int]


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everything the directory answers from. Never changed once built, shared by threads."""

    region_id: int
    key: str
    revision: int
    timezone: ZoneInfo
    units: Mapping[int, UnitRow]
    unit_keys: Mapping[str, int]
    people: Mapping[int, PersonRow]
    positions: Mapping[int, PositionRow]
    places: Mapping[tuple[int, str], tuple[int, ...]]  # (unit, kind) -> positions
    holders: Mapping[int, tuple[Holding, ...]]  # by position
    held: Mapping[int, tuple[Holding, ...]]  # by person
    groups: Mapping[str, str]  # key -> title
    members: Mapping[str, tuple[Membership, ...]]  # by group
    memberships: Mapping[int, tuple[Membership, ...]]  # by person
    given: Mapping[int, tuple[Mandate, ...]]  # by principal
    received: Mapping[int, tuple[Mandate, ...]]  # by delegate
    holidays: Mapping[date, bool]
    worked_out: dict[Any, Any] = field(default_factory=dict)  # answers found from the rest, by question and day


_kept: dict[int, Organisation] = {}
_building = threading.Lock()
_SEEN = "organisations_seen"  # what a session sees of its own changes


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_soft_rollback")
def _seen_no_more(session: Session, *_: object) -> None:
    session.info.pop(_SEEN, None)


def organisation(session: Session, region_id: int, revision: int | None = None) -> Organisation:
    """The region's organisation as it is now; read again only when ``organisation_revision`` has moved.

    Whoever has just read that revision (a step does, with its case) passes it on. What this session itself changed
    it keeps for itself, until it ends or takes something back. Raises NotFound.
    """
    is_own = has_changes(session, region_id)
    if revision is None or is_own:
        revision = session.scalar(select(models.Region.organisation_revision).where(models.Region.id == region_id))
    if revision is None:
        raise NotFound("There is no such region.")
    if is_own:
        seen: dict[int, Organisation] = session.info.setdefault(_SEEN, {})
        if region_id not in seen or seen[region_id].revision != revision:
            seen[region_id] = _read(session, region_id, revision)
        return seen[region_id]
    known = _kept.get(region_id)
    if known is None or known.revision != revision:
        with _building:
            known = _kept.get(region_id)
            if known is None or known.revision != revision:
                known = _kept[region_id] = _read(session, region_id, revision)
    return known


def forget() -> None:
    """Drop what is kept: for a process that turns to another database."""
    _kept.clear()


def _read(session: Session, region_id: int, revision: int) -> Organisation:
    region = session.execute(
        select(models.Region.key, models.Region.timezone).where(models.Region.id == region_id)
    ).one()
    units = {row[0]: UnitRow(*row) for row in session.execute(_units(region_id))}
    positions = {row[0]: PositionRow(*row) for row in session.execute(_positions(region_id))}
    holdings = [Holding(*row) for row in session.execute(_holdings(region_id))]
    memberships = [Membership(*row) for row in session.execute(_memberships(region_id))]
    mandates = [_mandate(row) for row in session.execute(_mandates(region_id))]
    groups = select(models.Group.key, models.Group.title).where(models.Group.region_id == region_id)
    holidays = select(models.Holiday.on_date, models.Holiday.is_off).where(models.Holiday.region_id == region_id)
    places = [((row.unit_id, row.kind), row.id) for row in positions.values()]
    return Organisation(
        region_id=region_id,
        key=region.key,
        revision=revision,
        timezone=ZoneInfo(region.timezone),
        units=units,
        unit_keys={unit.key: unit.id for unit in units.values()},
        people={row[0]: PersonRow(*row) for row in session.execute(_people(region_id))},
        positions=positions,
        places=_grouped(places),
        holders=_grouped((row.position, row) for row in holdings),
        held=_grouped((row.person, row) for row in holdings),
        groups=dict(session.execute(groups).all()),
        members=_grouped((row.group, row) for row in memberships),
        memberships=_grouped((row.person, row) for row in memberships),
        given=_grouped((row.principal, row) for row in mandates),
        received=_grouped((row.delegate, row) for row in mandates),
        holidays=dict(session.execute(holidays).all()),
    )


def _units(region_id: int) -> Executable:
    unit = models.Unit
    columns = (unit.id, unit.key, unit.name, unit.level, unit.parent_id, unit.path, unit.valid_from, unit.valid_to)
    return select(*columns).where(unit.region_id == region_id).order_by(unit.id)


def _people(region_id: int) -> Executable:
    person = models.Person
    columns = (person.id, person.name, person.unit_id, person.is_active, person.nip)
    return select(*columns).where(person.region_id == region_id)


def _positions(region_id: int) -> Executable:
    position = models.Position
    return (
        select(
            position.id,
            position.unit_id,
            position.kind,
            position.title,
            position.superior_position_id,
            position.decision_limit,
            position.is_structural,
            position.valid_from,
            position.valid_to,
        )
        .where(position.region_id == region_id)
        .order_by(position.id)
    )


def _holdings(region_id: int) -> Executable:
    holder = models.Holder
    return (
        select(
            holder.position_id,
            holder.person_id,
            holder.kind,
            holder.decree_number,
            holder.starts_on,
            holder.ends_on,
        )
        .join(models.Position, models.Position.id == holder.position_id)
        .where(models.Position.region_id == region_id)
        .order_by(holder.id)
    )


def _memberships(region_id: int) -> Executable:
    member = models.GroupMember
    return (
        select(models.Group.key, member.person_id, member.starts_on, member.ends_on)
        .join(models.Group, models.Group.id == member.group_id)
        .where(models.Group.region_id == region_id)
        .order_by(member.id)
    )


def _mandates(region_id: int) -> Executable:
    mandate = models.Delegation
    return (
        select(
            mandate.principal_id,
            mandate.delegate_id,
            mandate.kind,
            mandate.decree_number,
            mandate.starts_on,
            mandate.ends_on,
            mandate.scope,
        )
        .where(mandate.region_id == region_id)
        .order_by(mandate.id)
    )


def _mandate(row: Any) -> Mandate:
    scope = row[6] or {}
    return Mandate(row[0], row[1], row[2], row[3], row[4], row[5], frozenset(scope.get("positions", ())))


def _grouped(pairs: Any) -> dict[Any, tuple[Any, ...]]:
    lists: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        lists[key].append(value)
    return {key: tuple(values) for key, values in lists.items()}
