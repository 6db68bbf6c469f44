"""The mean of the shares of the criteria (S2, and S4 where evidence answers).

use:
  title: {id: Pemanfaatan, en: Use}
  order: 10
  weight: 100
  scoring: average
  scale: {full: 1, answers: {a: {value: 1}, b: {value: 0.66}, c: {value: 0.33}, d: {value: 0}}}
  criteria: {budget_follows: {order: 10, title: {id: Anggaran mengacu pada kinerja, en: Budget follows performance}}}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sakip.scorings import scoring


@scoring("average")
def average(points: Sequence[Fraction | None]) -> Sequence[Fraction]:
    """Every criterion carries the same."""
    return [Fraction(1, len(points))] * len(points)
