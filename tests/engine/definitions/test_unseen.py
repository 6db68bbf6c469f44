# ruff: noqa: E501 - YAML as authors write it
"""Changes no scenario could ever see are not held against the author; each kind beside one that can be seen."""

from __future__ import annotations

import pytest

from engine.definitions.strength import mutations
from tests.engine.cases.proving import read

DRAFT = """
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter], form: sample}
      transitions: {submit: {to: work}}
    work: WORK
    agreed: {type: final}
    dropped: {type: final}
"""
BOARD = """{approval: {excluded: [starter], approvers: APPROVERS, completion: COMPLETION}, transitions: {approved: {to: agreed}, rejected: {to: dropped, requires: [comment, attachment]}}}"""
TWO = "{one: {candidates: [planning], veto: true}, two: {candidates: [legal]}}"
THREE = "{one: {candidates: [planning], veto: true}, two: {candidates: [legal]}, three: {candidates: [finance]}}"


def changes(written: str, kind: str) -> list[str]:
    """The changes of one kind that are tried, in English."""
    case_type = read(written).case_types["sample"]
    return [each.change.en for each in mutations(case_type) if each.kind == kind]


def work(written: str) -> str:
    return DRAFT.replace("WORK", written)


def board(approvers: str, completion: str) -> str:
    return work(BOARD.replace("APPROVERS", approvers).replace("COMPLETION", completion))


def test_a_guard_that_is_true_is_none() -> None:
    written = '{{task: {{candidates: [clerk], excluded: [starter], form: sample}}, transitions: {{finish: {{to: agreed, guard: "{}"}}, drop: {{to: dropped}}}}}}'
    assert changes(work(written.format("true")), "guard") == []
    assert changes(work(written.format("case.count > 0")), "guard") == [
        '"finish" in "work" has no guard case.count > 0'
    ]


@pytest.mark.parametrize("completion", ["all", "{quorum: 3}"])
def test_where_all_must_accept_a_veto_changes_nothing(completion: str) -> None:
    assert changes(board(THREE, completion), "veto") == []


@pytest.mark.parametrize("completion", ["any", "{quorum: 2}"])
def test_where_some_are_enough_a_veto_counts(completion: str) -> None:
    assert changes(board(THREE, completion), "veto") == ['"one" in "work" has no veto']


def test_a_quorum_no_more_places_could_meet_is_not_tried() -> None:
    assert changes(board(TWO, "{quorum: 2}"), "quorum") == ['"work" is complete with 1 instead of 2']
    assert changes(board(THREE, "{quorum: 1}"), "quorum") == ['"work" is complete with 2 instead of 1']


def test_one_place_alone_is_all_and_any() -> None:
    assert changes(board("{one: {candidates: [planning]}}", "all"), "quorum") == []
    assert changes(board(TWO, "all"), "quorum") == ['"work" is complete with any instead of all']
    assert changes(board(TWO, "any"), "quorum") == ['"work" is complete with all instead of any']


def test_a_refusal_needs_its_comment_whatever_is_required() -> None:
    assert changes(board(TWO, "all"), "requires") == ['"rejected" in "work" does not require attachment']


def test_what_the_engine_raises_asks_nobody() -> None:
    written = """
    type: parallel
    transitions: {done: {to: agreed, requires: [comment]}, stop: {to: dropped, by: [clerk], requires: [comment]}}
    regions:
      left: {initial: a, states: {a: {task: {candidates: [clerk], excluded: [starter], form: sample}, transitions: {go: {to: b}}}, b: {type: final}}}
"""
    assert changes(DRAFT.replace(" WORK", "\n" + written.replace("\n", "\n  ").rstrip(" ")), "requires") == [
        '"stop" in "work" does not require comment'
    ]


def test_what_stands_after_a_step_without_a_guard_is_never_tried() -> None:
    always = "{always: {first: {order: 1, guard: 'case.count > 0', to: agreed}, last: {order: 2, to: dropped}, never: {order: 3, to: draft}}}"
    assert changes(work(always), "arrow_removed")[1:] == [
        'there is no "always.first" in "work"',
        'there is no "always.last" in "work"',
    ]


