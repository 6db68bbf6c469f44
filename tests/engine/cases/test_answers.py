"""Answers sent with a command: what is taken, what is refused, what is still asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cases.answers import (
    clean_answers,
    completeness,
    computed,
    defaults,
    from_store,
    given_answers,
    proposed,
    required,
    shown,
    to_store,
    visible,
)
from engine.definitions.load import build
from engine.definitions.model import Definition
from engine.definitions.scope import Scope
from engine.field_types.question import Context
from engine.field_types.sources import source
from engine.vocabulary import load
from tests.engine.field_types.test_showing import JUNK

WORKFLOW = """
schema: casework/1
case_type: plan
version: 1.0.0
title: {id: Rencana, en: Plan}
legal_basis: [Perpres 29/2014]
roles:
  drafter: {title: {id: Penyusun, en: Drafter}, resolve: initiator, external: true}
lifecycle:
  initial: drafting
  states:
    drafting:
      task: {candidates: [drafter], form: plan, fields: {goals: edit}}
      transitions: {submit: {to: reporting}}
    reporting:
      task: {candidates: [drafter], form: plan, fields: {findings: edit}}
      transitions: {close: {to: closed}}
    closed: {type: final}
"""
FORM = """
schema: casework-form/1
form: plan
version: 1.0.0
title: {id: Rencana, en: Plan}
units_of_measure:
  index: {title: {id: Indeks, en: Index}, kind: number, places: 2, maximum: 5}
  predicate: {title: {id: Predikat, en: Predicate}, kind: predicate}
scales:
  sakip: {C: 1, B: 2, BB: 3, A: 4}
fields:
  period: {type: integer, title: {id: Tahun, en: Year}, minimum: 2020, required: true}
  basis: {type: choice, title: {id: Dasar, en: Basis}, options: {dpa: {title: DPA}, dppa: {title: DPPA}}}
  reason: {type: text, title: {id: Alasan, en: Reason}}
  heads: {type: heading, title: {id: Sasaran, en: Goals}}
  goals:
    type: table
    title: {id: Sasaran, en: Goals}
    min_rows: 2
    columns:
      name: {type: text, title: {id: Nama, en: Name}, required: true}
      weight: {type: percent, title: {id: Bobot, en: Weight}}
      unit: {type: choice, title: {id: Satuan, en: Unit}, options_from: units_of_measure}
      target: {type: measure, title: {id: Target, en: Target}, unit_from: unit}
      price: {type: money, title: {id: Harga, en: Price}, default: 0}
      number: {type: integer, title: {id: Jumlah, en: Number}, default: 1}
      cost: {type: money, title: {id: Biaya, en: Cost}, computed: "item.price * item.number"}
  budget: {type: money, title: {id: Anggaran, en: Budget}, minimum: 0}
  cost_total: {type: money, title: {id: Total biaya, en: Total cost}, computed: "sum(case.goals.cost)"}
  share: {type: percent, title: {id: Porsi, en: Share}, computed: "case.cost_total / 3"}
  extensions: {type: integer, title: {id: Perpanjangan, en: Extensions}, default: 0}
  findings: {type: paragraph, title: {id: Temuan, en: Findings}, required: true}
sections:
  plan:
    order: 10
    title: {id: Rencana, en: Plan}
    fields:
      period: {order: 10}
      basis: {order: 20}
      reason:
        order: 30
        visible_when: "case.basis == 'dppa'"
        required_when: "true"
        message: {id: Tulis alasan perubahan., en: Give the reason for the change.}
      heads: {order: 35}
      goals: {order: 40}
      budget: {order: 50, required_when: "count(case.goals) > 3"}
      cost_total: {order: 60}
  result:
    order: 20
    title: {id: Hasil, en: Result}
    visible_when: "in_state('reporting')"
    fields: {findings: {order: 10}}
checks:
  weights:
    when: "filled(case.goals)"
    that: "sum(case.goals.weight) == 100"
    message: {id: "Jumlah bobot {value} %. Harus 100 %.", en: "Weights add up to {value} %. They must be 100 %."}
  affordable:
    that: "filled(case.budget) and case.cost_total <= case.budget"
    message: {id: "Biaya {value} melebihi anggaran.", en: "Costs of {value} exceed the budget."}
