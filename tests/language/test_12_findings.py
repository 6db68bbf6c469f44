# ruff: noqa: E501 - a case a line is easier to read and to add to
"""§12 Checks: where a finding points, which code it has, one a token, all at once."""

from __future__ import annotations

import pytest

from tests.engine.definitions.codes.test_graph_codes import lifecycle, marks
from tests.engine.definitions.leave import WORKFLOW, changed, leave, shown
from tests.language.linting import found, told

REGIONS = "regions: {one: {initial: a, states: {a: {TASK, transitions: {go: {to: b}}}, b: {type: final}}}, two: {initial: c, states: {c: {TASK, transitions: {go: {to: d}}}, d: {type: final}}}}"


def told_in(code: str, states: str, *, also: tuple[str, ...] = ()) -> None:
    """The code stands at every mark of the lifecycle and nothing else is found (but ``also`` elsewhere)."""
    text, places = marks(lifecycle(states))
    problems = leave(text)
    assert sorted((each.line, each.column) for each in problems if each.code == code) == sorted(places), shown(problems)
    assert {each.code for each in problems} <= {code, *also}, shown(problems)


def test_12_a_required_key_is_missing_at_the_key_of_the_map_that_lacks_it():
    told(
        "WF011",
        (
            "task: {candidates: [head], excluded: [employee], form: leave}",
            "^^task: {excluded: [employee], form: leave}",
        ),
    )


def test_12_what_the_file_lacks_is_told_on_its_first_line():
    text = "# a note\n\n" + changed(WORKFLOW, ("version: 1.0.0\n", ""))
    assert [(each.line, each.column, each.code) for each in leave(text)] == [(1, 1, "WF011")]


def test_12_a_key_twice_is_told_at_the_second_which_names_the_first():
    (problem,) = found(("legal_basis:", "version: 1.1.0\nlegal_basis:"))
    assert (problem.code, problem.line, problem.column) == ("WF003", 5, 1) and "line 3" in problem.message.en


def test_12_a_state_twice_is_told_at_the_second_which_names_the_first():
    text, places = marks(lifecycle("""
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {type: compound, initial: c, transitions: {done: {to: e}}, states: {c: {TASK, transitions: {go: {to: d}}}, d: {type: final}, ^^a: {type: final}}}
          e: {type: final}
    """))  # fmt: skip
    problem = next(each for each in leave(text) if each.code == "WF024")
    assert (problem.line, problem.column) == places[0]
    assert f"line {text[: text.index('    a: {task')].count(chr(10)) + 1}" in problem.message.en


def test_12_unreachable_states_are_told_one_each_at_their_keys():
    told_in("WF021", """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: e}}}
          ^^b: {TASK, transitions: {go: {to: c}}}
          ^^c: {TASK, transitions: {go: {to: e}}}
          e: {type: final}
    """)  # fmt: skip


def test_12_dead_ends_are_told_one_each_at_their_keys():
    told_in("WF022", """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: e}, lose: {to: b}}}
          ^^b: {TASK, transitions: {go: {to: c}}}
          ^^c: {TASK, transitions: {go: {to: b}}}
          e: {type: final}
    """)  # fmt: skip


def test_12_a_circle_is_told_once_at_its_first_state():
    told_in("WF023", """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: c}}}
          ^^b: {always: {x: {order: 1, guard: "now == now", to: c}, y: {order: 2, to: e}}}
          c: {always: {x: {to: b}}}
          e: {type: final}
    """)  # fmt: skip


def test_12_two_circles_are_two_findings():
    told_in("WF023", """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}, other: {to: c}}}
          ^^b: {always: {x: {order: 1, guard: "now == now", to: b}, y: {order: 2, to: e}}}
          ^^c: {always: {x: {order: 1, guard: "now == now", to: c}, y: {order: 2, to: e}}}
          e: {type: final}
    """)  # fmt: skip


def test_12_a_join_is_told_at_its_value():
    told_in("WF028", f"""
        initial: p
        states:
          p: {{type: parallel, join: ^^{{quorum: 3}}, transitions: {{done: {{to: e}}, stop: {{to: e, by: [employee]}}}}, {REGIONS}}}
          e: {{type: final}}
    """)  # fmt: skip


def test_12_a_quorum_of_approvers_is_told_at_the_value_of_completion():
    told_in("WF028", """
        initial: v
        states:
          v: {approval: {approvers: {a: {candidates: [boss]}}, completion: ^^{quorum: 2}}, transitions: {approved: {to: e}, rejected: {to: e}}}
          e: {type: final}
    """)  # fmt: skip


def test_12_own_decisions_are_told_at_the_candidates_of_a_task_and_at_the_key_approval():
    told_in("WF031", """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {task: {^^candidates: [head]}, transitions: {go: {to: v}}}
          v: {^^approval: {approvers: {a: {candidates: [head]}}}, transitions: {approved: {to: e}, rejected: {to: a}}}
          e: {type: final}
    """)  # fmt: skip


