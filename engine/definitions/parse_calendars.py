"""When: calendars of a case type, with office hours and holidays (reference §2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from engine.definitions.compiling import Compiler
from engine.definitions.model import CalendarSpec, Hours
from engine.definitions.source import LIST, MAP, TEXT, Entry

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DEFAULT_TIMEZONE = "Asia/Jakarta"
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")


@cache
def _timezones() -> tuple[str, ...]:
    """All names there are: slow, for it looks at every file; only a suggestion needs them."""
    return tuple(sorted(available_timezones()))


@cache
def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def parse_calendars(compiler: Compiler) -> Mapping[str, CalendarSpec]:
    """All calendars; without keys of their own they are Monday to Friday in Jakarta."""
    found = {}
    for key, entry in compiler.keyed(compiler.root.get("calendars")).items():
        given = compiler.keys(entry, ("timezone", "working_days", "hours", "holidays"))
        working_days = _working_days(given.get("working_days"), compiler)
        holidays, is_national, removed = _holidays(given.get("holidays"), compiler)
        found[key] = CalendarSpec(
            key,
            _timezone(given.get("timezone"), compiler),
            working_days,
            _hours(given.get("hours"), working_days, compiler),
            holidays,
            is_national,
            removed,
        )
    return found


def _timezone(entry: Entry | None, compiler: Compiler) -> str:
    name = compiler.optional_text(entry)
    if entry is None or name is None:
        return DEFAULT_TIMEZONE
    if not _is_timezone(name):
        known = _timezones()
        compiler.unknown("WF012", entry.value, "Tidak ada zona waktu", "There is no time zone", known)
        return DEFAULT_TIMEZONE
    return name


def _working_days(entry: Entry | None, compiler: Compiler) -> frozenset[int]:
    if entry is None:
        return frozenset(range(5))
    words = [compiler.one_of(node, WEEKDAYS) for node in compiler.nodes(entry)]
    days = frozenset(WEEKDAYS.index(word) for word in words if word is not None)
    if not days and entry.value.kind == LIST and not words:
        compiler.wrong(
            entry.value, "Tanpa hari kerja tenggat tidak pernah tiba.", "Without working days nothing is ever due."
        )
    return days or frozenset(range(5))


def _hours(entry: Entry | None, working_days: frozenset[int], compiler: Compiler) -> Mapping[int, Hours]:
    if entry is None:
        return {}
    given = compiler.keys(entry, ("from", "to", "break", *WEEKDAYS), ("from", "to"))
    usual = _day_hours(given, entry, compiler)
    found: dict[int, Hours] = {}
    for day in sorted(working_days):
        own = given.get(WEEKDAYS[day])
        hours = usual if own is None else _own_hours(own, usual, compiler)
        if hours is not None:
            found[day] = hours
    for day in set(range(7)) - working_days:
        own = given.get(WEEKDAYS[day])
        if own is not None:
            _own_hours(own, usual, compiler)
    return found


def _own_hours(entry: Entry, usual: Hours | None, compiler: Compiler) -> Hours | None:
    return _day_hours(compiler.keys(entry, ("from", "to", "break")), entry, compiler, usual)


def _day_hours(
    given: Mapping[str, Entry], entry: Entry, compiler: Compiler, usual: Hours | None = None
) -> Hours | None:
    opens = _minutes(given.get("from"), compiler)
    closes = _minutes(given.get("to"), compiler)
    if usual is not None:
        opens = usual.opens if "from" not in given else opens
        closes = usual.closes if "to" not in given else closes
    if opens is None or closes is None:
        return None
    if opens >= closes:
        compiler.wrong(entry.value, "Jam tutup harus sesudah jam buka.", "Closing must be after opening.")
        return None
    pause = None if usual is None else usual.pause
    rest = given.get("break")
    if rest is not None:
        inner = compiler.keys(rest, ("from", "to"), ("from", "to"))
        start, end = _minutes(inner.get("from"), compiler), _minutes(inner.get("to"), compiler)
        pause = None
        if start is not None and end is not None:
            if not opens <= start < end <= closes:
                compiler.wrong(
                    rest.value, "Istirahat harus di dalam jam kerja.", "The break must lie within the hours."
                )
            else:
                pause = (start, end)
    if pause is not None and not opens <= pause[0] < pause[1] <= closes:
        pause = None
    return Hours(opens, closes, pause)


def _minutes(entry: Entry | None, compiler: Compiler) -> int | None:
    if entry is None:
        return None
    node = entry.value
    match = _TIME.match(node.value) if node.kind == TEXT else None
    if match is None:
        compiler.wrong(node, 'Di sini harus jam seperti "07:30".', 'This must be a time like "07:30".')
        return None
    return int(match.group(1)) * 60 + int(match.group(2))


def _holidays(entry: Entry | None, compiler: Compiler) -> tuple[frozenset[date], bool, frozenset[date]]:
    if entry is None:
        return frozenset(), True, frozenset()
    if entry.value.kind != MAP:
        return _days(entry, compiler), False, frozenset()
    given = compiler.keys(entry, ("from", "add", "remove"), ("from",))
    compiler.choice(given.get("from"), ("national",))
    return _days(given.get("add"), compiler), True, _days(given.get("remove"), compiler)


def _days(entry: Entry | None, compiler: Compiler) -> frozenset[date]:
    days = [compiler.day(node) for node in compiler.nodes(entry)]
    return frozenset(day for day in days if day is not None)
