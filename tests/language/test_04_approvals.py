# ruff: noqa: E501 - YAML as authors write it
"""§4.2 and §8: approvals, votes, places, lines and lists of approvers."""

from __future__ import annotations

import pytest


def vote(approval: str, *, arrows: str = "", more: str = "", before: str = "") -> str:
    """A case type whose first state is an approval, and what happens after it."""
    return f"""
lifecycle:
  initial: vote
  states:
    vote:
      approval: {{{approval}, form: sample}}
      transitions: {{approved: {{to: ready}}, rejected: {{to: back}}{arrows}}}
{more}
    back: {{task: {{candidates: [starter]}}, transitions: {{again: {{to: vote}}, stop: {{to: over}}}}}}
    ready: {{task: {{candidates: [starter]}}, transitions: {{close: {{to: over}}, reopen: {{to: vote}}}}}}
    over: {{type: final}}
"""


TWO = "approvers: {a: {order: 1, candidates: [finance]}, b: {order: 2, candidates: [legal]}}"
THREE = "approvers: {a: {order: 1, candidates: [finance]}, b: {order: 2, candidates: [legal]}, c: {order: 3, candidates: [planning]}}"


@pytest.mark.parametrize("order", [("fina", "leo"), ("leo", "fina")])
def test_4_2_in_parallel_the_places_decide_in_any_order(play, order):
    case = play(vote(TWO))
    for person in order:
        assert case.states == ["vote"]
        assert case.do(person, "approve") is None
    assert case.states == ["ready"]


def test_4_2_in_sequence_each_place_waits_for_the_one_before(play):
    case = play(vote("ordering: sequential, " + TWO))
    assert case.candidates() == ["fina"]
    assert case.do("leo", "approve") == "not_your_turn"
    assert case.do("fina", "approve") is None
    assert case.candidates() == ["leo"]
    assert case.do("leo", "approve") is None
    assert case.states == ["ready"]


def test_4_2_the_order_number_decides_and_not_the_place_in_the_file(play):
    case = play(
        vote(
            "ordering: sequential, approvers: {a: {order: 20, candidates: [finance]}, b: {order: 10, candidates: [legal]}}"
        )
    )
    assert case.candidates() == ["leo"]


def test_4_2_the_outcomes_are_approve_and_reject_unless_named(play):
    case = play(vote(TWO))
    assert case.do("fina", "agree") == "unknown_event"
    case = play(vote(TWO + ", outcomes: {accept: agree, refuse: decline}"))
    assert case.do("fina", "approve") == "unknown_event"
    assert case.do("fina", "agree") is None
    assert case.do("leo", "decline", "no") is None
    assert case.states == ["back"]


def test_4_2_a_refusal_always_needs_a_comment(play):
    case = play(vote(TWO + ", outcomes: {refuse: decline}"))
    assert case.do("fina", "decline") == "comment_required"
    assert case.do("fina", "decline", "no") is None


def test_4_2_under_all_one_refusal_rejects(play):
    case = play(vote(THREE))
    assert case.do("leo", "reject", "no") is None
    assert case.states == ["back"]


def test_4_2_under_any_one_acceptance_approves(play):
    case = play(vote(THREE + ", completion: any"))
    assert case.do("leo", "reject", "no") is None
    assert case.states == ["vote"]
    assert case.do("pia", "approve") is None
    assert case.states == ["ready"]


def test_4_2_a_quorum_approves_when_it_is_reached(play):
    case = play(vote(THREE + ", completion: {quorum: 2}"))
    assert case.do("fina", "approve") is None
    assert case.do("leo", "reject", "no") is None
    assert case.states == ["vote"]
    assert case.do("pia", "approve") is None
    assert case.states == ["ready"]


def test_4_2_it_is_rejected_as_soon_as_completion_can_no_longer_be_reached(play):
    case = play(vote(THREE + ", completion: {quorum: 2}"))
    assert case.do("fina", "reject", "no") is None
    assert case.states == ["vote"]
    assert case.do("leo", "reject", "no") is None
    assert case.states == ["back"]


def test_4_2_a_veto_rejects_at_once(play):
    case = play(vote(THREE.replace("[legal]}", "[legal], veto: true}") + ", completion: any"))
    assert case.do("leo", "reject", "no") is None
    assert case.states == ["back"]


