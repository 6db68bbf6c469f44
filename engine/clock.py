"""The one place that knows what time it is, so that tests and a demonstration can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, as an aware moment in UTC."""
    return datetime.now(UTC)
