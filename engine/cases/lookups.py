"""Facts that few decisions ask for: read from the store when they are, and only then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.models import ScheduleExtension
from engine.database import driver_rows
from engine.facts import PersonId

_HELD = (
    "SELECT count(*) FROM (SELECT 1 FROM offers WHERE region_id = ? AND audience = ? AND case_id <> ? LIMIT 1000) held"
)


class Loads(Mapping[PersonId, int]):
    """How many open tasks somebody has for themselves: by name, claimed, given or delegated; counted to a thousand.
    Those of the case itself are left out: a step knows them, with what it just changed."""

    def __init__(self, session: Session, region_id: int, case_id: int = 0) -> None:
        self._session = session
        self._region_id = region_id
        self._case_id = case_id

    def __getitem__(self, person: PersonId) -> int:
        return int(driver_rows(self._session, _HELD, (self._region_id, f"person:{person}", self._case_id))[0][0])

    def __iter__(self) -> Iterator[PersonId]:
        return iter(())  # asked by person, never listed

    def __len__(self) -> int:
        return 0


class Extensions(Mapping[str, date]):
    """By schedule the last day to which its window was extended for the case's unit, or one above it."""

    def __init__(self, session: Session, case_type: str, unit_path: str) -> None:
        self._session = session
        self._case_type = case_type
        self._units = [int(part) for part in unit_path.split("/") if part]
        self._found: dict[str, date] | None = None

    def _all(self) -> dict[str, date]:
        if self._found is None:
            row = ScheduleExtension
            wanted = (
                select(row.schedule, func.max(row.until).label("last"))
                .where(row.unit_id.in_(self._units), row.case_type == self._case_type)
                .group_by(row.schedule)
            )
            self._found = {row.schedule: row.last for row in self._session.execute(wanted)}
        return self._found

    def __getitem__(self, schedule: str) -> date:
        return self._all()[schedule]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
