"""Whether a value is of the kind an indicator takes, and what of it is compared: a grade's score, a number itself.

Each reader gives the value back as it is compared, or the reason why it is none (``wrong_kind``, ``unknown_grade``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from engine.definitions.model import Text
from sakip import reasons
from sakip.reasons import Reason
from sakip.values import Milestones, Range

Read = Callable[[Any], Any]


def number(value: Any) -> Fraction | Reason:
    """An exact number. A whole one may come as int; yes and no may not, though Python counts them among those."""
    if type(value) is Fraction:
        return value
    return Fraction(value) if type(value) is int else wrong(value)


def ends(value: Any) -> Range | Reason:
    """A target with two ends."""
    return value if isinstance(value, Range) else wrong(value)


def graded(scale: Mapping[str, Fraction]) -> Read:
    """A reader of grades: each one's score on ``scale``, in capitals or not (reference §5.4)."""
    return partial(_score, scale)


def _score(scale: Mapping[str, Fraction], value: Any) -> Fraction | Reason:
    if not isinstance(value, str):
        return wrong(value)
    score = scale.get(value)
    if score is None:
        folded = value.casefold()
        score = next((scale[grade] for grade in scale if grade.casefold() == folded), None)
    if score is None:
        return Reason(reasons.UNKNOWN_GRADE, {"value": value, "known": tuple(scale)})
    return score


def yes_or_no(value: Any) -> bool | Reason:
    """Yes or no."""
    return value if isinstance(value, bool) else wrong(value)


def steps(value: Any) -> Milestones | Reason:
    """Milestones aimed at, with their weights."""
    return value if isinstance(value, Milestones) else wrong(value)


def steps_done(value: Any) -> frozenset[str] | Reason:
    """Milestones reached, by name."""
    return value if isinstance(value, frozenset) else wrong(value)


def wrong(value: Any) -> Reason:
    """The reason that ``value`` is of another kind, naming it."""
    if isinstance(value, Range):
        value = (value.low, value.high)
    elif isinstance(value, Milestones):
        value = tuple(value.weights)
    elif isinstance(value, frozenset):
        value = tuple(sorted(value))
    elif isinstance(value, bool):
        value = Text("ya", "yes") if value else Text("tidak", "no")
    return Reason(reasons.WRONG_KIND, {"value": value})
