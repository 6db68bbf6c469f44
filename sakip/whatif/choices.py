"""Criteria of which it does not matter which are raised: "two of five" (reference §9.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sakip.whatif.model import Choice
from sakip.whatif.sheet import Part


def choices(part: Part, levels: Sequence[int]) -> Iterator[Choice]:
    """The choices a way leaves in one sub-component, given the level of each item.

    Alike are items with the same weight, steps and cost. Whatever is picked from all choices is a way too: what the
    raising of another hangs on stays raised, and what would hang on an item that may not be picked is not offered.
    """
    pools = list(_pools(part, levels))
    pinned = {place for place in range(len(part.items)) if _carries(part, levels, place)}
    movable = {place for _level, pool in pools for place in pool} - pinned
    for level, pool in pools:
        free = [place for place in pool if place in movable and _may(part, levels, movable, place, level)]
        chosen = [place for place in free if levels[place] == level]
        if chosen and len(free) > len(chosen):
            paths = [part.items[place].path for place in free]
            names = tuple(part.items[place].path for place in chosen)
            yield Choice(part.path, len(chosen), level, names, tuple(paths))


def _pools(part: Part, levels: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Alike items by the level they are raised to. Who is not raised is in one pool only: of the level most take."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, item in enumerate(part.items):
        if len(item.costs) > 1:
            alike.setdefault((item.part, item.shares, item.costs), []).append(place)
    for places in alike.values():
        raised = sorted(levels[place] for place in places if levels[place])
        for level in sorted(set(raised)):
            takes_more = level == max(raised, key=raised.count)
            pool = [place for place in places if levels[place] == level or (takes_more and not levels[place])]
            if len(pool) > 1:
                yield level, pool


def _carries(part: Part, levels: Sequence[int], place: int) -> bool:
    """Whether an item that is raised stands where it would not be allowed to, were this one not raised."""
    today = part.items[place].shares[0]
    return any(levels[one] and part.items[one].shares[levels[one]] > today for one in part.dependents(place))


def _may(part: Part, levels: Sequence[int], movable: set[int], place: int, level: int) -> bool:
    """Whether the item may stand at this level whatever is picked."""
    item = part.items[place]
    if item.needs is None:
        return True
    sure = 0 if item.needs in movable else levels[item.needs]
    return part.items[item.needs].shares[sure] >= item.shares[level]
