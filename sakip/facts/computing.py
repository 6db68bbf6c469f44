"""From facts to achievements: every indicator over every span of a year, each by what held on the span's last day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from sakip.facts.realisations import realisations
from sakip.facts.rulebook import Rulebook
from sakip.facts.subjects import HeldIndicator, held_on, indicators_of
from sakip.facts.targets import History, histories, periods_aimed_at, target_on
from sakip.judged import Result
from sakip.measure import Facts, Reported, measure
from sakip.spans import YEAR, UnknownSpan
from sakip.values import Target

INDICATOR, NODE, UNIT, REGION = "indicator", "node", "unit", "region"  # kinds of subject


@dataclass(frozen=True, slots=True)
class Line:
    """One result on its way into its row: of which subject and unit, over which span, by which configuration.
    ``counted`` of ``total`` items make a figure of figures."""

    kind: str
    subject: str
    unit: int | None
    span: str
    result: Result
    digest: str
    counted: int | None = None
    total: int | None = None


def achievements(
    session: Session, book: Rulebook, year: int, keys: Sequence[str] | None = None, spans: Sequence[str] | None = None
) -> Iterator[Line]:
    """The achievements of a fiscal year: of ``keys`` or the whole region, over all their spans or those asked for.

    An indicator has a result over the spans on whose last day it stood in the tree, and over earlier ones for which
    something was filled in. Nothing comes where no measurement governs the year.
    """
    if book.of_year(year) is None:
        return
    targets = histories(session, book.region_id, year, keys)
    filled = realisations(session, book.region_id, year, keys)
    for key, versions in indicators_of(session, book.region_id, year, keys).items():
        yield from _of_indicator(book, year, versions, targets.get(key, {}), filled.get(key, {}), spans or ())


def _of_indicator(
    book: Rulebook,
    year: int,
    versions: Sequence[HeldIndicator],
    history: History,
    filled: Mapping[str, Reported],
    asked: Sequence[str],
) -> Iterator[Line]:
    periods = versions[-1].measured.periods
    names = asked or dict.fromkeys(name for one in versions for name in book.spans(year, one.measured.periods))
    targets = _of_periods(book, versions, history, year)
    is_filled_first = _first_filled(book, periods, filled, year)
    for span in names:
        judged = book.judged(year, span, periods)
        if judged is None:
            continue
        day, rules = judged
        held = standing(versions, day, is_filled_first)
        if held is None:
            continue
        facts = Facts({**targets, YEAR: target_on(versions, history, YEAR, year, day)}, filled)
        try:
            result = measure(rules, held.measured, facts, span, day)
        except UnknownSpan:  # the rules of that day do not know the period
            continue
        yield Line(INDICATOR, held.key, held.unit, span, result, rules.head.digest)


def standing(versions: Sequence[HeldIndicator], day: date, filled_from: date | None) -> HeldIndicator | None:
    """The indicator as it stood on a day; before it came into the tree as it came, when something was filled in for a
    period that had ended by then."""
    held: HeldIndicator | None = held_on(versions, day)
    if held is None and day < versions[0].valid_from and filled_from is not None and filled_from <= day:
        return versions[0]
    return held


def _first_filled(book: Rulebook, periods: str | None, filled: Mapping[str, Reported], year: int) -> date | None:
    if not filled:
        return None
    days = [book.day_of(year, period, periods) for period in filled]
    return min((day for day in days if day is not None), default=None)


def _of_periods(
    book: Rulebook, versions: Sequence[HeldIndicator], history: History, year: int
) -> dict[str, Target | None]:
    """Each period's target as it stood on the period's own last day (§5.8)."""
    periods = versions[-1].measured.periods
    found = {}
    for period in periods_aimed_at(versions, history):
        day = None if period == YEAR else book.day_of(year, period, periods)
        if day is not None:
            found[period] = target_on(versions, history, period, year, day)
    return found
