"""Quiet hours: when mails that are not urgent wait for the morning of a working day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import InvalidInput
from engine.timers.calendar import calendar_of

LONGEST_REST = 40  # days; longer than any run of holidays


def waits_until(
    now: datetime, settings: Mapping[str, Any], zone: ZoneInfo, holidays: Mapping[date, bool]
) -> datetime | None:
    """Until when (UTC) a mail has to wait, or None when it may leave now.

    ``settings`` is a region's; ``{"quiet_hours": {"from": "18:00", "to": "07:00"}}`` switches quiet hours on, local
    time, over midnight when ``from`` is later than ``to``. Days off are quiet as a whole. A value that is no time of
    day is InvalidInput.
    """
    window = settings.get("quiet_hours")
    if not window:
        return None
    starts, ends = _time(window.get("from")), _time(window.get("to"))
    calendar = calendar_of(None, holidays)
    local = now.astimezone(zone)
    if calendar.is_working_day(local.date()) and not _is_quiet(local.time(), starts, ends):
        return None
    # ``to`` today while it lies ahead, else on the days after.
    for ahead in range(LONGEST_REST):
        day = local.date() + timedelta(days=ahead)
        morning = datetime.combine(day, ends, zone)
        if morning > local and calendar.is_working_day(day):
            return morning.astimezone(UTC)
    return None


def _is_quiet(clock: time, starts: time, ends: time) -> bool:
    if starts <= ends:
        return starts <= clock < ends
    return clock >= starts or clock < ends


def _time(value: Any) -> time:
    try:
        return time.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidInput(f"quiet_hours needs times such as 18:00, not {value!r}.") from error
