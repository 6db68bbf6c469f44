"""What an improvement costs, as an author wrote it (reference §9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sakip.configuration.heads import Head


@dataclass(frozen=True, slots=True)
class Effort:
    """The cost of one step (a whole number from 1), the weeks it takes, who does it."""

    step: int
    weeks: int
    who: str | None


@dataclass(frozen=True, eq=False, slots=True)
class WhatIf:
    """One file `whatif.yaml`, with a region's overlay merged."""

    head: Head
    evaluation: str
    margin: Fraction  # printable points
    start_tier: str
    fallback_tier: str | None
    goal: str  # next, or the key of a predicate
    target_date: date | None
    default: Effort
    last_step: int  # the step to the best answer costs so many times a step
    evidence_item: Effort
    sub_components: Mapping[str, Effort]  # by path
    criteria: Mapping[str, Effort]  # by path
    fixed: tuple[str, ...]
    alternatives: int