@pytest.mark.parametrize(("code", "states"), [
    ("WF020", "a: {TASK, timers: {t: {after: {days: 1}, to: ^^wher}}, transitions: {go: {to: e}}}"),
    ("WF020", "a: {type: compound, initial: ^^wher, states: {b: {TASK, transitions: {go: {to: e}}}}}"),
    ("WF020", "a: {TASK, transitions: {go: {to: b}}}\n          b: {task: {candidates: [head], excluded: [employee, ^^performer_of.wher]}, transitions: {go: {to: e}}}"),
    ("WF041", "a: {TASK, timers: {t: {after: {days: 1}, do: ^^wher}}, transitions: {go: {to: e}}}"),
    ("WF012", "a: {TASK, ^^approval: {approvers: {a: {candidates: [boss]}}}, transitions: {go: {to: e}}}"),
])  # fmt: skip
def test_12_which_code_an_unknown_name_has(code, states):
    text, places = marks(
        lifecycle(
            f"initial: a\nstates:\n          {states}\n          e: {{type: final}}\n".replace(
                "          a:", "  a:"
            ).replace("          ", "  ")
        )
    )
    problems = [(each.line, each.column) for each in leave(text) if each.code == code]
    assert places[0] in problems, shown(leave(text))


def test_12_a_join_of_an_unknown_region_or_one_never_final_is_an_impossible_join():
    for join, regions in (
        ("{all_of: [one, tow]}", REGIONS),
        ("{all_of: [one, two]}", REGIONS.replace("d: {type: final}", "d: {TASK, transitions: {go: {to: c}}}")),
    ):
        told_in("WF028", f"""
            initial: p
            states:
              p: {{type: parallel, join: ^^{join}, transitions: {{done: {{to: e}}, stop: {{to: e, by: [employee]}}}}, {regions}}}
              e: {{type: final}}
        """)  # fmt: skip


def test_12_an_unknown_field_type_refusal_incident_or_reading_right_is_a_wrong_value():
    told("WF012", form=[("until: {type: date", "until: {type: ^^dait")])
    told("WF012", ("{as: sari, do: submit, ", "{as: sari, do: submit, refused: ^^forbiden, "))
    told("WF012", ("expect: {state: review,", "expect: {incident: ^^brokn, state: review,"))
    told("WF012", ("days: edit", "days: ^^write"))


def test_12_an_unknown_effect_or_channel_is_an_unknown_name():
    told("WF027", ("approve: {to: granted}", "approve: {to: granted, effects: {x: {^^notfy: reminder}}}"))
    told("WF027", ("channel: email", "channel: ^^emial"))


def test_12_an_unknown_timer_in_fired_and_an_unknown_fixture_are_a_scenario_s_findings():
    told(
        "WF120",
        ("expect: {state: granted, ended: true}", "expect: {state: granted, ended: true, fired: [^^review.remnd]}"),
    )
    told("WF120", ("given: {uses: people}", "given: {uses: ^^peple}"))


def test_12_at_most_one_finding_stands_at_a_token():
    text = changed(
        WORKFLOW,
        ("title: Leave\n", "title: NO\n"),
        ("approve: {to: granted}", "approve: {to: 010}"),
        ("version: 1.0.0", "version: off"),
    )
    places = [(each.file, each.line, each.column) for each in leave(text)]
    assert len(places) == len(set(places))


def test_12_of_two_at_one_token_the_error_wins():
    told("WF012", ("version: 1.0.0", "version: ^^off"))


def test_12_all_problems_are_told_at_once():
    problems = found(
        ("version: 1.0.0", "version: one"), ("timezone: Asia/Jakarta", "timezone: Asia/Jakrta"), ("candidates: [head]", "candidates: [haed]"),
        ("approve: {to: granted}", "approve: {to: granted, gaurd: x}"), ("notify: reminder", "notify: remindr"), ("as: budi, do: approve", "as: bodi, do: approve"),
        form=[("type: date", "type: dait"), ("kind: {order: 30}", "knid: {order: 30}")],
    )  # fmt: skip
    assert {each.code for each in problems} >= {"WF010", "WF012", "WF025", "WF026", "WF027", "WF120"}


def test_12_findings_are_in_the_order_of_files_and_lines():
    problems = found(
        ("version: 1.0.0", "version: one"), ("notify: reminder", "notify: remindr"), form=[("type: date", "type: dait")]
    )
    assert [each.position for each in problems] == sorted(each.position for each in problems)


def test_12_an_external_initiator_is_not_warned_of():
    assert [
        each.code
        for each in found(
            ("resolve: initiator}", "resolve: initiator, external: true}"),
            ("candidates: [head], excluded: [employee],", "candidates: [head],"),
        )
    ] == []


def test_12_a_separation_of_duties_covers_the_initiator():
    assert (
        found(
            (
                "notifications:",
                'separation_of_duties: {own: {applies_to: [head], exclude_when: "user == initiator"}}\nnotifications:',
            ),
            ("candidates: [head], excluded: [employee],", "candidates: [head],"),
        )
        == []
    )


def test_12_a_parent_s_transitions_count_as_ways_out():
    told_in("WF021", """
        initial: a
        states:
          a: {type: compound, initial: b, transitions: {stop: {to: e, by: [employee]}}, states: {b: {TASK, transitions: {note: {internal: true}}}}}
          ^^lost: {TASK, transitions: {go: {to: e}}}
          e: {type: final}
    """)  # fmt: skip
