"""The year of a date or moment, as a number; of a moment on the clock of the calendar's zone.

guard: "year(case.signed_on) == year(today)"
"""

from __future__ import annotations

from datetime import date

from engine.definitions.expression_types import INTEGER
from engine.definitions.model import Text
from engine.definitions.scope import Scope, day_of
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import DAY, function


@function("year", Signature((DAY,), INTEGER), reads=Text("tahun dari {0}", "the year of {0}"), takes_scope=True)
def year_of(scope: Scope, when: date) -> int:
    """A fault when when is empty."""
    return day_of(scope, when).year
