"""A text in small letters, to compare without regard to capitals.

guard: "filled(case.office) and lower(case.office) == 'bappeda'"
"""

from __future__ import annotations

from engine.definitions.expression_types import TEXT
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import WORDS, function, given


@function("lower", Signature((WORDS,), TEXT), reads=Text("{0} (huruf kecil)", "{0} in small letters"))
def lower(text: str) -> str:
    """A fault when ``text`` is empty."""
    small: str = given(text).lower()
    return small
