"""Added up: what was done in every period counts together.

sum: {kind: sum, title: {id: Dijumlahkan, en: Added up}, units: [number, percent]}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.definitions.model import Text
from sakip.consolidations import consolidation
from sakip.exact import exact_sum


@consolidation("sum", Text("dijumlahkan", "added up"))
def sum(values: Sequence[Fraction]) -> Fraction:
    """The sum of at least one value."""
    return exact_sum(values)
