"""The largest (or latest) of a list, or of two and more values; empty entries of a list are skipped.

guard: "max(case.offered, case.estimated) <= 200000000"
"""

from __future__ import annotations

from typing import Any

from engine.definitions.model import Text
from engine.functions import extreme, function, several


@function("max", *several(), reads=Text("nilai terbesar {0}", "the largest of {0}"))
def largest(*values: Any) -> Any:
    """The largest; a fault when there is nothing to choose from."""
    return max(extreme(values))
