"""Milestones: the weight of what is done as a share of all weights; of yes or no, 100 or 0.

milestone: {kind: milestone, title: {id: Tahapan, en: Milestones}, units: [yes_no, milestones], partial: true}
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.definitions.model import Text
from sakip.methods import DONE, HUNDRED, YES_NO, Compared, Option, method, percent
from sakip.reasons import Reason

ZERO = Fraction(0)


def can_be_reached(target: Any) -> bool:
    """Whether a target is a yes, or milestones of which no weight is negative and not all are zero."""
    if isinstance(target, bool):
        return target
    weights = target.weights.values()
    return all(weight >= 0 for weight in weights) and any(weights)


@method(
    "milestone",
    Text("makin selesai makin baik", "the more is done the better"),
    Option("partial", YES_NO, default=True),
    takes=DONE,
    fits=can_be_reached,
)
def milestone(given: Compared) -> Fraction | Reason:
    """Done weights of all weights in percent; with ``partial: false`` 100 only when every milestone is done."""
    if isinstance(given.target, bool):
        return HUNDRED if given.realisation else ZERO
    weights = given.target.weights
    if given.option("partial") is False:
        return HUNDRED if given.realisation >= weights.keys() else ZERO
    done = sum((weight for name, weight in weights.items() if name in given.realisation), ZERO)
    return percent(done, sum(weights.values(), ZERO))
