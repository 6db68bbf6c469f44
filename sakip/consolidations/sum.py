"""Added up: what was done in every period counts together.

sum: {kind: sum, title: {id: Dijumlahkan, en: Added up}, units: [number, percent]}
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from fractions import Fraction

from engine.definitions.model import Text
from sakip.consolidations import consolidation


@consolidation("sum", Text("dijumlahkan", "added up"))
def sum(values: Sequence[Fraction]) -> Fraction:
    """The sum of at least one value."""
    return builtins.sum(values[1:], values[0])