def test_4_2_the_quorum_is_capped_by_the_places_that_are_needed(play):
    three = THREE.replace("[planning]}", '[planning], needed_when: "case.count > 5"}')
    case = play(vote(three + ", completion: {quorum: 3}"), data={"count": 1})
    assert case.candidates() == ["fina", "leo"]
    assert case.do("fina", "approve") is None
    assert case.do("leo", "approve") is None
    assert case.states == ["ready"]


def test_4_2_what_is_needed_is_asked_once_when_the_approval_is_entered(play):
    arrows = ", more: {internal: true, by: [head], effects: {set_: {set: {field: count, value: 9}}}}"
    case = play(
        vote(TWO.replace("[legal]}", '[legal], needed_when: "case.count > 5"}'), arrows=arrows), data={"count": 1}
    )
    assert case.do("hana", "more") is None
    assert case.do("fina", "approve") is None
    assert case.states == ["ready"]


def test_8_16_no_place_is_needed_and_so_it_is_approved(play):
    case = play(
        vote(
            TWO.replace("[finance]}", '[finance], needed_when: "case.count > 5"}').replace(
                "[legal]}", '[legal], needed_when: "case.count > 6"}'
            )
        )
    )
    assert case.states == ["ready"]


def test_4_2_a_decision_fills_every_place_the_person_could_fill(play):
    case = play(vote(TWO), users={"legal": ["fina", "leo"]})
    assert case.do("fina", "approve") is None
    assert case.states == ["ready"]


def test_8_10_each_asks_the_same_person_for_every_place(play):
    case = play(vote(TWO + ", same_person: each"), users={"legal": ["fina"]})
    assert case.do("fina", "approve") is None
    assert case.states == ["vote"]
    assert case.do("fina", "approve") is None
    assert case.states == ["ready"]


def test_3_skip_leaves_out_a_place_whose_only_holder_has_another(play):
    case = play(vote("ordering: sequential, same_person: skip, " + THREE), users={"legal": ["fina"]})
    assert case.do("fina", "approve") is None
    assert case.candidates() == ["pia"]


def test_3_up_asks_the_next_superior_instead(play):
    case = play(
        vote("same_person: up, " + TWO), users={"legal": ["fina"]}, organisation={"superiors": {"fina": "sita"}}
    )
    assert case.candidates() == ["fina", "sita"]
    assert case.do("fina", "approve") is None
    assert case.do("sita", "approve") is None
    assert case.states == ["ready"]


def test_8_16_a_place_somebody_else_decided_is_decided_already(play):
    case = play(vote(TWO), users={"finance": ["fina", "fitri"]})
    assert case.do("fina", "approve") is None
    assert case.do("fitri", "approve") == "already_decided"
    assert case.do("fina", "approve") == "already_decided"


def test_8_16_a_vote_fills_only_places_held_in_the_same_capacity(play):
    written = "substitution: {delegate: {title: Wakil, may: [approve, reject]}}\n" + vote(TWO).lstrip()
    case = play(
        written, users={"legal": ["leo"], "finance": ["fina"]}, acting={"legal": {"user": "fina", "kind": "delegate"}}
    )
    assert case.do("fina", "approve") is None  # her own place; the one she stands in for is another capacity
    assert case.states == ["vote"]
    assert case.do("leo", "approve") is None
    assert case.states == ["ready"]


def test_8_9_a_vote_belongs_to_one_entry_and_coming_again_asks_anew(play):
    case = play(vote(TWO))
    case.do("fina", "approve")
    case.do("leo", "reject", "no")
    case.do("ani", "again")
    assert case.candidates() == ["fina", "leo"]


def test_8_9_kept_votes_are_not_asked_again(play):
    case = play(vote(TWO + ", keep_votes: true"))
    case.do("fina", "approve")
    case.do("leo", "reject", "no")
    case.do("ani", "again")
    assert case.candidates() == ["leo"]
    assert case.do("leo", "approve") is None
    assert case.states == ["ready"]


def test_8_16_only_accepting_votes_are_kept(play):
    case = play(vote(TWO + ", keep_votes: true"))
    case.do("fina", "reject", "no")
    case.do("ani", "again")
    assert case.candidates() == ["fina", "leo"]


