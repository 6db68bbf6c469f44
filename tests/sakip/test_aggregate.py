"""The mean of figures, and efficiency (reference §5.12, §5.15)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from config import ROOT
from engine.definitions.model import Text
from engine.definitions.problems import Problems
from sakip.aggregate import Aggregated, Item, aggregate, efficiency
from sakip.configuration.folder import load
from sakip.judged import judge
from sakip.reasons import Reason
from tests.sakip.measuring import END_OF_YEAR, ask, found, reason, shown, the_rules


def items(*results: Any) -> list[Item]:
    """Items by letters: a number, a code, or either with a weight."""
    made = []
    for key, one in zip("abcdefgh", results, strict=False):
        value, weight = one if isinstance(one, tuple) else (one, None)
        result = Reason(value) if isinstance(value, str) and value[0].isalpha() else _number(value)
        made.append(Item(key, result, None if weight is None else Fraction(weight)))
    return made


def _number(value: Any) -> Any:
    return judge(the_rules(limits={"floor": None}), Fraction(value), END_OF_YEAR)


def mean(level: str, *results: Any, **patch: Any) -> Aggregated:
    return aggregate(the_rules(**patch), level, items(*results), END_OF_YEAR)


def test_5_12_the_mean_of_the_items() -> None:
    result = mean("goal", 100, "83.333", 50)
    assert (shown(result.result), result.counted, result.total) == ("77.78", 3, 3)
    assert found(result.result).band.key == "near"


def test_5_12_items_are_limited_first_when_the_level_says_so() -> None:
    assert shown(mean("goal", 150, 50, limits={"cap": 100}).result) == "75.00"
    assert shown(mean("goal", -50, 100).result) == "50.00"
    assert shown(mean("raw", 150, 50, limits={"cap": 100}).result) == "100.00"
    assert shown(mean("raw", -50, 100).result) == "25.00"
    assert shown(mean("raw", -50, -100).result) == "-75.00"


def test_5_12_a_reason_to_leave_out_stays_outside_and_is_counted_aloud() -> None:
    result = mean("goal", 100, "not_due", 50)
    assert (shown(result.result), result.said) == ("75.00", Text("2 dari 3", "2 of 3"))


@pytest.mark.parametrize("code", ["incomplete", "not_issued", "no_target", "zero_target", "no_method", "no_bands"])
def test_5_12_any_other_reason_stops_the_figure(code: str) -> None:
    stopped = reason(mean("goal", 100, "not_due", code, "no_realisation").result)
    assert (stopped.code, stopped.values["because"].code, stopped.values["item"]) == ("item_not_computable", code, "c")


def test_5_12_each_level_leaves_out_its_own_reasons() -> None:
    assert shown(mean("unit", (100, 1), ("not_issued", 1)).result) == "100.00"
    assert shown(mean("goal", 100, "not_issued").result) == "item_not_computable"


def test_5_12_none_left_is_nothing_to_aggregate() -> None:
    for result in (mean("goal", "not_due", "not_due"), mean("goal"), mean("unit", ("not_due", 3))):
        assert (shown(result.result), result.counted) == ("nothing_to_aggregate", 0)


def test_5_12_by_weight_among_those_that_count() -> None:
    result = mean("unit", (100, 1), (50, 3), ("not_due", 6))
    assert (shown(result.result), result.counted, result.total) == ("62.50", 2, 3)
    assert shown(mean("unit", (100, 0), (50, 3)).result) == "50.00"


@pytest.mark.parametrize("weights", [(None, 1), (None, None), (0, 0)])
def test_5_12_a_missing_weight_or_weights_of_zero_are_no_weight(weights: tuple[Any, Any]) -> None:
    assert shown(mean("unit", (100, weights[0]), (50, weights[1])).result) == "no_weight"


def test_5_12_the_weight_of_what_is_left_out_is_not_asked_for() -> None:
    assert shown(mean("unit", (80, 1), ("not_due", None)).result) == "80.00"


def test_5_12_weights_mean_nothing_to_an_average() -> None:
    assert shown(mean("goal", (100, 9), (50, None)).result) == "75.00"


def test_5_12_reasons_of_an_aggregate_are_asked_in_the_order_of_6() -> None:
    assert shown(mean("unit", (100, None), ("incomplete", None)).result) == "item_not_computable"
    assert shown(mean("unit", ("not_due", None)).result) == "nothing_to_aggregate"
    early = aggregate(the_rules(), "goal", items("incomplete"), date(2024, 1, 1))
    assert shown(early.result) == "no_bands"


def test_5_12_a_provisional_item_makes_the_figure_provisional() -> None:
    reported = ask("maximise", {"q1": 1}, {"q1": 1}, "q1", verified=False)
    made = aggregate(the_rules(), "goal", [Item("a", reported), *items(100)], END_OF_YEAR)
    assert (found(made.result).is_provisional, found(made.result).tone) == (True, "good")
    rules = the_rules(complete={"when_incomplete": "provisional"})
    partial = ask("maximise", {"q1": 1, "q2": 1}, {"q1": 1}, "to_q2", consolidation="sum", rules=rules)
    made = aggregate(rules, "goal", [Item("a", partial), *items(100)], END_OF_YEAR)
    assert (found(made.result).is_partial, found(made.result).tone) == (True, "plain")


def test_5_12_the_reason_says_from_which_item() -> None:
    stopped = reason(mean("goal", 100, "zero_target").result)
    assert stopped.sentence == Text("dari b: target nol", "from b: the target is zero")


def test_5_10_an_aggregate_uses_exact_values() -> None:
    third = ask("maximise", {"q1": 3}, {"q1": 1}, "q1")
    made = aggregate(the_rules(rounding={"places": 0}), "goal", [Item("a", third)] * 3, END_OF_YEAR)
    assert found(made.result).exact == Fraction(100, 3)
    for level in ("goal", "raw", "unit"):  # limited, not limited, by weight
        uneven = items(("33.4", 1), ("33.4", 1), ("34.4", 1))  # rounded first: 33, 33 and 34, which is 33 together
        assert shown(aggregate(the_rules(rounding={"places": 0}), level, uneven, END_OF_YEAR).result) == "34"


ON = {"efficiency": {"since_2025": {"valid_from": "2025-01-01", "bands": "efficiency"}}}


@pytest.mark.parametrize(
    ("achievement", "absorption", "value", "band"),
    [
        (95, 90, "5.00", "fairly"),
        (95, "89.99", "5.01", "efficient"),
        (85, 90, "-5.00", "fairly"),
        (80, 90, "-10.00", "not_efficient"),
        (120, 60, "60.00", "efficient"),
    ],
)
def test_5_15_efficiency_is_achievement_less_absorption_in_points(
    achievement: Any, absorption: Any, value: str, band: str
) -> None:
    rules = the_rules(applies=ON, limits={"cap": 20})
    result = found(efficiency(rules, Fraction(achievement), Fraction(absorption), END_OF_YEAR))
    assert (result.shown, result.band.key, result.limited) == (value, band, None)


def test_5_15_efficiency_is_off_by_default() -> None:
    assert shown(efficiency(the_rules(), Fraction(95), Fraction(90), END_OF_YEAR)) == "no_bands"


def test_5_12_as_shipped_a_goal_that_is_not_due_at_all_does_not_stop_its_unit() -> None:
    rules = load(ROOT / "sakip_config", None, Problems()).measurement(2025)
    assert rules is not None
    resting = aggregate(rules, "goal", items("not_due", "not_due"), END_OF_YEAR)
    made = aggregate(rules, "unit", [Item("resting", resting.result), *items(80)], END_OF_YEAR)
    assert (shown(made.result), made.said.id) == ("80.00", "1 dari 2")
    assert (
        shown(aggregate(rules, "region", [Item("resting", resting.result)], END_OF_YEAR).result)
        == "nothing_to_aggregate"
    )
