"""Whether the case has ever been in that state.

guard: "not was_in_state('revision')"
"""

from __future__ import annotations

from engine.definitions.expression_types import BOOLEAN
from engine.definitions.model import Text
from engine.definitions.scope import Scope
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import STATE, function


@function(
    "was_in_state",
    Signature((STATE,), BOOLEAN),
    reads=Text("kasus pernah berada pada tahap {0}", "the case was in state {0}"),
    takes_scope=True,
)
def was_in_state(scope: Scope, state: str) -> bool:
    """By the state's key."""
    return state in scope.visited
