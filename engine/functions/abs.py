"""A number without its sign.

guard: "abs(case.planned - case.realised) <= 5"
"""

from __future__ import annotations

from typing import Any

from engine.definitions import arithmetic
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import NUMBER, function, widest


@function("abs", Signature((NUMBER,), widest), reads=Text("besarnya {0}", "the size of {0}"))
def absolute(value: Any) -> Any:
    """The same kind of number, never negative."""
    return arithmetic.negate(value) if value < 0 else value
