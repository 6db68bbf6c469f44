"""Everybody who sits above a person, or above any of several: the whole line up, whoever stands in for it included.

exclude_when: "user in superiors(case.reported_person) or user in superiors(case.reported_others)"
"""

from __future__ import annotations

from typing import Any

from engine.definitions.expression_types import PERSON, list_of
from engine.definitions.model import Text
from engine.definitions.scope import Scope
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import PEOPLE, function, people


@function(
    "superiors",
    *(Signature((slot,), list_of(PERSON)) for slot in PEOPLE),
    reads=Text("atasan {0}", "the superiors of {0}"),
    takes_scope=True,
)
def superiors(scope: Scope, below: Any) -> list[Any]:
    """Nobody for an answer not given."""
    if scope.above is None:
        return []
    return list(dict.fromkeys(above for person in people(below) for above in scope.above(person)))
