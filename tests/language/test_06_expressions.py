# ruff: noqa: E501 - a case a line is easier to read and to add to
"""§6 Expressions: what may be written, what it is worth, what is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.language.linting import clean, codes, found, told
from tests.language.playing import defined, texts_of

GUARDED = """
lifecycle:
  initial: work
  states:
    work:
      task: {{candidates: [starter], form: sample}}
      transitions: {{end: {{to: over, guard: {guard}}}, stay: {{internal: true, effects: {{e: {{set: {{field: text, value: x}}}}}}}}}}
    over: {{type: final}}
"""
FORM = """
schema: casework-form/1
form: sample
version: 1.0.0
title: {id: Contoh, en: Sample}
fields:
  text: {type: text, title: {id: Teks, en: Text}}
  whole: {type: integer, title: {id: Bulat, en: Whole}, default: 3}
  money: {type: money, title: {id: Uang, en: Money}}
  share: {type: percent, title: {id: Bagian, en: Share}, default: 66.4}
  day: {type: date, title: {id: Hari, en: Day}, default: 2026-03-09}
  until: {type: date, title: {id: Sampai, en: Until}}
  yes: {type: yes_no, title: {id: Ya, en: Yes}}
  kind: {type: choice, title: {id: Jenis, en: Kind}, options: {annual: {}, sick: {}}}
  kinds: {type: choices, title: {id: Jenis, en: Kinds}, options: {annual: {}, sick: {}}}
  names: {type: list, of: text, title: {id: Nama, en: Names}}
  owner: {type: person, title: {id: Pemilik, en: Owner}}
  unit: {type: text, title: {id: Satuan, en: Unit}}
  goals:
    type: table
    title: {id: Sasaran, en: Goals}
    columns:
      code: {type: text, title: {id: Kode, en: Code}}
      weight: {type: percent, title: {id: Bobot, en: Weight}}
      parts: {type: table, title: {id: Bagian, en: Parts}, columns: {hours: {type: integer, title: {id: Jam, en: Hours}}}}
sections:
  all: {order: 10, title: {id: Semua, en: All}, fields: {text: {order: 1}}}
