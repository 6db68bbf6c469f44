"""By which measurement a day is judged: the one published for it, of the version that counted then (reference §5.8)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.publishing.kinds import SEPARATOR
from engine.publishing.models import Publication
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.published import KIND_NAMES
from sakip.standing import configuration_of


class Rulebook:
    """The measurements of one region, asked many times in one piece of work.

    A day before anything was published is judged by the first publication: a region that begins in the middle of a
    year enters the quarters before by the rules it begins with, and a later change leaves them as they are.
    """

    def __init__(
        self, session: Session, region_id: int, draft: Measurement | None = None, since: date | None = None
    ) -> None:
        """With a ``draft`` what would count if it were published: in its years, from the day ``since`` on."""
        self._session, self.region_id = session, region_id
        self._draft, self._since = draft, since
        self._known: dict[tuple[int, date], Measurement | None] = {}
        self._first: date | None = None
        self._is_first_asked = False

    def on(self, year: int, day: date) -> Measurement | None:
        """How the fiscal ``year`` is measured by what counts on ``day``; None where no file governs it."""
        draft = self._draft
        if draft is not None and draft.head.governs(year) and (self._since is None or self._since <= day):
            return draft
        key = (year, day)
        if key not in self._known:
            first = self._first_day()
            then = day if first is None or first <= day else first
            self._known[key] = configuration_of(self._session, self.region_id, then).measurement(year)
        return self._known[key]

    def of_year(self, year: int) -> Measurement | None:
        """What counts at the end of a fiscal year, as far as it is known today: names periods and aggregates."""
        return self.on(year, date(year, 12, 31))

    def levels(self, year: int, day: date) -> Levels | None:
        """The levels of the tree in a fiscal year, by what counts on ``day``."""
        return configuration_of(self._session, self.region_id, day).levels(year)

    def _first_day(self) -> date | None:
        if not self._is_first_asked:
            name = f"{KIND_NAMES[MEASUREMENT]}{SEPARATOR}"
            self._first = self._session.scalar(
                select(func.min(Publication.counts_from)).where(
                    or_(Publication.region_id == self.region_id, Publication.region_id.is_(None)),
                    Publication.case_type.startswith(name, autoescape=True),
                )
            )
            self._is_first_asked = True
        return self._first
