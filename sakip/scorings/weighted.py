"""Criteria with weights against each other, which need not add up to anything (S3).

use:
  title: {id: Pemanfaatan, en: Use}
  order: 10
  weight: 100
  scoring: weighted
  scale: {full: 4, answers: {full: {value: 4}, half: {value: 2}, none: {value: 0}}}
  criteria:
    budget_follows: {order: 10, points: 3, title: {id: Anggaran mengacu pada kinerja, en: Budget follows performance}}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sakip.scorings import by_points, scoring


@scoring("weighted", needs_points=True)
def weighted(points: Sequence[Fraction | None]) -> Sequence[Fraction]:
    """By points of those that count."""
    return by_points(points)
