# ruff: noqa: E501 - a case a line is easier to read and to add to
"""§4 States, tasks, approvals, transitions: their keys, and what cannot be."""

from __future__ import annotations

import pytest

from tests.language.linting import clean, codes, found, told

REVIEW = "task: {candidates: [head], excluded: [employee], form: leave}"
APPROVE = "approve: {to: granted}"
RETURN = "return: {to: draft, requires: [comment]}"
UNPROVED = frozenset({"WF120"})  # the scenario of the clean case type presses what is no longer there


def approval(body: str, *arrows: str) -> list[tuple[str, str]]:
    lines = "\n        ".join(arrows or ("approved: {to: granted}", "rejected: {to: draft}"))
    return [(REVIEW, f"approval: {{excluded: [employee], {body}}}"), (APPROVE, lines), ("        " + RETURN + "\n", "")]


ONE = "approvers: {a: {candidates: [head]}}"


def test_4_a_state_s_key_is_unique_in_the_whole_case_type():
    told(
        "WF024",
        (
            "    granted: {type: final}",
            "    granted: {type: compound, initial: x, transitions: {done: {to: dropped}}, states: {x: {task: {candidates: [employee]}, transitions: {go: {to: y}}}, y: {type: final}, ^^draft: {type: final}}}",
        ),
    )


def test_4_every_target_is_a_bare_name():
    clean(
        (
            "    granted: {type: final}",
            "    granted: {type: compound, initial: x, transitions: {done: {to: dropped}}, states: {x: {task: {candidates: [employee]}, transitions: {go: {to: y}, back: {to: draft}}}, y: {type: final}}}",
        ),
        ("{state: granted, ended: true}", "{state: granted}"),
    )


@pytest.mark.parametrize(("state", "code"), [
    ("^^granted: {type: compound, states: {x: {type: final}}}", "WF011"),
    ("granted: {type: parallell}", "WF012"),
    ("granted: {type: final, resting: maybe}", "WF012"),
    ("granted: {type: final, history: long}", "WF012"),
])  # fmt: skip
def test_4_a_type_has_what_it_needs_and_is_one_of_four(state, code):
    assert code in codes(("granted: {type: final}", state))


def test_4_a_state_has_at_most_one_of_task_and_approval():
    assert "WF012" in codes(("      " + REVIEW, f"      {REVIEW}\n      approval: {{{ONE}, excluded: [employee]}}"))


def test_4_1_every_key_of_a_task():
    task = "task: {candidates: [head], excluded: [employee], form: leave, fields: {days: read}, due: {working_days: 2}, calendar: office, assigns: [helper], allocate: least_loaded, bulk: true, auto_release: {hours: 4}, instructions: Read it}"
    clean((REVIEW, task))


@pytest.mark.parametrize(("part", "code"), [
    ("allocate: ^^random", "WF012"), ("bulk: ^^sometimes", "WF012"), ("calendar: ^^ofice", "WF027"), ("form: ^^leav", "WF026"),
    ("assigns: [^^helpr]", "WF025"), ("due: {^^weeks: 2}", "WF010"), ("auto_release: {hours: ^^-1}", "WF012"),
])  # fmt: skip
def test_4_1_what_a_task_cannot_say_is_found(part, code):
    body = part if part.startswith("form") else part + ", form: leave"
    told(code, (REVIEW, f"task: {{candidates: [head], excluded: [employee], {body}}}"))


def test_4_1_a_task_assigns_case_roles_only():
    assert codes((REVIEW, REVIEW.replace("form: leave", "form: leave, assigns: [personnel]"))) != []


def test_4_1_fields_are_edited_read_or_hidden():
    told("WF012", ("days: edit", "days: ^^change"))
    told("WF026", ("days: edit", "^^dayz: edit"))


@pytest.mark.parametrize(
    "due",
    [
        "{working_days: 2}",
        "{working_hours: 2}",
        "{days: 2}",
        "{hours: 2}",
        "{minutes: 2}",
        '{working_days: "${review_days}"}',
        "{working_days: 2, calendar: office}",
        '"add_days(today, 2)"',
        '"case.until"',
    ],
)
def test_4_1_due_is_a_duration_or_a_date(due):
    clean((REVIEW, REVIEW.replace("form: leave", f"form: leave, due: {due}")))


