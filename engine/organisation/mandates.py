"""Lets a person stand in for another: a delegation, or an absence; and lets it end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Delegation, Person, Position
from engine.organisation.recorded import Author, add, begin, change, check_period, found, local_day, overlaps, remove

KINDS = ("delegate", "out_of_office")


def give_mandate(
    session: Session,
    principal_id: int,
    delegate_id: int,
    kind: str,
    *,
    starts_on: date,
    ends_on: date,
    reason: str,
    author: Author,
    positions: Iterable[int] = (),
    decree_number: str | None = None,
) -> Delegation:
    """``delegate`` acts for ``principal`` from the first to the last day, for all they hold or only ``positions``.

    Raises Unacceptable without a reason, for oneself, or when the same two already have one then; NotFound.
    """
    principal = found(session, Person, principal_id)
    begin(session, principal.region_id, author)
    delegate = found(session, Person, delegate_id, principal.region_id)
    _check(principal, delegate, kind, reason)
    check_period(starts_on, ends_on)
    for row in session.scalars(_between(principal.id, delegate.id)):
        if overlaps((starts_on, ends_on), (row.starts_on, row.ends_on)):
            raise Unacceptable(
                f"{delegate.name} sudah menerima mandat untuk waktu itu.",
                f"{delegate.name} already has a mandate for that time.",
                "starts_on",
            )
    named = sorted(found(session, Position, position, principal.region_id).id for position in positions)
    mandate = Delegation(
        region_id=principal.region_id,
        principal_id=principal.id,
        delegate_id=delegate.id,
        kind=kind,
        scope={"positions": named} if named else {},
        reason=reason.strip(),
        decree_number=decree_number,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return add(session, mandate, principal.region_id, "mandate_given", author)


def end_own_mandate(session: Session, mandate_id: int, *, author: Author) -> None:
    """Who gave a mandate ends it: today is its last day, or it never begins. Raises NotFound for anybody else's."""
    mandate = found(session, Delegation, mandate_id)
    if author.person_id is None or mandate.principal_id != author.person_id:
        raise NotFound("There is no such mandate of yours.")
    today = local_day(session, mandate.region_id, author)
    end_mandate(session, mandate_id, on=today, author=author)


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate that is in force or begins later; ``other`` is the person on the other side."""

    id: int
    other: str
    kind: str
    reason: str
    starts_on: date | None
    ends_on: date | None
    decree_number: str | None


def mandates_of(session: Session, person_id: int, today: date) -> tuple[list[MandateView], list[MandateView]]:
    """What a person has given and received, in force or to come, by their first day."""
    given = _views(session, Delegation.principal_id == person_id, Delegation.delegate_id, today)
    return given, _views(session, Delegation.delegate_id == person_id, Delegation.principal_id, today)


def _views(session: Session, mine: Any, other: Any, today: date) -> list[MandateView]:
    wanted = (
        select(Delegation, Person.name)
        .join(Person, Person.id == other)
        .where(mine, or_(Delegation.ends_on.is_(None), Delegation.ends_on >= today))
        .order_by(Delegation.starts_on, Delegation.id)
    )
    return [
        MandateView(row.id, name, row.kind, row.reason, row.starts_on, row.ends_on, row.decree_number)
        for row, name in session.execute(wanted)
    ]


def end_mandate(session: Session, mandate_id: int, *, on: date, author: Author) -> Delegation | None:
    """``on`` is the mandate's last day; one that has not begun by then is withdrawn."""
    mandate = found(session, Delegation, mandate_id)
    begin(session, mandate.region_id, author)
    mandate = found(session, Delegation, mandate_id)
    if mandate.starts_on is not None and on < mandate.starts_on:
        if mandate.starts_on <= local_day(session, mandate.region_id, author):
            check_period(mandate.starts_on, on)  # it took effect: its past stays
        remove(session, mandate, mandate.region_id, "mandate_withdrawn", author)
        return None
    change(session, mandate, mandate.region_id, "mandate_ended", author, {"ends_on": on})
    return mandate


def _check(principal: Person, delegate: Person, kind: str, reason: str) -> None:
    if kind not in KINDS:
        raise Unacceptable(f"Jenis '{kind}' tidak dikenal.", f"Unknown kind '{kind}'.", "kind")
    if principal.id == delegate.id:
        raise Unacceptable("Mandat perlu dua orang.", "A mandate needs two people.", "delegate_id")
    if not delegate.is_active:
        raise Unacceptable(f"{delegate.name} tidak aktif.", f"{delegate.name} is not active.", "delegate_id")
    if not reason.strip():
        raise Unacceptable("Mandat perlu alasan.", "A mandate needs a reason.", "reason")


def _between(principal_id: int, delegate_id: int) -> Select[Delegation]:
    return select(Delegation).where(Delegation.principal_id == principal_id, Delegation.delegate_id == delegate_id)
