"""Small counts left out of a table, and enough others with them that its total gives none of them away.

With a single gap the total tells it by subtraction; with several, whoever knows this rule could still narrow them down.
So cells are taken away, the smallest first, until what is left of the total can be split in more than one way.
"""

from __future__ import annotations

from collections.abc import Sequence


def suppressed(counts: Sequence[int], below: int) -> list[int | None]:
    """The counts with None where nothing is told. ``below`` is the smallest count that may be told; none is told about
    a table whose total is smaller."""
    small = {place for place, count in enumerate(counts) if count < below}
    hidden = set(small)
    if not hidden:
        return list(counts)
    for place in sorted(range(len(counts)), key=lambda place: (counts[place], place)):
        if _is_safe(counts, small, hidden, below):
            break
        hidden.add(place)
    return [None if place in hidden else count for place, count in enumerate(counts)]


def _is_safe(counts: Sequence[int], small: set[int], hidden: set[int], below: int) -> bool:
    """Whether the hidden cells' sum, which the total tells, leaves each of the small ones more than one value. The
    cells hidden besides are known to be no smaller than ``below``, and no larger than the smallest that is shown."""
    rest = sum(counts[place] for place in hidden)
    others = len(hidden) - len(small)
    shown = [count for place, count in enumerate(counts) if place not in hidden]
    if len(hidden) < 2 or rest < below:
        return False
    lowest = max(0, rest - others * min(shown, default=rest)) if others else rest
    highest = min(len(small) * (below - 1), rest - others * below)
    if lowest == highest:  # the sum of the small ones is known: one value each when it is all or nothing
        return len(small) > 1 and 0 < lowest < len(small) * (below - 1)
    return True
