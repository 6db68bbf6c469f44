"""Whatever is picked from a choice is a way of the same cost and score; chance looks for a cheaper way (§9.5, §9.6)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakip.whatif.model import Answer, Choice, Way
from sakip.whatif.ways import cheapest
from tests.sakip.whatif_cases import MIDDLE, Case, Ladder, Size, a_case, is_allowed, is_there, ladders, total

ALIKE = Size(2, 2, 6, ("yes_no", "a_to_d"), is_alike=True)
Levels = dict[str, int]


def asked(case: Case) -> Answer | None:
    found = cheapest(case.evaluation, case.whatif, "region", None, case.answers, case.wish)
    return found if isinstance(found, Answer) else None


def levels_of(way: Way) -> Levels:
    found: Levels = {}
    for step in way.steps:
        found[step.path] = found.get(step.path, 0) + 1
    return found


def outcome(subs: dict[str, list[Ladder]], case: Case, levels: Levels) -> tuple[int, Fraction] | None:
    """Cost and score of these levels, None when they are not allowed."""
    shares: dict[str, Fraction] = {}
    cost = 0
    for path, rows in subs.items():
        own = [levels.get(row.path, 0) for row in rows]
        if not is_allowed(rows, own):
            return None
        rungs = [row.rungs[level] for row, level in zip(rows, own, strict=True)]
        cost += sum(rung.cost for rung in rungs)
        shares[path] = sum((row.part * rung.share for row, rung in zip(rows, rungs, strict=True)), Fraction(0))
    return cost, total(case, shares)


def picks(choices: tuple[Choice, ...], levels: Levels) -> Iterator[Levels]:
    """What a way may be when something is picked from each of its choices."""
    chosen = {path for choice in choices for path in choice.chosen}
    kept = {path: level for path, level in levels.items() if path not in chosen}
    for picked in itertools.product(*(itertools.combinations(one.criteria, one.pick) for one in choices)):
        found = dict(kept)
        for choice, paths in zip(choices, picked, strict=True):
            assert not found.keys() & set(paths)
            found |= dict.fromkeys(paths, choice.steps)
        yield found


def test_9_6_any_pick_of_all_choices_is_a_way_of_the_same_cost_and_score() -> None:
    choices = 0
    for seed in range(1, 200):
        case = a_case(seed, ALIKE)
        found = asked(case)
        subs = ladders(case)
        for way in (found.way, *found.alternatives) if found else ():
            levels = levels_of(way)
            choices += len(way.choices)
            assert all(set(choice.chosen) < set(choice.criteria) for choice in way.choices)
            for picked in itertools.islice(picks(way.choices, levels), 60):
                assert outcome(subs, case, picked) == (way.cost, way.score), (seed, way.choices)
    assert choices > 60


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(1, 60), data=st.data())
def test_9_5_chance_finds_no_cheaper_way(seed: int, data: st.DataObject) -> None:
    case = a_case(seed, MIDDLE)
    case = replace(case, wish=replace(case.wish, alternatives=0))
    found = asked(case)
    if found is None:
        return
    subs = ladders(case)
    levels = levels_of(found.way)
    for rows in subs.values():
        for row in rows:
            if len(row.rungs) > 1 and data.draw(st.booleans()):
                levels[row.path] = data.draw(st.integers(0, len(row.rungs) - 1))
    tried = outcome(subs, case, levels)
    if tried is None:
        return
    cost, score = tried
    if found.is_reachable and is_there(case, score, found.goal):
        assert cost > found.way.cost or (cost == found.way.cost and score <= found.way.score)
    if not found.is_reachable:
        assert score < found.way.score or (score == found.way.score and cost >= found.way.cost)
