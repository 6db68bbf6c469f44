# ruff: noqa: E501 - a case a line is easier to read and to add to
"""WF025 to WF027, WF040, WF041, WF050 to WF054 and WF120: names that must exist, expressions, scenarios."""

from __future__ import annotations

import pytest

from tests.engine.definitions.codes.raised import Case, check
from tests.engine.definitions.leave import WORKFLOW, changed, leave, shown

GUARD = "approve: {to: granted}"
TELL = "tell: {notify: reminder}"


def guard(expression: str, mark: str = "^^") -> list[tuple[str, str]]:
    return [(GUARD, f'approve: {{to: granted, guard: {mark}"{expression}"}}')]


def effect(text: str) -> list[tuple[str, str]]:
    return [(TELL, text)]


SLA = "fixtures:\n"

CASES = [
    Case(
        "WF025",
        "a role in a template nobody uses",
        [("lifecycle:", "state_templates: {spare: {task: {excluded: [^^hed]}}}\nlifecycle:")],
        [("lifecycle:", "state_templates: {spare: {task: {excluded: [head]}}}\nlifecycle:")],
    ),
    Case(
        "WF025",
        "a role's superior",
        [("resolve: {group: personnel}", "resolve: {superior_of: ^^haed}")],
        [("resolve: {group: personnel}", "resolve: {superior_of: head}")],
    ),
    Case(
        "WF025",
        "who gets a mail",
        [("to: [candidates]", "to: [^^candidate]")],
        [("to: [candidates]", "to: [head, principal]")],
    ),
    Case(
        "WF025", "who is added", effect("tell: {add_candidate: ^^persnel}"), effect("tell: {add_candidate: personnel}")
    ),
    Case(
        "WF025",
        "whose tasks are released",
        effect("tell: {release_tasks_of: ^^actr}"),
        effect("tell: {release_tasks_of: actor}"),
    ),
    Case(
        "WF025",
        "a role of a separation",
        [
            (
                "notifications:",
                'separation_of_duties: {x: {applies_to: [^^hed], exclude_when: "user == initiator"}}\nnotifications:',
            )
        ],
    ),
    Case(
        "WF025", "a role in a fixture", [("users: {head: [budi]", "users: {^^haed: [budi]")], also=frozenset({"WF120"})
    ),
    Case("WF026", "a form", [("form: leave, fields", "form: ^^leaf, fields")]),
    Case("WF026", "a field of a task", [("reason: edit", "^^reson: edit")]),
    Case(
        "WF026",
        "a field an effect sets",
        effect("tell: {set: {field: ^^dais, value: 1}}"),
        effect("tell: {set: {field: days, value: 1}}"),
    ),
    Case(
        "WF026",
        "a person field of a role",
        [("resolve: {group: personnel}", "resolve: {field: ^^backup}")],
        [("resolve: {group: personnel}", "resolve: {field: backups}")],
    ),
    Case("WF026", "a field of a fixture", [("data: {reason: rest", "data: {^^reasn: rest")]),
    Case("WF026", "a field of a section", [("days: {order: 20}", "^^dais: {order: 20}")], in_form=True),
    Case("WF026", "the unit of a position", [("of: initiator.unit", "of: ^^case.unti")]),
    Case("WF012", "a person field that holds none", [("resolve: {group: personnel}", "resolve: {field: ^^reason}")]),
    Case("WF027", "a notification", effect("tell: {notify: ^^remindr}")),
    Case("WF027", "an effect", effect("tell: {^^notfy: reminder}"), effect("tell: {increment: days}")),
    Case("WF027", "a channel", [("channel: email", "channel: ^^emial")]),
    Case(
        "WF027",
        "a template",
        [("template: reminder", "template: ^^remindr")],
        [("template: reminder", "template: task_assigned")],
    ),
    Case(
        "WF027",
        "a calendar",
        [("{working_days: 1}", "{working_days: 1, calendar: ^^ofice}")],
        [("{working_days: 1}", "{working_days: 1, calendar: office}")],
    ),
    Case("WF027", "an SLA", effect("tell: {start_sla: ^^promise}")),
    Case("WF027", "a decision table", effect("tell: {decide: ^^priority}")),
    Case(
        "WF027",
        "a parameter",
        [("{working_days: 1}", '{working_days: ^^"${reviw_days}"}')],
        [("{working_days: 1}", '{working_days: "${review_days}"}')],
    ),
    Case(
        "WF027",
        "a state template",
        [("    granted: {type: final}", "    granted: {uses: ^^ending, type: final}")],
        [
            ("    granted: {type: final}", "    granted: {uses: ending, type: final}"),
            ("lifecycle:", "state_templates: {ending: {title: End}}\nlifecycle:"),
        ],
    ),
    Case(
        "WF040",
        "no calendar to count on",
        [
            (
                "calendars:\n  office: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri], holidays: [2026-03-20]}\n",
                "",
            ),
            ("{working_days: 1}", "{^^working_days: 1}"),
        ],
        [("{working_days: 1}", "{working_days: 2}")],
    ),
    Case(
        "WF040",
        "more calendars than one",
        [
            ("calendars:\n", "calendars:\n  other: {timezone: Asia/Jakarta}\n"),
            ("{working_days: 1}", "{^^working_days: 1}"),
        ],
        [
            ("calendars:\n", "calendars:\n  other: {timezone: Asia/Jakarta}\n"),
            ("{working_days: 1}", "{working_days: 1, calendar: office}"),
        ],
    ),
    Case(
        "WF041",
        "the start of a promise",
        [(SLA, "slas: {p: {target: {days: 1}, start: ^^draft.submitt, stop: [granted]}}\nfixtures:\n")],
        [(SLA, "slas: {p: {target: {days: 1}, start: draft.submit, stop: [granted]}}\nfixtures:\n")],
    ),
    Case(
        "WF041",
        "the stop of a promise",
        [(SLA, "slas: {p: {target: {days: 1}, start: draft.submit, stop: [^^grantd]}}\nfixtures:\n")],
    ),
    Case(
        "WF041",
        "the pause of a promise",
        [(SLA, "slas: {p: {target: {days: 1}, start: draft.submit, pause_in: [^^rest]}}\nfixtures:\n")],
    ),
    Case(
        "WF041",
        "a milestone",
        [(SLA, "milestones: {closed: [granted, ^^droped]}\nfixtures:\n")],
        [(SLA, "milestones: {closed: [granted, dropped]}\nfixtures:\n")],
    ),
    Case(
        "WF050",
        "an empty value that is ordered",
        guard("case.until > today"),
        guard("filled(case.until) and case.until > today", ""),
    ),
    Case("WF051", "an expression that cannot be read", guard("case.days >"), guard("case.days > 0", "")),
    Case("WF052", "a field", guard("case.dais > 0"), guard("case.days > 0", "")),
    Case("WF052", "a column", guard("sum(case.parts.hour) > 0"), guard("sum(case.parts.hours) > 0", "")),
    Case("WF052", "a parameter", guard("parameters.reviw_days > 0"), guard("parameters.review_days > 0", "")),
    Case("WF052", "a case role", guard("count(case_roles.head) > 0"), guard("count(case_roles.helper) > 0", "")),
    Case("WF052", "a function", guard("cuont(case.parts) > 0"), guard("count(case.parts) > 0", "")),
    Case("WF052", "a state", guard("was_in_state('drft')"), guard("was_in_state('draft')", "")),
    Case("WF052", "a capital truth", guard("True"), guard("true", "")),
    Case("WF052", "item where there is none", guard("item == 1")),
    Case(
        "WF052",
        "actor in a separation",
        [
            (
                "notifications:",
                'separation_of_duties: {x: {applies_to: [head], exclude_when: ^^"actor == initiator"}}\nnotifications:',
            )
        ],
        [
            (
                "notifications:",
                'separation_of_duties: {x: {applies_to: [head], exclude_when: "user == initiator"}}\nnotifications:',
            )
        ],
    ),
    Case("WF053", "a guard that is no yes or no", guard("case.days")),
    Case("WF053", "kinds that do not fit", guard("case.days == 'two'"), guard("case.days == 2", "")),
    Case("WF053", "a choice a field cannot have", guard("case.kind == 'anual'"), guard("case.kind == 'annual'", "")),
    Case("WF054", "something not allowed", guard("[x for x in case.parts]")),
    Case("WF054", "a name with two underscores", guard("case.__class__ == 1")),
    Case("WF054", "an expression too long", guard("case.days == 1 or " * 30 + "case.days == 1")),
    Case("WF120", "a fixture", [("given: {uses: people}", "given: {uses: ^^peopl}")], also=frozenset({"WF120"})),
    Case("WF120", "a user", [("as: budi, do: approve", "as: ^^bdi, do: approve")]),
    Case("WF120", "a candidate", [("candidates: [budi]}}", "candidates: [^^bdui]}}")]),
    Case("WF120", "a state", [("{state: granted, ended: true}", "{state: ^^grantd, ended: true}")]),
    Case(
        "WF120",
        "a place",
        [("as: budi, do: approve", "as: budi, in: ^^reviw, do: approve")],
        [("as: budi, do: approve", "as: budi, in: review, do: approve")],
    ),
    Case("WF120", "an action", [("as: budi, do: approve", "as: budi, do: ^^aprove")]),
    Case(
        "WF120",
        "where a drive ends",
        [("{as: budi, do: approve, expect", "{drive: approve, until: ^^grantd, expect")],
        [("{as: budi, do: approve, expect", "{drive: approve, until: granted, expect")],
    ),
    Case(
        "WF120",
        "a timer",
        [("- {as: budi", "- {advance: {working_days: 1}, expect: {fired: [^^review.remnd]}}\n      - {as: budi")],
        [("- {as: budi", "- {advance: {working_days: 1}, expect: {fired: [review.remind]}}\n      - {as: budi")],
    ),
    Case("WF120", "an item where there are none", [("as: budi, do: approve", "as: budi, item: ^^w1, do: approve")]),
    Case(
        "WF120",
        "a version",
        [("given: {uses: people}", "given: {uses: people, version: ^^0.9.0}")],
        [("given: {uses: people}", "given: {uses: people, version: 1.0.0}")],
    ),
    Case("WF120", "a migration", [("- {as: budi", "- {migrate: ^^to_two}\n      - {as: budi")]),
    Case(
        "WF012",
        "a clock",
        [("clock: 2026-03-02", "clock: ^^2026-13-02")],
        [("clock: 2026-03-02", "clock: 2026-03-02T09:30")],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_code_is_raised_at_its_token_and_not_by_the_nearest_text(case: Case) -> None:
    check(case)


def test_people_in_answers_are_known() -> None:
    text = changed(
        WORKFLOW,
        ("data: {reason: rest", "data: {backups: [tuti], reason: rest"),
        ("candidates: [budi]}}", "candidates: [tuti]}}"),
    )
    assert not leave(text), shown(leave(text))


def test_people_who_are_assigned_are_known() -> None:
    text = changed(
        WORKFLOW,
        ("- {as: sari, do: submit, expect", "- {as: sari, do: submit, with: {assign: {helper: [tuti]}}, expect"),
        ("candidates: [budi]}}", "candidates: [tuti]}}"),
    )
    assert not leave(text), shown(leave(text))


def test_a_refusal_as_unknown_may_name_what_is_unknown() -> None:
    text = changed(
        WORKFLOW,
        (
            "- {as: budi, do: approve,",
            "- {as: budi, do: aprove, refused: unknown_event}\n      - {as: budi, do: approve,",
        ),
    )
    assert not leave(text), shown(leave(text))


def test_items_of_a_multi_instance_are_known_from_the_data() -> None:
    many = changed(
        WORKFLOW,
        ("    review:\n", "    review:\n      multi_instance: {collection: case.backups, element: who}\n"),
        ("data: {reason: rest", "data: {backups: [tuti, gita], reason: rest"),
        ("as: budi, do: approve", "as: budi, item: ITEM, do: approve"),
    )
    assert not leave(many.replace("ITEM", "tuti")), shown(leave(many.replace("ITEM", "tuti")))
    assert [each.code for each in leave(many.replace("ITEM", "tutti"))] == ["WF120"]


def test_a_form_names_the_states_of_the_case_type_that_uses_it() -> None:
    from_form = "leave: {order: 10, title: Leave, visible_when: \"in_state('STATE')\", fields"
    form = leave.__globals__["FORM"].replace("leave: {order: 10, title: Leave, fields", from_form)
    assert not leave(form=form.replace("STATE", "review"))
    assert [each.code for each in leave(form=form.replace("STATE", "reveiw"))] == ["WF052"]


def test_a_decision_becomes_an_answer_that_expressions_may_name() -> None:
    table = "decision_tables: {p: {inputs: {d: case.days}, outputs: {urgency: text}, rules: {all: {then: {urgency: low}}}}}\nnotifications:"
    text = changed(
        WORKFLOW, ("notifications:", table), (GUARD, "approve: {to: granted, guard: \"case.urgency == 'low'\"}")
    )
    assert not leave(text), shown(leave(text))
