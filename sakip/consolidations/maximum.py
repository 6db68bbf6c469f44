"""The highest: the best period counts; of grades the one with the highest score.

maximum: {kind: maximum, title: {id: Tertinggi, en: Highest}, units: [number, percent, grade]}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.definitions.model import Text
from sakip.consolidations import NUMBERS, consolidation


@consolidation("maximum", Text("nilai tertinggi", "highest value"), (*NUMBERS, "grade"))
def maximum(values: Sequence[Fraction]) -> Fraction:
    """The greatest of at least one value."""
    return max(values)
