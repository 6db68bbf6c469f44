"""The one constant mail of sealed cases: when it leaves and to whom, so that neither tells anything.

A row names a person and a slot and no case, so a person gets one mail a slot however much happened. What a reporter
did is told at one of the next slots, drawn at random: a mail's time must not point at who was at a computer.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine.database import moment_text
from engine.outbox.messages import WAITING
from engine.timers.calendar import WorkingCalendar

SLOTS = (time(8), time(12), time(15))  # local time, on working days (research/ux.md §4.5)
JITTER_SECONDS = 540
URGENT_EVERY = timedelta(minutes=15)
DRAWN_FROM = 3  # slots, for what somebody outside did
NOTIFICATION = REASON = "sealed"
_DAYS_LOOKED_AT = 60

Row = tuple[Any, ...]


def sealed_messages(
    region_id: int, people: Iterable[int], calendar: WorkingCalendar, now: datetime, *, is_urgent: bool = False,
    is_from_outside: bool = False, slots: tuple[time, ...] = SLOTS,
) -> list[Row]:  # fmt: skip
    """Rows for ``sealed_messages_add`` of ``apply.py``, one a person. ``now`` is the real moment; what is kept of it is
    the slot. ``is_urgent`` takes the next quarter of an hour; both get a random delay of up to nine minutes."""
    found = sorted(people)
    if not found:
        return []
    if is_urgent and not is_from_outside:
        slot = now + (URGENT_EVERY - (now - datetime(1970, 1, 1, tzinfo=UTC)) % URGENT_EVERY)
    else:
        coming = next_slots(calendar, now, slots, DRAWN_FROM if is_from_outside else 1)
        slot = secrets.choice(coming)
    number = int(slot.timestamp()) // 60
    created = moment_text(slot)
    rows = []
    for person in found:
        leaves = slot + timedelta(seconds=secrets.randbelow(JITTER_SECONDS))
        rows.append(
            (region_id, number, 0, NOTIFICATION, REASON, f"person:{person}", person, "{}", False, created,
             moment_text(leaves), WAITING)
        )  # fmt: skip
    return rows


def next_slots(calendar: WorkingCalendar, now: datetime, slots: tuple[time, ...], count: int) -> list[datetime]:
    """The next ``count`` moments (UTC) at which mails of sealed cases leave, after ``now``."""
    found: list[datetime] = []
    day: date = now.astimezone(calendar.zone).date()
    for _ in range(_DAYS_LOOKED_AT):
        if calendar.is_working_day(day):
            moments = (datetime.combine(day, slot, calendar.zone).astimezone(UTC) for slot in sorted(slots))
            found += [moment for moment in moments if moment > now]
        if len(found) >= count:
            return found[:count]
        day += timedelta(days=1)
    return found or [now + timedelta(days=1)]  # a calendar without working days still tells people
