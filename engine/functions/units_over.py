"""The units a person, or several, work in, and those these belong to.

exclude_when: "case.unit in units_over(user)"
"""

from __future__ import annotations

from typing import Any

from engine.definitions.expression_types import UNIT, list_of
from engine.definitions.model import Text
from engine.definitions.scope import Scope
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import PEOPLE, function
from engine.functions.units_of import units_of


@function(
    "units_over",
    *(Signature((slot,), list_of(UNIT)) for slot in PEOPLE),
    reads=Text("unit kerja {0} dan yang membawahinya", "the units of {0} and those above them"),
    takes_scope=True,
)
def units_over(scope: Scope, who: Any) -> list[Any]:
    """Each once, from below; nothing for an answer not given and for people without a unit."""
    above = scope.units_over or (lambda unit: (unit,))
    return list(dict.fromkeys(unit for below in units_of(scope, who) for unit in above(below)))
