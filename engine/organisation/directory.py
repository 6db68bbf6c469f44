"""Who is who in a region, from the store: answers ``facts.Directory`` and what queues and pages ask besides.

Dates are the region's own: a mandate that ends on 30 April ends at midnight there. A period's last day is inclusive.
Somebody who is no longer active holds nothing. Mandates do not chain: a stand-in cannot pass on what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from engine.clock import system_clock
from engine.definitions.model import Role
from engine.facts import REPORTER, Audience, CaseFacts, Person, PersonId, Seat
from engine.organisation.snapshot import Organisation, UnitRow, organisation
from engine.organisation.standing import (
    STAND_IN_KINDS,
    covers,
    held,
    is_active,
    is_valid,
    number,
    own_audiences,
    reaches,
    standing,
)
from engine.organisation.upwards import heads_up, line_above, units_up

MOST_WORKED_OUT = 100_000  # answers kept for one state of an organisation; a day or two of a large one
_OUTSIDE = Audience("person", REPORTER)

OWN_RIGHT, ACTING_OFFICIAL, DAILY_EXECUTOR, DELEGATE, OUT_OF_OFFICE = 1, 2, 4, 8, 16
POWERS: Mapping[str | None, int] = {
    None: OWN_RIGHT,
    "acting_official": ACTING_OFFICIAL,
    "daily_executor": DAILY_EXECUTOR,
    "delegate": DELEGATE,
    "out_of_office": OUT_OF_OFFICE,
}


def snapshot(session: Session, region_id: int, now: datetime | None = None) -> StoreDirectory:
    """The region's directory as its tables are now; cheap while nothing changes. ``now`` dates people's limits."""
    return StoreDirectory(organisation(session, region_id), now or system_clock())


class StoreDirectory:
    """An immutable view on one region's organisation; see ``facts.Directory`` for the questions."""

    __slots__ = ("_now", "_org", "_today", "_worked_out")

    def __init__(self, org: Organisation, now: datetime) -> None:
        self._org = org
        self._now = now
        self._today = now.astimezone(org.timezone).date()
        self._worked_out = org.worked_out
        if len(self._worked_out) > MOST_WORKED_OUT:
            self._worked_out.clear()

    # -- facts.Directory -------------------------------------------------------------------------------------------

    def audiences(self, role: Role, case: CaseFacts) -> tuple[Audience, ...]:
        """The group, or the positions of that kind in the nearest unit of that level.

        Without ``of`` the unit is the case's or the initiator's; when nothing of that level stands above it, every
        unit of that level in the region (an inspectorate stands beside, not above).
        """
        if role.resolve == "group":
            group = role.options["group"]
            return (Audience("group", group),) if group in self._org.groups else ()
        if role.resolve == "position":
            return self._positions_for(role.options, case)
        return ()

    def seats(self, audience: Audience, now: datetime) -> tuple[Seat, ...]:
        """Everybody who may act for it on that day: own right first, then Plt, Plh, delegates, absence stand-ins."""
        if audience == _OUTSIDE:
            return (Seat(REPORTER),)
        day = self.day(now)
        key = (audience, day)
        known: tuple[Seat, ...] | None = self._worked_out.get(key)
        if known is None:
            found = [seat for seat, period in standing(self._org, audience, day) if covers(period, day)]
            found = [seat for seat in found if is_active(self._org, seat.person)]
            known = tuple(sorted(dict.fromkeys(found), key=lambda seat: POWERS.get(seat.kind, 0)))
            self._worked_out[key] = known
        return known

    def ended_mandate(self, audience: Audience, person: PersonId, now: datetime) -> Seat | None:
        """The mandate by which ``person`` stood in for this audience until it ended; the newest of several."""
        day = self.day(now)
        ended = [
            seat
            for seat, (_, ends_on) in standing(self._org, audience, day)
            if seat.person == person and seat.kind is not None and ends_on is not None and ends_on < day
        ]
        return max(ended, key=lambda seat: seat.until or date.min, default=None)

    def person(self, person: PersonId) -> Person:
        """Name, unit, and the highest limit of the positions held in own right on the snapshot's day."""
        key = (person, self._today)
        known: Person | None = self._worked_out.get(key)
        if known is None:
            known = self._worked_out[key] = self._person(person)
        return known

    def superior(self, person: PersonId, now: datetime) -> Audience | None:
        """The filled position one step above. The step is the position's own superior, else the head of the unit,
        else the head of the unit above; places nobody holds that day are stepped over."""
        return next(self._above(person, now, 1), None)

    def line(self, person: PersonId, now: datetime) -> tuple[Audience, ...]:
        """Every filled position above any of the person's, the nearest first."""
        return tuple(dict.fromkeys(self._above(person, now, None)))

    def _above(self, person: PersonId, now: datetime, most: int | None) -> Iterator[Audience]:
        row, day = self._org.people.get(number(person)), self.day(now)
        seats = held(self._org, number(person), day)
        seats.sort(key=lambda holding: POWERS[STAND_IN_KINDS[holding.kind]])
        lines = [line_above(self._org, self._org.positions[seat.position], day) for seat in seats[:most]]
        for position in chain(*lines or [heads_up(self._org, row.unit_id if row else None, day)]):
            if any(seat.person != number(person) for seat in self.seats(Audience("position", str(position.id)), now)):
                yield Audience("position", str(position.id))

    def title(self, audience: Audience, language: str) -> str:
        """A person's name, a position's or a group's title, kept in one language; the key for what is not known
        here."""
        if audience == _OUTSIDE:
            return "Pelapor" if language == "id" else "The reporter"
        if audience.kind == "group":
            return self._org.groups.get(audience.key, audience.key)
        identity = number(audience.key)
        if audience.kind == "person" and identity in self._org.people:
            return self._org.people[identity].name
        if audience.kind == "position" and identity in self._org.positions:
            return self._org.positions[identity].title
        return audience.key

    # -- what queues, access and pages ask -------------------------------------------------------------------------

    @property
    def region_id(self) -> int:
        return self._org.region_id

    @property
    def region_key(self) -> str:
        return self._org.key

    @property
    def revision(self) -> int:
        """Of the organisation; moves with every change."""
        return self._org.revision

    @property
    def holidays(self) -> Mapping[date, bool]:
        """The region's own calendar: day -> whether it is off."""
        return self._org.holidays

    @property
    def timezone(self) -> ZoneInfo:
        """The region's own."""
        return self._org.timezone

    def has_person(self, person: PersonId) -> bool:
        """Whether the region has this person, at work."""
        return is_active(self._org, person)

    def is_known(self, kind: str, identity: Any) -> bool:
        """Whether the region has this ``person``, ``unit`` or ``position``, also one of the past."""
        if kind == "unit":
            return self.unit(identity) is not None
        return number(identity) in (self._org.people if kind == "person" else self._org.positions)

    def units_below(self, paths: Sequence[str]) -> tuple[UnitRow, ...]:
        """The units of these paths and all below them."""
        return tuple(unit for unit in self._org.units.values() if unit.path.startswith(tuple(paths)))

    def day(self, now: datetime) -> date:
        """The local date of a moment."""
        return self._today if now is self._now else now.astimezone(self._org.timezone).date()

    def unit(self, unit_id: Any) -> UnitRow | None:
        """A unit by its id or its key, whatever its period."""
        if isinstance(unit_id, str) and unit_id in self._org.unit_keys:
            unit_id = self._org.unit_keys[unit_id]
        return self._org.units.get(number(unit_id))

    def audiences_of(self, person: PersonId, now: datetime) -> list[tuple[Audience, int]]:
        """Every audience this person may act for that day, with the powers by which: a mask of the bits above."""
        who, day = number(person), self.day(now)
        if not is_active(self._org, who):
            return []
        powers: dict[Audience, int] = {}
        for audience, kind in own_audiences(self._org, who, day):
            powers[audience] = powers.get(audience, 0) | POWERS[kind]
        for mandate in self._org.received.get(who, ()):
            if not covers((mandate.starts_on, mandate.ends_on), day) or not is_active(self._org, mandate.principal):
                continue
            for audience, kind in own_audiences(self._org, mandate.principal, day):
                if kind is None and reaches(mandate, audience):
                    powers[audience] = powers.get(audience, 0) | POWERS[mandate.kind]
        return list(powers.items())

    def is_member(self, person: PersonId, group: str, now: datetime) -> bool:
        """Whether the person belongs to that group on that day."""
        who, day = number(person), self.day(now)
        return is_active(self._org, who) and any(
            row.group == group and covers((row.starts_on, row.ends_on), day)
            for row in self._org.memberships.get(who, ())
        )

    def overseen_paths(self, person: PersonId, now: datetime) -> tuple[str, ...]:
        """Paths of the units in which the person holds a structural position that day: they see these and all below."""
        who, day = number(person), self.day(now)
        if not is_active(self._org, who):
            return ()
        positions = [self._org.positions[holding.position] for holding in held(self._org, who, day)]
        units = {position.unit_id for position in positions if position.is_structural}
        return tuple(sorted(self._org.units[unit].path for unit in units))

    def oversees(self, person: PersonId, unit_id: Any, now: datetime) -> bool:
        """Whether the person holds a structural position in that unit or in one above it."""
        unit = self.unit(unit_id)
        return unit is not None and any(unit.path.startswith(path) for path in self.overseen_paths(person, now))

    # -- below -----------------------------------------------------------------------------------------------------

    def _person(self, person: PersonId) -> Person:
        row = self._org.people.get(number(person))
        if row is None:
            return Person(person)
        limits = [
            self._org.positions[holding.position].limit
            for holding in held(self._org, row.id, self._today)
            if STAND_IN_KINDS[holding.kind] is None
        ]
        highest = max((limit for limit in limits if limit is not None), default=None)
        return Person(row.id, row.name, row.unit_id, None if highest is None else Decimal(highest), row.nip or "")

    def _positions_for(self, options: Mapping[str, Any], case: CaseFacts) -> tuple[Audience, ...]:
        day, kind, level, of = self.day(case.now), options["position"], options.get("level"), options.get("of")
        start = self._unit_meant(of, case)
        key = (kind, level, of is None, start, day)
        known: tuple[Audience, ...] | None = self._worked_out.get(key)
        if known is not None:
            return known
        found: list[int] = []
        if level is None:
            found = [] if start is None else [start]
        else:
            found = [unit.id for unit in units_up(self._org, start, day) if unit.level == level][:1]
            if not found and of is None:
                found = [unit.id for unit in self._org.units.values() if unit.level == level and is_valid(unit, day)]
        known = self._worked_out[key] = tuple(
            Audience("position", str(position))
            for unit in found
            for position in self._org.places.get((unit, kind), ())
            if is_valid(self._org.positions[position], day)
        )
        return known

    def _unit_meant(self, of: str | None, case: CaseFacts) -> int | None:
        of_initiator = None if case.initiator is None else self.person(case.initiator).unit
        if of is None:
            value = of_initiator if self.unit(case.unit) is None else case.unit
        elif of == "initiator.unit":
            value = of_initiator
        else:
            field = of.removeprefix("case.")
            value = case.answers.get(field)
            if value is None and field == "unit":
                value = case.unit
        unit = self.unit(value)
        return None if unit is None else unit.id
