"""Within a range: 100 inside, R/from below it, above it as the region decides.

range: {kind: range, title: {id: Dalam rentang, en: Within a range}, units: [number, percent], above: minimise_ratio}
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.definitions.model import Text
from sakip.methods import CHOICE, HUNDRED, RANGE, ZERO_REALISATION, ZERO_TARGET, Compared, Option, method, percent
from sakip.reasons import Reason

RATIO, DIFFERENCE, FULL = "minimise_ratio", "minimise_difference", "full"


def in_order(target: Any) -> bool:
    """Whether the ends of a target are."""
    return bool(target.low <= target.high)


@method(
    "range",
    Text("dalam rentang", "within a range"),
    Option("above", CHOICE, (RATIO, DIFFERENCE, FULL), is_needed=True),
    takes=RANGE,
    fits=in_order,
)
def within(given: Compared) -> Fraction | Reason:
    """100 from ``from`` to ``to``, both included; below R/from; above to/R, (2·to − R)/to or 100."""
    low, high, realisation = given.target.low, given.target.high, given.realisation
    if low <= realisation <= high:
        return HUNDRED
    if realisation < low:
        return percent(realisation, low) if low else ZERO_TARGET
    above = given.option("above")
    if above == FULL:
        return HUNDRED
    if above == DIFFERENCE:
        return percent(2 * high - realisation, high) if high else ZERO_TARGET
    return percent(high, realisation) if realisation else ZERO_REALISATION
