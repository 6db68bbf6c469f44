"""Whether a text begins with another.

guard: "filled(case.code) and starts_with(case.code, '2.16')"
"""

from __future__ import annotations

from engine.definitions.expression_types import BOOLEAN
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import WORDS, function, given


@function(
    "starts_with",
    Signature((WORDS, WORDS), BOOLEAN),
    reads=Text("{0} diawali {1}", "{0} begins with {1}"),
)
def starts_with(text: str, beginning: str) -> bool:
    """A fault when either is empty."""
    return bool(given(text).startswith(given(beginning)))
