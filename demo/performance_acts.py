"""Acts of the demonstration's years of performance: each at its own moment, none that still lies ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.calling import claim_due_calls, run_inside
from engine.cases.fire import fire
from engine.cases.models import Link
from engine.cases.open import open_case
from engine.cases.stored import StoredCase, read_case
from engine.changes import Refusal
from engine.errors import InvalidInput, NotFound
from engine.facts import Command
from engine.organisation.accounts import person_called
from engine.organisation.models import Person, Region

WORKER = "demonstration"
AT_ONCE = 50  # calls taken together


class StillAhead(Exception):
    """The next act would lie after the day the demonstration is built."""


def a_day_each(start: datetime) -> Iterator[datetime]:
    """The same time of ``start`` and of every working day after it."""
    moment = start
    while True:
        if moment.weekday() < 5:
            yield moment
        moment += timedelta(days=1)


@dataclass
class Acts:
    """What people of a region do in their cases until ``until``; the worker's calls follow each act at once."""

    session: Session
    region: Region
    until: datetime
    _people: dict[str, Person] = field(default_factory=dict)

    def moment(self, text: str) -> datetime:
        """``YYYY-MM-DD HH:MM`` in the region's zone."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.region.timezone))

    def person(self, account: str) -> Person:
        """Who has an account. Raises NotFound."""
        if account not in self._people:
            self._people[account] = person_called(self.session, account)
        return self._people[account]

    def open(self, case_type: str, by: str, at: datetime, answers: Mapping[str, Any], title: str | None = None) -> int:
        """Open a case; its id. Raises StillAhead, InvalidInput when it is refused."""
        self.reached(at)
        opened = open_case(
            self.session, region_id=self.region.id, case_type=case_type, person_id=self.person(by).id, answers=answers,
            title=title, now=at,
        )  # fmt: skip
        if isinstance(opened, Refusal):
            raise InvalidInput(f"{case_type} by {by}: {_told(opened)}")
        return opened.case_id

    def do(
        self, case_id: int, by: str, action: str, at: datetime, answers: Mapping[str, Any] | None = None,
        comment: str = "",
    ) -> None:  # fmt: skip
        """Take one step, and whatever the worker does because of it. Raises StillAhead, InvalidInput."""
        self.reached(at)
        command = Command(action, self.person(by).id, comment=comment, answers=answers or {})
        try:
            outcome = fire(self.session, case_id, command, now=at)
        except NotFound as hidden:
            raise InvalidInput(f"case {case_id}: {by} does not even see it, so cannot {action}") from hidden
        if isinstance(outcome, Refusal):
            raise InvalidInput(f"case {case_id}: {by} {action}: {_told(outcome)}")
        self.work(at)

    def work(self, at: datetime) -> None:
        """Make every call that waits, as a worker would."""
        while due := claim_due_calls(self.session, at, WORKER, AT_ONCE):
            for one in due:
                if one.is_inside:
                    run_inside(self.session, one, at)

    def case(self, case_id: int, at: datetime) -> StoredCase:
        """A case as it stands."""
        return read_case(self.session, case_id, at)

    def rows(self, case_id: int, name: str, at: datetime) -> list[dict[str, Any]]:
        """The rows of a table of a case."""
        return [dict(row) for row in self.case(case_id, at).facts.answers.get(name) or ()]

    def asked_by(self, case_id: int, link: str) -> list[int]:
        """The cases a case opened, by the name of their link."""
        query = select(Link.other_case_id).where(Link.case_id == case_id, Link.name == link)
        return list(self.session.scalars(query.order_by(Link.other_case_id)))

    def reached(self, at: datetime) -> None:
        """Raises StillAhead for a moment after the last one played."""
        if at > self.until:
            raise StillAhead


def plain_date(value: Any) -> Any:
    """A day of the file as an answer is posted."""
    return value.isoformat() if isinstance(value, date) else value


def _told(refusal: Refusal) -> str:
    faults = "; ".join(f"{fault.path} {fault.code} {fault.message.en}" for fault in refusal.faults)
    return f"{refusal.code} {refusal.sentence.en} {faults}"
