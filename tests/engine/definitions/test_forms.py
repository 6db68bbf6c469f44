"""Mistakes in a form, each found once, where it stands, and without findings that follow from it."""

from __future__ import annotations

import pytest

from engine.definitions.load import build
from engine.vocabulary import load

WORKFLOW = """
schema: casework/1
case_type: plan
version: 1.0.0
title: Plan
legal_basis: [Perpres 29/2014]
roles:
  drafter: {title: Drafter, resolve: initiator, external: true}
lifecycle:
  initial: drafting
  states:
    drafting:
      task: {candidates: [drafter], form: plan}
      transitions: {submit: {to: closed, guard: "case.total > 0 and case.share > 0"}}
    closed: {type: final}
"""
FORM = """
schema: casework-form/1
form: plan
version: 1.0.0
title: Plan
scales: {sakip: {C: 1, B: 2, BB: 3}}
units_of_measure:
  index: {title: Index, kind: number, places: 2, maximum: 5}
  predicate: {title: Predicate, kind: predicate, scale: sakip}
options_from:
  funding: {apbd: {title: APBD}, dak: {title: DAK}}
fields:
  basis: {type: choice, title: Basis, options_from: funding}
  note: {type: text, title: Note, max_length: 9}
  grade: {type: scale, title: Grade, scale: sakip}
  due: {type: date, title: Due, earliest: 2026-01-01, latest: today}
  people: {type: list, title: People, of: person, max_items: 3}
  goals:
    type: table
    title: Goals
    columns:
      name: {type: text, title: Name}
      unit: {type: choice, title: Unit, options_from: units_of_measure}
      target: {type: measure, title: Target, unit_from: unit}
      price: {type: money, title: Price, required: true}
      number: {type: integer, title: Number, default: 1, minimum: 1}
      cost: {type: money, title: Cost, computed: "item.price * item.number"}
  share: {type: percent, title: Share, computed: "case.total / 3"}
  total: {type: money, title: Total, computed: "sum(case.goals.cost)"}
sections:
  all:
    order: 10
    title: All
    fields: {goals: {order: 10}, note: {order: 20, visible_when: "case.basis == 'dak'"}}
"""


def findings(form: str) -> list[tuple[str, int, int]]:
    _, problems = build({"workflows/plan.yaml": WORKFLOW, "forms_config/plan.yaml": form}, "plan", load())
    return [(problem.code, problem.line, problem.column) for problem in problems]


def place_of(form: str, text: str) -> tuple[int, int]:
    before = form[: form.index(text)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_a_form_that_is_right_has_no_findings() -> None:
    assert findings(FORM) == []


@pytest.mark.parametrize(
    ("right", "wrong", "code", "at"),
    [
        ("{type: text, title: Note", "{type: txt, title: Note", "WF012", "txt"),
        ("max_length: 9", "maximum: 9", "WF010", "maximum: 9"),
        ("max_length: 9", "max_length: 0", "WF012", "0}\n  grade"),
        ("max_length: 9", 'pattern: "(a+)+"', "WF012", '"(a+)+"'),
        ("max_length: 9", 'pattern: "["', "WF012", '"["'),
        ("max_length: 9", "min_length: 5, max_length: 4", "WF012", "4}\n  grade"),
        ("max_length: 9", "max_length: 3, default: much", "WF012", "much"),
        ("scale: sakip}\n  due", "scale: skip}\n  due", "WF012", "skip}"),
        (", scale: sakip}\n  due", "}\n  due", "WF011", "grade"),
        ("earliest: 2026-01-01", "earliest: 2026-02-30", "WF012", "2026-02-30"),
        ("latest: today", "latest: tomorrow", "WF012", "tomorrow"),
        ("of: person", "of: table", "WF012", "table, max"),
        ("options_from: funding}", "options_from: fundign}", "WF012", "fundign}"),
        ("options_from: units_of_measure", "options_from: unit_of_measure", "WF012", "unit_of_measure}"),
        ("unit_from: unit", "unit_from: unti", "WF026", "unti}"),
        ("kind: predicate", "kind: predicat", "WF012", "predicat, scale"),
        ("kind: predicate, scale: sakip", "kind: predicate, scale: skip", "WF012", "skip}"),
        ("kind: number, places", "kind: number, plcaes", "WF010", "plcaes"),
        ("default: 1, minimum: 1", "default: 0, minimum: 1", "WF012", "0, minimum"),
        ("item.price * item.number", "item.prize * item.number", "WF052", '"item.prize'),
        ("item.price * item.number", "item.name", "WF053", '"item.name"'),
        ("title: Price, required: true}", "title: Price}", "WF050", '"item.price'),
        ("sum(case.goals.cost)", "sum(case.goals.cots)", "WF052", '"sum('),
        ("case.basis == 'dak'", "case.basis == 'dka'", "WF053", "\"case.basis"),
        ("case.basis == 'dak'", "case.basis", "WF053", '"case.basis'),
        ("{order: 10}", "{order: 10, visible_if: 1}", "WF010", "visible_if"),
        ("{goals: {order: 10}", "{gaols: {order: 10}", "WF026", "gaols"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_form_is_found_where_it_stands(right: str, wrong: str, code: str, at: str) -> None:
    assert right in FORM
    form = FORM.replace(right, wrong, 1)
    assert findings(form) == [(code, *place_of(form, at))]


def test_a_list_of_somebody_else_is_taken_on_trust() -> None:
    assert findings(FORM.replace("options_from: funding", "options_from: another_package.funding")) == []
