"""How many days lie between two dates; negative when the second is earlier.

guard: "days_between(case.starts_on, case.ends_on) <= 14"
"""

from __future__ import annotations

from datetime import date

from engine.definitions.expression_types import INTEGER
from engine.definitions.model import Text
from engine.definitions.scope import Scope, day_of
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import DAY, function


@function(
    "days_between",
    Signature((DAY, DAY), INTEGER),
    reads=Text("banyaknya hari dari {0} sampai {1}", "the days from {0} to {1}"),
    takes_scope=True,
)
def days_between(scope: Scope, start: date, end: date) -> int:
    """Whole days; moments count by the day they fall on in the calendar's zone."""
    return (day_of(scope, end) - day_of(scope, start)).days
