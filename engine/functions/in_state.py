"""Whether the case stands in that state (or in a state inside it) now.

visible_when: "not in_state('drafting')"
"""

from __future__ import annotations

from engine.definitions.expression_types import BOOLEAN
from engine.definitions.model import Text
from engine.definitions.scope import Scope
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import STATE, function


@function(
    "in_state",
    Signature((STATE,), BOOLEAN),
    reads=Text("kasus berada pada tahap {0}", "the case is in state {0}"),
    takes_scope=True,
)
def in_state(scope: Scope, state: str) -> bool:
    """By the state's key."""
    return state in scope.active
