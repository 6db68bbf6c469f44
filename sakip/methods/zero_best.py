"""Zero is best: a table says what each count is worth.

zero_best:
  kind: zero_best
  title: {id: Nol terbaik, en: Zero is best}
  units: [number]
  rows: {none: {from: 0, achievement: 100}, few: {from: 1, achievement: 50}, many: {from: 3, achievement: 0}}
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.definitions.model import Text
from sakip.methods import NEGATIVE, ROWS, Compared, Option, method
from sakip.reasons import Reason


def is_zero(target: Any) -> bool:
    """Whether a target is what this kind compares with."""
    return bool(target == 0)


@method("zero_best", Text("nol terbaik", "zero is best"), Option("rows", ROWS, is_needed=True), fits=is_zero)
def zero_best(given: Compared) -> Fraction | Reason:
    """The achievement of the row with the greatest ``from`` that the realisation reaches; a realisation below the first
    row, which only a negative one can be, is ``negative_value``."""
    found: Fraction | Reason = NEGATIVE
    for start, achievement in given.option("rows") or ():
        if start > given.realisation:
            break
        found = achievement
    return found
