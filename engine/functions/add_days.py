"""The date (or moment) n days later; n may be negative.

at: "add_days(case.signed_on, 30)"
"""

from __future__ import annotations

from datetime import date, timedelta

from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import DAY, MOST_DAYS, WHOLE, function, given, too_far


@function(
    "add_days",
    Signature((DAY, WHOLE), lambda kinds: kinds[0].emptied(False)),
    reads=Text("{0} ditambah {1} hari", "{0} plus {1} days"),
)
def add_days(start: date, days: int) -> date:
    """The same kind as ``start``; a fault beyond a hundred years."""
    if abs(given(days)) > MOST_DAYS:
        raise too_far()
    later: date = given(start) + timedelta(days=days)
    return later
