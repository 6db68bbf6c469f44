"""The last value: what stands at the end of the span counts, with the target of that period.

last: {kind: last, title: {id: Nilai terakhir, en: Last value}, units: [number, percent, grade, yes_no, milestones]}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.definitions.model import Text
from sakip.consolidations import NUMBERS, consolidation


@consolidation("last", Text("nilai terakhir", "last value"), (*NUMBERS, "grade", "yes_no", "milestones"), is_last=True)
def last(values: Sequence[Fraction]) -> Fraction:
    """The last of at least one value."""
    return values[-1]
