# ruff: noqa: E501 - a case a line is easier to read and to add to
"""WF070, WF071, WF080 and WF081: sealed case types, bands, decision tables."""

from __future__ import annotations

import pytest

from tests.engine.definitions.leave import FORM, WORKFLOW, changed, leave, shown, unmarked

BANDS = "bands: {{predicate: {{minimum: 0, maximum: 100, includes: lower, {rows}}}}}\nfixtures:\n"


@pytest.mark.parametrize(
    "rows",
    [
        "rows: {c: {from: 0}, b: {from: 60}, a: {from: ^^60}}",
        "rows: {c: {from: 0}, b: {from: 60}, a: {from: ^^101}}",
        "rows: {d: {from: ^^-1}, c: {from: 0}}",
        "^^rows: {c: {from: 10}, b: {from: 60}}",
        "^^rows: {}",
    ],
)
def test_bands_cover_their_range_once(rows: str) -> None:
    text, place = unmarked(changed(WORKFLOW, ("fixtures:\n", BANDS.format(rows=rows))))
    assert [(each.line, each.column, each.code) for each in leave(text)] == [(*(place or ()), "WF080")]


def test_bands_without_a_gap_are_right() -> None:
    text = changed(WORKFLOW, ("fixtures:\n", BANDS.format(rows="rows: {c: {from: 0}, b: {from: 60.5}, a: {from: 90}}")))
    assert not leave(text), shown(leave(text))


TABLE = "decision_tables: {{p: {{hit_policy: {policy}, inputs: {{days: case.days, kind: case.kind}}, outputs: {{urgency: text}}, rules: {{{rules}}}}}}}\nnotifications:"


def rule(key: str, order: int, **when: str) -> str:
    conditions = ", ".join(f'{name}: "{text}"' for name, text in when.items())
    return f"{key}: {{order: {order}, when: {{{conditions}}}, then: {{urgency: {key}}}}}"


@pytest.mark.parametrize(
    ("policy", "rules"),
    [
        ("unique", [rule("low", 1, days="days < 5"), "^^" + rule("high", 2, days="days >= 4")]),
        ("unique", [rule("low", 1, days="days < 5"), "^^" + rule("sick", 2, kind="kind == 'sick'"), rule("rest", 3, days="days >= 5", kind="kind == 'annual'")]),
        ("first", [rule("low", 1, days="days < 5"), "^^" + rule("lower", 2, days="days < 3"), rule("rest", 3)]),
        ("first", [rule("rest", 1), "^^" + rule("low", 2, days="days < 3")]),
        ("first", ["^^" + rule("never", 1, days="days < 3 and days > 5"), rule("rest", 2)]),
        ("first", [rule("rest", 1), "^^" + rule("many", 2, days="days / 7 > 50")]),
        ("unique", [rule("many", 1, days="days * 2 > 10"), "^^" + rule("more", 2, days="days > 10")]),
        ("collect", ["^^" + rule("never", 1, days="days > 3 and days < 4"), rule("rest", 2)]),
        ("unique", [rule("low", 1, days="days <= parameters.review_days"), "^^" + rule("high", 2, days="days >= parameters.review_days")]),
        ("first", [rule("low", 1, days="days <= parameters.review_days"), "^^" + rule("three", 2, days="days == 3"), rule("rest", 3)]),
    ],
)  # fmt: skip
def test_rules_that_overlap_or_are_never_reached_are_found(policy: str, rules: list[str]) -> None:
    text = changed(WORKFLOW, ("notifications:", TABLE.format(policy=policy, rules=", ".join(rules))))
    text, place = unmarked(text)
    assert [(each.line, each.column, each.code) for each in leave(text)] == [(*(place or ()), "WF081")], shown(
        leave(text)
    )


