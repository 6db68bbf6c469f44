"""One grade for the whole sub-component, set by a person (S1).

use:
  title: {id: Pemanfaatan, en: Use}
  order: 10
  weight: 100
  scoring: graded
  scale: {full: 100, answers: {aa: {value: 100}, b: {value: 70}, e: {value: 0}}}
  criteria: {budget_follows: {order: 10, title: {id: Anggaran mengacu pada kinerja, en: Budget follows performance}}}

The criteria are ticked and propose the grade, see ``suggested_grades``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sakip.scorings import scoring


@scoring("graded", has_one_grade=True)
def graded(points: Sequence[Fraction | None]) -> Sequence[Fraction]:
    """The grade is the share."""
    return [Fraction(1)] * len(points)
