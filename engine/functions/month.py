"""The month of a date or moment, as a number; of a moment on the clock of the calendar's zone.

guard: "month(case.signed_on) == month(today)"
"""

from __future__ import annotations

from datetime import date

from engine.definitions.expression_types import INTEGER
from engine.definitions.model import Text
from engine.definitions.scope import Scope, day_of
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import DAY, function


@function("month", Signature((DAY,), INTEGER), reads=Text("bulan dari {0}", "the month of {0}"), takes_scope=True)
def month_of(scope: Scope, when: date) -> int:
    """A fault when when is empty."""
    return day_of(scope, when).month
