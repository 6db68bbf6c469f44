"""How achievement is computed, as an author wrote it: periods, units, methods, bands (reference §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from engine.definitions.model import Duration, Text
from sakip.bands import Bands
from sakip.configuration.heads import Head
from sakip.rounding import Rounding

NUMBER, PERCENT, GRADE, YES_NO, MILESTONES = "number", "percent", "grade", "yes_no", "milestones"
UNIT_KINDS = (NUMBER, PERCENT, GRADE, YES_NO, MILESTONES)
TO_DATE, YEAR = "to_date", "year"
REPORTED, VERIFIED = "reported", "verified"
REFUSE, PROVISIONAL = "refuse", "provisional"
ACHIEVEMENT, EFFICIENCY = "achievement", "efficiency"
INDICATORS, GOALS, UNITS = "indicators", "goals", "units"  # what a figure may be of
AGGREGATED = {"goal": (INDICATORS,), "unit": (GOALS, INDICATORS), "region": (UNITS, GOALS, INDICATORS)}


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a year; ``ends`` is (month, day), where a 29 February means the last day of that month."""

    key: str
    order: int
    title: Text
    ends: tuple[int, int]
    entry_until: Duration | None

    def last_day(self, year: int) -> date:
        """The day it ends in a fiscal year."""
        month, day = self.ends
        return (
            date(year, month, min(day, 28)) if (month, day) == (2, 29) and not _leaps(year) else date(year, month, day)
        )


def _leaps(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@dataclass(frozen=True, slots=True)
class PeriodSet:
    """Periods in the order of their ends."""

    key: str
    title: Text
    items: Mapping[str, Period]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure; ``places`` of decimals typed (0 for what is no number), ``scale`` of a grade."""

    key: str
    title: Text
    kind: str
    places: int
    scale: str | None


@dataclass(frozen=True, slots=True)
class Method:
    """A kind from the shelf with its options (exact numbers are fractions; a table of rows is a tuple of pairs
    ``(from, achievement)`` in rising order)."""

    key: str
    kind: str
    title: Text
    units: tuple[str, ...]
    aliases: tuple[str, ...]
    options: Mapping[str, Any]
    to_confirm: Text | None


@dataclass(frozen=True, slots=True)
class Consolidation:
    """How the values of periods become one."""

    key: str
    kind: str
    title: Text
    units: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A mean of items; ``leave_out`` are the reasons whose items stay outside."""

    level: str
    of: str
    by: str  # average or weight
    is_limited: bool
    leave_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """Which bands judge a figure from a day on."""

    key: str
    valid_from: date
    bands: str
    legal_basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """What a report needs as evidence of a row."""

    accepts: tuple[str, ...]  # file, link
    types: tuple[str, ...]  # file name endings
    max_bytes: int
    minimum: int
    keep_years: int


@dataclass(frozen=True, slots=True)
class Explanations:
    """The bands in which a reporter has to explain, and the fields asked then."""

    required_when: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Measurement:
    """One file `measurement.yaml`, with a region's overlay merged."""

    head: Head
    periods: Mapping[str, PeriodSet]
    default_periods: str
    units: Mapping[str, Unit]
    scales: Mapping[str, Mapping[str, Fraction]]  # scale -> grade as written -> value
    methods: Mapping[str, Method]
    directions: Mapping[str, str]  # direction -> method
    consolidations: Mapping[str, Consolidation]
    default_consolidation: str
    target_basis: str  # to_date or year
    floor: Fraction | None
    cap: Fraction | None
    rounding: Rounding
    when_incomplete: str  # refuse or provisional
    counts: str  # reported or verified
    marks: Mapping[str, str]
    aggregates: Mapping[str, Aggregate]
    bands: Mapping[str, Bands]
    applies: Mapping[str, tuple[Applied, ...]]  # figure -> in the order of their days
    evidence: EvidenceRule
    explanations: Explanations

    def bands_on(self, figure: str, day: date) -> Bands | None:
        """The bands that judge ``figure`` (achievement, efficiency) on a day, or None when none hold."""
        found = None
        for one in self.applies.get(figure, ()):
            if one.valid_from <= day:
                found = self.bands[one.bands]
        return found