def test_4_2_late_votes_are_withdrawn_unless_kept(play):
    case = play(vote(TWO + ", completion: any"))
    case.do("fina", "approve")
    assert case.do("leo", "approve") == "unknown_event"
    case = play(vote(TWO + ", completion: any, late: keep"))
    case.do("fina", "approve")
    assert case.do("leo", "approve") is None
    assert case.states == ["ready"]


def test_4_2_the_excluded_may_not_decide(play):
    case = play(vote(TWO + ", excluded: [starter]"), users={"finance": ["ani", "fina"]})
    assert case.candidates() == ["fina", "leo"]
    assert case.do("ani", "approve") == "excluded"


def test_4_2_a_place_nobody_holds_is_an_incident_at_entry_in_parallel(play):
    case = play(vote(TWO), users={"legal": []})
    assert case.incidents == ["no_candidate"]
    assert case.do("fina", "approve") is None
    assert case.states == ["vote"]


def test_4_2_a_place_nobody_holds_is_an_incident_at_its_turn_in_sequence(play):
    case = play(vote("ordering: sequential, " + TWO), users={"legal": []})
    assert case.incidents == []
    assert case.do("fina", "approve") is None
    assert case.incidents == ["no_candidate"]
    assert case.states == ["vote"]


ALONG = 'approvers_along: {{from: starter, relation: superior, until: "filled(user.limit) and user.limit >= 100"{more}}}, ordering: sequential'
LINE = {
    "superiors": {"ani": "budi", "budi": "candra", "candra": "desi"},
    "limits": {"budi": 10, "candra": 200, "desi": 900},
}


def test_4_2_the_line_goes_up_until_somebody_s_limit_suffices(play):
    case = play(vote(ALONG.format(more="")), organisation=LINE)
    assert case.candidates() == ["budi"]
    assert case.do("budi", "approve") is None
    assert case.candidates() == ["candra"]
    assert case.do("candra", "approve") is None
    assert case.states == ["ready"]


def test_8_16_at_most_ends_the_line_as_sufficient(play):
    case = play(vote(ALONG.format(more=", at_most: 1")), organisation=LINE)
    assert case.do("budi", "approve") is None
    assert case.states == ["ready"]


def test_4_2_an_empty_line_is_an_incident(play):
    case = play(vote(ALONG.format(more="")))
    assert case.incidents == ["no_candidate"]
    assert case.states == ["vote"]


def test_8_16_a_line_that_ends_too_early_adds_a_place_nobody_holds(play):
    case = play(vote(ALONG.format(more="")), organisation={"superiors": {"ani": "budi"}, "limits": {"budi": 10}})
    assert case.do("budi", "approve") is None
    assert case.incidents == ["no_candidate"]
    assert case.states == ["vote"]


EACH = "approvers_for_each: {collection: case.people, owner: item, distinct: true}"


def test_4_2_each_person_of_a_list_decides(play):
    case = play(vote(EACH), data={"people": ["leo", "pia"]})
    assert case.candidates() == ["leo", "pia"]
    assert case.do("pia", "approve") is None
    assert case.do("leo", "approve") is None
    assert case.states == ["ready"]


def test_4_2_distinct_asks_a_person_once_however_often_they_are_listed(play):
    case = play(vote(EACH), data={"people": ["leo", "leo"]})
    assert case.do("leo", "approve") is None
    assert case.states == ["ready"]


def test_8_16_a_list_that_names_nobody_is_an_incident_and_never_approved(play):
    case = play(vote(EACH))
    assert case.incidents == ["no_candidate"]
    assert case.states == ["vote"]


def test_8_18_performer_of_an_approval_is_everybody_who_acted_in_its_last_entry(play):
    more = "    check: {task: {candidates: [finance, legal, planning], excluded: [performer_of.vote]}, transitions: {end: {to: over}}}"
    case = play(vote(TWO, more=more).replace("close: {to: over}", "close: {to: check}"))
    case.do("fina", "approve")
    case.do("leo", "approve")
    case.do("ani", "close")
    assert case.candidates() == ["pia"]
    assert case.do("fina", "end") == "excluded"
