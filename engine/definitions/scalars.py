"""Unquoted scalars by our own rules: ``true``, ``false``, ``null``, whole numbers and decimals; the rest is text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

MAXIMUM_DIGITS = 30

MAP = "map"
LIST = "list"
TEXT = "text"
INTEGER = "integer"
DECIMAL = "decimal"
BOOLEAN = "boolean"
NULL = "null"

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
_CHANGED_WORDS = frozenset(
    spelling
    for word in ("yes", "no", "on", "off", "true", "false", "null")
    for spelling in (word, word.capitalize(), word.upper())
) | {"~"}
_CHANGED_NUMBERS = re.compile(
    r"""[-+]?(?:
        0[0-9_]+ | 0x[0-9a-fA-F_]+ | 0o[0-7_]+ | 0b[01_]+          # other bases, leading zeros
        | [0-9][0-9_]*_[0-9_]*                                      # digits in groups
        | [0-9]+(?::[0-5]?[0-9])+(?:\.[0-9_]*)?                     # base sixty
        | (?:[0-9][0-9_]*)?\.[0-9_]+(?:[eE][-+]?[0-9]+)?            # .5, 01.5, 1.5e3
        | [0-9][0-9_]*\.(?:[eE][-+]?[0-9]+)?                        # 5.
        | [0-9][0-9_]*[eE][-+]?[0-9]+                               # 1e3
        | \.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)
    )\Z""",
    re.VERBOSE,
)


def read_scalar(text: str) -> tuple[str, Any]:
    """Kind and value of an unquoted scalar by the reference's rules (§1)."""
    if text in ("", "null"):
        return NULL, None
    if text in ("true", "false"):
        return BOOLEAN, text == "true"
    first = text[0]
    if (first.isdigit() or first in "+-") and len(text) <= MAXIMUM_DIGITS:
        if _INTEGER.match(text):
            return INTEGER, int(text)
        if _DECIMAL.match(text):
            return DECIMAL, Decimal(text)
    return TEXT, text


def is_changed_elsewhere(text: str) -> bool:
    """Whether other YAML readers turn this unquoted text into a word or number of their own (WF013; not dates)."""
    first = text[:1]
    if not (first.isdigit() or first in "+-."):
        return text in _CHANGED_WORDS
    return _CHANGED_NUMBERS.match(text) is not None or (len(text) > MAXIMUM_DIGITS and text.isdigit())
