"""The smallest (or earliest) of a list, or of two and more values; empty entries of a list are skipped.

guard: "min(case.goals.indicators.weight) > 0"
"""

from __future__ import annotations

from typing import Any

from engine.definitions.model import Text
from engine.functions import extreme, function, several


@function("min", *several(), reads=Text("nilai terkecil {0}", "the smallest of {0}"))
def smallest(*values: Any) -> Any:
    """The smallest; a fault when there is nothing to choose from."""
    return min(extreme(values))
