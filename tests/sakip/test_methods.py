"""Every kind of method against its edges (reference §5, table and sentences 1 to 3)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from sakip.entry import named
from sakip.values import NOT_ISSUED, Milestones
from tests.sakip.measuring import ask, found, reason, shown, the_rules, yearly

STEPS = Milestones({"draft": Fraction(30), "signed": Fraction(50), "published": Fraction(20)})


@pytest.mark.parametrize(
    ("method", "target", "realisation", "expected"),
    [
        ("maximise", 80, 60, "75.00"),
        ("maximise", 3, 1, "33.33"),
        ("maximise", 3, 2, "66.67"),
        ("maximise", 10, 0, "0.00"),
        ("maximise", 0, 5, "zero_target"),
        ("maximise", 0, 0, "zero_target"),
        ("minimise_ratio", 10, 8, "125.00"),
        ("minimise_ratio", 10, 0, "100.00"),
        ("minimise_ratio", 0, 0, "zero_target"),
        ("minimise_ratio", 0, 4, "zero_target"),
        ("minimise_difference", 10, 12, "80.00"),
        ("minimise_difference", 10, 0, "200.00"),
        ("minimise_difference", 10, 20, "0.00"),
        ("minimise_difference", 0, 0, "zero_target"),
        ("reduction", 20, 6, "70.00"),
        ("reduction", 20, 0, "100.00"),
        ("reduction", 0, 0, "100.00"),
        ("reduction", 0, 3, "zero_target"),
        ("range", (80, 90), 80, "100.00"),
        ("range", (80, 90), 90, "100.00"),
        ("range", (80, 90), 70, "87.50"),
        ("range", (80, 90), 100, "90.00"),
        ("range", (80, 80), 80, "100.00"),
        ("range", (90, 80), 85, "target_does_not_fit"),
        ("range", (0, 0), 0, "100.00"),
        ("range", (0, 0), 5, "0.00"),
        ("precision", 10, 12, "80.00"),
        ("precision", 10, 8, "80.00"),
        ("precision", -2, -1, "50.00"),
        ("precision", -2, -3, "50.00"),
        ("precision", 0, 1, "zero_target"),
        ("zero_best", 0, 0, "100.00"),
        ("zero_best", 0, "0.5", "100.00"),
        ("zero_best", 0, 1, "75.00"),
        ("zero_best", 0, "4.99", "75.00"),
        ("zero_best", 0, 5, "0.00"),
        ("zero_best", 1, 0, "target_does_not_fit"),
    ],
)
def test_5_a_number_is_compared_by_its_method(method: str, target: Any, realisation: Any, expected: str) -> None:
    assert shown(yearly(method, target, realisation)) == expected


@pytest.mark.parametrize(
    ("target", "realisation", "expected"),
    [
        ("BB", "B", "80.00"),
        ("B", "AA", "175.00"),
        ("A", "A", "100.00"),
        ("D", "D", "100.00"),
        ("bb", "B", "80.00"),
        ("BB", "b", "80.00"),
        ("BB", "ZZ", "unknown_grade"),
    ],
)
def test_5_a_grade_is_its_score_on_the_scale_of_the_unit(target: str, realisation: str, expected: str) -> None:
    assert shown(yearly("grade", target, realisation, unit="sakip")) == expected


def test_5_a_grade_aimed_at_whose_score_is_zero_is_a_target_of_zero() -> None:
    rules = the_rules(scales={"sakip_predicate": {"D": 0}})
    assert shown(yearly("grade", "D", "B", unit="sakip", rules=rules)) == "zero_target"


@pytest.mark.parametrize(
    ("done", "expected"),
    [((), "0.00"), (("draft",), "30.00"), (("draft", "signed"), "80.00"), (("draft", "signed", "published"), "100.00")],
)
def test_5_milestones_count_by_their_weights(done: tuple[str, ...], expected: str) -> None:
    assert shown(yearly("milestone", STEPS, frozenset(done), unit="milestone")) == expected


def test_5_milestones_without_parts_count_only_when_all_are_done() -> None:
    rules = the_rules(methods={"milestone": {"partial": False}})
    assert shown(yearly("milestone", STEPS, frozenset({"draft", "signed"}), unit="milestone", rules=rules)) == "0.00"
    assert shown(yearly("milestone", STEPS, frozenset(STEPS.weights), unit="milestone", rules=rules)) == "100.00"


def test_5_yes_is_all_and_no_is_nothing() -> None:
    assert shown(yearly("milestone", True, True, unit="done")) == "100.00"
    assert shown(yearly("milestone", True, False, unit="done")) == "0.00"


def test_5_a_yes_or_no_aims_at_yes() -> None:
    assert shown(yearly("milestone", False, True, unit="done")) == "target_does_not_fit"


@pytest.mark.parametrize("weights", [{}, {"a": Fraction(0)}, {"a": Fraction(2), "b": Fraction(-1)}])
def test_5_milestones_that_weigh_nothing_are_no_target(weights: dict[str, Fraction]) -> None:
    assert shown(yearly("milestone", Milestones(weights), frozenset(), unit="milestone")) == "target_does_not_fit"


def test_5_a_milestone_nobody_aimed_at_is_a_value_of_another_kind() -> None:
    result = reason(yearly("milestone", STEPS, frozenset({"draft", "sealed"}), unit="milestone"))
    assert (result.code, result.sentence.id) == ("wrong_kind", "jenis nilai tidak cocok: sealed")


@pytest.mark.parametrize(
    ("above", "high", "realisation", "expected"),
    [
        ("minimise_ratio", 90, 100, "90.00"),
        ("minimise_difference", 90, 100, "88.89"),
        ("minimise_difference", 90, 180, "0.00"),
        ("full", 90, 100, "100.00"),
        ("full", 90, 1000, "100.00"),
        ("minimise_difference", 0, 5, "zero_target"),
    ],
)
def test_5_above_a_range_the_region_decides(above: str, high: int, realisation: int, expected: str) -> None:
    rules = the_rules(methods={"range": {"above": above}})
    assert shown(yearly("range", (0, high), realisation, rules=rules)) == expected


@pytest.mark.parametrize(
    ("decided", "expected"), [("refuse", "zero_realisation"), (0, "0.00"), (100, "100.00"), (150, "150.00")]
)
def test_5_a_realisation_of_zero_in_t_by_r_is_what_the_region_decides(decided: Any, expected: str) -> None:
    rules = the_rules(methods={name: {"zero_realisation": decided} for name in ("minimise_ratio", "reduction")})
    assert shown(yearly("minimise_ratio", 10, 0, rules=rules)) == expected
    assert shown(ask("reduction", {"q1": 10}, {"q1": 0}, "q1", rules=rules)) == expected


@pytest.mark.parametrize(("decided", "expected"), [("refuse", "zero_target"), (0, "0.00"), (100, "100.00")])
@pytest.mark.parametrize("span", ["q1", "to_q1", "year"])
def test_5_a_reduction_of_nothing_to_nothing_is_what_the_region_decides(decided: Any, expected: str, span: str) -> None:
    rules = the_rules(methods={"reduction": {"both_zero": decided}})
    assert shown(ask("reduction", {"q1": 0, "year": 0}, {"q1": 0}, span, due_in=("q1",), rules=rules)) == expected


@pytest.mark.parametrize(
    ("basis", "span", "expected"),
    [
        ("to_date", "q2", "200.00"),  # T/R: 6 of 3
        ("to_date", "to_q2", "200.00"),  # 10 of 5
        ("to_date", "year", "80.00"),  # (25 − 5)/25
        ("year", "q2", "50.00"),  # (6 − 3)/6
        ("year", "to_q2", "80.00"),  # (25 − 5)/25
        ("year", "year", "80.00"),
    ],
)
def test_5_a_reduction_is_told_apart_by_span_and_basis(basis: str, span: str, expected: str) -> None:
    targets, realisations = {"q1": 4, "q2": 6, "year": 25}, {"q1": 2, "q2": 3}
    more = {"consolidation": "sum", "basis": basis, "due_in": ("q1", "q2")}
    assert shown(ask("reduction", targets, realisations, span, **more)) == expected


def test_5_1_a_direction_means_what_the_region_says() -> None:
    rules = the_rules(directions={"lower": "minimise_ratio"})
    assert shown(yearly(None, 10, 12, direction="lower")) == "80.00"  # type: ignore[arg-type]
    assert shown(yearly(None, 10, 12, direction="lower", rules=rules)) == "83.33"  # type: ignore[arg-type]


def test_5_1_a_method_goes_before_a_direction() -> None:
    assert shown(yearly("maximise", 10, 12, direction="lower")) == "120.00"


@pytest.mark.parametrize(
    ("method", "direction"),
    [(None, None), ("unheard", None), (None, "sideways"), ("unheard", "lower"), (None, "maximise")],
)
def test_5_1_neither_a_method_nor_a_direction_is_no_method(method: str | None, direction: str | None) -> None:
    assert shown(yearly(method, 10, 12, direction=direction)) == "no_method"  # type: ignore[arg-type]


def test_5_1_aliases_are_understood_in_imports_only() -> None:
    assert shown(yearly("maksimal", 10, 12)) == "no_method"
    rules = the_rules()
    assert named(rules.methods, " Maksimal ") == "maximise"
    assert named(rules.methods, "MAXIMISE") == "maximise"
    assert named(rules.consolidations, "kumulatif") == "sum"
    assert named(rules.consolidations, "median") is None


@pytest.mark.parametrize("method", ["maximise", "minimise_ratio", "minimise_difference", "reduction"])
@pytest.mark.parametrize(("target", "realisation"), [(-2, -1), (2, -1), (-2, 1)])
def test_5_2_a_negative_value_is_refused_by_default(method: str, target: int, realisation: int) -> None:
    assert shown(yearly(method, target, realisation)) == "negative_value"


def test_5_2_negative_ends_of_a_range_are_refused_too() -> None:
    assert shown(yearly("range", (-5, 5), 3)) == "negative_value"
    assert shown(yearly("range", (1, 5), -3)) == "negative_value"
    assert shown(yearly("zero_best", 0, -3)) == "negative_value"


@pytest.mark.parametrize(
    ("method", "target", "realisation", "expected"),
    [
        ("maximise", -2, -1, "50.00"),
        ("maximise", -2, 1, "-50.00"),
        ("minimise_ratio", 2, -4, "-50.00"),
        ("minimise_difference", -10, -12, "80.00"),
        ("range", (-5, 5), -10, "200.00"),
        ("range", (-5, -1), 0, "zero_realisation"),
        ("range", (0, 5), -1, "zero_target"),
        ("precision", -10, 10, "-100.00"),
        ("zero_best", 0, -3, "negative_value"),
    ],
)
def test_5_2_negative_values_are_computed_where_the_method_says_so(
    method: str, target: Any, realisation: Any, expected: str
) -> None:
    rules = the_rules(methods={method: {"negative": "compute"}}, limits={"floor": None})
    assert shown(yearly(method, target, realisation, rules=rules)) == expected


def test_5_2_precision_may_refuse_negative_values() -> None:
    rules = the_rules(methods={"precision": {"negative": "refuse"}})
    assert shown(yearly("precision", -2, -1, rules=rules)) == "negative_value"


def test_5_2_one_negative_period_is_a_negative_value_even_when_the_sum_is_not() -> None:
    result = ask("maximise", {"q1": 5, "q2": 5}, {"q1": -1, "q2": 9}, "to_q2", consolidation="sum")
    assert reason(result).sentence.id == "nilai negatif: -1"


def test_5_3_zero_is_filled_and_empty_is_not_zero() -> None:
    assert shown(ask("maximise", {"q1": 10}, {"q1": 0}, "q1")) == "0.00"
    assert shown(ask("maximise", {"q1": 10}, {"q1": None}, "q1")) == "no_realisation"
    assert shown(ask("maximise", {"q1": 10}, {}, "q1")) == "no_realisation"


def test_5_3_not_issued_is_an_answer_of_its_own() -> None:
    assert shown(ask("maximise", {"q1": 10}, {"q1": NOT_ISSUED}, "q1")) == "not_issued"


def test_5_3_a_float_is_no_value_at_all() -> None:
    assert shown(ask("maximise", {"q1": 10}, {"q1": 0.5}, "q1")) == "wrong_kind"


def test_5_what_was_compared_is_kept_beside_the_number() -> None:
    result = found(ask("grade", {"q1": "B", "q2": "A", "year": "A"}, {"q1": "BB", "q2": "B"}, "to_q2", unit="sakip",
                       consolidation="maximum"))  # fmt: skip
    assert (result.target, result.realisation, result.raw) == ("A", "BB", Fraction(250, 3))
