"""Writes a change of the organisation together with its audit entry, old value and new; both or neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.database import Base
from engine.errors import NotFound
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Person, Region
from engine.organisation.revision import lock_organisation

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, and when. ``person_id`` None is the command line, which reaches every region."""

    person_id: int | None
    now: datetime


def begin(session: Session, region_id: int, author: Author) -> None:
    """Start changing a region: nobody else does until this transaction ends, so what is checked stays true.

    Raises NotFound when the author belongs to another region.
    """
    if author.person_id is not None:
        person = session.get(Person, author.person_id)
        if person is None or person.region_id != region_id:
            raise NotFound("There is no such region.")
    lock_organisation(session, region_id)


def local_day(session: Session, region_id: int, author: Author) -> date:
    """The day it is in the region when the author acts."""
    return author.now.astimezone(ZoneInfo(found(session, Region, region_id).timezone)).date()


def found(session: Session, model: type[Row], key: Any, region_id: int | None = None) -> Row:
    """The row, read afresh. Raises NotFound when there is none, or not in ``region_id``."""
    row = session.get(model, key, populate_existing=True)
    if row is None or (region_id is not None and getattr(row, "region_id", region_id) != region_id):
        raise NotFound(f"There is no such entry in {model.__tablename__}.")
    return row


def add(session: Session, row: Row, region_id: int, event: str, author: Author) -> Row:
    """Keep a new row and record all its values."""
    session.add(row)
    session.flush()
    record(session, region_id, author.person_id, event, subject_of(row), None, plain(row), author.now)
    return row


def change(session: Session, row: Base, region_id: int, event: str, author: Author, values: Mapping[str, Any]) -> bool:
    """Give a row new values and record those that differ, old and new. False, and nothing recorded, when none does."""
    old = {name: getattr(row, name) for name in values if getattr(row, name) != values[name]}
    if not old:
        return False
    for name in old:
        setattr(row, name, values[name])
    session.flush()
    told_old = {name: _plain(value) for name, value in old.items()}
    told_new = {name: _plain(values[name]) for name in old}
    record(session, region_id, author.person_id, event, subject_of(row), told_old, told_new, author.now)
    return True


def remove(session: Session, row: Base, region_id: int, event: str, author: Author) -> None:
    """Remove a row that never took effect, and record what it was."""
    subject, old = subject_of(row), plain(row)
    session.delete(row)
    session.flush()
    record(session, region_id, author.person_id, event, subject, old, None, author.now)


def subject_of(row: Base) -> str:
    """How the audit names a row: ``units:12``."""
    return f"{row.__tablename__}:{':'.join(str(_plain(part)) for part in inspect(row).identity or ())}"


def plain(row: Base) -> dict[str, Any]:
    """A row's values as the audit keeps them, without its key and without empty ones."""
    values = {column.key: getattr(row, column.key) for column in inspect(row).mapper.column_attrs}
    return {name: _plain(value) for name, value in values.items() if name != "id" and value is not None}


def check_period(starts_on: date | None, ends_on: date | None) -> None:
    """Raises Unacceptable for a period that ends before it starts."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Unacceptable("Tanggal berakhir mendahului tanggal mulai.", "The last day is before the first.", "ends_on")


def overlaps(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two periods share a day; both ends are inclusive, None is open."""
    first_starts, first_ends = one
    second_starts, second_ends = other
    return (first_starts is None or second_ends is None or first_starts <= second_ends) and (
        second_starts is None or first_ends is None or second_starts <= first_ends
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
