"""Changes units: add, rename, move, close. The tree of any day stays readable in ``unit_parents``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.organisation.faults import Unacceptable
from engine.organisation.models import Holder, Person, Position, Unit, UnitParent
from engine.organisation.recorded import Author, add, begin, change, check_period, found

ONE_DAY = timedelta(days=1)


def add_unit(
    session: Session,
    region_id: int,
    *,
    key: str,
    name: str,
    level: str,
    author: Author,
    parent_id: int | None = None,
    valid_from: date | None = None,
) -> Unit:
    """A new unit below ``parent_id`` (None: at the top). Raises Unacceptable for a key that is taken, NotFound."""
    begin(session, region_id, author)
    if not key.strip() or not name.strip():
        raise Unacceptable("Unit perlu kode dan nama.", "A unit needs a key and a name.", "name")
    if session.scalar(select(Unit.id).where(Unit.region_id == region_id, Unit.key == key)) is not None:
        raise Unacceptable(f"Kode unit '{key}' sudah dipakai.", f"The unit key '{key}' is taken.", "key")
    parent = None if parent_id is None else found(session, Unit, parent_id, region_id)
    unit = Unit(
        region_id=region_id, key=key, name=name.strip(), level=level, parent_id=parent_id, valid_from=valid_from
    )  # fmt: skip
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    session.add(UnitParent(unit_id=unit.id, parent_id=parent_id, name=unit.name, starts_on=valid_from))
    return add(session, unit, region_id, "unit_added", author)


def rename_unit(session: Session, unit_id: int, name: str, *, on: date, author: Author) -> Unit:
    """The unit is called ``name`` from that day; earlier days keep the earlier name."""
    unit = _begun(session, unit_id, author)
    if not name.strip():
        raise Unacceptable("Unit perlu nama.", "A unit needs a name.", "name")
    if change(session, unit, unit.region_id, "unit_renamed", author, {"name": name.strip()}):
        _note_place(session, unit, on)
    return unit


def move_unit(session: Session, unit_id: int, parent_id: int | None, *, on: date, author: Author) -> Unit:
    """The unit stands below ``parent_id`` from that day, with everything below it.

    Raises Unacceptable when the new parent lies below the unit itself or is closed, NotFound.
    """
    unit = _begun(session, unit_id, author)
    parent = None if parent_id is None else found(session, Unit, parent_id, unit.region_id)
    if parent is not None and parent.path.startswith(unit.path):
        raise Unacceptable(
            "Unit tidak dapat dipindahkan ke bawah dirinya sendiri.", "A unit cannot stand below itself.", "parent_id"
        )
    if parent is not None and parent.valid_to is not None and parent.valid_to < on:
        raise Unacceptable(f"{parent.name} sudah ditutup.", f"{parent.name} is closed.", "parent_id")
    old_path, new_path = unit.path, f"{parent.path if parent else '/'}{unit.id}/"
    below = session.scalars(select(Unit).where(Unit.region_id == unit.region_id, Unit.path.startswith(old_path)))
    for row in below.all():
        if row is not unit:
            row.path = new_path + row.path.removeprefix(old_path)
    if change(session, unit, unit.region_id, "unit_moved", author, {"parent_id": parent_id, "path": new_path}):
        _note_place(session, unit, on)
    return unit


def close_unit(session: Session, unit_id: int, *, on: date, author: Author) -> Unit:
    """``on`` is the unit's last day; its positions close with it.

    Raises Unacceptable while it still has open units below, people, or holders beyond that day.
    """
    unit = _begun(session, unit_id, author)
    check_period(unit.valid_from, on)
    _refuse_while_in_use(session, unit, on)
    positions = session.scalars(
        select(Position).where(Position.unit_id == unit.id, or_(Position.valid_to.is_(None), Position.valid_to > on))
    )
    for position in positions.all():
        change(session, position, unit.region_id, "position_closed", author, {"valid_to": on})
    change(session, unit, unit.region_id, "unit_closed", author, {"valid_to": on})
    return unit


def units_on(session: Session, region_id: int, day: date) -> Sequence[tuple[int, int | None, str]]:
    """The tree as it stood on that day: (unit, parent or None, name as it was), by unit."""
    places = (
        select(UnitParent.unit_id, UnitParent.parent_id, UnitParent.name)
        .join(Unit, Unit.id == UnitParent.unit_id)
        .where(
            Unit.region_id == region_id,
            or_(UnitParent.starts_on.is_(None), UnitParent.starts_on <= day),
            or_(UnitParent.ends_on.is_(None), UnitParent.ends_on >= day),
            or_(Unit.valid_from.is_(None), Unit.valid_from <= day),
            or_(Unit.valid_to.is_(None), Unit.valid_to >= day),
        )
        .order_by(UnitParent.unit_id)
    )
    return [(unit_id, parent_id, name) for unit_id, parent_id, name in session.execute(places)]


def _begun(session: Session, unit_id: int, author: Author) -> Unit:
    unit = found(session, Unit, unit_id)
    begin(session, unit.region_id, author)
    return found(session, Unit, unit_id)


def _note_place(session: Session, unit: Unit, on: date) -> None:
    """End the unit's present place and name the day before, and begin the new ones."""
    last = session.scalars(
        select(UnitParent).where(UnitParent.unit_id == unit.id, UnitParent.ends_on.is_(None))
    ).one_or_none()
    if last is not None and last.starts_on is not None and last.starts_on >= on:
        last.parent_id, last.name = unit.parent_id, unit.name  # a second change on the same day
        return
    if last is not None:
        last.ends_on = on - ONE_DAY
    session.add(UnitParent(unit_id=unit.id, parent_id=unit.parent_id, name=unit.name, starts_on=on))
    session.flush()


def _refuse_while_in_use(session: Session, unit: Unit, on: date) -> None:
    below = select(Unit.id).where(Unit.parent_id == unit.id, or_(Unit.valid_to.is_(None), Unit.valid_to > on))
    if session.scalar(below.limit(1)) is not None:
        raise Unacceptable("Masih ada unit di bawahnya.", "There are still units below it.")
    if session.scalar(select(Person.id).where(Person.unit_id == unit.id, Person.is_active).limit(1)) is not None:
        raise Unacceptable("Masih ada pegawai di unit ini.", "There are still people in this unit.")
    held = select(Holder.id).join(Position, Position.id == Holder.position_id)
    held = held.where(Position.unit_id == unit.id, or_(Holder.ends_on.is_(None), Holder.ends_on > on))
    if session.scalar(held.limit(1)) is not None:
        raise Unacceptable("Masih ada pemangku jabatan di unit ini.", "Positions in this unit are still held.")
