"""How many entries a list or rows a table has.

guard: "count(case.goals) >= 1"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.definitions.expression_types import INTEGER
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import LISTED, function


@function("count", Signature((LISTED,), INTEGER), reads=Text("banyaknya {0}", "the number of {0}"))
def count(values: Sequence[Any]) -> int:
    """The length."""
    return len(values)
