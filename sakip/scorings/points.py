"""Criteria with points of their own that add up to the weight of the sub-component (S3).

use:
  title: {id: Pemanfaatan, en: Use}
  order: 10
  weight: 100
  scoring: points
  scale: {full: 4, answers: {full: {value: 4}, half: {value: 2}, none: {value: 0}}}
  criteria:
    budget_follows: {order: 10, points: 100, title: {id: Anggaran mengacu pada kinerja, en: Budget follows performance}}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sakip.scorings import by_points, scoring


@scoring("points", needs_points=True)
def points(points: Sequence[Fraction | None]) -> Sequence[Fraction]:
    """By points of those that count: what is left out leaves both sums."""
    return by_points(points)
