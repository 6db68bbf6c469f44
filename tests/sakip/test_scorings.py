"""The shelf of scorings: every kind has an example that is read and scored, and parts that add up."""

from __future__ import annotations

import re
import textwrap
from fractions import Fraction

import pytest
import yaml

from sakip.score import Scored, score
from sakip.scorings import SCORINGS
from sakip.worksheet import worksheet
from tests.sakip.rubrics import rubric


@pytest.mark.parametrize("name", SCORINGS.items())
def test_the_example_of_a_scoring_is_a_sub_component_that_can_be_scored(name: str) -> None:
    item = SCORINGS.items()[name]
    assert re.fullmatch(r"[A-Z].{6,140}[.:]", item.summary), item.summary
    ((key, body),) = yaml.safe_load(item.example).items()
    assert (key, body["scoring"]) == ("use", name)
    example = textwrap.indent(item.example, "        ")
    evaluation = rubric(
        "components: {planning: null, reporting: null}",
        f"components:\n  planning:\n    order: 10\n    weight: 100\n    sub_components:\n{example}",
    )
    (section,) = worksheet(evaluation, "unit", None)
    best = {one.path: next(iter(one.shares)) for one in section.questions}
    found = score(evaluation, "unit", None, best)
    assert isinstance(found, Scored)
    assert found.score == 100


@pytest.mark.parametrize("name", SCORINGS.items())
def test_a_scoring_stands_in_a_file_of_its_name(name: str) -> None:
    assert SCORINGS.items()[name].module == f"sakip.scorings.{name}"


def test_the_shelf_holds_what_the_reference_names() -> None:
    assert set(SCORINGS.items()) == {"graded", "average", "points", "weighted"}


@pytest.mark.parametrize("name", SCORINGS.items())
def test_the_parts_add_up_to_one(name: str) -> None:
    kind = SCORINGS.values()[name]
    points = [Fraction(3)] if kind.has_one_grade else [Fraction(3), Fraction(5), Fraction(1, 3)]
    assert sum(kind.parts(points)) == 1
