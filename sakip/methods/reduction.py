"""A reduction: (T − R)/T over the whole year, T/R within it.

reduction:
  kind: reduction
  title: {id: Penurunan, en: Reduction}
  units: [number, percent]
  both_zero: 100
  zero_realisation: refuse
"""

from __future__ import annotations

from fractions import Fraction

from engine.definitions.model import Text
from sakip.methods import (
    NUMBER_OR_REFUSE,
    ZERO_REALISATION,
    ZERO_TARGET,
    Compared,
    Option,
    decided,
    method,
    percent,
)
from sakip.reasons import Reason


@method(
    "reduction",
    Text("penurunan", "reduction"),
    Option("both_zero", NUMBER_OR_REFUSE, is_needed=True),
    Option("zero_realisation", NUMBER_OR_REFUSE, is_needed=True),
)
def reduction(given: Compared) -> Fraction | Reason:
    """(T − R)/T when the whole year is looked at, otherwise T/R, in percent. Both zero: ``both_zero``; a target of zero
    ``zero_target``; a realisation of zero in T/R what ``zero_realisation`` says."""
    target, realisation = given.target, given.realisation
    if not target:
        return ZERO_TARGET if realisation else decided(given.option("both_zero"), ZERO_TARGET)
    if given.is_whole_year:
        return percent(target - realisation, target)
    if not realisation:
        return decided(given.option("zero_realisation"), ZERO_REALISATION)
    return percent(target, realisation)