@pytest.mark.parametrize(
    ("due", "code"),
    [
        ("^^{}", "WF012"),
        ("^^{days: 1, hours: 2}", "WF012"),
        ("{days: ^^1.5}", "WF012"),
        ("{days: ^^soon}", "WF012"),
        ('^^"case.days"', "WF053"),
    ],
)
def test_4_a_duration_is_one_whole_number_of_one_unit(due, code):
    assert code in codes((REVIEW, REVIEW.replace("form: leave", f"form: leave, due: {due}".replace("^^", ""))))


def test_4_2_every_key_of_an_approval():
    body = 'ordering: sequential, approvers: {a: {candidates: [head], order: 10, veto: true, needed_when: "case.days > 1"}}, same_person: each, outcomes: {accept: agree, refuse: decline}, completion: {quorum: 1}, late: keep, keep_votes: true, form: leave, fields: {days: read}, due: {days: 1}, calendar: office'
    assert set(codes(*approval(body))) <= UNPROVED


@pytest.mark.parametrize(("body", "code"), [
    ("ordering: serial, " + ONE, "WF012"), (ONE + ", same_person: twice", "WF012"), (ONE + ", late: drop", "WF012"),
    (ONE + ", completion: some", "WF012"), (ONE + ", completion: {quorum: 0}", "WF012"), (ONE + ", keep_votes: perhaps", "WF012"),
    ("ordering: parallel", "WF011"), ("approvers: {}", "WF012"), ("approvers: {a: {order: 1}}", "WF011"), ("approvers: {a: {candidates: [haed]}}", "WF025"),
    ("approvers_along: {from: employee, relation: inferior}", "WF012"), ("approvers_along: {relation: superior}", "WF011"),
    ("approvers_along: {from: employee, relation: superior, vacant: skip}", "WF012"), ("approvers_along: {from: employee, relation: superior, at_most: 0}", "WF012"),
    ("approvers_for_each: {collection: case.parts}", "WF011"), ("approvers_for_each: {collection: case.days, owner: item}", "WF053"),
    (ONE + ", completion: {quorum: 2}", "WF028"),
])  # fmt: skip
def test_4_2_what_an_approval_cannot_say_is_found(body, code):
    assert code in codes(*approval(body)), codes(*approval(body))


@pytest.mark.parametrize("body", [
    'approvers_along: {from: employee, relation: superior, until: "filled(user.limit) and user.limit >= 100", at_most: 3, vacant: next}',
    "approvers_for_each: {collection: case.backups, owner: item, distinct: true}",
])  # fmt: skip
def test_4_2_approvers_may_be_a_line_or_a_list(body):
    assert set(codes(*approval(body))) <= UNPROVED | {"WF031"}


def test_4_2_an_approval_has_a_way_for_approved_and_for_rejected():
    assert "WF032" in codes(*approval(ONE, "approved: {to: granted}"))
    assert "WF032" in codes(*approval(ONE, "rejected: {to: draft}", "x: {to: granted, by: [head]}"))


def test_4_2_one_that_cannot_be_refused_needs_no_way_for_rejected():
    assert set(codes(*approval(ONE + ", outcomes: {refuse: null}", "approved: {to: granted}"))) <= UNPROVED


def test_4_3_every_key_of_a_transition():
    arrow = 'approve: {to: granted, title: {id: Setuju, en: Approve}, guard: "case.days > 1", guard_message: {id: Kurang, en: Too few}, requires: [comment, attachment, second_factor], effects: {tell: {notify: reminder}}, recallable: true, bulk: true, tone: primary}'
    clean(
        (APPROVE, arrow),
        ("as: budi, do: approve,", "as: budi, do: approve, with: {comment: x, attachments: 1, second_factor: true},"),
    )


@pytest.mark.parametrize(("part", "code"), [
    ("to: ^^grantd", "WF020"), ("to: granted, by: [^^haed]", "WF025"), ("to: granted, requires: [^^coment]", "WF012"), ("to: granted, tone: ^^loud", "WF012"),
    ("to: granted, answers: ^^complete", "WF012"), ("to: granted, resume: ^^place", "WF012"), ("to: granted, effects: {x: {^^notfy: reminder}}", "WF027"),
])  # fmt: skip
def test_4_3_what_a_transition_cannot_say_is_found(part, code):
    told(code, (RETURN, RETURN + f"\n        more: {{{part}}}"))


def test_4_3_an_internal_transition_has_no_target():
    assert codes((RETURN, RETURN + "\n        more: {internal: true, to: granted}")) != []


