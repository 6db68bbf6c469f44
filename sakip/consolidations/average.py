"""The mean: every period counts the same.

average: {kind: average, title: {id: Rata-rata, en: Average}, units: [number, percent]}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.definitions.model import Text
from sakip.consolidations import consolidation


@consolidation("average", Text("rata-rata", "average"))
def average(values: Sequence[Fraction]) -> Fraction:
    """The exact mean of at least one value."""
    return sum(values[1:], values[0]) / len(values)
