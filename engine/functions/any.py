"""Whether at least one entry of a list of yes/no answers is yes; of an empty list: no.

guard: "any(case.goals.indicators.is_key)"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.definitions.expression_types import BOOLEAN
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import function, list_of


@function("any", Signature((list_of("boolean"),), BOOLEAN), reads=Text("salah satu {0}", "any of {0}"))
def any_of(values: Sequence[Any]) -> bool:
    """An unanswered entry counts as no."""
    return any(values)