def test_4_3_a_child_s_transition_of_the_same_name_wins_and_is_warned_of():
    told(
        "WF029",
        (
            "    granted: {type: final}",
            "    granted: {type: compound, initial: x, transitions: {stop: {to: dropped, by: [head]}}, states: {x: {task: {candidates: [employee]}, transitions: {^^stop: {to: dropped}}}}}",
        ),
        also=UNPROVED,
    )


def test_4_timers_have_every_key():
    timer = '{at: "add_days(today, 3)", repeat: {every: {working_days: 1}, at_most: 3}, effects: {tell: {notify: reminder}}, do: approve, as: system, record: deemed_consent}'
    clean(("remind: {after: {working_days: 1}, effects: {tell: {notify: reminder}}}", "remind: " + timer))


@pytest.mark.parametrize(("timer", "code"), [
    ("{after: {days: 1}, to: ^^grantd}", "WF020"), ("{after: {days: 1}, do: ^^aprove}", "WF041"), ("{at: ^^\"1 + 1\", do: approve}", "WF053"),
    ("{after: {days: 1}, do: approve, as: ^^robot}", "WF012"), ("{after: {days: 1}, repeat: {every: {days: 1}, at_most: ^^0}, effects: {}}", "WF012"),
])  # fmt: skip
def test_4_what_a_timer_cannot_say_is_found(timer, code):
    told(code, ("        remind:", f"        more: {timer}\n        remind:"))


def test_4_a_timer_has_a_moment_and_only_one():
    assert "WF011" in codes(("        remind:", "        more: {do: approve}\n        remind:"))
    assert (
        codes(("        remind:", '        more: {after: {days: 1}, at: "case.until", do: approve}\n        remind:'))
        != []
    )


def test_4_always_ends_with_one_that_has_no_guard():
    state = '    granted: {always: {a: {order: 1, guard: "case.days > 1", to: dropped}}}'
    assert codes(("    granted: {type: final}", state), ("{state: granted, ended: true}", "{state: dropped}")) != []


def test_4_working_days_without_a_calendar_are_warned_of():
    bare = [
        (
            "calendars:\n  office: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri], holidays: [2026-03-20]}\n",
            "",
        )
    ]
    told("WF040", *bare, ("remind: {after: {working_days: 1}", "remind: {after: {^^working_days: 1}"))
    clean(*bare, ("remind: {after: {working_days: 1}", "remind: {after: {days: 1}"))


def test_4_with_several_calendars_it_has_to_be_said_which_counts():
    two = ("  office:", "  other: {working_days: [mon]}\n  office:")
    told("WF040", two, ("remind: {after: {working_days: 1}", "remind: {after: {^^working_days: 1}"))
    clean(two, ("remind: {after: {working_days: 1}", "remind: {after: {working_days: 1, calendar: office}"))
    clean(two, (REVIEW, REVIEW.replace("form: leave", "form: leave, calendar: office")))


def test_4_a_join_names_regions_or_a_number_of_them():
    def parallel(join):
        return (
            "    granted: {type: final}",
            "    granted: {type: parallel, join: "
            + join
            + ", transitions: {done: {to: dropped}, stop: {to: dropped, by: [head]}}, regions: {one: {initial: a, states: {a: {task: {candidates: [employee]}, transitions: {go: {to: b}}}, b: {type: final}}}, two: {initial: c, states: {c: {task: {candidates: [employee]}, transitions: {go: {to: d}}}, d: {type: final}}}}}",
        )

    for good in ("{all_of: [one, two]}", "{all_of: [one]}", "{quorum: 2}"):
        assert set(codes(parallel(good))) <= UNPROVED, codes(parallel(good))
    for bad in ("{all_of: [one, tow]}", "{quorum: 3}"):
        told("WF028", parallel("^^" + bad), also=UNPROVED)


def test_4_a_parallel_state_has_regions():
    told(
        "WF012",
        (
            "    granted: {type: final}",
            "    granted: {type: parallel, regions: ^^{}, transitions: {done: {to: dropped}}}",
        ),
        also=UNPROVED,
    )


def test_4_a_join_is_for_parallel_states_only():
    told("WF012", ("    review:\n", "    review:\n      ^^join: {quorum: 1}\n"))


def test_12_a_value_is_repeated_as_it_was_written():
    (problem,) = found((APPROVE, "approve: {to: granted, guard: true}"))
    assert '"true"' in problem.message.en and '"true"' in problem.message.id
