"""Tables *cost -> best sum*: joining them, and one for a sub-component over the forest of its ``needs`` (§9.8).

A table is a list: at place c the best that can be had for c at most, so it never falls; beyond its end it stays. Its
points are the places where it rises, as (cost, value).
"""

from __future__ import annotations

from collections.abc import Sequence

from sakip.whatif.sheet import Part

Table = list[int]
Points = list[tuple[int, int]]


def at(table: Table, cost: int) -> int:
    """The best for ``cost`` at most."""
    return table[cost] if cost < len(table) else table[-1]


def points_of(table: Table) -> Points:
    """Where a table rises, its first place among them."""
    last = table[0]
    found = [(0, last)]
    for cost, value in enumerate(table):
        if value > last:
            found.append((cost, value))
            last = value
    return found


def joined(table: Table, points: Points, limit: int) -> Table:
    """The best sums of one of ``points`` (the first costs nothing) and what ``table`` has for the rest, up to limit."""
    top = min(limit, len(table) - 1 + points[-1][0])
    if len(table) == 1:
        return _spread(table[0], points, top)
    full = table + [table[-1]] * (top + 1 - len(table)) if top + 1 > len(table) else table[: top + 1]
    first = points[0][1]
    best = [value + first for value in full] if first else list(full)
    for cost, gain in points[1:]:
        if cost > top:
            break
        best[cost:] = [
            old if old > (new := value + gain) else new for old, value in zip(best[cost:], full, strict=False)
        ]
    return best


def _spread(base: int, points: Points, top: int) -> Table:
    """The table of points that only rise, each with ``base``."""
    table: Table = []
    for place, (_, value) in enumerate(points):
        end = points[place + 1][0] if place + 1 < len(points) else top + 1
        table += [base + value] * (min(end, top + 1) - len(table))
    return table


def shared_out(rows: Sequence[Points], cost: int) -> list[int]:
    """What each row spends in a best sum for ``cost`` at most; of equal sums the one whose later rows spend less."""
    tables: list[Table] = [[0]]
    for points in rows[:-1]:
        tables.append(joined(tables[-1], points, cost))
    spent: list[int] = []
    for points, before in zip(reversed(rows), reversed(tables[: len(rows)]), strict=True):
        end, most = len(before), before[-1]
        sums = [
            ((before[cost - own] if cost - own < end else most) + gain, -own) for own, gain in points if own <= cost
        ]
        own = -max(sums)[1]
        spent.append(own)
        cost -= own
    return spent[::-1]


class PartTable:
    """What one sub-component's share can be for a cost: exact, by dynamic programming over the trees of ``needs``."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._below = [part.dependents(at) for at in range(len(part.items))]
        self._roots = [(root, self._top(root)) for root in part.roots]
        self._limit = -1
        self._table: Table = []
        self._trees: dict[tuple[int, int], Points] = {}
        self._levels: dict[int, tuple[int, ...]] = {}  # by cost: further ways spend the same in most parts

    def upto(self, limit: int) -> Table:
        """The table of raw shares (in 1/unit of the sheet) up to a cost."""
        if limit > self._limit:
            self._limit, self._trees = limit, {}
            self._table = [self._part.start]
            for root, top in self._roots:
                self._table = joined(self._table, self._tree(root, top), limit)
        return self._table[: limit + 1]

    def levels(self, cost: int) -> tuple[int, ...]:
        """The level of each item in a best share for ``cost`` at most."""
        known = self._levels.get(cost)
        if known is None:
            self.upto(cost)
            found = [0] * len(self._part.items)
            self._descend(self._roots, cost, found)
            known = self._levels[cost] = tuple(found)
        return known

    def highest(self) -> tuple[int, ...]:
        """The level of each item when everything offered is done."""
        found = [0] * len(self._part.items)
        waiting = list(self._roots)
        while waiting:
            place, level = waiting.pop()
            found[place] = level
            waiting.extend(self._dependents(place, level))
        return tuple(found)

    def best(self) -> int:
        """The highest raw share there is."""
        return self._part.start + sum(
            item.gains[level] for item, level in zip(self._part.items, self.highest(), strict=True)
        )

    def _top(self, place: int) -> int:
        return len(self._part.items[place].shares) - 1

    def _dependents(self, place: int, level: int) -> list[tuple[int, int]]:
        """The items that need the one at ``place``, each with the highest level it may have then."""
        share = self._part.items[place].shares[level]
        return [(one, self._part.items[one].allowed(share)) for one in self._below[place]]

    def _tree(self, place: int, top: int) -> Points:
        """What an item and all that need it add, when the item is raised to ``top`` at most."""
        item = self._part.items[place]
        if not self._below[place]:
            return list(zip(item.costs[: top + 1], item.gains[: top + 1], strict=True))
        known = self._trees.get((place, top))
        if known is None:
            table = self._with(place, 0, self._limit)
            for level in range(1, top + 1):
                if item.costs[level] <= self._limit:
                    table = _better(table, item.costs[level], self._with(place, level, self._limit))
            known = self._trees[place, top] = points_of(table)
        return known

    def _with(self, place: int, level: int, limit: int) -> Table:
        """What the item adds at exactly this level with the best of those that need it, for ``limit`` at most in all;
        the table begins behind the level's own cost."""
        item = self._part.items[place]
        table = [item.gains[level]]
        rest = limit - item.costs[level]
        for one, top in self._dependents(place, level):
            table = joined(table, self._tree(one, top), rest)
        return table

    def _descend(self, places: list[tuple[int, int]], cost: int, found: list[int]) -> None:
        """Write the levels of these items, and of those that need them, into ``found``."""
        rows = [self._tree(place, top) for place, top in places]
        for (place, top), points, spent in zip(places, rows, shared_out(rows, cost), strict=True):
            if not spent:
                continue
            costs = self._part.items[place].costs
            aim = dict(points)[spent]
            for level in range(top + 1):
                if costs[level] <= spent and at(self._with(place, level, spent), spent - costs[level]) == aim:
                    found[place] = level
                    self._descend(self._dependents(place, level), spent - costs[level], found)
                    break


def _better(table: Table, cost: int, other: Table) -> Table:
    """The better of two tables at every place, the other one ``cost`` later."""
    long = max(len(table), cost + len(other))
    table = table + [table[-1]] * (long - len(table))
    other = other + [other[-1]] * (long - cost - len(other))
    return table[:cost] + [a if a > b else b for a, b in zip(table[cost:], other, strict=True)]
