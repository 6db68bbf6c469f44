"""Whole numbers say what fractions say: comparing, adding, and the row of bands a number falls into."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from engine.definitions.model import Text
from sakip.bands import LOWER, UPPER, Band, Bands
from sakip.exact import exact_sum, is_below

numbers = some.fractions(min_value=-1_000, max_value=1_000, max_denominator=500)


@given(numbers, numbers)
def test_one_number_is_below_another_as_fractions_say(one: Fraction, other: Fraction) -> None:
    assert is_below(one, other) == (one < other)
    assert not is_below(one, one)


@given(some.lists(numbers, max_size=12), some.integers(1, 12))
def test_a_sum_in_parts_is_exact(values: list[Fraction], parts: int) -> None:
    assert exact_sum(values, parts) == sum(values, Fraction(0)) / parts


@given(
    some.lists(numbers, min_size=1, max_size=6, unique=True),
    some.sampled_from([LOWER, UPPER]),
    numbers,
    some.integers(1, 9),
    some.booleans(),
)
def test_a_ratio_falls_into_the_row_its_number_falls_into(
    starts: list[Fraction], includes: str, number: Fraction, factor: int, is_boundary: bool
) -> None:
    ordered = sorted(starts)
    rows = [Band(f"b{place}", start, Text("x", "x"), "plain", "") for place, start in enumerate(ordered)]
    value = ordered[-1] if is_boundary else number
    reached = [start <= value if includes == LOWER else start < value for start in ordered]
    expected = max((place for place, is_reached in enumerate(reached) if is_reached), default=0)
    bands = Bands(None, None, includes, None, tuple(rows))
    assert bands.of(value) is rows[expected]
    assert bands.of_ratio(value.numerator * factor, value.denominator * factor) is rows[expected]
