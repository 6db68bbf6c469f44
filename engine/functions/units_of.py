"""The units a person, or several, work in.

exclude_when: "user.unit in units_of(case.reported_others)"
"""

from __future__ import annotations

from typing import Any

from engine.definitions.expression_types import UNIT, list_of
from engine.definitions.model import Text
from engine.definitions.scope import Scope
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import PEOPLE, function, people


@function(
    "units_of",
    *(Signature((slot,), list_of(UNIT)) for slot in PEOPLE),
    reads=Text("unit kerja {0}", "the units of {0}"),
    takes_scope=True,
)
def units_of(scope: Scope, who: Any) -> list[Any]:
    """Each once; nothing for an answer not given and for people without a unit."""
    if scope.person is None:
        return []
    units = [scope.person(person).unit for person in people(who)]
    return list(dict.fromkeys(unit for unit in units if unit is not None))