def test_two_names_of_the_same_people_cover_each_other() -> None:
    written = "{{task: {{candidates: [clerk], excluded: {}, form: sample}}, transitions: {{finish: {{to: agreed}}, drop: {{to: dropped}}}}}}"
    assert changes(work(written.format("[starter, starter]")), "excluded") == []
    assert len(changes(work(written.format("[starter, performer_of.draft]")), "excluded")) == 2


def test_a_power_over_what_nobody_can_do_is_none() -> None:
    substitution = (
        "substitution: {delegate: {title: {id: Wakil, en: Delegate}, may: [submit, fly], record: on_behalf_of}}\n"
    )
    written = "{task: {candidates: [clerk], excluded: [starter], form: sample}, transitions: {finish: {to: agreed}, drop: {to: dropped}}}"
    assert changes(substitution + work(written), "power") == ['delegate may not "submit"']


def test_a_separation_for_roles_nobody_acts_in_is_none() -> None:
    duties = """
separation_of_duties:
  idle: {applies_to: [legal], exclude_when: "user == initiator"}
  never: {applies_to: [clerk], exclude_when: "false"}
  real: {applies_to: [clerk, legal], exclude_when: "user == initiator"}
"""
    written = "{task: {candidates: [clerk], form: sample}, transitions: {finish: {to: agreed}, drop: {to: dropped}}}"
    assert changes(duties + work(written), "separation") == ['there is no separation of duties "real"']


def test_a_promise_that_never_warns_is_not_seen() -> None:
    slas = """
slas:
  silent: {target: {working_days: 10}, start: work, stop: [agreed]}
  loud: {target: {working_days: 10}, start: work, stop: [agreed], at_risk: {at: 0.3}}
"""
    written = "{task: {candidates: [clerk], excluded: [starter], form: sample}, transitions: {finish: {to: agreed}, drop: {to: dropped}}}"
    assert changes(slas + work(written), "duration") == ['the target of "loud" is 14 working_days instead of 10']


def test_a_repetition_that_never_comes_again_has_no_span() -> None:
    written = "{{task: {{candidates: [clerk], excluded: [starter], form: sample}}, timers: {{remind: {{after: {{days: 1}}, repeat: {{every: {{days: 2}}, at_most: {}}}}}}}, transitions: {{finish: {{to: agreed}}, drop: {{to: dropped}}}}}}"
    assert len(changes(work(written.format(1)), "duration")) == 1
    assert len(changes(work(written.format(2)), "duration")) == 2


def test_when_one_of_several_decides_at_once_nobody_sees_the_due_date() -> None:
    due = BOARD.replace("{approval: {", "{approval: {due: {days: 3}, ")
    one_of_two = work(due.replace("APPROVERS", TWO).replace("COMPLETION", "any"))
    both = work(due.replace("APPROVERS", TWO).replace("COMPLETION", "all"))
    assert changes(one_of_two, "duration") == []
    assert len(changes(both, "duration")) == 1


def test_a_join_of_one_region_has_nothing_to_leave_out() -> None:
    region = "{{initial: {0}1, states: {{{0}1: {{task: {{candidates: [clerk], excluded: [starter], form: sample}}, transitions: {{{0}go: {{to: {0}2}}}}}}, {0}2: {{type: final}}}}}}"
    both = f"{{type: parallel, JOIN transitions: {{done: {{to: agreed}}, stop: {{to: dropped, by: [clerk]}}}}, regions: {{left: {region.format('a')}, right: {region.format('b')}}}}}"
    assert changes(work(both.replace("JOIN", "join: {all_of: [left]},")), "join") == []
    assert changes(work(both.replace("JOIN", "")), "join") == [
        '"work" does not wait for region "left"',
        '"work" does not wait for region "right"',
    ]
    assert changes(work(both.replace("JOIN", "join: {quorum: 1},")), "quorum") == [
        '"work" is complete with 2 instead of 1'
    ]
