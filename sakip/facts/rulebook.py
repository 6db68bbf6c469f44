"""By which measurement a day is judged: the one published for it, of the version that counted then (reference §5.8)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from engine.publishing.kinds import SEPARATOR
from engine.publishing.models import Publication
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement, Period
from sakip.published import KIND_NAMES
from sakip.spans import YEAR, span_day, spans_of
from sakip.standing import configuration_of


class Judged(NamedTuple):
    """By what a span is judged: its last day, and what is measured by then."""

    day: date
    rules: Measurement


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
        self._versions: dict[int, tuple[Measurement, ...]] = {}
        self._spans: dict[tuple[int, str | None], tuple[str, ...]] = {}
        self._judged: dict[tuple[int, str, str | None], Judged | None] = {}

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
        """What counts at the end of a fiscal year, as far as it is known today."""
        return self.on(year, date(year, 12, 31))

    def versions(self, year: int) -> tuple[Measurement, ...]:
        """Everything that counts on some day of a fiscal year, the first first."""
        if year not in self._versions:
            days = {date(year, 1, 1), date(year, 12, 31), *self._changes(year)}
            found = {one.head.digest: one for day in sorted(days) if (one := self.on(year, day)) is not None}
            last = self.of_year(year)
            others = [one for one in found.values() if last is None or one.head.digest != last.head.digest]
            self._versions[year] = (*others, *(() if last is None else (last,)))
        return self._versions[year]

    def spans(self, year: int, periods: str | None = None) -> tuple[str, ...]:
        """The spans an indicator with this set of periods has a result for. A set that is left in the middle of a year
        keeps those that had ended by then: what was reported for them stays."""
        key = (year, periods)
        if key not in self._spans:
            versions = self.versions(year)
            found = [
                span
                for rules in versions[:-1]
                for span in spans_of(rules, periods)
                if span != YEAR and self._is_of(rules, year, span_day(rules, periods, span, year))
            ]
            last = spans_of(versions[-1], periods) if versions else ()
            self._spans[key] = tuple(dict.fromkeys((*found, *last)))
        return self._spans[key]

    def judged(self, year: int, span: str, periods: str | None = None) -> Judged | None:
        """The last day of a span and what counts on it; None for a span nothing of the year knows."""
        key = (year, span, periods)
        if key not in self._judged:
            days = [(rules, span_day(rules, periods, span, year)) for rules in self.versions(year)]
            own = (day for rules, day in days if self._is_of(rules, year, day))
            day = next(own, days[-1][1] if days else None)
            then = None if day is None else self.on(year, day)
            self._judged[key] = None if day is None or then is None else Judged(day, then)
        return self._judged[key]

    def day_of(self, year: int, span: str, periods: str | None = None) -> date | None:
        """The last day of a span, None for one nothing of the year knows."""
        found = self.judged(year, span, periods)
        return None if found is None else found.day

    def usual_periods(self, year: int) -> tuple[Period, ...]:
        """The region's usual periods, each as it is called by what counts on its last day."""
        found = []
        for span in self.spans(year):
            judged = self.judged(year, span)
            usual = None if judged is None else judged.rules.periods.get(judged.rules.default_periods)
            if usual is not None and span in usual.items:
                found.append(usual.items[span])
        return tuple(found)

    def periods(self, year: int) -> dict[str, tuple[Measurement, Period]]:
        """Every period of a fiscal year by its key, with what counts on its last day and as that calls it; those of
        the usual set first."""
        found: dict[str, tuple[Measurement, Period]] = {}
        for rules in reversed(self.versions(year)):
            for one in sorted(rules.periods.values(), key=lambda one: one.key != rules.default_periods):
                for key in [key for key in one.items if key not in found]:
                    judged = self.judged(year, key)
                    sets = () if judged is None else judged.rules.periods.values()
                    called = next((known.items[key] for known in sets if key in known.items), None)
                    if judged is not None and called is not None:
                        found[key] = (judged.rules, called)
        return found

    def levels(self, year: int, day: date) -> Levels | None:
        """The levels of the tree in a fiscal year, by what counts on ``day``."""
        return configuration_of(self._session, self.region_id, day).levels(year)

    def _is_of(self, rules: Measurement, year: int, day: date | None) -> bool:
        then = None if day is None else self.on(year, day)
        return then is not None and then.head.digest == rules.head.digest

    def _changes(self, year: int) -> list[date]:
        """The days of a year from which something else counts."""
        query = self._publications(Publication.counts_from).where(
            Publication.counts_from > date(year, 1, 1), Publication.counts_from <= date(year, 12, 31)
        )
        days = list(self._session.scalars(query.distinct()))
        return days if self._since is None or self._since.year != year else [*days, self._since]

    def _publications(self, column: Any) -> Select[Any]:
        name = f"{KIND_NAMES[MEASUREMENT]}{SEPARATOR}"
        return select(column).where(
            or_(Publication.region_id == self.region_id, Publication.region_id.is_(None)),
            Publication.case_type.startswith(name, autoescape=True),
        )

    def _first_day(self) -> date | None:
        if not self._is_first_asked:
            self._first = self._session.scalar(self._publications(func.min(Publication.counts_from)))
            self._is_first_asked = True
        return self._first
