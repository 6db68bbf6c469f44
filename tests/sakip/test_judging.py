"""Limits, rounding, bands: how a number is shown and judged (reference §5.9 to §5.11)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from engine.definitions.problems import Problems
from sakip.bands import LOWER, UPPER, Band, Bands
from sakip.configuration.files import of_texts
from sakip.configuration.folder import configure
from sakip.configuration.library import read_field_library
from sakip.judged import Achievement, judge
from tests.sakip.measuring import END_OF_YEAR, MEASURED, ask, found, the_rules, yearly


def judged(value: str, **patch: Any) -> Achievement:
    return found(judge(the_rules(**patch), Fraction(value), END_OF_YEAR))


def bands(name: str) -> dict[str, Any]:
    return {"achievement": {"since_2025": {"bands": name}}}


@pytest.mark.parametrize(
    ("value", "shown", "limited"),
    [("-50", "0.00", "floor"), ("0", "0.00", None), ("120", "120.00", None), ("120.001", "120.00", "cap")],
)
def test_5_9_below_the_floor_and_above_the_cap_a_value_is_limited(value: str, shown: str, limited: str | None) -> None:
    result = judged(value, limits={"cap": 120})
    assert (result.shown, result.limited, result.raw) == (shown, limited, Fraction(value))


def test_5_9_without_limits_a_value_stays_as_it_is() -> None:
    result = judged("-50", limits={"floor": None})
    assert (result.shown, result.limited, result.band.key) == ("-50.00", None, "below")
    assert judged("100000").limited is None


def test_5_9_the_value_before_the_limit_is_kept() -> None:
    result = found(yearly("minimise_difference", 10, 25))
    assert (result.raw, result.exact, result.limited) == (-50, 0, "floor")


def test_5_9_a_limited_value_is_judged_as_limited() -> None:
    assert judged("150", limits={"cap": 99}).band.key == "near"


@pytest.mark.parametrize(
    ("value", "mode", "shown"),
    [
        ("70.005", "half_up", "70.01"),
        ("70.015", "half_up", "70.02"),
        ("70.005", "half_even", "70.00"),
        ("70.015", "half_even", "70.02"),
        ("70.0049999", "half_up", "70.00"),
        ("70.0050001", "half_even", "70.01"),
        ("-0.005", "half_up", "-0.01"),
        ("-0.005", "half_even", "0.00"),
        ("-0.004", "half_up", "0.00"),
    ],
)
def test_5_10_a_half_is_rounded_as_the_file_says(value: str, mode: str, shown: str) -> None:
    assert judged(value, rounding={"mode": mode}, limits={"floor": None}).shown == shown


def test_5_10_rounded_once_and_from_the_exact_value() -> None:
    # rounded twice, first to two places, 74.4949 would become 74.5 and then 75
    result = judged("74.4949", rounding={"places": 0})
    assert (result.shown, result.band.key) == ("74", "below")
    assert judged("74.995").band.key == "near"
    whole = judged("90.4999", applies=bands("whole"))
    assert (whole.shown, whole.band.key) == ("90.50", "poor")


def test_5_10_what_is_shown_and_what_is_judged_agree_under_rounded() -> None:
    result = judged("99.995")
    assert (result.shown, result.band.key) == ("100.00", "reached")


def test_5_10_under_exact_nothing_is_rounded_for_judging() -> None:
    result = judged("99.995", rounding={"band_on": "exact"})
    assert (result.shown, result.band.key) == ("100.00", "near")
    assert judged("90.9", rounding={"band_on": "exact"}, applies=bands("whole")).band.key == "poor"


def test_5_10_bands_with_places_of_their_own_are_judged_in_those() -> None:
    result = judged("90.5", applies=bands("whole"))
    assert (result.shown, result.band.key) == ("90.50", "good")
    assert judged("90.5", applies=bands("whole"), rounding={"mode": "half_even"}).band.key == "poor"
    assert judged("90.49", applies=bands("whole")).band.key == "poor"


@pytest.mark.parametrize(
    ("value", "includes", "expected"),
    [
        ("75", "lower", "near"),
        ("74.99", "lower", "below"),
        ("75", "upper", "below"),
        ("75.01", "upper", "near"),
        ("100", "upper", "near"),
        ("100", "lower", "reached"),
        ("0", "upper", "below"),
        ("0", "lower", "below"),
        ("1000000", "upper", "reached"),
    ],
)
def test_5_11_a_boundary_belongs_to_the_row_that_starts_there_or_to_the_one_below(
    value: str, includes: str, expected: str
) -> None:
    assert judged(value, bands={"three_steps": {"includes": includes}}).band.key == expected


def test_5_11_just_above_a_boundary_of_upper_counts_only_when_it_is_printed_above() -> None:
    assert judged("90.004", applies=bands("traffic_light")).band.key == "yellow"
    assert judged("90.005", applies=bands("traffic_light")).band.key == "green"
    assert judged("90.004", applies=bands("traffic_light"), rounding={"band_on": "exact"}).band.key == "green"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("-1000", "not_efficient"), ("-5.01", "not_efficient"), ("-5", "fairly"), ("5.01", "efficient")],
)
def test_5_11_the_first_row_may_be_open_below(value: str, expected: str) -> None:
    assert judged(value, applies=bands("efficiency"), limits={"floor": None}).band.key == expected


def test_5_10_an_aggregate_of_thirds_is_exact() -> None:
    result = found(ask("maximise", {"q1": 3}, {"q1": 1}, "q1"))
    assert (result.exact, result.shown) == (Fraction(100, 3), "33.33")


def test_5_8_a_figure_has_the_bands_of_its_day_and_a_reason_without_any() -> None:
    assert judge(the_rules(), Fraction(1), date(2025, 1, 1)).__class__ is Achievement
    assert getattr(judge(the_rules(), Fraction(1), date(2024, 12, 31)), "code", None) == "no_bands"


OVERLAY = """
schema: sakip-measurement/1
overlay: trial.here
extends: {measurement: trial, version: ^1.0}
region: here
patch:
  limits: {cap: null, floor: null}
  bands:
    open:
      minimum: null
      maximum: null
      includes: lower
      rows: {low: {from: null, tone: bad}, high: {from: 50, tone: good}}
  applies: {achievement: {since_2025: {bands: open}}}
