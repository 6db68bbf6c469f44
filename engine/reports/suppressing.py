"""Small counts left out of a table, and enough others with them that its total gives none of them away.

With a single gap the total tells it by subtraction; with several, whoever knows this rule could still narrow them down.
So cells are taken away, the smallest first, until what is left of the total can be split in more than one way.
"""

from __future__ import annotations

from collections.abc import Sequence


def suppressed(counts: Sequence[int], below: int) -> list[int | None]:
    """The counts with None where nothing is told. ``below`` is the smallest count that may be told, besides none at
    all, which points at nobody."""
    small = {place for place, count in enumerate(counts) if 0 < count < below}
    hidden = set(small)
    if not hidden:
        return list(counts)
    larger = sorted((place for place, count in enumerate(counts) if count >= below), key=lambda place: counts[place])
    while larger and not _is_safe(counts, small, hidden, below):
        hidden.add(larger.pop(0))
    if not larger:  # nothing is left to tell, and which cells are empty would tell how many share the total
        return [None] * len(counts)
    return [None if place in hidden else count for place, count in enumerate(counts)]


def _is_safe(counts: Sequence[int], small: set[int], hidden: set[int], below: int) -> bool:
    """Whether the hidden cells' sum, which the total tells, leaves each of the small ones more than one value, also to
    who knows this rule: cells hidden besides are no smaller than ``below`` and no larger than the smallest that is
    shown, and would have been shown had the small ones been safe alone."""
    rest = sum(counts[place] for place in hidden)
    others = len(hidden) - len(small)
    if not others:
        return _is_safe_alone(len(small), rest, below)
    smallest = min((count for place, count in enumerate(counts) if place not in hidden and count), default=rest)
    lowest = max(len(small), rest - others * smallest)
    highest = min(len(small) * (below - 1), rest - others * below)
    sums = [each for each in range(lowest, highest + 1) if not _is_safe_alone(len(small), each, below)]
    return len(sums) > 1


def _is_safe_alone(cells: int, total: int, below: int) -> bool:
    """Whether small cells of a known sum stay unknown: several, not fewer together than may be told, and neither all
    the least nor all the most they can be."""
    return cells > 1 and total >= below and cells < total < cells * (below - 1)
