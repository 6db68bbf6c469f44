"""The mean of a list of numbers; empty entries are skipped.

computed: "round(average(case.scores.value), 2)"
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.definitions import arithmetic
from engine.definitions.expression_types import DECIMAL
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import extreme, function, list_of


@function(
    "average",
    Signature((list_of("integer", "decimal"),), DECIMAL),
    reads=Text("rata-rata {0}", "the average of {0}"),
)
def average(values: Sequence[Any]) -> Decimal:
    """The exact mean to 60 digits; a fault for an empty list."""
    present = extreme((values,))
    return arithmetic.divide(arithmetic.total(present), len(present))
