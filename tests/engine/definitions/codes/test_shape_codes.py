# ruff: noqa: E501 - a case a line is easier to read and to add to
"""WF010 to WF012, WF060, WF061, WF100: keys, required keys, kinds of values, titles, variables, legal basis."""

from __future__ import annotations

import pytest

from tests.engine.definitions.codes.raised import Case, check
from tests.engine.definitions.leave import WORKFLOW, changed, leave, shown, unmarked

CASES = [
    Case("WF010", "a key of the file", [("legal_basis: [PP 11/2017]", "legal_basis: [PP 11/2017]\n^^numbring: x")]),
    Case("WF010", "a key of a role", [("resolve: {group: personnel}", "resolve: {group: personnel}, ^^extrenal: true")]),
    Case("WF010", "a key of a state", [("    granted: {type: final}", "    granted: {type: final, ^^titel: x}")]),
    Case("WF010", "a key of a task", [("form: leave, fields", "form: leave, ^^filds")]),
    Case("WF010", "a key of a transition", [("approve: {to: granted}", "approve: {to: granted, ^^gaurd: x}")]),
    Case("WF010", "a key of a timer", [("remind: {after:", "remind: {^^befor: x, after:")]),
    Case("WF010", "a key of a duration", [("{working_days: 1}", "{^^workingdays: 1}")]),
    Case("WF010", "a key of a notification", [("template: reminder}", "template: reminder, ^^urgency: true}")]),
    Case("WF010", "a key of a parameter", [("maximum: 10}", "^^maximun: 10}")]),
    Case("WF010", "a key of a step", [("as: sari, do: submit", "as: sari, do: submit, ^^expekt: {}")]),
    Case("WF010", "a key of what is expected", [("{state: granted, ended: true}", "{state: granted, ^^end: true}")]),
    Case(
        "WF010",
        "a state that is a list's word",
        [("uses: people}\n", "uses: people, ^^user: {}}\n")],
    ),
    Case("WF010", "an option of another field type", [("type: date, title", "type: date, ^^minimum: 1, title")], in_form=True),
    Case("WF010", "a key of a section", [("order: 10, title: Leave, fields", "order: 10, ^^titel: x, fields")], in_form=True),
    Case("WF011", "a role without resolve", [("helper: {title: Helper, resolve: {case_role: true, from: {group: personnel}, cardinality: many}}", "^^helper: {title: Helper}")]),
    Case("WF011", "a task without candidates", [("task: {candidates: [employee], form", "^^task: {form")]),
    Case("WF011", "a transition without a target", [("approve: {to: granted}", "^^approve: {}")], also=frozenset({"WF021", "WF022"})),
    Case("WF011", "a timer without a moment", [("remind: {after: {working_days: 1}, effects", "^^remind: {effects")]),
    Case("WF011", "a parameter without a default", [("review_days: {type: integer, default: 3, ", "^^review_days: {type: integer, ")]),
    Case("WF011", "a table without columns", [("    columns: {name: {type: text, title: Name, required: true}, hours: {type: integer, title: Hours}}\n", ""), ("  parts:", "  ^^parts:")], in_form=True),
    Case("WF011", "a field without a type", [("until: {type: date, title", "^^until: {title")], in_form=True),
    Case("WF011", "a choice without options", [("kind: {type: choice, title: Kind, options: {annual: {}, sick: {}}}", "^^kind: {type: choice, title: Kind}")], in_form=True),
    Case("WF012", "a version", [("version: 1.0.0", "version: ^^one")], [("version: 1.0.0", "version: 2.10.3-rc.1")]),
    Case("WF012", "a number for a version", [("version: 1.0.0", "version: ^^1.0")]),
    Case("WF012", "a text where true or false stands", [("answers: incomplete", "recallable: ^^maybe")], [("answers: incomplete", "recallable: true")]),
    Case("WF012", "a word that is not one of the choices", [("{type: final}\n    dropped", "{type: ^^finale}\n    dropped")], also=frozenset({"WF022", "WF032"})),
    Case("WF012", "a parameter's value outside its limits", [("default: 3,", "default: ^^11,")], [("default: 3,", "default: 10,")]),
    Case("WF012", "a parameter inside a text", [("reason: rest", 'reason: ^^"${review_days} days"')]),
    Case("WF012", "both task and approval", [("      timers:", "      ^^approval: {approvers: {one: {candidates: [head]}}}\n      timers:")], also=frozenset({"WF032"})),
    Case("WF012", "both after and at", [("{after: {working_days: 1}, effects", "{after: {working_days: 1}, ^^at: today, effects")]),
    Case("WF012", "two units of time", [("after: {working_days: 1}", "after: ^^{working_days: 1, hours: 2}")]),
    Case("WF012", "a span below zero", [("{working_days: 1}", "{working_days: ^^-1}")], [("{working_days: 1}", "{working_days: 0}")]),
    Case("WF012", "a parameter without a value", [("{type: integer, default: 3,", "{type: integer, default: ^^null,")], also=frozenset({"WF012"})),
    Case("WF012", "an unknown field type", [("type: date, title", "type: ^^dat, title")], in_form=True),
    Case("WF012", "an unknown reading right", [("days: edit", "days: ^^write")], [("days: edit", "days: hidden")]),
    Case("WF012", "an unknown refusal code", [("- {as: budi, do: approve,", "- {as: budi, do: return, refused: ^^comment_reqired}\n      - {as: budi, do: approve,")], [("- {as: budi, do: approve,", "- {as: budi, do: return, refused: comment_required}\n      - {as: budi, do: approve,")]),
    Case("WF012", "an unknown incident", [("ended: true", "incident: ^^no_candidat")], [("ended: true", "incident: no_candidate")]),
    Case("WF012", "an unknown time zone", [("timezone: Asia/Jakarta", "timezone: ^^Asia/Jakrta")], [("timezone: Asia/Jakarta", "timezone: Asia/Jayapura")]),
    Case("WF012", "a holiday that is no date", [("2026-03-20", "^^2026-02-30")], [("2026-03-20", "2026-02-28")]),
    Case("WF012", "a history where nothing is remembered", [("return: {to: draft,", "return: {to: draft, resume: ^^history,")]),
    Case("WF012", "children without a type", [("    granted: {type: final}", "    granted: {^^initial: a, type: final}")]),
    Case("WF012", "a key that is no name", [("  helper: {title", "  ^^Helper: {title")]),
    Case("WF012", "a default of another kind", [("default: 1}", "default: ^^one}")], [("default: 1}", "default: 2}")], in_form=True),
    Case("WF012", "limits that cross", [("type: integer, title: Days", "type: integer, minimum: 1, maximum: ^^0, title: Days")], [("type: integer, title: Days", "type: integer, minimum: 1, maximum: 1, title: Days")], in_form=True),
    Case("WF012", "a number for a text", [("title: Leave\nlegal", "title: ^^5\nlegal")]),
    Case("WF012", "an effect without a kind", [("tell: {notify: reminder}", "tell: ^^{}")]),
    Case("WF012", "a list where an effect needs one", [("tell: {notify: reminder}", "tell: {append: {field: ^^days, value: actor}}")], [("tell: {notify: reminder}", "tell: {append: {field: backups, value: actor}}")]),
    Case("WF012", "a value of another kind", [("tell: {notify: reminder}", "tell: {set: {field: days, value: ^^many}}")], [("tell: {notify: reminder}", "tell: {set: {field: days, value: 3}}")]),
    Case("WF012", "a choice a field cannot have", [("tell: {notify: reminder}", "tell: {set: {field: kind, value: ^^anual}}")], [("tell: {notify: reminder}", "tell: {set: {field: kind, value: annual}}")]),
    Case("WF060", "a title of one language", [("employee: {title: Employee", "employee: {^^title: {id: Pegawai}")], [("employee: {title: Employee", "employee: {title: {id: Pegawai, en: Employee}")]),
    Case("WF060", "a message of one language", [("approve: {to: granted}", 'approve: {to: granted, guard: "case.days > 0", ^^guard_message: {en: No days}}')]),
    Case("WF060", "a help of one language", [("type: date, title: Until", "type: date, title: Until, ^^help: {en: Last day}")], in_form=True),
    Case("WF061", "a number", [("legal_basis:", 'numbering: ^^"C/{yaer}/{seq:04}"\nlegal_basis:')], [("legal_basis:", 'numbering: "C/{year}/{unit.code}/{seq:04}"\nlegal_basis:')]),
    Case("WF061", "a mail", [("template: reminder}", 'template: {subject: "{case.number}", body: ^^"{case.nuber}"}}')], [("template: reminder}", 'template: {subject: "{case.number}", body: "{actor.name} {case.reason} {url}"}}')]),
    Case("WF061", "a mail with doubled braces", [("template: reminder}", 'template: {subject: x, body: ^^"{{case.number}}"}}')]),
    Case("WF012", "a template whose task is no map", [("lifecycle:\n", "state_templates: {step: {task: ^^7}}\nlifecycle:\n")]),
    Case("WF061", "a message of a check", [('"At most 30, not {value}."', '^^"At most 30, not {days}."')], in_form=True),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_code_is_raised_at_its_token_and_not_by_the_nearest_text(case: Case) -> None:
    check(case)


def test_what_the_file_lacks_is_told_on_line_one() -> None:
    problems = leave(changed(WORKFLOW, ("title: Leave\nlegal", "legal")))
    assert [(each.line, each.column, each.code) for each in problems] == [(1, 1, "WF011")]
    assert '"title"' in problems[0].message.en


def test_a_case_type_without_legal_basis_is_warned_of() -> None:
    problems = leave(changed(WORKFLOW, ("legal_basis: [PP 11/2017]\n", "")))
    assert [(each.line, each.code, each.level) for each in problems] == [(1, "WF100", "warning")]


def test_an_empty_legal_basis_is_no_basis() -> None:
    text, place = unmarked(changed(WORKFLOW, ("legal_basis: [PP 11/2017]", "^^legal_basis: []")))
    assert [(each.line, each.column, each.code) for each in leave(text)] == [(*(place or ()), "WF100")]


def test_an_unknown_key_is_told_with_the_one_that_was_meant() -> None:
    problems = leave(changed(WORKFLOW, ("approve: {to: granted}", "approve: {to: granted, gaurd: x}")))
    assert problems[0].suggestion == "guard", shown(problems)
    assert "gaurd" in problems[0].message.id and "guard" in problems[0].message.id


def test_one_text_counts_for_both_languages() -> None:
    assert shown(leave()) == []


@pytest.mark.parametrize("change", [("{type: final}\n    dropped", "{type: ^^finale}\n    dropped"), ("{type: final}\n    dropped", "^^final\n    dropped")])  # fmt: skip
def test_a_state_whose_type_cannot_be_read_is_told_of_that_alone(change: tuple[str, str]) -> None:
    text, place = unmarked(changed(WORKFLOW, change))
    assert [(each.line, each.column, each.code) for each in leave(text)] == [(*(place or ()), "WF012")], shown(
        leave(text)
    )


@pytest.mark.parametrize(("kind", "keys"), [("paralel", "regions: {a: {initial: b, states: {b: {type: final}}}}"), ("compond", "initial: b, states: {b: {type: final}}")])  # fmt: skip
def test_a_state_whose_type_is_mistyped_is_what_its_other_keys_say(kind: str, keys: str) -> None:
    state = f"granted: {{type: ^^{kind}, transitions: {{done: {{to: ended}}}}, {keys}}}\n    ended: {{type: final}}"
    text, place = unmarked(changed(WORKFLOW, ("granted: {type: final}", state)))
    found = [each for each in leave(text) if each.code != "WF121" and "granted" not in each.message.en]
    assert [(each.line, each.column, each.code) for each in found] == [(*(place or ()), "WF012")], shown(found)