"""


def the_definition() -> Definition:
    definition, problems = build({"workflows/plan.yaml": WORKFLOW, "forms_config/plan.yaml": FORM}, "plan", load())
    assert definition is not None, problems
    return definition


DEFINITION = the_definition()
SCOPE = Scope(now=datetime(2026, 3, 2, 2, tzinfo=UTC), active=frozenset({"drafting"}), initiator="sari", user="sari")
EVERYTHING = frozenset({"period", "basis", "reason", "goals", "budget", "findings", "extensions"})
ROWS = [{"name": "a", "weight": Decimal(40)}, {"name": "b", "weight": Decimal(60)}]


def clean(
    raw: Any, editable: Any = EVERYTHING, scope: Scope = SCOPE, **answers: Any
) -> tuple[dict[str, Any], list[str]]:
    values, faults = clean_answers(DEFINITION, "plan", raw, editable, replace(scope, answers=answers))
    assert all(fault.message.id and fault.message.en for fault in faults)
    return values, [f"{fault.path}: {fault.code}" for fault in faults]


def lacking(editable: Any = EVERYTHING, scope: Scope = SCOPE, **answers: Any) -> list[str]:
    calculated = computed(DEFINITION, answers, scope)
    faults = completeness(DEFINITION, "plan", calculated, editable, scope)
    return [f"{fault.path}: {fault.code}" for fault in faults]


# -- taking --------------------------------------------------------------------------------------------------------


def test_answers_become_typed_values_and_nothing_else_changes() -> None:
    values, faults = clean({"period": "2026", "budget": "Rp1.500.000", "basis": "DPA"}, period=2025)
    assert (values, faults) == ({"period": 2026, "budget": Decimal(1500000), "basis": "dpa"}, [])


def test_an_answer_can_be_emptied() -> None:
    assert clean({"budget": "", "goals": []}, budget=Decimal(5)) == ({"budget": None, "goals": None}, [])


def test_an_answer_to_a_field_that_is_not_edited_here_is_refused() -> None:
    assert clean({"period": 2026, "budget": 5}, {"budget"}) == ({"budget": Decimal(5)}, ["period: not_editable"])


def test_computed_fields_and_headings_are_never_answered() -> None:
    editable = {"cost_total", "heads"}
    assert clean({"cost_total": 5, "heads": "x"}, editable)[1] == ["cost_total: not_editable", "heads: not_editable"]


def test_an_unknown_field_is_named_with_the_nearest_one() -> None:
    _, faults = clean_answers(DEFINITION, "plan", {"bugdet": 5}, EVERYTHING, SCOPE)
    assert [(fault.path, fault.code) for fault in faults] == [("bugdet", "unknown")]
    assert "'budget'" in faults[0].message.en


def test_a_wrong_cell_is_named_by_its_path() -> None:
    raw = {"goals": [{"name": "a", "unit": "index", "target": "5,01"}, {"name": "b", "unit": "gone"}]}
    assert clean(raw)[1] == ["goals.0.target: too_large", "goals.1.unit: invalid"]


def test_a_measure_sees_the_unit_that_came_with_it() -> None:
    values, faults = clean({"goals": [{"target": "BB", "unit": "predicate", "name": "a"}, {"name": "b"}]})
    assert faults == []
    assert values["goals"][0]["target"] == "BB"


def test_limits_hold_for_what_is_filled_and_not_for_what_is_empty() -> None:
    assert clean({"goals": [{"name": "a"}]})[1] == ["goals: too_few"]
    assert clean({"goals": []})[1] == []


def test_a_hidden_answer_is_not_taken() -> None:
    assert clean({"basis": "dpa", "reason": "x"}) == ({"basis": "dpa"}, [])
    assert clean({"basis": "dppa", "reason": "x"}) == ({"basis": "dppa", "reason": "x"}, [])
    assert clean({"reason": "\x00"}, basis="dpa") == ({}, [])


def test_an_answer_that_another_one_hides_is_emptied() -> None:
    assert clean({"basis": "dpa"}, basis="dppa", reason="x") == ({"basis": "dpa", "reason": None}, [])
    assert clean({"basis": "dpa"}, {"basis"}, basis="dppa", reason="x")[0] == {"basis": "dpa", "reason": None}


def test_answers_of_a_section_hidden_by_the_state_are_kept() -> None:
    assert clean({"period": 2026}, findings="x", period=2025) == ({"period": 2026}, [])
    assert clean({"findings": "y"}, findings="x") == ({}, [])
    reporting = replace(SCOPE, active=frozenset({"reporting"}))
    assert clean({"findings": "y"}, scope=reporting) == ({"findings": "y"}, [])


def test_a_task_without_a_form_takes_what_it_lets_edit() -> None:
    values, faults = clean_answers(DEFINITION, None, {"budget": 5, "period": 2026}, {"budget"}, SCOPE)
    assert values == {"budget": Decimal(5)}
    assert [fault.code for fault in faults] == ["not_editable"]


@pytest.mark.parametrize("raw", [5, "x", [], [("budget", 5)], True, object(), dict.fromkeys(range(2000), 1)])
def test_what_are_no_answers_is_refused(raw: Any) -> None:
    values, faults = clean(raw)
    assert values == {}
    assert faults or raw in ([], True)


def test_nothing_sent_changes_nothing() -> None:
    assert clean(None) == ({}, [])
    assert clean({}) == ({}, [])


KEYS = st.sampled_from([*DEFINITION.fields, "x", "", "__class__", "\ud800", "goals.0.name"]) | st.integers() | st.none()


@given(st.dictionaries(KEYS, JUNK, max_size=6) | JUNK)
@settings(max_examples=500, deadline=None)
def test_whatever_is_sent_is_taken_or_refused_and_can_be_stored(raw: Any) -> None:
    values, faults = clean_answers(DEFINITION, "plan", raw, EVERYTHING, SCOPE)
    assert all(fault.message.id and (fault.path + fault.message.en).isprintable() for fault in faults)
    after = computed(DEFINITION, {key: value for key, value in values.items() if value is not None}, SCOPE)
    completeness(DEFINITION, "plan", after, EVERYTHING, SCOPE)
    stored = json.loads(json.dumps(to_store(DEFINITION.fields, after)))
    assert from_store(DEFINITION.fields, stored) == after
    given_answers(DEFINITION, raw, SCOPE)


# -- asking --------------------------------------------------------------------------------------------------------


def test_required_answers_are_asked_where_they_are_edited_and_seen() -> None:
    assert lacking({"period", "findings"}, budget=Decimal(5)) == ["period: required"]
    assert lacking({"findings"}, replace(SCOPE, active=frozenset({"reporting"}))) == ["findings: required"]
    assert lacking({"budget"}, budget=Decimal(5)) == []
    assert lacking(frozenset()) == []


def test_a_condition_can_require_an_answer_with_a_message_of_its_own() -> None:
    faults = completeness(DEFINITION, "plan", {"basis": "dppa"}, {"reason"}, SCOPE)
    assert [(fault.path, fault.message.id) for fault in faults] == [("reason", "Tulis alasan perubahan.")]
    assert lacking({"reason"}, basis="dpa") == []


def test_required_columns_are_asked_in_every_row() -> None:
    rows = [{"name": "a", "weight": Decimal(100)}, {"weight": Decimal(0)}]
    assert lacking({"goals"}, goals=rows, budget=Decimal(5)) == ["goals.1.name: required"]


def test_limits_of_stored_answers_are_asked_again() -> None:
    assert lacking({"goals"}, goals=ROWS[1:], budget=Decimal(5)) == ["goals: too_few", "goals: check"]


def test_a_check_speaks_with_the_value_of_its_left_side() -> None:
    rows = [{"name": "a", "weight": Decimal("40.5")}, {"name": "b", "weight": Decimal(50)}]
    after = computed(DEFINITION, {"goals": rows, "budget": Decimal(5)}, SCOPE)
    faults = completeness(DEFINITION, "plan", after, {"goals"}, SCOPE)
    assert [(fault.path, fault.code) for fault in faults] == [("goals", "check")]
    assert faults[0].message.id == "Jumlah bobot 90,50 %. Harus 100 %."
    assert faults[0].message.en == "Weights add up to 90.50 %. They must be 100 %."


def test_a_check_of_a_computed_field_is_asked_where_its_parts_are_edited() -> None:
    rows = [{**ROWS[0], "price": Decimal(10), "number": 3}, ROWS[1]]
    assert lacking({"goals"}, goals=rows, budget=Decimal(20)) == ["budget: check"]
    assert lacking({"goals"}, goals=rows, budget=Decimal(30)) == []
    assert lacking({"period"}, period=2026, goals=rows, budget=Decimal(20)) == []


# -- calculating ---------------------------------------------------------------------------------------------------


def test_columns_are_computed_before_the_totals_that_read_them() -> None:
    rows = [{"name": "a", "price": Decimal("10.50"), "number": 3}, {"name": "b", "price": Decimal(1), "number": 2}]
    after = computed(DEFINITION, {"goals": rows}, SCOPE)
    assert [row["cost"] for row in after["goals"]] == [Decimal("31.50"), Decimal(2)]
    assert after["cost_total"] == Decimal("33.50")
    assert rows[0].get("cost") is None


def test_a_computed_amount_is_rounded_to_the_decimals_of_its_type() -> None:
    after = computed(DEFINITION, {"goals": [{"price": Decimal(10), "number": 1}]}, SCOPE)
    assert after["share"] == Decimal("3.333333333333")


def test_what_cannot_be_computed_is_empty() -> None:
    after = computed(DEFINITION, {"goals": [{"price": None, "number": 1}], "share": Decimal(5)}, SCOPE)
    assert "cost" not in after["goals"][0]
    assert after["cost_total"] == 0


def test_a_row_that_holds_only_what_the_page_put_there_is_empty() -> None:
    raw = [{"name": "a"}, {"name": "", "price": "0", "number": "1"}, {"name": "b"}, {"price": 5}]
    values, _ = clean({"goals": raw})
    assert [(row.get("name"), row["price"]) for row in values["goals"]] == [("a", 0), ("b", 0), (None, 5)]


def test_a_source_proposes_rows_with_a_key_when_a_case_opens() -> None:
    @source("tests.due_goals")
    def due_goals(context: Context, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        assert context.form is not None
        return [{"name": f"goal of {values['year']}", "row_key": "G1"}, {"name": "second", "row_key": "G2"}]

    form = FORM.replace("    min_rows: 2", '    rows_from: {source: tests.due_goals, with: {year: "case.period"}}')
    definition, problems = build({"workflows/plan.yaml": WORKFLOW, "forms_config/plan.yaml": form}, "plan", load())
    assert definition is not None, problems
    rows = proposed(definition, {"period": 2026}, SCOPE)["goals"]
    assert [(row["name"], row["row_key"]) for row in rows] == [("goal of 2026", "G1"), ("second", "G2")]
    assert proposed(definition, {"period": 2026, "goals": ROWS}, SCOPE) == {}
    stored = json.loads(json.dumps(to_store(definition.fields, {"goals": rows})))
    assert from_store(definition.fields, stored) == {"goals": rows}
    faulty = form.replace('case.period"}', 'case.peroid"}')
    _, problems = build({"workflows/plan.yaml": WORKFLOW, "forms_config/plan.yaml": faulty}, "plan", load())
    assert "WF052" in [problem.code for problem in problems]
    mistyped = form.replace("with: {year", "whith: {year")
    _, problems = build({"workflows/plan.yaml": WORKFLOW, "forms_config/plan.yaml": mistyped}, "plan", load())
    assert [(one.code, one.suggestion) for one in problems if one.is_error] == [("WF010", "with")]


def test_defaults_are_typed_and_rows_get_those_of_their_columns() -> None:
    assert defaults(DEFINITION) == {"extensions": 0}
    values, _ = clean({"goals": [{"name": "a"}, {"name": "b", "price": 5}]})
    assert [row["price"] for row in values["goals"]] == [Decimal(0), Decimal(5)]


# -- the rest ------------------------------------------------------------------------------------------------------


def test_what_a_case_has_already_is_read_without_limits_and_hiding() -> None:
    raw = {"period": 2010, "reason": "x", "findings": "", "goals": [{"name": "a"}], "extensions": "2"}
    values, faults = given_answers(DEFINITION, raw, SCOPE)
    assert faults == ()
    assert values["period"] == 2010 and values["extensions"] == 2 and "findings" not in values
    assert [fault.path for fault in given_answers(DEFINITION, {"goals": 5, "x": 1}, SCOPE)[1]] == ["x", "goals"]


def test_pages_learn_what_is_seen_and_what_is_required() -> None:
    assert "reason" not in visible(DEFINITION, "plan", {}, SCOPE)
    assert "reason" in visible(DEFINITION, "plan", {"basis": "dppa"}, SCOPE)
    assert required(DEFINITION, "plan", {"basis": "dppa"}, SCOPE) == {"period", "reason"}


def test_an_answer_is_shown_also_when_it_is_a_cell() -> None:
    assert shown(DEFINITION, "budget", Decimal(1500), "id") == "Rp1.500"
    assert shown(DEFINITION, "goals.target", Decimal("2.8"), "id", {"unit": "index"}) == "2,80"
    assert shown(DEFINITION, "goals.unit", "predicate", "id") == "Predikat"
    assert shown(DEFINITION, "priority", "urgent", "id") == "urgent"


def test_answers_without_a_field_come_back_from_the_store() -> None:
    answers = {"priority": "urgent", "score": Decimal("1.50"), "on": datetime(2026, 3, 2, tzinfo=UTC).date(), "n": [1]}
    stored = json.loads(json.dumps(to_store(DEFINITION.fields, {**answers, "empty": None})))
    assert from_store(DEFINITION.fields, stored) == answers
