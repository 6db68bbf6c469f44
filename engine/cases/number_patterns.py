"""Patterns of the numbers people read, filled in: the same text on paper and in the store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_NAME = re.compile(r"\{([a-z_.]+)(?::0?(\d+))?\}")
_WIDEST = 40  # zeros beyond this help nobody


def day_parts(day: date) -> dict[str, Any]:
    """The variables a day gives: year, month, day."""
    return {"year": day.year, "month": f"{day.month:02}", "day": f"{day.day:02}"}


def with_counter(pattern: str) -> str:
    """The pattern, with a counter at its end if it has none."""
    return pattern if "{seq" in pattern else pattern + "/{seq}"


def prefix_of(pattern: str, parts: Mapping[str, Any]) -> str:
    """What a counter is kept for: everything but ``seq``."""
    return _NAME.sub(lambda found: "#" if found[1] == "seq" else _filled(found, parts), pattern)


def number_text(pattern: str, parts: Mapping[str, Any], seq: int) -> str:
    """The number itself, ``{seq:04}`` as 0007; an unknown variable stays as it is."""
    return _NAME.sub(lambda found: _filled(found, {**parts, "seq": seq}), pattern)


def _filled(found: re.Match[str], parts: Mapping[str, Any]) -> str:
    value = parts.get(found[1], found[0])
    width = found[2]
    return str(value).zfill(min(int(width[:3]), _WIDEST)) if width else str(value)
