"""The search for ways: a bound on cost that doubles, and zones that shrink with every way listed (§9.5–9.8).

A way is known by what it spends in each sub-component. The next one has to spend less than every listed one somewhere:
so a zone is a cap on each sub-component that leaves all listed ways out, and the zones together hold every way that
may come next. The first of all zones is the next way (least cost, then highest score).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sakip.whatif.groups import Beside, Member, Solved, reduced, solved
from sakip.whatif.sheet import Sheet
from sakip.whatif.tables import PartTable, Points, Table, at, points_of

FIRST_LIMIT = 16
FREE = 1 << 60  # the cap of a part that may spend whatever it takes
Caps = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spending:
    """What a way costs, the total it reaches (in 1/scale of the sheet), what each part spends."""

    cost: int
    total: int
    spends: tuple[int, ...]


@dataclass(slots=True)
class _Zone:
    """All ways that spend no more than ``caps``; none of those listed is among them.

    ``bound`` is the key of the first of them in the order of ways, or lower; ``found`` is that way, once looked for.
    """

    caps: Caps
    bound: tuple[int, int, tuple[int, ...]]
    found: Spending | None = None

    def holds(self, way: Spending) -> bool:
        """Whether the way is one of the zone."""
        return all(spent <= cap for spent, cap in zip(way.spends, self.caps, strict=True))

    def contains(self, other: _Zone) -> bool:
        """Whether every way of the other is one of this."""
        return all(cap >= theirs for cap, theirs in zip(self.caps, other.caps, strict=True))

    def below(self, way: Spending) -> Iterator[_Zone]:
        """For each part the zone of what spends less there than the way."""
        for place, spent in enumerate(way.spends):
            if spent:
                caps = (*self.caps[:place], spent - 1, *self.caps[place + 1 :])
                narrower = _Zone(caps, (*self.bound[:2], ()))
                if self.found is not None and narrower.holds(self.found):
                    narrower.bound, narrower.found = self.bound, self.found
                yield narrower


class Search:
    """Looks for ways through one sheet to a total of ``aim``."""

    def __init__(self, sheet: Sheet, aim: int) -> None:
        self._sheet, self._aim = sheet, aim
        self.tables = tuple(PartTable(part) for part in sheet.parts)
        self._highest = [table.best() for table in self.tables]
        counted = sheet.counted(self._highest)
        self._brought = [part.weight * share for part, share in zip(sheet.parts, counted, strict=True)]
        self._spare = sum(self._brought) - aim  # what may be missing of everything, below zero: out of reach
        self._by = reduced({place: part.by for place, part in enumerate(sheet.parts)})
        self._groups = _groups(self._by)
        self._limit = 0
        self._points: list[Points] = []
        self._solved: dict[tuple[int, int, Caps], Solved] = {}
        self._bound_by(FIRST_LIMIT)

    @property
    def is_reachable(self) -> bool:
        """Whether doing everything that is offered reaches the total."""
        return self._spare >= 0

    def ways(self, number: int) -> list[Spending]:
        """The first ``number`` ways in their order, fewer when there are no more; the aim has to be reachable."""
        zones = [_Zone((FREE,) * len(self.tables), (0, 0, ()))]
        listed: list[Spending] = []
        while zones and len(listed) < number:
            zone = min(zones, key=lambda one: one.bound)
            if zone.found is None:
                zone.found = self._cheapest(zone.caps)
                zone.bound = (zone.found.cost, -zone.found.total, zone.found.spends)
                continue
            listed.append(zone.found)
            if len(listed) < number:
                zones = self._split(zones, zone.found)
        return listed

    def _split(self, zones: list[_Zone], way: Spending) -> list[_Zone]:
        """The zones without the way and all that spends nowhere less, each part of the rest in one of them."""
        kept = [zone for zone in zones if not zone.holds(way)]
        for zone in zones:
            if zone.holds(way):
                for narrower in zone.below(way):
                    if not any(one.contains(narrower) for one in kept) and self._reaches(narrower.caps):
                        kept = [one for one in kept if not narrower.contains(one)] + [narrower]
        return kept

    def furthest(self) -> Spending:
        """The best total there is, at its least cost: each part as high as something that counts asks of it."""
        counted = self._sheet.counted(self._highest)
        asked = [share if part.weight else 0 for part, share in zip(self._sheet.parts, counted, strict=True)]
        for place in range(len(asked) - 1, -1, -1):
            for above in self._by[place]:
                asked[above] = max(asked[above], asked[place])
        spends = tuple(self._least(place, share) for place, share in enumerate(asked))
        return Spending(sum(spends), self._sheet.total(self._highest), spends)

    def _least(self, place: int, share: int) -> int:
        """The least a part spends for a raw share of at least ``share``."""
        limit = FIRST_LIMIT
        while True:
            table = self.tables[place].upto(limit)
            if table[-1] >= share:
                return next(cost for cost, reached in enumerate(table) if reached >= share)
            limit *= 2

    def _bound_by(self, limit: int) -> None:
        self._limit, self._solved = limit, {}
        self._points = [points_of(table.upto(limit)) for table in self.tables]

    def _reaches(self, caps: Caps) -> bool:
        shares = [
            best if cap == FREE else at(table.upto(cap), cap)
            for best, cap, table in zip(self._highest, caps, self.tables, strict=True)
        ]
        return self._sheet.total(shares) >= self._aim

    def _cheapest(self, caps: Caps) -> Spending:
        """The way of least cost within the caps, of one cost that of the highest total. There has to be one."""
        middle = len(self._groups) // 2
        while True:
            left, right = self._side(0, middle, caps), self._side(middle, len(self._groups), caps)
            cost = _least_cost(left.table, right.table, self._aim)
            if cost is not None and cost <= self._limit:
                break
            # A cost above the bound is one way, perhaps not the cheapest: the next bound need not be higher.
            self._bound_by(2 * self._limit if cost is None else cost)
        total, own = max(
            (value + at(right.table, cost - spent), -spent) for spent, value in enumerate(left.table[: cost + 1])
        )
        found = {**left.spends(-own), **right.spends(cost + own)}
        spends = tuple(found[place] for place in range(len(self.tables)))
        return Spending(sum(spends), total, spends)

    def _side(self, first: int, end: int, caps: Caps) -> Solved:
        """The groups from ``first`` up to ``end`` side by side."""
        key = (first, end, tuple(caps[place] for group in self._groups[first:end] for place in group))
        known = self._solved.get(key)
        if known is None:
            if end - first == 1:
                known = solved(tuple(self._member(place, caps[place]) for place in self._groups[first]), self._limit)
            else:
                middle = (first + end) // 2
                sides = ((first, middle), (middle, end)) if end > first else ()
                least = [self._brings(*side) for side in sides]
                known = Beside([self._side(*side, caps) for side in sides], self._limit, least)
            self._solved[key] = known
        return known

    def _brings(self, first: int, end: int) -> int:
        """What these groups bring at least in any way: all others cannot bring more than their best."""
        places = [place for group in self._groups[first:end] for place in group]
        return max(0, sum(self._brought[place] for place in places) - self._spare)

    def _member(self, place: int, cap: int) -> Member:
        points = self._points[place]
        if points[-1][0] > cap:
            points = [one for one in points if one[0] <= cap]
        return Member(place, self._sheet.parts[place].weight, points, self._by[place])


def _groups(by: dict[int, frozenset[int]]) -> list[tuple[int, ...]]:
    """Parts linked by the framework, in the order of the worksheet."""
    of: dict[int, set[int]] = {}
    for place in sorted(by):
        linked = {place}.union(*(of[one] for one in by[place]))
        for one in linked:
            of[one] = linked
    return sorted({tuple(sorted(group)) for group in of.values()})


def _least_cost(left: Table, right: Table, aim: int) -> int | None:
    """The least cost of a place in each table whose values together reach the aim."""
    least: int | None = None
    place = len(right) - 1
    for cost, value in enumerate(left):
        while place and value + right[place - 1] >= aim:
            place -= 1
        if value + right[place] >= aim and (least is None or cost + place < least):
            least = cost + place
    return least