@pytest.mark.parametrize(
    ("policy", "rules"),
    [
        ("unique", [rule("low", 1, days="days < 5"), rule("high", 2, days="days >= 5")]),
        ("unique", [rule("low", 1, days="days < 5", kind="kind == 'sick'"), rule("high", 2, days="days >= 3", kind="kind == 'annual'")]),
        ("first", [rule("low", 1, days="days < 3"), rule("lower", 2, days="days < 5"), rule("rest", 3)]),
        ("collect", [rule("low", 1, days="days < 5"), rule("lower", 2, days="days < 3")]),
        ("unique", [rule("none", 1, kind="not filled(kind)"), rule("some", 2, kind="filled(kind)")]),
        ("unique", [rule("low", 1, days="days <= parameters.review_days"), rule("high", 2, days="days > parameters.review_days")]),
        ("first", [rule("early", 1, days="today < date('2020-01-01')"), rule("rest", 2)]),
        ("first", [rule("word", 1, kind="kind == 'sick' and 'today' != 'case.kind'"), rule("rest", 2)]),
        ("first", [rule("many", 1, days="days / 7 > 50"), rule("rest", 2)]),
        ("first", [rule("many", 1, days="days * 2 > parameters.review_days * 10"), rule("rest", 2)]),
        ("first", [rule("after", 1, kind="filled(kind) and starts_with(lower(kind), 'an')"), rule("rest", 2)]),
    ],
)  # fmt: skip
def test_rules_that_share_the_work_are_right(policy: str, rules: list[str]) -> None:
    text = changed(WORKFLOW, ("notifications:", TABLE.format(policy=policy, rules=", ".join(rules))))
    assert not leave(text), shown(leave(text))


SEALED = [
    (
        "legal_basis:",
        "confidentiality: sealed\nvisibility: {classes: {restricted: {readers: [head, employee]}}}\nlegal_basis:",
    )
]
SECRET = FORM.replace("title: Days", "title: Days, classification: CLASS")


def test_a_sealed_mail_carries_no_case_data() -> None:
    text, place = unmarked(
        changed(WORKFLOW, *SEALED, ("template: reminder}", 'template: {subject: News, body: ^^"{case.number}"}}'))
    )
    assert [(each.line, each.column, each.code) for each in leave(text)] == [(*(place or ()), "WF070")]
    near = changed(WORKFLOW, *SEALED, ("template: reminder}", "template: {subject: News, body: There is news}}"))
    assert not leave(near)


def test_a_sealed_mail_names_no_text_that_carries_case_data() -> None:
    text, place = unmarked(changed(WORKFLOW, *SEALED, ("template: reminder}", "template: ^^task_assigned}")))
    assert [(each.line, each.column, each.code) for each in leave(text)] == [(*(place or ()), "WF070")]
    assert not leave(changed(WORKFLOW, *SEALED))


def test_a_sealed_step_shows_only_what_its_people_may_read() -> None:
    text = changed(WORKFLOW, *SEALED)
    form = SECRET.replace("CLASS", "confidential")
    marked, edited = unmarked(text.replace("days: edit", "^^days: edit"))
    shown_by_form = unmarked(text.replace("excluded: [employee], form: leave", "excluded: [employee], form: ^^leave"))[
        1
    ]
    at = [(each.line, each.column, each.code) for each in leave(marked, form)]
    assert at == [(*(edited or ()), "WF071"), (*(shown_by_form or ()), "WF071")]
    assert not leave(text, SECRET.replace("CLASS", "restricted"))
    hidden = text.replace("days: edit", "days: hidden").replace("form: leave}", "form: leave, fields: {days: hidden}}")
    assert not leave(hidden, form), shown(leave(hidden, form))


def test_a_sealed_step_that_escalates_shows_itself_to_the_role_it_adds() -> None:
    escalating = [*SEALED, ("tell: {notify: reminder}}", "tell: {notify: reminder}, more: {add_candidate: personnel}}")]
    text, place = unmarked(
        changed(WORKFLOW, *escalating, ("excluded: [employee], form: leave", "excluded: [employee], form: ^^leave"))
    )
    at = [(each.line, each.column, each.code) for each in leave(text, SECRET.replace("CLASS", "restricted"))]
    assert at == [(*(place or ()), "WF071")]
    readers = text.replace("readers: [head, employee]", "readers: [head, employee, personnel]")
    assert not leave(readers, SECRET.replace("CLASS", "restricted"))


