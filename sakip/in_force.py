"""Which of several dated targets counts: the one in force on the last day of its period (reference §5.8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sakip.values import Target


@dataclass(frozen=True, slots=True)
class Dated:
    """A target from a day on, until the next one; None takes it away from then."""

    valid_from: date
    target: Target | None


def in_force(history: Iterable[Dated], on: date) -> Target | None:
    """The target that counts on a day: the latest that began by then (of one day the later written), or None."""
    found: Dated | None = None
    for one in history:
        if one.valid_from <= on and (found is None or one.valid_from >= found.valid_from):
            found = one
    return None if found is None else found.target
