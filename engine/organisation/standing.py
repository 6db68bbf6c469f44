"""Who stands for an audience, and since when and until when: holders, Plt and Plh, members, and their delegates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.facts import Audience, PersonId, Seat
from engine.organisation.snapshot import Holding, Mandate, Organisation, PositionRow, UnitRow

Period = tuple[date | None, date | None]  # first and last day, both inclusive; None is open

STAND_IN_KINDS: dict[str, str | None] = {
    "definitif": None,
    "pj": None,  # a Penjabat has the full powers of the office
    "plt": "acting_official",
    "plh": "daily_executor",
}


def covers(period: Period, day: date) -> bool:
    """Whether a day lies in the period."""
    starts_on, ends_on = period
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)


def is_valid(row: UnitRow | PositionRow, day: date) -> bool:
    """Whether a unit or position exists on that day."""
    return covers((row.valid_from, row.valid_to), day)


def number(value: Any) -> int:
    """An id as the store keeps it; -1, which nothing has, for what is no number."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return -1


def is_active(org: Organisation, person: PersonId) -> bool:
    """Whether the region has this person, at work."""
    row = org.people.get(number(person))
    return row is not None and row.is_active


def held(org: Organisation, person: int, day: date) -> list[Holding]:
    """The positions a person sits in on that day, in whatever kind."""
    return [
        holding
        for holding in org.held.get(person, ())
        if covers((holding.starts_on, holding.ends_on), day) and is_valid(org.positions[holding.position], day)
    ]


def standing(org: Organisation, audience: Audience, day: date) -> Iterator[tuple[Seat, Period]]:
    """Every seat there ever was for the audience, with its period; delegates only of those in own right that day."""
    if audience.kind == "position":
        yield from _position_seats(org, audience, day)
    elif audience.kind == "group":
        for member in org.members.get(audience.key, ()):
            period = (member.starts_on, member.ends_on)
            yield Seat(member.person), period
            if covers(period, day):
                yield from _delegates(org, member.person, audience)
    elif audience.kind == "person" and number(audience.key) in org.people:
        person = number(audience.key)
        yield Seat(person), (None, None)
        yield from _delegates(org, person, audience)


def own_audiences(org: Organisation, person: int, day: date) -> Iterator[tuple[Audience, str | None]]:
    """What a person stands for without a mandate from somebody absent: (audience, kind of stand-in or None)."""
    yield Audience("person", str(person)), None
    for holding in held(org, person, day):
        yield Audience("position", str(holding.position)), STAND_IN_KINDS[holding.kind]
    for member in org.memberships.get(person, ()):
        if covers((member.starts_on, member.ends_on), day):
            yield Audience("group", member.group), None


def reaches(mandate: Mandate, audience: Audience) -> bool:
    """Whether a mandate covers this audience: everything, or the positions it names."""
    if not mandate.positions:
        return True
    return audience.kind == "position" and number(audience.key) in mandate.positions


def _position_seats(org: Organisation, audience: Audience, day: date) -> Iterator[tuple[Seat, Period]]:
    position = org.positions.get(number(audience.key))
    if position is None or not is_valid(position, day):
        return
    for holding in org.holders.get(position.id, ()):
        kind, period = STAND_IN_KINDS[holding.kind], (holding.starts_on, holding.ends_on)
        if kind is None:
            yield Seat(holding.person), period
            if covers(period, day):
                yield from _delegates(org, holding.person, audience)
        else:
            principal = _stood_in_for(org, holding, day) or str(audience)
            yield Seat(holding.person, principal, kind, holding.ends_on, holding.decree), period


def _stood_in_for(org: Organisation, stand_in: Holding, day: date) -> int | None:
    """Whoever holds the place in own right on that day, or on the mandate's last where it has ended."""
    asked = day if stand_in.ends_on is None else min(day, stand_in.ends_on)
    for holding in org.holders.get(stand_in.position, ()):
        in_own_right = STAND_IN_KINDS[holding.kind] is None and holding.person != stand_in.person
        if in_own_right and covers((holding.starts_on, holding.ends_on), asked):
            return holding.person
    return None


def _delegates(org: Organisation, principal: int, audience: Audience) -> Iterator[tuple[Seat, Period]]:
    if not is_active(org, principal):
        return
    for mandate in org.given.get(principal, ()):
        if reaches(mandate, audience):
            seat = Seat(mandate.delegate, principal, mandate.kind, mandate.ends_on, mandate.decree)
            yield seat, (mandate.starts_on, mandate.ends_on)
