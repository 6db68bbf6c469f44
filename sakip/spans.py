"""Spans of a year: one period, to date, the whole year, and which periods of an indicator they ask for (§5.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine.errors import AlurError
from sakip.configuration.measurement import Measurement, Period

YEAR = "year"
TO = "to_"
ONE, TO_DATE = "one", "to_date"


class UnknownSpan(AlurError):
    """A span names no period of any set."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a span asks of one indicator: its kind (one, to_date, year) and the due periods, in their order."""

    kind: str
    due: tuple[str, ...]


def window(rules: Measurement, periods: str, due_in: Sequence[str] | None, span: str) -> Window:
    """The window of ``span`` (``q3``, ``to_q3``, ``year``) over the set ``periods``; ``due_in`` None means all of it.

    A span named after a period of another set is understood by its end: to date takes the own periods that ended by
    then, one period is not due. Raises UnknownSpan when no set has it.
    """
    known = rules.periods.get(periods)
    items = () if known is None else tuple(known.items.values())
    due = [one for one in items if due_in is None or one.key in due_in]
    if span == YEAR:
        return Window(YEAR, tuple(one.key for one in due))
    end = _end(rules, items, span)
    if span.startswith(TO):
        return Window(TO_DATE, tuple(one.key for one in due if one.ends <= end.ends))
    return Window(ONE, tuple(one.key for one in due if one.key == span))


def last_day(rules: Measurement, periods: str, span: str, year: int) -> date:
    """The day by whose target, method, limits and bands a span is judged (§5.8). Raises UnknownSpan."""
    if span == YEAR:
        return date(year, 12, 31)
    known = rules.periods.get(periods)
    return _end(rules, () if known is None else tuple(known.items.values()), span).last_day(year)


def _end(rules: Measurement, items: Sequence[Period], span: str) -> Period:
    key = span.removeprefix(TO)
    for one in items:
        if one.key == key:
            return one
    for known in rules.periods.values():
        if key in known.items:
            return known.items[key]
    raise UnknownSpan(f"{span!r} is no span: no set of periods has {key!r}")


@lru_cache(maxsize=256)
def spans_of(rules: Measurement, periods: str | None = None) -> tuple[str, ...]:
    """The spans an indicator with this set of periods has a result for: each period and to date of its own set and of
    the region's usual one, then the year."""
    found: dict[str, None] = {}
    for name in dict.fromkeys((periods or rules.default_periods, rules.default_periods)):
        known = rules.periods.get(name)
        for key in () if known is None else known.items:
            found |= {key: None, f"{TO}{key}": None}
    return (*found, YEAR)


@lru_cache(maxsize=16_384)
def span_day(rules: Measurement, periods: str | None, span: str, year: int) -> date | None:
    """The last day of a span; None for one no set of periods knows."""
    try:
        return last_day(rules, periods or rules.default_periods, span, year)
    except UnknownSpan:
        return None
