"""Changes positions and who holds them, each with a period; two never hold one place in the same right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.organisation.faults import Unacceptable
from engine.organisation.models import HOLDER_KINDS, Holder, Person, Position, Unit
from engine.organisation.recorded import Author, add, begin, change, check_period, found, local_day, overlaps, remove

OWN_RIGHT = frozenset({"definitif", "pj"})
CHANGEABLE = frozenset({"title", "kind", "superior_position_id", "decision_limit", "is_structural"})


def add_position(
    session: Session,
    unit_id: int,
    *,
    kind: str,
    title: str,
    author: Author,
    superior_id: int | None = None,
    decision_limit: int | None = None,
    is_structural: bool = True,
    valid_from: date | None = None,
) -> Position:
    """A new position in a unit; ``kind`` is the word definitions use. Raises Unacceptable, NotFound."""
    unit = found(session, Unit, unit_id)
    begin(session, unit.region_id, author)
    if not kind.strip() or not title.strip():
        raise Unacceptable("Jabatan perlu jenis dan nama.", "A position needs a kind and a title.", "title")
    if superior_id is not None:
        found(session, Position, superior_id, unit.region_id)
    position = Position(
        region_id=unit.region_id,
        unit_id=unit.id,
        kind=kind.strip(),
        title=title.strip(),
        superior_position_id=superior_id,
        decision_limit=decision_limit,
        is_structural=is_structural,
        valid_from=valid_from,
    )
    return add(session, position, unit.region_id, "position_added", author)


def change_position(session: Session, position_id: int, values: Mapping[str, Any], *, author: Author) -> Position:
    """New values for some of CHANGEABLE. Raises Unacceptable for a line of superiors that runs in a circle."""
    position = _begun(session, position_id, author)
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise Unacceptable(f"Tidak dapat diubah: {sorted(unknown)}", f"Cannot be changed: {sorted(unknown)}")
    superior_id = values.get("superior_position_id")
    if superior_id is not None:
        _refuse_circle(session, position, found(session, Position, superior_id, position.region_id))
    change(session, position, position.region_id, "position_changed", author, values)
    return position


def close_position(session: Session, position_id: int, *, on: date, author: Author) -> Position:
    """``on`` is the position's last day. Raises Unacceptable while somebody holds it beyond that day."""
    position = _begun(session, position_id, author)
    check_period(position.valid_from, on)
    beyond = select(Holder.id).where(Holder.position_id == position.id, _ends_after(on))
    if session.scalar(beyond.limit(1)) is not None:
        raise Unacceptable("Jabatan masih dipangku setelah tanggal itu.", "The position is held beyond that day.")
    change(session, position, position.region_id, "position_closed", author, {"valid_to": on})
    return position


def appoint(
    session: Session,
    position_id: int,
    person_id: int,
    kind: str = "definitif",
    *,
    starts_on: date,
    author: Author,
    ends_on: date | None = None,
    decree_number: str | None = None,
    decree_on: date | None = None,
) -> Holder:
    """A person holds the position from ``starts_on`` to ``ends_on``, both inclusive.

    A structural position has one holder in own right (definitif, pj) at a time and no Plt beside one; Plt and Plh
    need a last day, and there is one of each at a time. Raises Unacceptable saying with whom it collides, NotFound.
    """
    position = _begun(session, position_id, author)
    person = found(session, Person, person_id, position.region_id)
    if kind not in HOLDER_KINDS:
        raise Unacceptable(f"Jenis '{kind}' tidak dikenal.", f"Unknown kind '{kind}'.", "kind")
    if not person.is_active:
        raise Unacceptable(f"{person.name} tidak aktif.", f"{person.name} is not active.", "person_id")
    if kind not in OWN_RIGHT and ends_on is None:
        raise Unacceptable("Plt. dan Plh. perlu tanggal berakhir.", "Plt and Plh need a last day.", "ends_on")
    holder = Holder(
        position_id=position.id,
        person_id=person.id,
        kind=kind,
        decree_number=decree_number,
        decree_on=decree_on,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _check_holding(session, position, holder)
    return add(session, holder, position.region_id, "holder_appointed", author)


def end_holding(session: Session, holder_id: int, *, on: date | None, author: Author) -> Holder | None:
    """``on`` is the holding's new last day (None: open again). One that would end before it began is withdrawn.

    Raises Unacceptable when a longer period collides with somebody else's.
    """
    holder = found(session, Holder, holder_id)
    position = _begun(session, holder.position_id, author)
    holder = found(session, Holder, holder_id)
    if on is not None and holder.starts_on is not None and on < holder.starts_on:
        if holder.starts_on <= local_day(session, position.region_id, author):
            check_period(holder.starts_on, on)  # it took effect: its past stays
        remove(session, holder, position.region_id, "holder_withdrawn", author)
        return None
    if on is None and holder.kind not in OWN_RIGHT:
        raise Unacceptable("Plt. dan Plh. perlu tanggal berakhir.", "Plt and Plh need a last day.", "ends_on")
    longer = Holder(
        id=holder.id,
        position_id=position.id,
        person_id=holder.person_id,
        kind=holder.kind,
        starts_on=holder.starts_on,
        ends_on=on,
    )
    _check_holding(session, position, longer)
    change(session, holder, position.region_id, "holder_ended", author, {"ends_on": on})
    return holder


def _begun(session: Session, position_id: int, author: Author) -> Position:
    position = found(session, Position, position_id)
    begin(session, position.region_id, author)
    return found(session, Position, position_id)


def _ends_after(day: date) -> Any:
    return or_(Holder.ends_on.is_(None), Holder.ends_on > day)


def _check_holding(session: Session, position: Position, wanted: Holder) -> None:
    period = (wanted.starts_on, wanted.ends_on)
    check_period(*period)
    if position.valid_to is not None and (wanted.ends_on is None or wanted.ends_on > position.valid_to):
        raise Unacceptable(
            f"Jabatan ditutup {position.valid_to.isoformat()}.", f"The position closes {position.valid_to.isoformat()}."
        )
    others = session.execute(
        select(Holder, Person.name)
        .join(Person, Person.id == Holder.person_id)
        .where(Holder.position_id == position.id, Holder.id.is_distinct_from(wanted.id))
    )
    for other, name in others:
        if overlaps(period, (other.starts_on, other.ends_on)) and _excludes(position, wanted, other):
            until_id = other.ends_on.isoformat() if other.ends_on else "seterusnya"
            until_en = other.ends_on.isoformat() if other.ends_on else "further notice"
            raise Unacceptable(
                f"{name} sudah memangku jabatan ini ({other.kind}) sampai {until_id}.",
                f"{name} already holds this position ({other.kind}) until {until_en}.",
                "starts_on",
            )


def _excludes(position: Position, one: Holder, other: Holder) -> bool:
    """Whether two holdings may not share a day."""
    if one.person_id == other.person_id:
        return True
    own = (one.kind in OWN_RIGHT) + (other.kind in OWN_RIGHT)
    if own == 2:
        return position.is_structural
    if own == 1:
        return "plt" in (one.kind, other.kind)  # a Plt stands in a vacant place, a Plh for somebody away
    return one.kind == other.kind


def _refuse_circle(session: Session, position: Position, superior: Position) -> None:
    current: Position | None = superior
    while current is not None:
        if current.id == position.id:
            raise Unacceptable(
                "Jabatan tidak dapat menjadi atasannya sendiri.",
                "A position cannot be above itself.",
                "superior_position_id",
            )
        above = current.superior_position_id
        current = None if above is None else session.get(Position, above)
