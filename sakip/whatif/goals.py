"""What a goal takes: the score of a predicate with margin and rounding, the weeks to a date (reference §9.1, §9.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sakip.configuration.evaluation import Evaluation
from sakip.rounding import HALF_UP, ROUNDED


@dataclass(frozen=True, slots=True)
class Threshold:
    """``least`` as it is judged; ``exact`` is the smallest exact score judged so, itself one of them or not."""

    least: Fraction
    exact: Fraction
    is_included: bool

    def whole(self, scale: int) -> int:
        """The smallest whole number of 1/``scale`` points that reaches it."""
        scaled = self.exact * scale
        up = -(-scaled.numerator // scaled.denominator)
        return up if self.is_included or scaled.denominator != 1 else up + 1


def threshold(evaluation: Evaluation, predicate: str, margin: Fraction) -> Threshold:
    """What a score must be judged at least: the lowest printable score of the predicate and ``margin`` points.

    Raises KeyError for a predicate that is none.
    """
    rounding, bands = evaluation.rounding, evaluation.predicate
    row = {one.key: one for one in bands.rows}[predicate]
    is_rounded = rounding.band_on == ROUNDED
    step = rounding.step(bands.places if is_rounded else None)
    printable = -((bands.lowest(row, step) + margin) // -step)
    least = printable * step
    if not is_rounded:
        return Threshold(least, least, is_included=True)
    # Half a step below is rounded up; when halves go to the even neighbour, only to an even one.
    is_included = rounding.mode == HALF_UP or printable % 2 == 0
    return Threshold(least, least - step / 2, is_included)


def at_start(evaluation: Evaluation, predicate: str, start: Fraction, limit: Threshold) -> Threshold:
    """The threshold of a goal without margin, no higher than today's score when that has the predicate already: judged
    exactly, a score may have it and still lie below the lowest one that can be printed."""
    bands = evaluation.predicate
    order = [row.key for row in bands.rows]
    today = bands.of(evaluation.rounding.judged(start, bands.places)).key
    if order.index(today) < order.index(predicate) or start >= limit.exact:
        return limit
    return Threshold(limit.least, start, is_included=True)


def weeks_left(target: date | None, today: date) -> int | None:
    """Whole weeks from ``today`` (of the region) to the target date, none once it has passed; None without a date."""
    return None if target is None else max(0, (target - today).days // 7)
