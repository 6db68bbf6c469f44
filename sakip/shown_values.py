"""Targets and realisations that are no plain number, as people read them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.definitions.model import Text
from sakip.counted import counted
from sakip.values import Milestones, Range, as_text

YES, NO = Text("ya", "yes"), Text("belum", "not yet")


def shown_value(value: Any) -> Text:
    """A range, a grade, yes or no, milestones in both languages."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Fraction):
        return Text(_comma(value), as_text(value))
    if isinstance(value, Range):
        return Text(f"{_comma(value.low)}–{_comma(value.high)}", f"{as_text(value.low)}–{as_text(value.high)}")
    if isinstance(value, Milestones):
        count = len(value.weights)
        return Text(f"{count} tahap", counted(count, "milestone", "milestones"))
    if isinstance(value, frozenset):
        return Text(f"{len(value)} tahap selesai", counted(len(value), "milestone done", "milestones done"))
    return Text(str(value), str(value))


def _comma(value: Fraction) -> str:
    return as_text(value).replace(".", ",")
