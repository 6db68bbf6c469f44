"""Spans, consolidation, completeness: which values a figure is made of (reference §5.5 to §5.8, §5.13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from engine.definitions.problems import Problems
from sakip.configuration.files import of_texts
from sakip.configuration.folder import configure
from sakip.configuration.library import read_field_library
from sakip.in_force import Dated, in_force
from sakip.measure import Facts, Reported, measure
from sakip.plan import Indicator
from sakip.spans import UnknownSpan, last_day
from sakip.values import NOT_ISSUED, Milestones, Range
from tests.sakip.measuring import MEASURED, ask, found, reason, shown, the_rules

TARGETS = {"q1": 4, "q2": 6, "q3": 7, "q4": 8, "year": 30}
REALISED = {"q1": 2, "q2": 9, "q3": 1, "q4": 4}
ALL = ("sum", "average", "maximum", "minimum", "last")


@pytest.mark.parametrize("basis", ["to_date", "year"])
@pytest.mark.parametrize("consolidation", ALL)
def test_5_5_one_period_compares_its_own_target_and_realisation(consolidation: str, basis: str) -> None:
    assert shown(ask("maximise", TARGETS, REALISED, "q2", consolidation=consolidation, basis=basis)) == "150.00"


@pytest.mark.parametrize(
    ("consolidation", "expected"),
    [("sum", "70.59"), ("average", "70.59"), ("maximum", "128.57"), ("minimum", "25.00"), ("last", "14.29")],
)
def test_5_5_to_date_takes_the_due_periods_up_to_it(consolidation: str, expected: str) -> None:
    # q1 to q3: 12 of 17, 4 of 17/3, 9 of 7, 1 of 4, 1 of 7
    assert shown(ask("maximise", TARGETS, REALISED, "to_q3", consolidation=consolidation)) == expected


@pytest.mark.parametrize(
    ("consolidation", "expected"),
    [("sum", "40.00"), ("average", "13.33"), ("maximum", "30.00"), ("minimum", "3.33"), ("last", "3.33")],
)
@pytest.mark.parametrize("way", ["indicator", "region"])
def test_5_5_to_date_is_against_the_target_of_the_year_when_the_basis_is(
    consolidation: str, expected: str, way: str
) -> None:
    more: dict[str, Any] = {"basis": "year"} if way == "indicator" else {"rules": the_rules(target_basis="year")}
    assert shown(ask("maximise", TARGETS, REALISED, "to_q3", consolidation=consolidation, **more)) == expected


def test_5_5_the_basis_of_the_indicator_goes_before_that_of_the_region() -> None:
    rules = the_rules(target_basis="year")
    assert shown(ask("maximise", TARGETS, REALISED, "to_q3", rules=rules, basis="to_date")) == "14.29"


@pytest.mark.parametrize(
    ("consolidation", "expected"),
    [("sum", "53.33"), ("average", "13.33"), ("maximum", "30.00"), ("minimum", "3.33"), ("last", "13.33")],
)
@pytest.mark.parametrize("basis", ["to_date", "year"])
def test_5_5_a_year_takes_all_due_periods_against_the_target_of_the_year(
    consolidation: str, expected: str, basis: str
) -> None:
    assert shown(ask("maximise", TARGETS, REALISED, "year", consolidation=consolidation, basis=basis)) == expected


def test_5_5_to_the_last_period_is_not_the_year() -> None:
    assert shown(ask("maximise", TARGETS, REALISED, "to_q4", consolidation="sum")) == "64.00"


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("q1", "not_due"),
        ("q2", "150.00"),
        ("q3", "not_due"),
        ("to_q1", "not_due"),
        ("to_q2", "150.00"),
        ("to_q3", "150.00"),
        ("to_q4", "92.86"),
        ("year", "43.33"),
    ],
)
def test_5_5_periods_that_are_not_due_are_neither_missing_nor_counted(span: str, expected: str) -> None:
    realised = {"q2": 9, "q4": 4}
    assert shown(ask("maximise", TARGETS, realised, span, consolidation="sum", due_in=("q2", "q4"))) == expected


def test_5_5_a_value_of_a_period_that_is_not_due_changes_nothing() -> None:
    assert shown(ask("maximise", TARGETS, REALISED, "year", consolidation="sum", due_in=("q2", "q4"))) == "43.33"
    assert shown(ask("maximise", TARGETS, REALISED, "q1", due_in=("q2",))) == "not_due"


def test_5_5_nothing_due_at_all_is_not_due_in_every_span() -> None:
    assert {shown(ask("maximise", TARGETS, REALISED, span, due_in=())) for span in ("q1", "to_q4", "year")} == {
        "not_due"
    }


def test_5_5_other_sets_of_periods_have_their_own_spans() -> None:
    months = {f"m{number:02}": number for number in range(1, 13)}
    targets = {**dict.fromkeys(months, 1), "year": 12}
    more = {"periods": "monthly", "consolidation": "sum"}
    assert shown(ask("maximise", targets, months, "m03", **more)) == "300.00"
    assert shown(ask("maximise", targets, months, "to_m03", **more)) == "200.00"
    assert shown(ask("maximise", targets, months, "year", **more)) == "650.00"
    assert shown(ask("maximise", {"s1": 4, "s2": 4, "year": 8}, {"s1": 2}, "to_s1", periods="semester")) == "50.00"


def test_5_5_a_span_of_another_set_is_understood_by_its_end() -> None:
    months = {f"m{number:02}": number for number in range(1, 13)}
    more = {"periods": "monthly", "consolidation": "sum"}
    assert shown(ask("maximise", dict.fromkeys(months, 1), months, "to_q2", **more)) == "350.00"
    assert shown(ask("maximise", {"s1": 4}, {"s1": 2}, "to_q2", periods="semester")) == "50.00"
    assert shown(ask("maximise", {"s1": 4}, {"s1": 2}, "to_q1", periods="semester")) == "not_due"
    assert shown(ask("maximise", {"s1": 4}, {"s1": 2}, "q2", periods="semester")) == "not_due"


@pytest.mark.parametrize("span", ["q5", "to_", "to_year", "", "to_to_q1"])
def test_5_5_a_span_nobody_knows_is_a_mistake_of_the_caller(span: str) -> None:
    with pytest.raises(UnknownSpan):
        ask("maximise", TARGETS, REALISED, span)


def test_5_6_values_are_consolidated_never_percentages() -> None:
    # the mean of 100 % and 10 % would be 55 %
    targets, realisations = {"q1": 1, "q2": 100}, {"q1": 1, "q2": 10}
    assert shown(ask("maximise", targets, realisations, "to_q2", consolidation="sum")) == "10.89"
    assert shown(ask("maximise", targets, realisations, "to_q2", consolidation="average")) == "10.89"


@pytest.mark.parametrize(
    ("consolidation", "ends"),
    [("sum", (30, 50)), ("average", (15, 25)), ("maximum", (20, 30)), ("minimum", (10, 20)), ("last", (20, 30))],
)
def test_5_6_of_a_range_the_ends_are_consolidated_each(consolidation: str, ends: tuple[int, int]) -> None:
    targets = {"q1": (10, 20), "q2": (20, 30)}
    result = found(ask("range", targets, {"q1": 12, "q2": 18}, "to_q2", consolidation=consolidation))
    assert result.target == Range(Fraction(ends[0]), Fraction(ends[1]))


def test_5_6_a_range_in_the_wrong_order_does_not_fit_in_any_period() -> None:
    targets = {"q1": (20, 10), "q2": (20, 90)}
    assert shown(ask("range", targets, {"q1": 15, "q2": 30}, "to_q2", consolidation="sum")) == "target_does_not_fit"


def test_5_6_last_takes_target_and_realisation_of_the_last_due_period() -> None:
    assert shown(ask("maximise", {"q3": 8}, {"q3": 6}, "to_q3")) == "75.00"
    assert shown(ask("maximise", {"q2": 8}, {"q2": 6}, "to_q3", due_in=("q1", "q2"))) == "75.00"


@pytest.mark.parametrize(
    ("consolidation", "expected"),
    [("last", "80.00"), ("maximum", "120.00"), ("minimum", "60.00"), ("sum", "wrong_kind"), ("average", "wrong_kind")],
)
def test_5_6_grades_can_be_last_highest_or_lowest_only(consolidation: str, expected: str) -> None:
    realised = {"q1": "A", "q2": "CC", "q3": "B", "q4": "B"}
    more = {"unit": "sakip", "consolidation": consolidation}
    assert shown(ask("grade", {"year": "BB"}, realised, "year", **more)) == expected


def test_5_6_adding_grades_up_is_refused_even_where_a_file_lists_them() -> None:
    rules = the_rules(consolidations={"sum": {"units": ["number", "grade"]}})
    targets, realised = {"q1": "B", "q2": "B"}, {"q1": "B", "q2": "B"}
    assert (
        shown(ask("grade", targets, realised, "to_q2", unit="sakip", consolidation="sum", rules=rules)) == "wrong_kind"
    )


def test_5_6_grades_of_the_same_periods_are_compared() -> None:
    targets, realised = {"q1": "B", "q2": "A"}, {"q1": "BB", "q2": "B"}
    more = {"unit": "sakip", "span": "to_q2"}
    assert shown(ask("grade", targets, realised, consolidation="minimum", **more)) == "100.00"
    assert shown(ask("grade", targets, realised, consolidation="maximum", **more)) == "83.33"
    assert shown(ask("grade", targets, realised, consolidation="last", **more)) == "66.67"


def test_5_6_milestones_are_looked_at_in_the_last_period() -> None:
    steps = Milestones({"a": Fraction(1), "b": Fraction(3)})
    more = {"unit": "milestone", "span": "to_q2"}
    given = {"q1": steps, "q2": steps}, {"q1": frozenset(), "q2": frozenset({"b"})}
    assert shown(ask("milestone", *given, **more)) == "75.00"
    assert shown(ask("milestone", *given, consolidation="maximum", **more)) == "wrong_kind"


@pytest.mark.parametrize("consolidation", ["sum", "average", "maximum", "minimum"])
@pytest.mark.parametrize("missing", ["q1", "q2", "q3"])
@pytest.mark.parametrize("span", ["to_q3", "year"])
def test_5_7_never_partial_every_due_period_is_needed(consolidation: str, missing: str, span: str) -> None:
    realised = {key: value for key, value in REALISED.items() if key != missing}
    result = reason(ask("maximise", TARGETS, realised, span, consolidation=consolidation))
    assert (result.code, result.sentence.id) == ("incomplete", f"periode belum lengkap: TW {'I' * int(missing[1])}")


def test_5_7_last_needs_the_last_due_period_only() -> None:
    assert shown(ask("maximise", TARGETS, {"q3": 7}, "to_q3")) == "100.00"
    assert shown(ask("maximise", TARGETS, {"q1": 4, "q2": 6}, "to_q3")) == "incomplete"
    assert shown(ask("maximise", TARGETS, {"q1": 4, "q2": 6, "q3": 7}, "year")) == "incomplete"


@pytest.mark.parametrize("span", ["q2", "to_q2", "to_q3", "year"])
def test_5_7_one_due_period_without_a_value_is_no_realisation(span: str) -> None:
    assert shown(ask("maximise", TARGETS, {}, span, consolidation="sum", due_in=("q2",))) == "no_realisation"


PROVISIONAL: Mapping[str, Any] = {"complete": {"when_incomplete": "provisional"}}


@pytest.mark.parametrize(
    ("consolidation", "span", "expected"),
    [
        ("sum", "to_q3", "110.00"),  # 2 + 9 of 4 + 6: the same periods' targets
        ("average", "to_q3", "110.00"),
        ("maximum", "to_q3", "150.00"),
        ("minimum", "to_q3", "50.00"),
        ("last", "to_q3", "150.00"),  # 9 of 6
        ("sum", "year", "36.67"),  # 11 of the year's 30
        ("last", "year", "30.00"),
    ],
)
def test_5_7_provisional_computes_from_what_is_there_and_marks_it(consolidation: str, span: str, expected: str) -> None:
    rules = the_rules(**PROVISIONAL)
    result = found(ask("maximise", TARGETS, {"q1": 2, "q2": 9}, span, consolidation=consolidation, rules=rules))
    assert (result.shown, result.is_provisional, result.is_partial) == (expected, True, True)


def test_5_7_provisional_shows_no_tone_good() -> None:
    rules = the_rules(**PROVISIONAL)
    partial = found(ask("maximise", TARGETS, {"q1": 4}, "to_q2", consolidation="sum", rules=rules))
    assert (partial.band.key, partial.tone) == ("reached", "plain")
    weak = found(ask("maximise", TARGETS, {"q1": 1}, "to_q2", consolidation="sum", rules=rules))
    assert (weak.band.key, weak.tone) == ("below", "bad")
    whole = found(ask("maximise", TARGETS, {"q1": 4, "q2": 6}, "to_q2", consolidation="sum", rules=rules))
    assert (whole.tone, whole.is_provisional) == ("good", False)


def test_5_7_provisional_still_has_a_reason_where_nothing_is_there() -> None:
    rules = the_rules(**PROVISIONAL)
    assert shown(ask("maximise", TARGETS, {}, "to_q3", consolidation="sum", rules=rules)) == "incomplete"
    assert shown(ask("maximise", TARGETS, {}, "to_q3", rules=rules)) == "incomplete"
    assert shown(ask("maximise", TARGETS, {}, "q3", rules=rules)) == "no_realisation"


def test_5_7_provisional_does_not_compute_past_a_value_that_is_not_issued() -> None:
    rules = the_rules(**PROVISIONAL)
    realised = {"q1": 2, "q2": NOT_ISSUED}
    assert shown(ask("maximise", TARGETS, realised, "to_q3", consolidation="sum", rules=rules)) == "not_issued"
    assert shown(ask("maximise", TARGETS, realised, "to_q2", rules=rules)) == "not_issued"
    assert shown(ask("maximise", TARGETS, realised, "to_q3", rules=rules)) == "50.00"  # last of what is there: q1


def test_5_7_provisional_needs_the_target_of_what_is_there() -> None:
    rules = the_rules(**PROVISIONAL)
    assert shown(ask("maximise", {"q3": 7}, {"q2": 9}, "to_q3", rules=rules)) == "no_target"


def test_5_8_the_day_that_judges_is_the_last_of_the_span() -> None:
    rules = the_rules()
    days = [last_day(rules, "quarterly", span, 2025) for span in ("q1", "to_q2", "q3", "year")]
    assert days == [date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)]
    assert last_day(rules, "monthly", "m02", 2028) == date(2028, 2, 29)
    assert last_day(rules, "yearly", "to_q2", 2025) == date(2025, 6, 30)


def test_5_8_a_target_begins_on_its_day_and_the_later_written_of_one_day_counts() -> None:
    day = date(2025, 7, 1)
    history = [Dated(day, Fraction(2)), Dated(date(2025, 1, 1), Fraction(1)), Dated(day, Fraction(3))]
    assert [in_force(history, on) for on in (date(2024, 12, 31), date(2025, 6, 30), day)] == [None, 1, 3]


def test_5_8_a_change_of_bands_never_repaints_what_ended_before() -> None:
    changed = {
        "since_2025": {"valid_from": "2025-01-01", "bands": "three_steps"},
        "since_july": {"valid_from": "2025-07-01", "bands": "traffic_light"},
    }
    rules = the_rules(applies={"achievement": changed})
    spans = {"q1": "reached", "q2": "reached", "q3": "green", "to_q2": "reached", "to_q3": "green", "year": "green"}
    targets = dict.fromkeys(("q1", "q2", "q3", "q4", "year"), 10)
    for span, expected in spans.items():
        on = last_day(rules, "quarterly", span, 2025)
        result = found(ask("maximise", targets, dict.fromkeys(("q1", "q2", "q3", "q4"), 10), span, rules=rules, on=on))
        assert (span, result.band.key) == (span, expected)


def test_5_8_each_year_is_measured_by_the_method_and_the_limits_of_its_own_file() -> None:
    next_year = (
        MEASURED.replace("years: {from: 2025}", "years: {from: 2026}")
        .replace("version: 1.0.0", "version: 2.0.0")
        .replace("{floor: 0, cap: null}", "{floor: 0, cap: 110}")
        .replace("lower: minimise_difference", "lower: minimise_ratio")
    )
    problems = Problems()
    files = of_texts({"measurement.yaml": MEASURED, "measurement_2026.yaml": next_year})
    both = configure(read_field_library(files, problems), None, problems)
    assert [one for one in problems.sorted() if one.is_error] == []
    given = {"targets": {"q1": 10}, "realisations": {"q1": 8}, "span": "q1", "direction": "lower"}
    results = [found(ask(None, **given, rules=both.measurement(year))) for year in (2025, 2026)]
    assert [(one.shown, one.raw, one.limited) for one in results] == [("120.00", 120, None), ("110.00", 125, "cap")]


def test_5_8_bands_hold_from_their_day_on() -> None:
    assert shown(ask("maximise", {"q1": 1}, {"q1": 1}, "q1", on=date(2025, 1, 1))) == "100.00"
    assert shown(ask("maximise", {"q1": 1}, {"q1": 1}, "q1", on=date(2024, 12, 31))) == "no_bands"


def test_5_13_verified_counts_a_reported_value_as_empty() -> None:
    rules = the_rules(complete={"counts": "verified"})
    assert shown(ask("maximise", TARGETS, REALISED, "q1", rules=rules, verified=False)) == "no_realisation"
    assert shown(ask("maximise", TARGETS, REALISED, "to_q2", rules=rules, verified=False)) == "incomplete"
    assert shown(ask("maximise", TARGETS, {"q1": NOT_ISSUED}, "q1", rules=rules, verified=False)) == "no_realisation"
    assert found(ask("maximise", TARGETS, REALISED, "q1", rules=rules)).is_provisional is False


def test_5_13_reported_values_make_a_figure_provisional_and_keep_its_tone() -> None:
    reported = found(ask("maximise", TARGETS, REALISED, "q2", verified=False))
    assert (reported.is_provisional, reported.is_partial, reported.tone) == (True, False, "good")
    assert found(ask("maximise", TARGETS, REALISED, "q2")).is_provisional is False


def test_5_13_a_region_may_leave_the_mark_away() -> None:
    rules = the_rules(complete={"mark": {"reported": "none"}})
    assert found(ask("maximise", TARGETS, REALISED, "q2", rules=rules, verified=False)).is_provisional is False


@pytest.mark.parametrize(("consolidation", "is_marked"), [("sum", True), ("average", True), ("last", False)])
def test_5_13_one_reported_value_marks_a_figure_that_contains_it_and_no_other(
    consolidation: str, is_marked: bool
) -> None:
    filled = {"q1": Reported(Fraction(2), is_verified=False), "q2": Reported(Fraction(9))}
    facts = Facts({"q1": Fraction(4), "q2": Fraction(6)}, filled)
    indicator = Indicator("number", "maximise", consolidation=consolidation)
    result = found(measure(the_rules(), indicator, facts, "to_q2", date(2025, 6, 30)))
    assert (result.is_provisional, result.is_partial) == (is_marked, False)
