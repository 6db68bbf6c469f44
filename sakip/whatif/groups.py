"""Sub-components linked by the logical framework: one table *cost -> best sum of counted points* a group (§9.8).

The counted share of a part is at most that of every part it rests on. Where each rests on one other, the group is a
forest: a part's table depends on one number, the counted share above it. Where one rests on several that are not
linked themselves, its counted share is tried value by value, which leaves smaller groups without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from sakip.whatif.tables import Points, Table, at, joined, points_of, shared_out

NEVER = -(1 << 62)  # the sum of what cannot be had


@dataclass(frozen=True, eq=False, slots=True)
class Member:
    """A part within its group: ``points`` are cost -> raw share, rising, the first at cost 0.

    ``by`` are the members it rests on, each of which rests on none of the others; its counted share has to be
    ``floor`` at least, and is ``ceiling`` at most (None: no limit).
    """

    place: int
    weight: int
    points: Points
    by: frozenset[int]
    floor: int = 0
    ceiling: int | None = None

    def lowered(self) -> Points:
        """The points below the ceiling, and the first that reaches it, as high as the ceiling."""
        if self.ceiling is None or self.points[-1][1] <= self.ceiling:
            return self.points
        kept = [(cost, share) for cost, share in self.points if share < self.ceiling]
        return [*kept, (self.points[len(kept)][0], self.ceiling)]


class Solved(Protocol):
    """A table and how to spend for a place in it."""

    @property
    def table(self) -> Table:
        """The best sum for each cost at most."""

    def spends(self, cost: int) -> Mapping[int, int]:
        """What each part spends in a best sum for ``cost`` at most."""


def reduced(by: Mapping[int, Iterable[int]]) -> dict[int, frozenset[int]]:
    """``by`` without what holds anyway: who rests on B and A, when B rests on A, rests on B."""
    above: dict[int, set[int]] = {}
    for place in sorted(by):
        above[place] = set(by[place]).union(*(above[one] for one in by[place]))
    return {
        place: frozenset(one for one in own if not any(one in above[other] for other in own))
        for place, own in ((place, set(by[place])) for place in by)
    }


def solved(members: tuple[Member, ...], limit: int) -> Solved:
    """The table of a group, or of several groups side by side."""
    separate = _components(members)
    if len(separate) > 1:
        return Beside([solved(one, limit) for one in separate], limit, [0] * len(separate))
    several = next((one for one in members if len(one.by) > 1), None)
    return Tried(members, several, limit) if several else Tree(members, limit)


def _components(members: tuple[Member, ...]) -> list[tuple[Member, ...]]:
    found: list[tuple[Member, ...]] = []
    for member in members:
        linked = [one for one in found if any(other.place in member.by for other in one)]
        found = [one for one in found if one not in linked]
        found.append((*(other for one in linked for other in one), member))
    return found


class Beside:
    """Groups that have nothing to do with each other; ``least`` is the sum each has to bring at least."""

    def __init__(self, groups: Sequence[Solved], limit: int, least: Sequence[int]) -> None:
        self._groups = groups
        self._rows = [_from(points_of(one.table), own) for one, own in zip(groups, least, strict=True)]
        table: Table = [0]
        for points in self._rows:
            table = joined(table, points, limit)
        self.table = table

    def spends(self, cost: int) -> Mapping[int, int]:
        """What each part spends in a best sum for ``cost`` at most."""
        found: dict[int, int] = {}
        for group, spent in zip(self._groups, shared_out(self._rows, cost), strict=True):
            found.update(group.spends(spent))
        return found


def _from(points: Points, least: int) -> Points:
    """The points that bring enough; what can be had for nothing stays first, even when it is nothing."""
    kept = [one for one in points if one[1] >= least]
    return kept if kept and not kept[0][0] else [(0, NEVER), *kept]


class Tried:
    """A group with a member that rests on several: each value of its counted share is tried."""

    def __init__(self, members: tuple[Member, ...], several: Member, limit: int) -> None:
        self._several = several
        self._tries: list[tuple[int, int, Solved]] = []  # cost of the member, its points, the others
        table: Table = []
        for share in _values(members, several):
            cost = next(one for one, reached in several.points if reached >= share)
            if cost > limit:
                break
            rest = solved(tuple(_without(members, several, share)), limit - cost)
            self._tries.append((cost, several.weight * share, rest))
            table = _higher(table, rest.table, cost, several.weight * share)
        self.table = table or [NEVER]

    def spends(self, cost: int) -> Mapping[int, int]:
        """What each part spends in a best sum for ``cost`` at most."""
        aim = at(self.table, cost)
        for own, gain, rest in self._tries:
            if own <= cost and at(rest.table, cost - own) + gain == aim:
                return {**rest.spends(cost - own), self._several.place: own}
        raise ValueError(f"nothing costs {cost}")


def _values(members: tuple[Member, ...], several: Member) -> list[int]:
    """What the counted share of the member can be: a raw share of its own or of one it rests on."""
    above, waiting = {several.place}, set(several.by)
    while waiting:
        above |= waiting
        waiting = {one for member in members if member.place in waiting for one in member.by} - above
    reached = {share for member in members if member.place in above for _, share in member.lowered()}
    highest = several.lowered()[-1][1]
    return sorted(share for share in reached if several.floor <= share <= highest)


def _without(members: tuple[Member, ...], several: Member, share: int) -> Iterable[Member]:
    for member in members:
        if member is several:
            continue
        if member.place in several.by:
            member = replace(member, floor=max(member.floor, share))
        if several.place in member.by:
            ceiling = share if member.ceiling is None else min(share, member.ceiling)
            member = replace(member, by=member.by - {several.place}, ceiling=ceiling)
        yield member


class Tree:
    """A group in which each rests on one other at most, so that one stands above all others."""

    def __init__(self, members: tuple[Member, ...], limit: int) -> None:
        nodes: dict[int, _Node] = {}
        for member in reversed(members):  # whoever rests on a member comes after it
            below = [nodes[one.place] for one in members if member.place in one.by]
            nodes[member.place] = _Node(member, below, limit)
        self._root = nodes[members[0].place]
        self._root.prepare([self._root.highest])
        self.table = self._root.under(self._root.highest)

    def spends(self, cost: int) -> Mapping[int, int]:
        """What each part spends in a best sum for ``cost`` at most."""
        found: dict[int, int] = {}
        self._root.spend(self._root.highest, cost, found)
        return found


@dataclass(eq=False, slots=True)
class _Node:
    member: Member
    below: list[_Node]
    limit: int
    points: Points = field(init=False)
    highest: int = field(init=False)  # no counted share above it
    _tables: dict[int, Table] = field(init=False, default_factory=dict)
    _rests: dict[int, Table] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.points = self.member.lowered()
        self.highest = self.points[-1][1]

    def under(self, share: int) -> Table:
        """The best sums of this member and all below, when the one above counts ``share``."""
        return self._tables[min(share, self.highest)]

    def prepare(self, above: list[int]) -> None:
        """Make the tables for these counted shares of the one above."""
        wanted = sorted({min(share, self.highest) for share in above})
        if self.below:
            counted = sorted({*wanted, *(share for _, share in self.points if share < wanted[-1])})
            for one in self.below:
                one.prepare(counted)
            for share in counted:
                self._rests[share] = self._rest(share)
            self._with_others(wanted)
        else:
            self._alone(wanted)

    def _alone(self, wanted: list[int]) -> None:
        weight, floor = self.member.weight, self.member.floor
        raw: Table = []
        ends = [cost for cost, _ in self.points[1:]] + [self.points[-1][0] + 1]
        for (_, share), end in zip(self.points, ends, strict=True):
            raw += [share] * (min(end, self.limit + 1) - len(raw))
        for share in wanted:
            if share < floor:
                self._tables[share] = [NEVER]
            elif floor:
                self._tables[share] = [NEVER if one < floor else weight * min(one, share) for one in raw]
            else:
                self._tables[share] = [weight * (one if one < share else share) for one in raw]

    def _with_others(self, wanted: list[int]) -> None:
        weight, floor = self.member.weight, self.member.floor
        best: Table = []
        place = 0
        for share in wanted:
            while self.points[place][1] < share:
                cost, reached = self.points[place]
                if reached >= floor and cost <= self.limit:
                    best = _higher(best, self._rests[reached], cost, weight * reached, self.limit)
                place += 1
            cost = self.points[place][0]
            if share >= floor and cost <= self.limit:
                table = _higher(best, self._rests[share], cost, weight * share, self.limit)
            else:
                table = best
            self._tables[share] = table or [NEVER]

    def _rest(self, share: int) -> Table:
        """The best sums of all below, when this one counts ``share``."""
        if len(self.below) == 1:
            return self.below[0].under(share)
        table: Table = [0]
        for one in self.below:
            table = joined(table, points_of(one.under(share)), self.limit)
        return table

    def spend(self, above: int, cost: int, found: dict[int, int]) -> None:
        """Write what this member and all below spend into ``found``."""
        aim = at(self.under(above), cost)
        top = min(above, self.highest)
        for own, reached in self.points:
            counted = min(reached, top)
            gain = self.member.weight * counted
            if own <= cost and counted >= self.member.floor:
                rest = self._rests[counted] if self.below else [0]
                if at(rest, cost - own) + gain == aim:
                    found[self.member.place] = own
                    rows = [points_of(one.under(counted)) for one in self.below]
                    for one, spent in zip(self.below, shared_out(rows, cost - own), strict=True):
                        one.spend(counted, spent, found)
                    return
            if reached >= top:
                break
        raise ValueError(f"nothing costs {cost}")


def _higher(table: Table, other: Table, cost: int, gain: int, limit: int = 1 << 62) -> Table:
    """The better of ``table`` (empty: nothing yet) and ``other`` with ``gain``, ``cost`` later."""
    long = min(max(len(table), cost + len(other)), limit + 1)
    if not table:
        return [NEVER] * min(cost, long) + [one + gain for one in other[: long - cost]]
    old = table + [table[-1]] * (long - len(table)) if len(table) < long else table
    new = other + [other[-1]] * (long - cost - len(other)) if cost + len(other) < long else other
    return old[:cost] + [a if a > (b := c + gain) else b for a, c in zip(old[cost:], new, strict=False)]
