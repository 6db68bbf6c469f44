"""Values as JSON keeps them: what goes in comes out, to the last decimal."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from sakip.facts.stored_values import (
    realisation_from_plain,
    realisation_to_plain,
    target_from_plain,
    target_to_plain,
)
from sakip.values import Milestones, Range

NUMBERS = [Fraction("34.49"), Fraction(1, 3), Fraction(-5), Fraction(0), Fraction(10**20) + Fraction("0.1")]


@pytest.mark.parametrize("value", [*NUMBERS, Range(Fraction(60), Fraction("70.5")), "BB", "70", True, False])
def test_a_target_comes_back_as_it_went_into_the_store(value) -> None:
    assert target_from_plain(json.loads(json.dumps(target_to_plain(value)))) == value


def test_milestones_keep_their_weights() -> None:
    back = target_from_plain(target_to_plain(Milestones({"lelang": Fraction(1, 3), "kontrak": Fraction(2)})))
    assert isinstance(back, Milestones)
    assert back.weights == {"lelang": Fraction(1, 3), "kontrak": Fraction(2)}


@pytest.mark.parametrize("value", [*NUMBERS, "BB", True, frozenset({"lelang"}), frozenset()])
def test_a_realisation_comes_back_as_it_went_into_the_store(value) -> None:
    assert realisation_from_plain(json.loads(json.dumps(realisation_to_plain(value)))) == value


def test_a_number_is_the_text_people_write() -> None:
    assert target_to_plain(Fraction("34.490")) == "34.49"
    assert target_to_plain(Range(Fraction(60), Fraction(70))) == {"from": "60", "to": "70"}


@pytest.mark.parametrize("plain", [None, 3, [], {"to": "4"}, "BB"])
def test_what_is_no_stored_value_is_told(plain) -> None:
    with pytest.raises(ValueError):
        target_from_plain(plain)
