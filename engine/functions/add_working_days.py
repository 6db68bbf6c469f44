"""The nth working day after a date, on the calendar of the place; n may be negative.

at: "add_working_days(case.received_on, 5)"
"""

from __future__ import annotations

from datetime import date

from engine.definitions.expression_types import DATE
from engine.definitions.model import Text
from engine.definitions.scope import Scope, calendar_of, day_of
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import DAY, MOST_DAYS, WHOLE, function, given, too_far


@function(
    "add_working_days",
    Signature((DAY, WHOLE), DATE),
    reads=Text("{0} ditambah {1} hari kerja", "{0} plus {1} working days"),
    takes_scope=True,
)
def add_working_days(scope: Scope, start: date, days: int) -> date:
    """A date; a fault beyond a hundred years."""
    if abs(given(days)) > MOST_DAYS:
        raise too_far()
    return calendar_of(scope).add_working_days(day_of(scope, start), days)
