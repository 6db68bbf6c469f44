"""The cheapest way and five further ones, against trying everything (§9.5, §9.6)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

from sakip.reasons import Reason
from sakip.whatif.model import Answer
from sakip.whatif.ways import cheapest
from tests.sakip.whatif_cases import LACED, LINKED, SMALL, Case, Ladder, a_case, is_allowed, is_there, ladders, total

FURTHER = 5
SIZES = (SMALL, LINKED, LACED)
MOST = 2000  # sets of steps of one case

Spent = tuple[int, ...]


def everything(case: Case) -> list[tuple[int, Fraction, Spent]]:
    """Every set of steps there is, as (cost, score, what each sub-component spends)."""
    subs = ladders(case)
    ends = [sorted(set(_ends(rows))) for rows in subs.values()]
    found = []
    for chosen in itertools.product(*ends):
        spent = tuple(cost for cost, _share in chosen)
        score = total(case, dict(zip(subs, (share for _cost, share in chosen), strict=True)))
        found.append((sum(spent), score, spent))
    return found


def _ends(rows: list[Ladder]) -> list[tuple[int, Fraction]]:
    return [
        (
            sum(row.rungs[level].cost for row, level in zip(rows, levels, strict=True)),
            sum((row.part * row.rungs[level].share for row, level in zip(rows, levels, strict=True)), Fraction(0)),
        )
        for levels in itertools.product(*(range(len(row.rungs)) for row in rows))
        if is_allowed(rows, levels)
    ]


def one_after_the_other(ways: list[tuple[int, Fraction, Spent]], number: int) -> list[tuple[int, Fraction]]:
    """The ways as the reference says them: each spends less than every one before it in some sub-component."""
    listed: list[tuple[int, Fraction, Spent]] = []
    for way in sorted(ways, key=lambda one: (one[0], -one[1])):
        if len(listed) == number:
            break
        if all(any(own < theirs for own, theirs in zip(way[2], one[2], strict=True)) for one in listed):
            listed.append(way)
    return [(cost, score) for cost, score, _spent in listed]


def small_cases() -> list[tuple[int, Case, list[tuple[int, Fraction, Spent]]]]:
    found = []
    for seed in itertools.count(1):
        case = a_case(seed, SIZES[seed % 3])
        case = replace(case, wish=replace(case.wish, alternatives=FURTHER))
        if _many(case) <= MOST:
            found.append((seed, case, everything(case)))
        if len(found) == 180:
            return found
    raise AssertionError


def _many(case: Case) -> int:
    number = 1
    for rows in ladders(case).values():
        for row in rows:
            number *= len(row.rungs)
    return number


def test_9_5_and_9_6_the_ways_are_those_that_trying_everything_finds() -> None:
    kinds = {"there": 0, "reached": 0, "out of reach": 0, "several": 0}
    for seed, case, ways in small_cases():
        found = cheapest(case.evaluation, case.whatif, "region", None, case.answers, case.wish)
        if isinstance(found, Reason):
            assert found.code == "already_highest", seed
            continue
        there = [way for way in ways if is_there(case, way[1], found.goal)]
        assert found.is_reachable == bool(there), seed
        if there:
            expected = one_after_the_other(there, 1 + FURTHER)
            assert listed(found) == expected, seed
            kinds["there" if not found.way.cost else "reached"] += 1
            kinds["several"] += len(expected) > 3
        else:
            best = max(score for _cost, score, _spent in ways)
            least = min(cost for cost, score, _spent in ways if score == best)
            assert listed(found) == [(least, best)], seed
            kinds["out of reach"] += 1
    assert kinds["reached"] >= 60 and min(kinds.values()) >= 5, kinds


def listed(found: Answer) -> list[tuple[int, Fraction]]:
    return [(way.cost, way.score) for way in (found.way, *found.alternatives)]
