"""The shelf of scorings: how the answers of a sub-component become its share, one kind a file (reference §7.3).

A scoring says which part of the share each answer carries; the share is the sum of part × share of the answer. That it
is a sum is what lets the question for the cheapest way be answered exactly (reference §9.8).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.shelf import Shelf

Parts = Callable[[Sequence[Fraction | None]], Sequence[Fraction]]


@dataclass(frozen=True, slots=True)
class Scoring:
    """One kind. ``parts`` takes the points of what counts (None where none are given) and gives each one's part; the
    parts add up to 1, or are all 0 when nothing carries any. ``has_one_grade``: one answer for the sub-component
    itself, its criteria are only ticked. ``needs_points``: every criterion that counts has ``points``."""

    name: str
    parts: Parts
    has_one_grade: bool
    needs_points: bool


SCORINGS: Shelf[Scoring] = Shelf(__name__)


def scoring(name: str, *, has_one_grade: bool = False, needs_points: bool = False) -> Callable[[Parts], Parts]:
    """Puts the decorated function on the shelf."""
    return SCORINGS.named(name, lambda parts: Scoring(name, parts, has_one_grade, needs_points))


def by_points(points: Sequence[Fraction | None]) -> Sequence[Fraction]:
    """Each one's points of all points; nothing when there are none."""
    total = sum((one or Fraction(0) for one in points), Fraction(0))
    return [(one or Fraction(0)) / total if total else Fraction(0) for one in points]
