"""On which days the reader's region works, for counting deadlines in words."""

from __future__ import annotations

from flask import g

from engine.organisation.directory import snapshot
from engine.timers.calendar import WorkingCalendar
from web.deadlines import IsWorkingDay
from web.transaction import db, now


def working_day_test() -> IsWorkingDay:
    """Whether a day is a working day: the national calendar with the region's own table, which wins."""
    if "is_working_day" not in g:
        directory = snapshot(db(), g.person.region_id, now())
        g.is_working_day = WorkingCalendar(None, directory.holidays).is_working_day
    found: IsWorkingDay = g.is_working_day
    return found
