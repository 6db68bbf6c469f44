"""Tables of sub-components linked in any way, against trying every combination (§9.8)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from random import Random

from sakip.whatif.groups import Member, reduced, solved

LIMIT = 9


def members(chance: Random) -> tuple[Member, ...]:
    number = chance.randint(4, 7)
    by = {at: [one for one in range(at) if chance.random() < 0.5] for at in range(number)}
    return tuple(Member(at, chance.randint(0, 4), _points(chance), above) for at, above in sorted(reduced(by).items()))


def _points(chance: Random) -> list[tuple[int, int]]:
    number = chance.randint(1, 3)
    costs = [0, *sorted(chance.sample(range(1, 7), number - 1))]
    return list(zip(costs, sorted(chance.sample(range(12), number)), strict=True))


def worth(group: tuple[Member, ...], raw: Mapping[int, int]) -> int:
    counted: dict[int, int] = {}
    for member in group:
        counted[member.place] = min([raw[member.place], *(counted[one] for one in member.by)])
    return sum(member.weight * counted[member.place] for member in group)


def test_9_8_a_group_is_worth_what_its_best_combination_is_and_says_how_to_spend() -> None:
    several = 0
    for seed in range(300):
        group = members(Random(seed))
        several += sum(len(member.by) > 1 for member in group) > 1
        best = [0] * (LIMIT + 1)
        for chosen in itertools.product(*(member.points for member in group)):
            cost = sum(own for own, _ in chosen)
            if cost <= LIMIT:
                total = worth(group, {member.place: raw for member, (_, raw) in zip(group, chosen, strict=True)})
                best[cost] = max(best[cost], total)
        best = list(itertools.accumulate(best, max))
        found = solved(group, LIMIT)
        table = found.table + [found.table[-1]] * (LIMIT + 1 - len(found.table))
        assert table == best, seed
        for cost, total in enumerate(best):
            spends = found.spends(cost)
            assert sum(spends.values()) <= cost
            raw = {member.place: dict(member.points)[spends[member.place]] for member in group}
            assert worth(group, raw) == total, (seed, cost)
    assert several > 30
