"""Which of several dated targets counts: the one in force on the last day of its period (reference §5.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sakip.configuration.measurement import Measurement
from sakip.spans import YEAR, last_day
from sakip.values import Target


@dataclass(frozen=True, slots=True)
class Dated:
    """A target from a day on, until the next one; None takes it away from then."""

    valid_from: date
    target: Target | None


def in_force(history: Iterable[Dated], on: date) -> Target | None:
    """The target that counts on a day: the latest that began by then (of one day the later written), or None."""
    found: Dated | None = None
    for one in history:
        if one.valid_from <= on and (found is None or one.valid_from >= found.valid_from):
            found = one
    return None if found is None else found.target


def targets_of(
    rules: Measurement, periods: str, history: Mapping[str, Sequence[Dated]], span: str, year: int
) -> dict[str, Target | None]:
    """The targets a span is measured against, by period and ``year``: each period's as it stood on the period's own
    last day, the year's as it stood on the last day of the span. Raises UnknownSpan."""
    end = last_day(rules, periods, span, year)
    return {
        key: in_force(dated, end if key == YEAR else last_day(rules, periods, key, year))
        for key, dated in history.items()
    }
