"""Until when a period is entered: ``entry_until`` counted from the day after its last one (reference §5)."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

from engine.definitions.model import Duration
from engine.definitions.scope import CalendarLike, ExpressionFault, Scope, calendar_of
from sakip.configuration.measurement import Measurement

HOURS_A_DAY, MINUTES_A_DAY = 24, 24 * 60
WORKING_HOURS_A_DAY = 7.5  # 37.5 hours in five days (Perpres 21/2023)


def entry_until(rules: Measurement, period: str, year: int, scope: Scope) -> date | None:
    """The last day on which a period is entered in time; None where no set has it or no deadline is set. Working days
    are counted on the case's calendar, other spans run on."""
    for known in rules.periods.values():
        found = known.items.get(period)
        if found is not None and found.entry_until is not None:
            try:
                return last_day_to_enter(found.last_day(year), found.entry_until, calendar_of(scope))
            except ExpressionFault:
                return None
    return None


def last_day_to_enter(end: date, span: Duration, calendar: CalendarLike) -> date:
    """The last day of a span after the last day of a period; part of a day counts as a whole one."""
    if span.unit in ("working_days", "working_hours"):
        days = span.amount if span.unit == "working_days" else ceil(span.amount / WORKING_HOURS_A_DAY)
        return calendar.add_working_days(end, days)
    per_day = {"days": 1, "hours": HOURS_A_DAY, "minutes": MINUTES_A_DAY}[span.unit]
    return end + timedelta(days=ceil(span.amount / per_day))
