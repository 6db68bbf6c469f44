"""Deadlines and waiting times in words people use: working days, today, or hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from web.language import clock, short_day, short_moment, weekday_and_day, zone

IsWorkingDay = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Deadline:
    """``tone`` is a class of the badge, ``sign`` a sign of the sprite; ``detail`` stands beneath the words."""

    tone: str
    sign: str
    words: str
    detail: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long something has waited, and since when."""

    words: str
    since: str


def deadline(due_at: datetime | None, now: datetime, is_working_day: IsWorkingDay, is_paused: bool = False) -> Deadline:
    """The badge for a due moment. Late is red, today amber, within two working days grey, later plain."""
    if is_paused:
        return Deadline("plain", "pause", _("Paused"), _("the deadline stands still too"))
    if due_at is None:
        return Deadline("plain", "clock", _("No deadline"), "")
    due_on, today = due_at.astimezone(zone()).date(), now.astimezone(zone()).date()
    detail = f"{weekday_and_day(due_at)}, {clock(due_at)}"
    if due_at <= now:
        days = working_days(due_on, today, is_working_day)
        words = (
            ngettext("%(num)d working day late", "%(num)d working days late", days)
            if days
            else _("%(span)s late", span=span(now - due_at))
        )
        return Deadline("is-bad", "late", words, detail, due_at)
    if due_on == today:
        left = _("%(span)s left", span=span(due_at - now))
        return Deadline("is-warn", "clock", _("Today, %(time)s", time=clock(due_at)), left, due_at)
    days = working_days(today, due_on, is_working_day)
    if not days:
        days = (due_on - today).days
        return Deadline("", "clock", ngettext("%(num)d day left", "%(num)d days left", days), detail, due_at)
    words = ngettext("%(num)d working day left", "%(num)d working days left", days)
    return Deadline("" if days <= 2 else "plain", "clock", words, detail, due_at)


def waiting(since: datetime, now: datetime, is_working_day: IsWorkingDay) -> Waiting:
    """``5 working days``, since which day; under a working day in hours or minutes."""
    days = working_days(since.astimezone(zone()).date(), now.astimezone(zone()).date(), is_working_day)
    if days:
        return Waiting(
            ngettext("%(num)d working day", "%(num)d working days", days),
            _("since %(day)s", day=short_day(since)),
        )
    return Waiting(span(now - since), _("since %(day)s", day=short_moment(since)))


def span(length: timedelta) -> str:
    """``5 hours 48 minutes``, or days when it is more than one."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours = minutes // 1440, minutes // 60
    if days:
        return str(ngettext("%(num)d day", "%(num)d days", days))
    if not hours:
        return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    text = str(ngettext("%(num)d hour", "%(num)d hours", hours))
    if minutes % 60 and hours < 12:
        text += " " + str(ngettext("%(num)d minute", "%(num)d minutes", minutes % 60))
    return text


def working_days(first: date, last: date, is_working_day: IsWorkingDay) -> int:
    """Working days after ``first`` up to and including ``last``; counted no further than a year."""
    length = min((last - first).days, 366)
    return sum(is_working_day(first + timedelta(days=number)) for number in range(1, length + 1))
