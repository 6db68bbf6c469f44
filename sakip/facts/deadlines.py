"""Until when a period is entered: ``entry_until`` counted from the day after its last one (reference §5)."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

from engine.definitions.model import Duration
from engine.definitions.scope import ExpressionFault, Scope, calendar_of
from sakip.configuration.measurement import Measurement

HOURS_A_DAY, MINUTES_A_DAY = 24, 24 * 60
WORKING_HOURS_A_DAY = 7.5  # 37.5 hours in five days (Perpres 21/2023)


def entry_until(rules: Measurement, period: str, year: int, scope: Scope) -> date | None:
    """The last day on which a period is entered in time; None where no set has it or no deadline is set. Working days
    are counted on the case's calendar, other spans run on."""
    for known in rules.periods.values():
        found = known.items.get(period)
        if found is not None and found.entry_until is not None:
            return _after(found.last_day(year), found.entry_until, scope)
    return None


def _after(day: date, span: Duration, scope: Scope) -> date | None:
    if span.unit in ("working_days", "working_hours"):
        days = span.amount if span.unit == "working_days" else ceil(span.amount / WORKING_HOURS_A_DAY)
        try:
            return calendar_of(scope).add_working_days(day, days)
        except ExpressionFault:
            return None
    per_day = {"days": 1, "hours": HOURS_A_DAY, "minutes": MINUTES_A_DAY}[span.unit]
    return day + timedelta(days=ceil(span.amount / per_day))
