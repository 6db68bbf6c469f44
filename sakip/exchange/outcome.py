"""What came of bringing a file in, and how the audit remembers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sakip.exchange.problems import Problem

EVENT = "sakip_imported"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows read, those written (on a dry run: that would be), those that say what stands already, and what is wrong.
    With problems nothing was written, unless bad rows were to be passed over. ``wrong`` is how many of the rows read
    something is wrong with. ``case``, ``left_out`` and ``holds`` are of an agreement: its number, the parts of the file
    that belong elsewhere, and how many goals, indicators and programmes it has."""

    kind: str | None
    read: int
    written: int
    unchanged: int
    problems: Sequence[Problem]
    case: str = ""
    left_out: tuple[str, ...] = ()
    wrong: int = 0
    holds: tuple[int, int, int] | None = None


def subject_of(digest: str) -> str:
    """What the audit calls a file."""
    return f"import:{digest}"
