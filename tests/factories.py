"""Plain functions that put one thing into a database, with everything not named filled in."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from engine.database import Base
from engine.disclosure.primitives import Cost
from engine.organisation.models import (
    Account,
    Delegation,
    Group,
    GroupMember,
    Holder,
    Holiday,
    Person,
    Position,
    Region,
    Unit,
)

_numbers = itertools.count(1)
Row = TypeVar("Row", bound=Base)


def a_region(session: Session, key: str | None = None, **values: Any) -> Region:
    number = next(_numbers)
    region = Region(key=key or f"kab_{number}", name=values.pop("name", f"Kabupaten {number}"), **values)
    return _kept(session, region)


def a_unit(session: Session, region: Region, level: str = "agency", parent: Unit | None = None, **values: Any) -> Unit:
    number = next(_numbers)
    unit = Unit(
        region_id=region.id,
        key=values.pop("key", f"unit_{number}"),
        name=values.pop("name", f"Dinas {number}"),
        level=level,
        parent_id=parent.id if parent else None,
        **values,
    )
    _kept(session, unit)
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return _kept(session, unit)


def a_person(session: Session, unit: Unit | None = None, name: str | None = None, **values: Any) -> Person:
    """Works in ``unit``; without one give ``region_id``."""
    number = next(_numbers)
    region_id = values.pop("region_id", None) or (unit.region_id if unit else None)
    person = Person(
        region_id=region_id,
        unit_id=unit.id if unit else None,
        name=name or f"Pegawai {number}",
        nip=values.pop("nip", f"1980{number:014d}"),
        email=values.pop("email", f"pegawai{number}@daerah.example"),
        **values,
    )
    return _kept(session, person)


PASSWORD = "kata-sandi-uji"
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
CHEAP_COST = Cost(1, 8 * 1024)


def an_account(session: Session, person: Person, username: str | None = None, **values: Any) -> Account:
    """Signs in with PASSWORD."""
    account = Account(
        person_id=person.id,
        username=username or f"pegawai{person.id}",
        password_hash=_cheap_hash(),
        password_changed_at=datetime(2026, 1, 1, tzinfo=UTC),
        **values,
    )
    return _kept(session, account)


@cache
def _cheap_hash() -> str:
    return CHEAP_HASHER.hash(PASSWORD)


def a_position(
    session: Session, unit: Unit, kind: str = "head", superior: Position | None = None, **values: Any
) -> Position:
    position = Position(
        region_id=unit.region_id,
        unit_id=unit.id,
        kind=kind,
        title=values.pop("title", f"{kind.capitalize()} {unit.name}"),
        is_structural=values.pop("is_structural", kind != "staff"),
        superior_position_id=superior.id if superior else None,
        **values,
    )
    return _kept(session, position)


def a_holder(
    session: Session,
    position: Position,
    person: Person,
    kind: str = "definitif",
    starts_on: date | None = None,
    ends_on: date | None = None,
    **values: Any,
) -> Holder:
    holder = Holder(
        position_id=position.id, person_id=person.id, kind=kind, starts_on=starts_on, ends_on=ends_on, **values
    )
    return _kept(session, holder)


def a_group(session: Session, region: Region, key: str, *members: Person, **values: Any) -> Group:
    group = _kept(session, Group(region_id=region.id, key=key, title=values.pop("title", key.capitalize()), **values))
    session.add_all([GroupMember(group_id=group.id, person_id=member.id) for member in members])
    session.flush()
    return group


def a_delegation(
    session: Session,
    principal: Person,
    delegate: Person,
    kind: str = "delegate",
    starts_on: date | None = None,
    ends_on: date | None = None,
    **values: Any,
) -> Delegation:
    delegation = Delegation(
        region_id=principal.region_id,
        principal_id=principal.id,
        delegate_id=delegate.id,
        kind=kind,
        reason=values.pop("reason", "Cuti"),
        starts_on=starts_on,
        ends_on=ends_on,
        **values,
    )
    return _kept(session, delegation)


def a_holiday(session: Session, region: Region, on_date: date, title: str = "Libur", is_off: bool = True) -> Holiday:
    return _kept(session, Holiday(region_id=region.id, on_date=on_date, title=title, is_off=is_off))


def _kept(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
