"""Sets of periods: written one by one, or every month of the calendar (reference §5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from engine.definitions.model import Duration, Text
from engine.definitions.source import MAP, TEXT, Entry
from sakip.configuration.measurement import Period, PeriodSet
from sakip.configuration.reading import FieldReader

MONTHS = (
    Text("Januari", "January"), Text("Februari", "February"), Text("Maret", "March"), Text("April", "April"),
    Text("Mei", "May"), Text("Juni", "June"), Text("Juli", "July"), Text("Agustus", "August"),
    Text("September", "September"), Text("Oktober", "October"), Text("November", "November"),
    Text("Desember", "December"),
)  # fmt: skip
_LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY = re.compile(r"(\d\d)-(\d\d)\Z", re.ASCII)
_END_OF_YEAR = (12, 31)


def parse_periods(entry: Entry | None, reader: FieldReader) -> Mapping[str, PeriodSet]:
    """Every set of periods, each in the order its periods were given."""
    return {key: _set(key, each, reader) for key, each in reader.named(entry).items()}


def _set(key: str, entry: Entry, reader: FieldReader) -> PeriodSet:
    given = reader.given(entry, ("title", "items", "every_month", "entry_until"))
    title = reader.title(given.get("title"), key)
    is_monthly = reader.boolean(given.get("every_month"))
    until = reader.duration(given.get("entry_until"))
    if is_monthly == ("items" in given) and entry.value.entries:
        reader.wrong(
            given["every_month"].key if is_monthly else entry.key,
            "Tulis salah satu: items, atau every_month: true.",
            "Write one of the two: items, or every_month: true.",
        )
    if is_monthly:
        return PeriodSet(key, title, _months(until))
    periods = [_period(name, each, until, reader) for name, each in reader.named(given.get("items")).items()]
    if "items" in given and given["items"].value.kind == MAP and not periods:
        reader.wrong(given["items"].value, "Tulis paling sedikit satu periode.", "Write at least one period.")
    return PeriodSet(key, title, {one.key: one for one in sorted(periods, key=lambda each: each.order)})


def _months(until: Duration | None) -> Mapping[str, Period]:
    found = {}
    for number, (title, last) in enumerate(zip(MONTHS, _LAST_DAYS, strict=True), 1):
        key = f"m{number:02d}"
        found[key] = Period(key, 10 * number, title, (number, last), until)
    return found


def _period(key: str, entry: Entry, until: Duration | None, reader: FieldReader) -> Period:
    given = reader.given(entry, ("order", "title", "ends", "entry_until"), ("ends",))
    own = reader.duration(given.get("entry_until"))
    reader.optional_text(given.get("ends"))  # tells what is no text; a text that is no day is told by the checks
    return Period(
        key,
        reader.order(given),
        reader.title(given.get("title"), key),
        day_of_year(given.get("ends")) or _END_OF_YEAR,
        own if own is not None else until,
    )


def day_of_year(entry: Entry | None) -> tuple[int, int] | None:
    """Month and day of a text like ``06-30``; None when it is no day of a leap year."""
    match = _DAY.match(entry.value.value) if entry is not None and entry.value.kind == TEXT else None
    if match is None:
        return None
    month, day = int(match[1]), int(match[2])
    try:
        date(2000, month, day)
    except ValueError:
        return None
    return month, day
