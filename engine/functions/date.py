"""A date, from text as 2026-05-31 or from year, month and day.

at: "date(case.period, 1, 31)"
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from engine.definitions.expression_types import DATE
from engine.definitions.model import Text
from engine.definitions.scope import ExpressionFault
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import WHOLE, WORDS, function

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@function(
    "date",
    Signature((WORDS,), DATE),
    Signature((WHOLE, WHOLE, WHOLE), DATE),
    reads=Text("tanggal {0}", "the date {0}"),
)
def date_of(*parts: Any) -> date:
    """A fault when there is no such day."""
    if len(parts) == 1:
        found = _ISO.fullmatch(parts[0]) if isinstance(parts[0], str) else None
        parts = tuple(map(int, found.groups())) if found else ()
    try:
        return date(*parts)
    except (ValueError, TypeError, OverflowError):
        raise ExpressionFault(Text("Tanggal itu tidak ada.", "There is no such date.")) from None
