"""Working days and working hours: when something is due, and how long it still is until then.

*n* working days later is the same time of day on the nth working day after, in the calendar's zone. The national
days off, joint leave (*cuti bersama*) included, are seeded from the ``holidays`` library; a region's own table wins
over them and over a calendar's list, because decrees come late in the year.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from holidays.countries.indonesia import Indonesia

from engine.definitions.model import CalendarSpec, Duration, Hours

NATIONAL_ZONE = "Asia/Jakarta"
NATIONAL_DAYS = frozenset({0, 1, 2, 3, 4})
# Perpres 21/2023: 37.5 hours a week from 07:30, rest 12:00-13:00, on Fridays 11:30-13:00
_WEEKDAY = Hours(450, 960, (720, 780))
_FRIDAY = Hours(450, 990, (690, 780))
NATIONAL_HOURS: Mapping[int, Hours] = MappingProxyType(
    {0: _WEEKDAY, 1: _WEEKDAY, 2: _WEEKDAY, 3: _WEEKDAY, 4: _FRIDAY, 5: _WEEKDAY, 6: _WEEKDAY}
)
NO_HOLIDAYS: Mapping[date, bool] = MappingProxyType({})
_EMPTY_LIMIT = 4000  # days without any working day after which a calendar counts as having none
_MARGIN = 366  # days by which the counted span grows when somebody asks beyond it


@lru_cache(maxsize=256)
def national_days_off(year: int) -> frozenset[date]:
    """Public holidays and joint leave of Indonesia in ``year``."""
    return frozenset(Indonesia(years=[year], categories=("public", "government"), language="id"))


class WorkingCalendar:
    """One calendar of a case type, or the national one (``spec`` None), with a region's own table of days."""

    def __init__(self, spec: CalendarSpec | None, holidays: Mapping[date, bool] = NO_HOLIDAYS) -> None:
        self.zone = ZoneInfo(spec.timezone if spec else NATIONAL_ZONE)
        self._working = spec.working_days if spec else NATIONAL_DAYS
        self._hours = (spec.hours if spec else None) or NATIONAL_HOURS
        self._is_national = spec.is_national if spec else True
        self._listed = spec.holidays if spec else frozenset()
        self._removed = spec.removed if spec else frozenset()
        self._own = holidays
        self._days: list[int] = []  # ordinals of working days in the span counted so far
        self._from = self._until = 0

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on ``day``."""
        is_off = self._own.get(day)
        if is_off is not None:
            return not is_off
        if day.weekday() not in self._working or day in self._listed:
            return False
        return not self._is_national or day in self._removed or day not in national_days_off(day.year)

    def today(self, now: datetime) -> date:
        """The day it is in the calendar's zone."""
        return now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The moment ``day`` begins in the calendar's zone, in UTC."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def add_working_days(self, start: date, days: int) -> date:
        """The ``days``-th working day after ``start``; before it when negative; ``start`` itself for 0."""
        if days == 0:
            return start
        ordinal = start.toordinal()
        while True:
            self._cover(ordinal, ordinal)
            position = bisect_right(self._days, ordinal if days > 0 else ordinal - 1)
            index = position + days - 1 if days > 0 else position + days
            if 0 <= index < len(self._days):
                return date.fromordinal(self._days[index])
            self._grow(days > 0)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
        first, last = sorted((start.toordinal(), end.toordinal()))
        self._cover(first, last)
        count = bisect_right(self._days, last) - bisect_right(self._days, first)
        return count if start <= end else -count

    def add(self, start: datetime, duration: Duration) -> datetime:
        """The moment ``duration`` after ``start``, in UTC."""
        return self.add_amount(start, duration.unit, duration.amount)

    def add_amount(self, start: datetime, unit: str, amount: int) -> datetime:
        """The moment ``amount`` of ``unit`` (also working_minutes) after ``start``, in UTC."""
        if unit in ("working_days", "days"):
            local = start.astimezone(self.zone)
            day = local.date()
            moved = self.add_working_days(day, amount) if unit == "working_days" else day + timedelta(days=amount)
            return datetime.combine(moved, local.time(), self.zone).astimezone(UTC)
        if unit == "working_hours":
            return self._add_working_minutes(start, amount * 60)
        if unit == "working_minutes":
            return self._add_working_minutes(start, amount)
        return start.astimezone(UTC) + timedelta(**{unit: amount})

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole minutes of office hours from ``start`` to ``end``; 0 when ``end`` is not later."""
        if end <= start:
            return 0
        begin, finish = start.astimezone(UTC), end.astimezone(UTC)
        total, day, last = 0.0, self.today(start), self.today(end)
        while day <= last:
            for opens, closes in self._spans(day):
                total += max(0.0, (min(closes, finish) - max(opens, begin)).total_seconds())
            day += timedelta(days=1)
        return int(total // 60)

    def _add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        left, day, start = timedelta(minutes=minutes), self.today(start), start.astimezone(UTC)
        while True:
            for opens, closes in self._spans(day):
                begin = max(opens, start)
                if begin <= closes and closes - begin >= left:
                    return begin + left
                if begin < closes:
                    left -= closes - begin
            day = self.add_working_days(day, 1)

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        if not self.is_working_day(day):
            return []
        hours = self._hours.get(day.weekday()) or next(iter(self._hours.values()))
        midnight = datetime.combine(day, time.min, self.zone)
        marks = [hours.opens, *(hours.pause or ()), hours.closes]
        moments = [(midnight + timedelta(minutes=mark)).astimezone(UTC) for mark in marks]
        return list(zip(moments[::2], moments[1::2], strict=True))

    def _cover(self, first: int, last: int) -> None:
        if not self._from:
            self._from = first
            self._until = first - 1
        while first < self._from:
            self._grow(later=False)
        while last > self._until:
            self._grow(later=True)

    def _grow(self, later: bool) -> None:
        if later:
            span = range(self._until + 1, min(self._until + 1 + _MARGIN, date.max.toordinal()))
        else:
            span = range(max(self._from - _MARGIN, 1), self._from)
        if not span or (not self._days and self._until - self._from > _EMPTY_LIMIT):
            raise OverflowError("the calendar has no more working days")
        found = [ordinal for ordinal in span if self.is_working_day(date.fromordinal(ordinal))]
        if later:
            self._days += found
            self._until = span.stop - 1
        else:
            self._days[:0] = found
            self._from = span.start


_calendars: dict[tuple[int, int], tuple[CalendarSpec | None, Mapping[date, bool], WorkingCalendar]] = {}


def calendar_of(spec: CalendarSpec | None, holidays: Mapping[date, bool] = NO_HOLIDAYS) -> WorkingCalendar:
    """The calendar of these two, kept: hand in the same mapping of a region's days as long as it does not change."""
    found = _calendars.get((id(spec), id(holidays)))
    if found is not None and found[0] is spec and found[1] is holidays:
        return found[2]
    if len(_calendars) >= 256:
        _calendars.clear()
    calendar = WorkingCalendar(spec, holidays)
    _calendars[id(spec), id(holidays)] = (spec, holidays, calendar)
    return calendar
