"""A number rounded to n decimals (0 when left out), half away from zero as in bookkeeping.

computed: "round(case.realised / case.planned * 100, 2)"
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.definitions import arithmetic
from engine.definitions.expression_types import DECIMAL, INTEGER
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import NUMBER, WHOLE, function


@function(
    "round",
    Signature((NUMBER,), INTEGER),
    Signature((NUMBER, WHOLE), DECIMAL),
    reads=Text("{0} dibulatkan", "{0} rounded"),
)
def rounded(value: Any, places: int | None = None) -> int | Decimal:
    """An integer without ``places``; otherwise a decimal with that many."""
    if places is None:
        return int(arithmetic.rounded(value, 0))
    return arithmetic.rounded(value, places)