""".replace("yes:", '"yes":')
GOALS = [
    {"code": "a", "weight": 60, "parts": [{"hours": 1}, {"hours": 2}]},
    {"code": "b", "weight": None, "parts": [{"hours": 4}]},
]
DATA: dict[str, Any] = {
    "whole": 3,
    "share": 66.4,
    "day": "2026-03-09",
    "kind": "sick",
    "names": ["x", "y"],
    "goals": GOALS,
    "owner": "otto",
}


def holds(paper: Callable[..., Any], text: str, **data: Any) -> bool:
    """Whether the guard lets the transition through."""
    case = paper(GUARDED.format(guard=json.dumps(text)), form=FORM, data={**DATA, **data}, clock="2026-03-02T09:30")
    code = case.do("ani", "end")
    assert code in (None, "guard"), code
    assert case.incidents == []
    return code is None


@pytest.mark.parametrize("text", [
    "true", "not false", "case.whole == 3", "case.whole != 4", "1 < case.whole <= 3", "3 >= case.whole > 2",
    "case.kind in ['sick', 'annual']", "'z' not in case.names", "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "7 / 2 == 3.5",
    "-case.whole < 0", "case.share == 66.4", "0.1 + 0.2 == 0.3", "case.text == 'x' or case.whole == 3", "case.until != null",
])  # fmt: skip
def test_6_literals_names_comparisons_and_the_four_kinds_of_calculation_are_allowed(paper, text):
    assert holds(paper, text)


@pytest.mark.parametrize("word", ["True", "False", "None"])
def test_6_the_capital_forms_of_true_false_and_null_are_unknown(word):
    assert codes(("approve: {to: granted}", f'approve: {{to: granted, guard: "{word}"}}')) == ["WF052"]


@pytest.mark.parametrize("text", [
    "1 if true else 2", "lambda: 1", "[x for x in case.names]", "case.names[0] == 'x'", "(1, 2)", "{1: 2}", "case.days ** 2 == 4",
    "case.days // 2 == 1", "case.days % 2 == 1", "case.days is null", "count(case.backups, key=1) == 1", "case.reason.upper() == 'X'",
    "'a' 'b' == 'ab'", "1e3 == 1000", "0x10 == 16", "~case.days == 1", "+case.days == 1", "case.__class__ == 1", "__import__ == 1",
])  # fmt: skip
def test_6_everything_else_is_not_allowed(text):
    assert "WF054" in guard_codes(text)


def guard_codes(text: str) -> list[str]:
    return codes(("approve: {to: granted}", f"approve: {{to: granted, guard: {json.dumps(text)}}}"))


def test_6_five_hundred_characters_are_allowed_and_one_more_is_not():
    text = "case.days == 1" + " " * 486
    assert guard_codes(text) == []
    assert guard_codes(text + " ") == ["WF054"]


def test_6_sixty_parts_are_allowed_and_one_more_is_not():
    def parts(count):  # a comparison, its right side, and a sum of so many numbers
        return "1" + " + 1" * count + " == 1"

    assert guard_codes(parts(28)) == []
    assert guard_codes(parts(29)) == ["WF054"]


@pytest.mark.parametrize("text", [
    "case.number != 'x'", "case.opened_at <= now", "case.region != 'x'", "count(case_roles.helper) == 0", "initiator == actor",
    "today <= today", "now <= now", "parameters.review_days == 3", "filled(case.unit)",
])  # fmt: skip
def test_6_the_names_there_are(text):
    assert guard_codes(text) == []


def test_6_the_one_asked_about_is_user():
    clean(
        (
            "notifications:",
            'separation_of_duties: {own: {applies_to: [head], exclude_when: "user == initiator or user in case.backups"}}\nnotifications:',
        )
    )


def test_6_an_item_can_be_named_in_a_multi_instance_only():
    assert guard_codes("item == 'x'") == ["WF052"]
    multi = "      multi_instance: {collection: case.backups, element: one}\n      task: {candidates: [head], excluded"
    clean(
        ("      task: {candidates: [head], excluded", multi),
        ("approve: {to: granted}", 'approve: {to: granted, guard: "item != initiator"}'),
    )


def test_6_a_table_s_column_is_the_list_of_that_column(paper):
    assert holds(paper, "case.goals.code == ['a', 'b']")
    assert holds(paper, "count(case.goals.code) == 2")


def test_6_nested_tables_flatten(paper):
    assert holds(paper, "sum(case.goals.parts.hours) == 7")
    assert holds(paper, "count(case.goals.parts) == 3")


def test_6_an_answer_hides_a_built_in_of_the_same_name(paper):
    assert holds(paper, "case.unit == 'kg'", unit="kg")


@pytest.mark.parametrize("text", [
    "count(case.names) == 2", "sum(case.goals.weight) == 60", "min(case.goals.parts.hours) == 1", "max(1, 5, 3) == 5",
    "2.33 < average(case.goals.parts.hours) < 2.34", "any([false, true])", "not all([false, true])", "all([])", "filled(case.kind)",
    "not filled(case.until)", "in_state('work')", "not was_in_state('over')", "round(2.5) == 3", "round(-2.5) == -3", "round(2.345, 2) == 2.35",
    "abs(-4) == 4", "year(case.day) == 2026", "month(case.day) == 3", "date('2026-03-09') == case.day", "date(2026, 3, 9) == case.day",
    "days_between(today, case.day) == 7", "working_days_between(today, case.day) == 5", "add_days(today, 7) == case.day",
    "add_working_days(today, 5) == case.day", "lower('ABC') == 'abc'", "starts_with('abc', 'ab')",
])  # fmt: skip
def test_6_every_function_of_the_list(paper, text):
    assert holds(paper, text)


@pytest.mark.parametrize(("text", "suggestion"), [
    ("case.dayz == 1", "days"), ("case.parts.hour == [1]", "hours"), ("parameters.review_day == 1", "review_days"),
    ("count(case_roles.helpers) == 1", "helper"), ("cuont(case.backups) == 1", "count"), ("in_state('reviw')", "review"), ("todai == today", "today"),
])  # fmt: skip
def test_6_every_unknown_name_is_told_with_what_was_meant(text, suggestion):
    problems = found(("approve: {to: granted}", f"approve: {{to: granted, guard: {json.dumps(text)}}}"))
    assert [(each.code, each.suggestion) for each in problems] == [("WF052", suggestion)]


@pytest.mark.parametrize("where", ["guard", "needed_when", "visible_when", "required_when", "exclude_when"])
def test_6_what_has_to_be_yes_or_no_is_found_when_it_is_not(where):
    number = '^^"case.days + 1"'
    if where == "guard":
        told("WF053", ("approve: {to: granted}", f"approve: {{to: granted, guard: {number}}}"))
    elif where == "needed_when":
        approval = f"approval: {{approvers: {{a: {{candidates: [head], needed_when: {number}}}}}, excluded: [employee], form: leave}}"
        told(
            "WF053",
            ("task: {candidates: [head], excluded: [employee], form: leave}", approval),
            ("approve: {to: granted}", "approved: {to: granted}\n        rejected: {to: draft}"),
            ("return: {to: draft, requires: [comment]}", "x: {internal: true, by: [head]}"),
            also=frozenset({"WF120"}),
        )
    elif where in ("visible_when", "required_when"):
        told("WF053", form=[("days: {order: 20}", f"days: {{order: 20, {where}: {number}}}")])
    else:
        told(
            "WF053",
            (
                "notifications:",
                f"separation_of_duties: {{own: {{applies_to: [head], exclude_when: {number}}}}}\nnotifications:",
            ),
        )


@pytest.mark.parametrize(
    "text",
    [
        "case.days == 'x'",
        "case.reason + 1 == 2",
        "filled(case.until) and case.until < 3",
        "case.kind < 3",
        "initiator == 'sari'",
        "case.backups > 1",
        "not case.days",
        "case.days and true",
        "today == now",
    ],
)
def test_6_kinds_that_do_not_fit_are_found(text):
    assert "WF053" in guard_codes(text)


def test_6_a_choice_compared_with_a_value_it_cannot_have_is_found_with_what_was_meant():
    problems = found(("approve: {to: granted}", "approve: {to: granted, guard: \"case.kind == 'sik'\"}"))
    assert [(each.code, each.suggestion) for each in problems] == [("WF053", "sick")]


@pytest.mark.parametrize(
    "text",
    [
        "case.until < today",
        "year(case.until) == 2026",
        "days_between(case.until, today) > 1",
        "case.until > today and filled(case.until)",
        "filled(case.until) or case.until > today",
        "not filled(case.until) or case.until > today",
    ],
)
def test_6_what_may_be_empty_is_not_ordered_or_calculated_with_unguarded(text):
    assert guard_codes(text) == ["WF050"]


@pytest.mark.parametrize(
    "text",
    [
        "filled(case.until) and case.until < today",
        "filled(case.until) and (true and year(case.until) == 2026)",
        "case.days + 1 == 2",
        "case.until == today",
        "case.until != today",
        "sum(case.parts.hours) > 1",
        "count(case.parts) > 1",
    ],
)
def test_6_filled_before_it_in_the_same_and_or_never_empty_is_enough(text):
    assert guard_codes(text) == []


def test_6_a_required_field_counts_as_never_empty():
    assert (
        codes(
            ("approve: {to: granted}", 'approve: {to: granted, guard: "case.until > today"}'),
            form=[("type: date, title: Until", "type: date, title: Until, required: true")],
        )
        == []
    )


def test_6_equal_to_an_empty_value_is_false_and_unequal_true(paper):
    assert not holds(paper, "case.until == today")
    assert holds(paper, "case.until != today")
    assert not holds(paper, "case.until == null")


def test_6_lists_and_tables_are_empty_unless_filled(paper):
    assert holds(
        paper,
        "count(case.names) == 0 and count(case.goals) == 0 and sum(case.goals.weight) == 0",
        names=None,
        goals=None,
    )


def test_6_a_sum_skips_empties(paper):
    assert holds(paper, "sum(case.goals.weight) == 60")


def test_6_a_guard_that_still_meets_an_empty_value_refuses(paper):
    case = paper(
        GUARDED.format(guard='"case.until > today"'),
        form=FORM.replace("until: {type: date,", "until: {type: date, required: true,"),
    )
    assert case.do("ani", "end") == "guard"


def test_6_a_guard_that_divides_by_zero_refuses_with_the_reason(paper):
    case = paper(GUARDED.format(guard='"1 / (case.whole - 3) > 0"'), form=FORM, data=DATA)
    assert case.do("ani", "end") == "guard"
    assert "zero" in case.sentence.lower()


def test_6_a_guard_that_overflows_refuses(paper):
    assert not holds(paper, "999999999999999999999 * 999999999999999999999 > 0")


def test_6_an_effect_that_cannot_be_calculated_is_an_incident_and_nothing_changes(play):
    written = GUARDED.format(guard='"true"').replace(
        "{field: text, value: x}", '{field: whole, value: {expression: "1 / (case.whole - 3)"}}'
    )
    case = play(written, form=FORM, data={"whole": 3})
    assert case.do("ani", "stay") is None
    assert case.incidents == ["effect_failed"]
    assert case.answer("whole") == 3 and case.states == ["work"]


def test_6_an_expression_is_compiled_once_a_version():
    definition = defined(texts_of(GUARDED.format(guard='"case.whole == 3"'), form=FORM))
    guard = definition.states["work"].transitions["end"].guard
    assert guard is definition.states["work"].transitions["end"].guard and guard.text == "case.whole == 3"
