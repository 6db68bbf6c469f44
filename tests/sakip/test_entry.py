"""What is typed or stands in a spreadsheet (reference §5.4)."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from sakip.entry import read_cell, read_text
from sakip.reasons import Reason
from sakip.typed_numbers import proposal
from tests.sakip.measuring import the_rules


def typed(text: str, unit: str = "number") -> Any:
    rules = the_rules()
    found = read_text(rules, rules.units[unit], text)
    return (found.code, found.values.get("proposal")) if isinstance(found, Reason) else found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("7", "7"),
        ("007", "7"),
        ("34,49", "34.49"),
        ("34,5", "34.5"),
        ("1250", "1250"),
        ("1.250", "1250"),
        ("12.345.678", "12345678"),
        ("1.250,75", "1250.75"),
        ("1250,75", "1250.75"),
        ("-5", "-5"),
        ("−5,25", "-5.25"),
        ("-1.000", "-1000"),
        ("  34,49  ", "34.49"),
        ("\u00a034", "34"),
    ],
)
def test_5_4_digits_plain_or_grouped_by_points_with_a_comma(text: str, value: str) -> None:
    assert typed(text) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("34.49", "34,49"),
        ("34.4", "34,4"),
        ("1.25", "1,25"),
        ("1,250.50", "1250,50"),
        ("1,250,000", "1250000"),
        ("1250.000", "1250,000"),
        ("0.125", "0,125"),
        (".5", "0,5"),
        (",5", "0,5"),
        ("34,", "34"),
        ("34.", "34"),
        ("+5", "5"),
        ("Rp 1.000", "1.000"),
        ("Rp1.000,50", "1.000,50"),
        ("Rp. 1.000,-", "1.000"),
        ("± 5", "5"),
        ("12 orang", "12"),
        ("5 %", "5"),
        ("1 250", "1250"),
        ("-34.49", "-34,49"),
        ("- 5", "-5"),
        ("–34,49", "-34,49"),
        ("Rp –1.000", "-1.000"),
        ("5–7", None),
        ("7½", None),
        ("5²", None),
        ("٣5", None),
        ("1.2.3", None),
        ("1.25.000", None),
        ("", None),
        ("-", None),
        ("BB", None),
        ("Proses Penilaian", None),
        ("belum terbit", None),
        ("5-7", None),
        ("1,2,3", None),
        ("²", None),
        ("٣", None),
        ("1e5", None),
        ("=1+1", None),
        ("NaN", None),
    ],
)
def test_5_4_anything_else_is_not_a_number_with_a_proposal(text: str, proposed: str | None) -> None:
    code, found = typed(text)
    assert (code, found) == ("not_a_number", proposed)


def test_5_4_the_sentence_asks_whether_the_proposal_is_meant() -> None:
    rules = the_rules()
    found = read_text(rules, rules.units["number"], "34.49")
    assert isinstance(found, Reason)
    assert found.sentence.id == "34.49 bukan angka; maksudnya 34,49?"


@pytest.mark.parametrize("text", ["34,49%", "34,49 %", "34,49  %", " 34,49 % "])
def test_5_4_a_percent_sign_only_for_percent(text: str) -> None:
    assert typed(text, "percent") == Fraction("34.49")
    assert typed(text, "number") == ("not_a_number", "34,49")


@pytest.mark.parametrize("text", ["%", "% 5", "5 %%", "5 persen"])
def test_5_4_a_percent_sign_stands_once_and_behind(text: str) -> None:
    assert typed(text, "percent")[0] == "not_a_number"


@pytest.mark.parametrize(
    ("text", "unit"),
    [("34,491", "number"), ("34,490", "number"), ("1,5", "people"), ("1,0", "people"), ("5,125%", "percent")],
)
def test_5_4_more_decimals_than_the_unit_has_are_too_many(text: str, unit: str) -> None:
    assert typed(text, unit)[0] == "too_many_places"


def test_5_4_a_unit_without_decimals_takes_whole_numbers() -> None:
    assert typed("1.250", "people") == 1250


@pytest.mark.parametrize(("text", "grade"), [("BB", "BB"), ("bb", "BB"), (" Bb ", "BB"), ("cc", "CC"), ("aa", "AA")])
def test_5_4_grades_ignore_capitals(text: str, grade: str) -> None:
    assert typed(text, "sakip") == grade


def test_5_4_a_grade_of_another_scale_is_unknown() -> None:
    assert typed("WTP", "sakip") == ("unknown_grade", None)
    assert typed("BBB", "sakip") == ("unknown_grade", "BB")
    assert typed("4", "sakip") == ("unknown_grade", None)
    assert typed("B", "bare") == ("no_scale", None)


def test_5_4_yes_and_no_are_words() -> None:
    assert (typed("Ya", "done"), typed("tidak", "done")) == (True, False)
    assert typed("mungkin", "done")[0] == "wrong_kind"


def test_5_4_milestones_are_named_one_by_one() -> None:
    assert typed("draft; signed, published ", "milestone") == frozenset({"draft", "signed", "published"})


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (34.49, "34.49"),
        (0.1, "0.1"),
        (5, "5"),
        (-2.5, "-2.5"),
        (1e21, "1000000000000000000000"),
        (Decimal("34.491"), "34.491"),
        ("34,49", "34.49"),
    ],
)
def test_5_4_a_cell_holding_a_number_is_taken_as_it_is(cell: Any, value: str) -> None:
    rules = the_rules()
    assert read_cell(rules, rules.units["number"], cell) == Fraction(value)


@pytest.mark.parametrize(
    ("cell", "unit", "code"),
    [
        ("34.49", "number", "not_a_number"),
        (float("nan"), "number", "not_a_number"),
        (float("inf"), "number", "not_a_number"),
        (4, "sakip", "wrong_kind"),
        (True, "number", "wrong_kind"),
        (1, "done", "wrong_kind"),
        (None, "number", "wrong_kind"),
    ],
)
def test_5_4_a_cell_of_another_kind_is_refused(cell: Any, unit: str, code: str) -> None:
    rules = the_rules()
    found = read_cell(rules, rules.units[unit], cell)
    assert isinstance(found, Reason) and found.code == code


def test_5_4_a_yes_in_a_cell_is_a_yes() -> None:
    rules = the_rules()
    assert read_cell(rules, rules.units["done"], True) is True


def test_5_4_a_long_text_is_shortened_in_its_sentence() -> None:
    rules = the_rules()
    found = read_text(rules, rules.units["number"], "x" * 5000)
    assert isinstance(found, Reason) and len(found.sentence.id) < 100
    assert proposal("9" * 5000 + ".5") is None


def test_5_4_a_number_nobody_means_is_none() -> None:
    for text in ("9" * 5000, "1" + ".000" * 2000, "0," + "1" * 5000, "9" * 61):
        assert typed(text) == ("not_a_number", None)
    assert typed("9" * 60) == 10**60 - 1


@pytest.mark.parametrize("unit", ["number", "sakip"])
def test_5_4_a_cell_with_a_number_nobody_means_is_none(unit: str) -> None:
    rules = the_rules()
    for cell in (10**5000, Decimal("1e99999"), Decimal("1e-99999"), 1e308, -(10**61)):
        found = read_cell(rules, rules.units[unit], cell)
        assert isinstance(found, Reason) and found.code == ("not_a_number" if unit == "number" else "wrong_kind")
        assert len(found.sentence.id) < 60


ENDLESS = {
    "spaces": "1" + " " * 200_000 + "x",
    "signs": "%" * 200_000,
    "marks": ". " * 100_000,
    "minus": "-" * 200_000,
    "digits": "1 " * 100_000,
}


@pytest.mark.parametrize("name", ENDLESS)
def test_5_4_an_endless_text_is_answered_at_once(name: str) -> None:
    text = ENDLESS[name]
    began = time.process_time()
    assert typed(text)[0] == typed(text, "percent")[0] == "not_a_number"
    assert typed(text, "sakip")[0] == "unknown_grade"
    assert time.process_time() - began < 1
