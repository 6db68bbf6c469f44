"""The shelf of consolidations: how the values of several periods become one (reference §5.6).

Always values, never percentages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.definitions.model import Text
from engine.shelf import Shelf

Combine = Callable[[Sequence[Fraction]], Fraction]

NUMBERS = ("number", "percent")


@dataclass(frozen=True, slots=True)
class ConsolidationKind:
    """One kind: its words ("nilai terakhir"), the kinds of unit whose values it can make one, and how: ``combine`` gets
    the values of all due periods in their order. ``is_last`` looks at the last of them only."""

    name: str
    reads: Text
    units: frozenset[str]
    combine: Combine
    is_last: bool


CONSOLIDATIONS: Shelf[ConsolidationKind] = Shelf(__name__)


def consolidation(
    name: str, reads: Text, units: Collection[str] = NUMBERS, is_last: bool = False
) -> Callable[[Combine], Combine]:
    """Puts the decorated function on the shelf as that kind of consolidation."""
    return CONSOLIDATIONS.named(
        name, lambda combine: ConsolidationKind(name, reads, frozenset(units), combine, is_last)
    )
