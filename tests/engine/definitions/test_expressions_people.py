"""What expressions can ask about people: the line above them, their units, and whether a name means them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.definitions.expressions import compile_expression
from engine.definitions.scope import Scope
from engine.facts import Person
from engine.vocabulary import load
from tests.engine.definitions.test_expressions import a_field

ABOVE = {"umi": ("bima", "citra"), "yoga": ("citra", "dewi")}
PEOPLE = {
    "umi": Person("umi", "Drs. Umi Kalsum, M.Si.", "market", None, "197901012003122001"),
    "yoga": Person("yoga", "Yoga", "roads"),
    "eka": Person("eka", "Eka Putra"),
}
ENVIRONMENT = load().environment(
    fields={
        "reported": a_field("reported", "person"),
        "others": a_field("others", "list", of="person"),
        "aliases": a_field("aliases", "list", of="text"),
    }
)
SCOPE = Scope(
    answers={"reported": "umi", "others": ["umi", "yoga"]}, user="umi", person=PEOPLE.__getitem__,
    above=lambda person: ABOVE.get(person, ()),
)  # fmt: skip
EMPTY = replace(SCOPE, answers={})


def value(text: str, scope: Scope = SCOPE):
    expression, findings = compile_expression(text, ENVIRONMENT)
    assert expression is not None, findings
    return expression.evaluate(scope)


def test_the_line_of_superiors_is_everybody_above_one_or_several_people():
    assert value("superiors(case.reported)") == ["bima", "citra"]
    assert value("superiors(case.others)") == ["bima", "citra", "dewi"]
    assert value("user in superiors(case.reported)") is False


def test_nobody_stands_above_somebody_who_was_not_named():
    assert value("superiors(case.reported)", EMPTY) == value("superiors(case.others)", EMPTY) == []
    assert value("user in superiors(case.reported)", EMPTY) is False


def test_the_units_of_people_are_known_without_asking_whether_they_were_named():
    assert value("units_of(case.reported)") == ["market"]
    assert value("units_of(case.others)") == ["market", "roads"]
    assert value("user.unit in units_of(case.others)", EMPTY) is False


def test_the_units_over_people_are_their_own_and_those_above_once_each():
    nested = replace(SCOPE, units_over=lambda unit: (unit, "town"))
    assert value("units_over(case.others)", nested) == ["market", "town", "roads"]
    assert value("units_over(case.others)") == ["market", "roads"]  # on paper units stand in no tree
    assert value("units_over(case.reported)", EMPTY) == []


@pytest.mark.parametrize(
    "said",
    ["Umi Kalsum", "umi  KALSUM", "Bu Umi Kalsum dari pasar", "Umi Kalsum, S.E.", "NIP 19790101 200312 2 001"],
)
def test_somebody_is_meant_by_their_name_in_any_letters_and_by_their_number(said):
    assert value("is_named(user, case.aliases)", replace(SCOPE, answers={"aliases": ["Bang Jago", said]})) is True


@pytest.mark.parametrize("said", ["Umi", "Kalsum", "Umi Kulsum", "", "M.Si.", "2001"])
def test_a_part_of_a_name_means_nobody(said):
    assert value("is_named(user, case.aliases)", replace(SCOPE, answers={"aliases": [said]})) is False


def test_somebody_of_one_name_is_meant_by_it():
    assert value("is_named(user, case.aliases)", replace(SCOPE, answers={"aliases": ["pak Yoga"]}, user="yoga")) is True


def test_a_question_of_names_without_names_or_without_anybody_is_answered_with_no():
    assert value("is_named(user, case.aliases)", EMPTY) is False
    assert value("is_named(case.reported, case.aliases)", replace(EMPTY, answers={"aliases": ["Umi Kalsum"]})) is False


@pytest.mark.parametrize("text", ["superiors('umi')", "units_of(case.aliases)", "is_named(user, case.others)"])
def test_only_people_have_superiors_units_and_names(text):
    assert [each.code for each in compile_expression(text, ENVIRONMENT)[1]] == ["WF053"]
