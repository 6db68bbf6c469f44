"""Whether an answer was given: not empty, and of a list or table not without entries. Zero and "no" are answers.

guard: "filled(case.unit_budget) and case.unit_budget > 0"
"""

from __future__ import annotations

from typing import Any

from engine.definitions.expression_types import BOOLEAN
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import ANYTHING, function


@function("filled", Signature((ANYTHING,), BOOLEAN), reads=Text("{0} diisi", "{0} is filled in"))
def filled(value: Any) -> bool:
    """Zero and False are filled; None, "", and whatever holds nothing are not."""
    if value is None:
        return False
    if isinstance(value, str | list | tuple | dict):
        return len(value) > 0
    return True
