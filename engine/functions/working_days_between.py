"""How many working days of the calendar lie after the first date up to and with the second.

guard: "working_days_between(case.received_on, today) <= 10"
"""

from __future__ import annotations

from datetime import date

from engine.definitions.expression_types import INTEGER
from engine.definitions.model import Text
from engine.definitions.scope import Scope, calendar_of, day_of
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import DAY, MOST_DAYS, function, too_far


@function(
    "working_days_between",
    Signature((DAY, DAY), INTEGER),
    reads=Text("banyaknya hari kerja dari {0} sampai {1}", "the working days from {0} to {1}"),
    takes_scope=True,
)
def working_days_between(scope: Scope, start: date, end: date) -> int:
    """Counted on the calendar of the place; a fault beyond a hundred years."""
    first, last = day_of(scope, start), day_of(scope, end)
    if abs((last - first).days) > MOST_DAYS:
        raise too_far()
    return calendar_of(scope).working_days_between(first, last)
