"""Criteria of which it does not matter which are raised: "two of five" (reference §9.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sakip.whatif.model import Choice
from sakip.whatif.sheet import Item, Part


def choices(part: Part, levels: Sequence[int]) -> Iterator[Choice]:
    """The choices a way leaves in one sub-component, given the level of each item.

    Alike are items with the same weight, steps and cost. A choice is only offered where any pick of that many is a way
    too: an item whose raising hangs on another of them, or on which the raising of another hangs, is no part of it.
    """
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, item in enumerate(part.items):
        if len(item.costs) > 1:
            alike.setdefault((item.part, item.shares, item.costs), []).append(place)
    for places in alike.values():
        raised = [levels[place] for place in places if levels[place]]
        for level in sorted(set(raised)):
            # Who is not raised yet may take the place of one level only: the one most take, the lowest of these.
            takes_more = level == max(sorted(set(raised)), key=raised.count)
            pool = [place for place in places if levels[place] == level or (takes_more and not levels[place])]
            free = _free(part, levels, pool, level)
            chosen = [place for place in free if levels[place] == level]
            if chosen and len(free) > len(chosen):
                paths = [part.items[place].path for place in free]
                names = tuple(part.items[place].path for place in chosen)
                yield Choice(part.path, len(chosen), level, names, tuple(paths))


def _free(part: Part, levels: Sequence[int], pool: list[int], level: int) -> list[int]:
    """Those of the pool that may stand at ``level`` or where they are, whatever the others of the pool do."""
    return [place for place in pool if _may(part, levels, pool, place, level)]


def _may(part: Part, levels: Sequence[int], pool: list[int], place: int, level: int) -> bool:
    item = part.items[place]
    if item.needs is not None and _sure(part, levels, pool, item.needs) < item.shares[level]:
        return False
    return all(_rests(part, levels, pool, one, level) <= item.shares[0] for one in part.dependents(place))


def _sure(part: Part, levels: Sequence[int], pool: list[int], place: int) -> int:
    """The share an item has whatever is picked."""
    item: Item = part.items[place]
    return item.shares[0 if place in pool else levels[place]]


def _rests(part: Part, levels: Sequence[int], pool: list[int], place: int, level: int) -> int:
    """The share an item may ask of the one it needs, whatever is picked; 0 where it stays as it is."""
    reached = level if place in pool else levels[place]
    return part.items[place].shares[reached] if reached else 0
