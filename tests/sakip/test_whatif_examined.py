"""What follows for a way from how the question is put: other amounts of effort, other words for the same (§9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from sakip.configuration.whatif import Effort, WhatIf
from sakip.reasons import Reason
from sakip.whatif.model import Answer
from sakip.whatif.ways import cheapest
from tests.sakip.whatif_cases import MIDDLE, Case, a_case

SEEDS = range(40, 52)


def asked(case: Case) -> Answer | Reason:
    return cheapest(case.evaluation, case.whatif, "region", None, case.answers, case.wish)


def dearer(whatif: WhatIf, factor: int) -> WhatIf:
    """The same efforts, every step so many times as dear."""

    def times(effort: Effort) -> Effort:
        return replace(effort, step=effort.step * factor)

    def every(efforts: Mapping[str, Effort]) -> Mapping[str, Effort]:
        return {path: times(effort) for path, effort in efforts.items()}

    return replace(
        whatif,
        default=times(whatif.default),
        evidence_item=times(whatif.evidence_item),
        sub_components=every(whatif.sub_components),
        criteria=every(whatif.criteria),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_efforts_counted_in_hours_give_the_ways_of_efforts_counted_in_days(seed: int):
    case = a_case(seed, MIDDLE)
    days, hours = asked(case), asked(replace(case, whatif=dearer(case.whatif, 840)))
    if isinstance(days, Reason):
        assert hours == days
        return
    assert isinstance(hours, Answer)
    for one, other in zip((days.way, *days.alternatives), (hours.way, *hours.alternatives), strict=True):
        assert (one.cost * 840, one.score, one.weeks, one.choices) == (
            other.cost,
            other.score,
            other.weeks,
            other.choices,
        )
        assert {path: spent * 840 for path, spent in one.spends.items()} == dict(other.spends)
        assert [replace(step, cost=step.cost * 840) for step in one.steps] == list(other.steps)
        assert sum(step.cost for step in other.steps) == other.cost
    assert (days.is_reachable, days.least, days.holds) == (hours.is_reachable, hours.least, hours.holds)
