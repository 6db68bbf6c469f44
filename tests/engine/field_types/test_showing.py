"""What people see, what stands in a form, and what is stored."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form as PageForm

from engine.definitions.model import Field, Text
from engine.field_types import FIELD_TYPES, kind_of
from engine.field_types.question import Context, Unfit
from tests.engine.field_types.test_reading import FORM, GOALS, SCOPE, a_field

KINDS = list(FIELD_TYPES.values())


@pytest.mark.parametrize(
    ("kind", "value", "indonesian", "english"),
    [
        ("money", Decimal(4100832755), "Rp4.100.832.755", "Rp4,100,832,755"),
        ("money", Decimal("1250000.5"), "Rp1.250.000,50", "Rp1,250,000.50"),
        ("money", Decimal(-1500), "-Rp1.500", "-Rp1,500"),
        ("percent", Decimal("66.4"), "66,40\u00a0%", "66.40\u00a0%"),
        ("percent", Decimal(100), "100\u00a0%", "100\u00a0%"),
        ("decimal", Decimal("2.625"), "2,625", "2.625"),
        ("decimal", Decimal("123456789012345.123456789012"), "123.456.789.012.345,123456789012", None),
        ("integer", 2026, "2026", "2026"),
        ("integer", 12500, "12.500", "12,500"),
        ("date", date(2026, 5, 5), "5 Mei 2026", "5 May 2026"),
        ("month", "2026-08", "Agustus 2026", "August 2026"),
        ("year", 2026, "2026", "2026"),
        ("yes_no", False, "Tidak", "No"),
        ("text", "<b>", "<b>", "<b>"),
        ("measure", Decimal(70), "70", "70"),
        ("reference", {"case": 1, "title": "Nilai SAKIP"}, "Nilai SAKIP", "Nilai SAKIP"),
        ("file", {"name": "sk.pdf"}, "sk.pdf", "sk.pdf"),
    ],
)
def test_a_value_is_shown_as_offices_write_it(kind: str, value: Any, indonesian: str, english: str | None) -> None:
    field = a_field(kind)
    assert kind_of(kind).show(value, field, "id") == indonesian
    if english is not None:
        assert kind_of(kind).show(value, field, "en") == english


def test_choices_are_shown_by_title_and_measures_with_their_unit() -> None:
    context = Context(FORM, SCOPE, {"unit": "percent"})
    assert (
        kind_of("choice").show("dak", a_field("choice", options_from="funding"), "id", context) == "Dana alokasi khusus"
    )
    assert kind_of("choice").show("gone", a_field("choice", options_from="funding"), "id", context) == "gone"
    assert kind_of("choices").show(["apbd", "dak"], a_field("choices", options_from="funding"), "en", context) == (
        "APBD, Special fund"
    )
    target = a_field("measure", unit_from="unit")
    assert kind_of("measure").show(Decimal("66.4"), target, "id", context) == "66,40\u00a0%"
    assert kind_of("list").show([Decimal(5), Decimal(6)], a_field("list", of="money"), "id", context) == "Rp5; Rp6"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_shown_as_nothing(kind: str) -> None:
    field = a_field(kind, of="text", options_from="funding", scale="sakip_predicate")
    assert kind_of(kind).show(None, field, "id") == ""
    assert kind_of(kind).to_store(None, field) is None
    assert kind_of(kind).from_store(None, field) is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_makes_a_form_field_or_says_that_it_has_none(kind: str) -> None:
    field = a_field(kind, of="text", options_from="funding", scale="sakip_predicate")
    unbound = kind_of(kind).form_field(field, "id", Context(FORM, SCOPE))
    if kind in ("table", "heading", "signature"):
        assert unbound is None
        return
    page = type("Page", (PageForm,), {"f": unbound})(MultiDict())
    assert page.validate()
    assert f'data-kind="{kind}"' in page.f() or kind in ("measure",)
    assert "style=" not in page.f() and "onclick" not in page.f()


def test_only_the_caller_knows_the_people_to_choose_from() -> None:
    unbound = kind_of("person").form_field(a_field("person"), "id", choices=[("12", "Eko")])
    page = type("Page", (PageForm,), {"f": unbound})(MultiDict({"f": "12"}))
    assert page.validate()
    assert page.f.data == "12" and "Eko" in page.f()


def through_json(kind: str, value: Any, field: Field) -> Any:
    stored = json.loads(json.dumps(kind_of(kind).to_store(value, field)))
    return kind_of(kind).from_store(stored, field)


AMOUNTS = st.decimals(min_value=-(10**17), max_value=10**17, places=2)


@given(AMOUNTS)
def test_an_amount_comes_back_from_the_store_and_from_the_form(value: Decimal) -> None:
    for kind in ("money", "percent", "decimal", "measure"):
        field = a_field(kind)
        assert through_json(kind, value, field) == value
        assert kind_of(kind).clean(kind_of(kind).to_input(value, field), field) == value
    assert kind_of("money").clean(kind_of("money").show(value, a_field("money"), "id"), a_field("money")) == value


@given(st.decimals(min_value=-(10**5), max_value=10**5, places=3))
def test_a_number_with_three_decimals_can_be_typed_again_as_it_stands_in_the_form(value: Decimal) -> None:
    field = a_field("decimal")
    assert kind_of("decimal").clean(kind_of("decimal").to_input(value, field), field) == value


@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_an_integer_comes_back(value: int) -> None:
    field = a_field("integer")
    assert through_json("integer", value, field) == value
    assert kind_of("integer").clean(kind_of("integer").to_input(value, field), field) == value


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_a_day_comes_back_from_the_store_the_form_and_what_is_shown(value: date) -> None:
    field, kind = a_field("date"), kind_of("date")
    assert through_json("date", value, field) == value
    assert kind.clean(kind.to_input(value, field), field) == value
    assert kind.clean(kind.show(value, field, "id"), field) == value
    assert kind.clean(kind.show(value, field, "en"), field) == value
    assert kind_of("month").clean(kind_of("month").show(f"{value:%Y-%m}", field, "id"), field) == f"{value:%Y-%m}"


def test_a_nested_table_comes_back() -> None:
    rows = [
        {"code": "S1", "indicators": [{"name": "x", "target": Decimal("2.80"), "unit": "index"}]},
        {"code": "S2", "indicators": [{"name": "y", "target": "BB", "unit": "predicate"}], "row_key": "G2"},
    ]
    assert through_json("table", rows, GOALS) == rows
    assert kind_of("table").to_store(rows, GOALS)[0]["indicators"][0]["target"] == "2.80"
    inputs = kind_of("table").to_input(rows, GOALS)
    assert inputs[0]["indicators"][0] == {"name": "x", "target": "2,80", "unit": "index"}


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=30)
    | st.binary(max_size=5)
    | st.dates()
    | st.datetimes()
    | st.sampled_from(["1.234", "BB", "apbd", "12/05/2026", "Rp5", "\ud800", "12|x|y", object()]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["code", "indicators", "name", "row_key", "case"]), inner, max_size=4)
    | st.dictionaries(st.integers() | st.text(max_size=5) | st.none(), inner, max_size=3)
    | st.tuples(inner),
    max_leaves=12,
)  # fmt: skip


@given(JUNK, st.sampled_from(KINDS))
@settings(max_examples=600, deadline=None)
def test_whatever_is_sent_is_a_value_or_a_refusal(raw: Any, kind: str) -> None:
    field = GOALS if kind == "table" else a_field(kind, of="money", options_from="funding", scale="sakip_predicate")
    context = Context(FORM, SCOPE)
    try:
        value = kind_of(kind).clean(raw, field, context)
    except Unfit as unfit:
        assert all(each.message.id and each.path.startswith("f") for each in unfit.at("f"))
        return
    assert through_json(kind, value, field) == value
    assert isinstance(kind_of(kind).show(value, field, "id", context), str)
    assert kind_of(kind).clean(value, field, Context(FORM, SCOPE)) == value


def test_titles_may_be_one_text_or_one_a_language() -> None:
    options = {"a": {"title": Text("satu", "one")}, "b": {"title": {"en": "two"}}, "c": {"title": "tiga"}, "d": None}
    field = a_field("choice", options=options)
    assert kind_of("choice").choices(field, "id") == [("a", "satu"), ("b", "two"), ("c", "tiga"), ("d", "d")]