"""


@pytest.mark.parametrize("limits", ["{floor: 0, cap: null}", "{floor: 0}", "{floor: 0, cap: 120}"])
def test_5_11_a_region_may_bring_bands_and_limits_that_are_open(limits: str) -> None:
    problems = Problems()
    texts = {
        "measurement.yaml": MEASURED.replace("{floor: 0, cap: null}", limits),
        "regions/here/measurement.yaml": OVERLAY,
    }
    rules = configure(read_field_library(of_texts(texts), problems), "here", problems).measurement(2025)
    assert [one.code for one in problems.sorted() if one.is_error] == []
    assert rules is not None and (rules.floor, rules.cap) == (None, None)
    assert [found(judge(rules, Fraction(value), END_OF_YEAR)).band.key for value in (-9, 50, 999)] == [
        "low",
        "high",
        "high",
    ]


def test_5_11_what_is_not_there_still_cannot_be_taken_away() -> None:
    problems = Problems()
    texts = {
        "measurement.yaml": MEASURED,
        "regions/here/measurement.yaml": OVERLAY.replace("cap: null", "ceiling: null"),
    }
    configure(read_field_library(of_texts(texts), problems), "here", problems)
    assert [one.code for one in problems.sorted() if one.is_error] == ["WF112"]


@pytest.mark.parametrize("includes", [LOWER, UPPER])
def test_5_11_a_row_begins_above_its_start_only_where_the_boundary_is_of_the_row_below(includes: str) -> None:
    rows = tuple(Band(key, Fraction(start), None, "plain", key) for key, start in (("c", 0), ("b", 70)))
    divided = Bands(Fraction(0), Fraction(100), includes, None, rows)
    assert [divided.is_above(row) for row in rows] == [False, includes == UPPER]  # the minimum is the first row's
    assert divided.of(Fraction(70)).key == ("c" if includes == UPPER else "b")
