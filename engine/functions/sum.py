"""The total of a list of numbers; empty entries are skipped, nothing adds up to 0.

computed: "sum(case.programmes.budget)"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.definitions import arithmetic
from engine.definitions.expression_types import DECIMAL, INTEGER, Type
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import function, list_of


def _result(kinds: Sequence[Type]) -> Type:
    held = kinds[0].of
    return INTEGER if held is not None and held.kind == "integer" else DECIMAL


@function("sum", Signature((list_of("integer", "decimal"),), _result), reads=Text("jumlah {0}", "the sum of {0}"))
def total(values: Sequence[Any]) -> Any:
    """The exact sum."""
    return arithmetic.total(values)
