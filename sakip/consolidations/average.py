"""The mean: every period counts the same.

average: {kind: average, title: {id: Rata-rata, en: Average}, units: [number, percent]}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.definitions.model import Text
from sakip.consolidations import consolidation
from sakip.exact import exact_sum


@consolidation("average", Text("rata-rata", "average"))
def average(values: Sequence[Fraction]) -> Fraction:
    """The exact mean of at least one value."""
    return exact_sum(values, len(values))
