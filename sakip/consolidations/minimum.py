"""The lowest: the weakest period counts; of grades the one with the lowest score.

minimum: {kind: minimum, title: {id: Terendah, en: Lowest}, units: [number, percent, grade]}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.definitions.model import Text
from sakip.consolidations import NUMBERS, consolidation


@consolidation("minimum", Text("nilai terendah", "lowest value"), (*NUMBERS, "grade"))
def minimum(values: Sequence[Fraction]) -> Fraction:
    """The smallest of at least one value."""
    return min(values)
