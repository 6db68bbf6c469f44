"""Whether every entry of a list of yes/no answers is yes; of an empty list: yes.

guard: "all(case.checklist.is_done)"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.definitions.expression_types import BOOLEAN
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import function, list_of


@function("all", Signature((list_of("boolean"),), BOOLEAN), reads=Text("semua {0}", "all of {0}"))
def all_of(values: Sequence[Any]) -> bool:
    """An unanswered entry counts as no."""
    return all(values)
