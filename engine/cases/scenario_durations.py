"""Durations as a scenario writes them, with the parameters of its definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.compiling import DURATION_LIMITS
from engine.definitions.model import Definition, Duration
from engine.errors import InvalidInput


def read_duration(definition: Definition, raw: Any) -> Duration:
    """A duration as written in a step, ``n`` a number or a parameter. Raises InvalidInput."""
    if isinstance(raw, Duration):
        return raw
    found = [key for key in raw if key in DURATION_LIMITS] if isinstance(raw, Mapping) else []
    if len(found) != 1:
        raise InvalidInput(f"{raw!r} is no duration.")
    amount = raw[found[0]]
    if isinstance(amount, str) and amount.startswith("${"):
        amount = definition.parameter_values.get(amount[2:-1])
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= DURATION_LIMITS[found[0]]:
        raise InvalidInput(f"{raw!r} is no duration.")
    return Duration(found[0], amount, raw.get("calendar"))