def test_a_sealed_table_is_as_secret_as_its_columns() -> None:
    form = FORM.replace(
        "hours: {type: integer, title: Hours}", "hours: {type: integer, title: Hours, classification: confidential}"
    )
    form = form.replace("kind: {order: 30}", "kind: {order: 30}, parts: {order: 40}")
    hidden = [("reason: edit, days: edit", "reason: edit, days: edit, parts: hidden")]
    text, place = unmarked(
        changed(
            WORKFLOW, *SEALED, *hidden, ("excluded: [employee], form: leave", "excluded: [employee], form: ^^leave")
        )
    )
    assert [(each.line, each.column, each.code) for each in leave(text, form)] == [(*(place or ()), "WF071")]
    assert not leave(text, form.replace("classification: confidential", "classification: restricted"))


def test_the_items_of_a_sealed_step_are_shown_to_whoever_does_them() -> None:
    form = FORM.replace(
        "type: list, of: person, title: Backups", "type: list, of: person, title: Backups, classification: confidential"
    )
    each = (
        "review:\n",
        "review:\n      multi_instance: {collection: ^^case.backups, element: one, ordering: parallel, completion: all}\n",
    )
    ((old, new),) = SEALED
    owned = (old, new.replace("classes: {", "classes: {confidential: {readers: [employee]}, "))
    text, place = unmarked(
        changed(WORKFLOW, owned, each, ("excluded: [employee], form: leave", "excluded: [employee]"))
    )
    assert [(each.line, each.column, each.code) for each in leave(text, form)] == [(*(place or ()), "WF071")]
    near = text.replace("confidential: {readers: [employee]}", "confidential: {readers: [employee, head]}")
    assert not leave(near, form), shown(leave(near, form))


def test_an_open_case_type_shows_its_classes_to_all_candidates() -> None:
    assert not leave(form=SECRET.replace("CLASS", "confidential"))


@pytest.mark.parametrize(
    ("inputs", "rules"),
    [
        ("d: case.start", "a: {order: 1, when: {d: \"filled(d) and year(d) < 2020\"}, then: {u: x}}, b: {order: 2, then: {u: y}}"),
        ("d: case.start", "a: {order: 1, when: {d: \"filled(d) and d > date(2026, 5, 1)\"}, then: {u: x}}, b: {order: 2, then: {u: y}}"),
        ("d: case.days, late: \"case.days > 10\"", "a: {order: 1, when: {late: late}, then: {u: x}}, b: {order: 2, when: {d: d <= 10}, then: {u: y}}"),
    ],
)  # fmt: skip
def test_rules_on_days_and_on_inputs_that_hang_together_are_not_judged_by_chance(inputs: str, rules: str) -> None:
    policy = "unique" if "late" in inputs else "first"
    table = f"decision_tables: {{p: {{hit_policy: {policy}, inputs: {{{inputs}}}, outputs: {{u: text}}, rules: {{{rules}}}}}}}"
    text = changed(WORKFLOW, ("notifications:", f"{table}\nnotifications:"))
    form = changed(FORM, ("fields:\n", "fields:\n  start: {type: date, title: x}\n"))
    assert not leave(text, form), shown(leave(text, form))


@pytest.mark.parametrize(("policy", "order"), [("^^frist", "1"), ("first", "^^one")])
def test_a_table_that_cannot_be_read_is_told_of_that_alone(policy: str, order: str) -> None:
    rules = ["low: {order: " + order + ', when: {days: "days < 5"}, then: {urgency: low}}', rule("rest", 2)]
    text = changed(WORKFLOW, ("notifications:", TABLE.format(policy=policy, rules=", ".join(rules))))
    text, place = unmarked(text)
    assert [(each.line, each.column, each.code) for each in leave(text)] == [(*(place or ()), "WF012")]
