"""Where nobody holds a position on a day, for those who check a definition against a region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.facts import Audience
from engine.organisation.directory import StoreDirectory
from engine.organisation.snapshot import organisation
from engine.organisation.standing import is_active, is_valid


class Vacancies:
    """A region's organisation as ``definitions.check.holders`` asks about it."""

    def __init__(self, session: Session, region_id: int, now: datetime) -> None:
        self._org = organisation(session, region_id)
        self._directory = StoreDirectory(self._org, now)
        self._now, self._day = now, self._directory.day(now)

    def vacant_units(self, position: str, level: str | None) -> tuple[Sequence[str], int]:
        """Units without a holder, by name, and how many units were looked at."""
        working = {person.unit_id for person in self._org.people.values() if person.is_active}
        asked = [
            unit
            for unit in self._org.units.values()
            if is_valid(unit, self._day) and (unit.level == level if level is not None else unit.id in working)
        ]
        vacant = [unit.name for unit in asked if not self._is_held(unit.id, position)]
        return sorted(vacant), len(asked)

    def has_members(self, group: str) -> bool:
        """Whether anybody belongs to the group that day, a stand-in included."""
        return bool(self._directory.seats(Audience("group", group), self._now))

    def _is_held(self, unit: int, kind: str) -> bool:
        for place in self._org.places.get((unit, kind), ()):
            if is_valid(self._org.positions[place], self._day):
                seats = self._directory.seats(Audience("position", str(place)), self._now)
                if any(is_active(self._org, seat.person) for seat in seats):
                    return True
        return False
