"""When something of the demonstration happened: counted back from now, so that it is always of the last weeks."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def moment(now: datetime, zone: ZoneInfo, ago: list[Any]) -> datetime:
    """``[working days ago, "HH:MM"]`` in the region's zone, never after ``now``; weekends are not counted."""
    day = now.astimezone(zone).date()
    left = int(ago[0])
    while left or day.weekday() > 4:
        day -= timedelta(days=1)
        left -= day.weekday() < 5
        left = max(left, 0)
    return min(datetime.combine(day, time.fromisoformat(ago[1]), zone), now)
