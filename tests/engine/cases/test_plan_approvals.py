# ruff: noqa: E501 - YAML as authors write it
"""Approvals: places, turns, quorum, veto, one person in several places, lines and lists (reference §4.2, §8.9, §8.16)."""

from __future__ import annotations

import pytest

APPROVAL = """
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample, fields: {amount: edit}}, transitions: {submit: {to: joint}}}
    joint:
      approval:
        ordering: parallel
        approvers:
          one: {candidates: [finance]}
          two: {candidates: [planning]}
          three: {candidates: [legal]}
        completion: all
        form: sample
      transitions:
        approved: {to: after}
        rejected: {to: draft}
        pull: {to: draft, by: [starter]}
    after: {task: {candidates: [head], form: sample}, transitions: {back: {to: joint}, close: {to: over}}}
    over: {type: final}
"""


def approval(play, *, changes=(), roles=None, substitution="", **given):
    written = substitution + APPROVAL
    for old, new in changes:
        assert old in written
        written = written.replace(old, new)
    case = play(written, **({} if roles is None else {"roles": roles}), **given)
    assert case.do("ani", "submit") is None
    return case


def completion(what):
    return [("completion: all", f"completion: {what}")]


def test_all_must_approve_and_one_refusal_rejects(play):
    case = approval(play)
    assert case.candidates() == ["fina", "leo", "pia"]
    assert case.do("fina", "approve") is None
    assert case.candidates() == ["leo", "pia"]
    assert case.do("fina", "approve") == "already_decided"
    assert case.do("fina", "reject", "x") == "already_decided"
    assert case.do("hana", "approve") == "not_candidate"
    assert case.do("pia", "reject") == "comment_required"
    assert case.do("pia", "reject", "no") is None
    assert case.states == ["draft"]
    case.do("ani", "submit")
    assert case.candidates() == ["fina", "leo", "pia"]
    for person in ("leo", "pia", "fina"):
        assert case.do(person, "approve") is None
    assert case.states == ["after"]


def test_any_needs_one_and_is_rejected_when_nobody_is_left(play):
    case = approval(play, changes=completion("any"))
    assert case.do("pia", "approve") is None
    assert case.states == ["after"]
    case = approval(play, changes=completion("any"))
    case.do("pia", "reject", "x")
    case.do("leo", "reject", "x")
    assert case.states == ["joint"]
    case.do("fina", "reject", "x")
    assert case.states == ["draft"]


def test_a_quorum_is_reached_or_can_no_longer_be_reached(play):
    case = approval(play, changes=completion("{quorum: 2}"))
    case.do("pia", "approve")
    case.do("leo", "reject", "x")
    assert case.states == ["joint"]
    case.do("fina", "approve")
    assert case.states == ["after"]
    case = approval(play, changes=completion("{quorum: 2}"))
    case.do("pia", "reject", "x")
    assert case.states == ["joint"]
    case.do("leo", "reject", "x")
    assert case.states == ["draft"]


def test_a_veto_rejects_at_once(play):
    case = approval(
        play,
        changes=[
            *completion("{quorum: 2}"),
            ("two: {candidates: [planning]}", "two: {candidates: [planning], veto: true}"),
        ],
    )
    case.do("fina", "approve")
    case.do("pia", "reject", "x")
    assert case.states == ["draft"]


NEEDED = (
    "three: {candidates: [legal]}",
    'three: {candidates: [legal], needed_when: "filled(case.amount) and case.amount > 0"}',
)


def test_the_quorum_is_capped_by_the_places_that_are_needed(play):
    case = approval(play, changes=[*completion("{quorum: 3}"), NEEDED])
    assert case.candidates() == ["fina", "pia"]
    assert case.do("leo", "approve") == "not_candidate"
    case.do("fina", "approve")
    case.do("pia", "approve")
    assert case.states == ["after"]


def test_an_approval_nobody_is_needed_for_is_approved_and_one_nobody_holds_is_not(play):
    lonely = [
        ("one: {candidates: [finance]}", 'one: {candidates: [finance], needed_when: "case.count > 9"}'),
        ("two: {candidates: [planning]}", 'two: {candidates: [planning], needed_when: "case.count > 9"}'),
        ("three: {candidates: [legal]}", 'three: {candidates: [legal], needed_when: "case.count > 9"}'),
    ]
    case = approval(play, changes=lonely)
    assert case.states == ["after"]
    case = approval(play, users={"legal": [], "planning": []})
    assert case.incidents == ["no_candidate", "no_candidate"]
    assert case.states == ["joint"]


def test_a_group_s_place_is_decided_by_whoever_is_first(play):
    case = approval(play, users={"planning": ["pia", "pola"]})
    case.do("pola", "approve")
    assert case.do("pia", "approve") == "already_decided"
    assert case.candidates() == ["fina", "leo"]


SEQUENCE = [
    ("ordering: parallel", "ordering: sequential"),
    *[
        (f"{key}: {{candidates", f"{key}: {{order: {order}, candidates")
        for key, order in (("one", 20), ("two", 10), ("three", 30))
    ],
]


def test_in_sequence_each_waits_for_their_turn(play):
    case = approval(play, changes=SEQUENCE)
    assert case.candidates() == ["pia"]
    assert case.do("fina", "approve") == "not_your_turn"
    assert "Perencanaan" in case.last.refusal.sentence.id
    assert case.do("pia", "approve") is None
    assert case.do("pia", "approve") == "already_decided"
    assert case.candidates() == ["fina"]
    case.do("fina", "approve")
    assert case.do("leo", "reject", "x") is None
    assert case.states == ["draft"]


def test_in_sequence_a_vacant_place_is_an_incident_at_its_turn(play):
    case = approval(play, changes=SEQUENCE, users={"finance": []})
    assert case.incidents == []
    case.do("pia", "approve")
    assert case.incidents == ["no_candidate"]
    assert case.candidates() == []


ONE_PERSON = {"users": {"finance": ["fina"], "legal": ["fina", "leo"], "planning": ["pia"]}}


def test_a_person_in_several_places_decides_once_for_all_of_them(play):
    case = approval(play, **ONE_PERSON)
    case.do("fina", "approve")
    assert case.candidates() == ["pia"]
    assert case.do("leo", "approve") == "already_decided"
    case.do("pia", "approve")
    assert case.states == ["after"]


def test_a_person_in_several_places_of_a_sequence_fills_the_later_ones_too(play):
    case = approval(play, changes=SEQUENCE, users={"planning": ["fina"], "finance": ["pia"], "legal": ["fina"]})
    case.do("fina", "approve")
    assert case.candidates() == ["pia"]
    case.do("pia", "approve")
    assert case.states == ["after"]


def each(what):
    return [("completion: all", f"completion: all\n        same_person: {what}")]


def test_with_each_they_decide_every_time(play):
    case = approval(play, changes=each("each"), **ONE_PERSON)
    assert case.do("fina", "approve") is None
    assert case.candidates() == ["fina", "leo", "pia"]
    assert case.do("fina", "approve") is None
    assert case.do("fina", "approve") == "already_decided"
    case.do("pia", "approve")
    assert case.states == ["after"]


def test_with_skip_the_second_place_of_one_person_is_dropped(play):
    users = {"finance": ["fina"], "legal": ["fina"], "planning": ["pia"]}
    case = approval(play, changes=each("skip"), users=users)
    assert len(case.case.facts.state.tasks) == 2
    case.do("fina", "approve")
    case.do("pia", "approve")
    assert case.states == ["after"]


def test_with_skip_a_place_others_hold_too_waits_for_them(play):
    case = approval(play, changes=each("skip"), **ONE_PERSON)
    case.do("fina", "approve")
    assert case.candidates() == ["leo", "pia"]
    assert case.do("fina", "approve") == "already_decided"
    case.do("leo", "approve")
    case.do("pia", "approve")
    assert case.states == ["after"]


def test_with_up_the_next_superior_takes_the_second_place(play):
    users = {"finance": ["fina"], "legal": ["fina"], "planning": ["pia"]}
    case = approval(play, changes=each("up"), users=users, organisation={"superiors": {"fina": "pia", "pia": "hana"}})
    assert case.candidates() == ["fina", "hana", "pia"]
    for person in ("fina", "pia", "hana"):
        assert case.do(person, "approve") is None
    assert case.states == ["after"]
    case = approval(play, changes=each("up"), users=users)
    assert case.incidents == ["no_candidate"]


STAND_IN = """
substitution:
  acting_official: {title: {id: Plt, en: Acting}, may: [approve, reject], record: on_behalf_of}
"""


def test_a_vote_fills_places_of_one_capacity_only_and_a_person_decides_once(play):
    case = approval(play, substitution=STAND_IN, acting={"legal": {"user": "fina", "kind": "acting_official"}})
    assert case.do("fina", "approve") is None
    assert case.last.on_behalf_of is None
    assert case.candidates() == ["leo", "pia"]
    assert case.do("fina", "approve") == "already_decided"
    case = approval(
        play, substitution=STAND_IN, changes=each("each"), acting={"legal": {"user": "fina", "kind": "acting_official"}}
    )
    case.do("fina", "approve")
    assert case.do("fina", "approve") is None
    assert case.last.on_behalf_of == "leo"
    case.do("pia", "approve")
    assert case.states == ["after"]


def test_a_vote_is_ones_own_even_where_the_place_stood_in_for_is_asked_first(play):
    case = approval(play, substitution=STAND_IN, acting={"finance": {"user": "leo", "kind": "acting_official"}})
    assert case.do("leo", "approve") is None
    assert case.last.on_behalf_of is None
    assert case.candidates() == ["fina", "pia"]


def test_the_excluded_have_no_vote(play):
    changes = [("completion: all", "completion: all\n        excluded: [starter]")]
    case = approval(play, changes=changes, users={"legal": ["ani", "leo"]})
    assert case.do("ani", "approve") == "excluded"
    assert case.candidates() == ["fina", "leo", "pia"]


def test_a_vote_belongs_to_one_entry_unless_it_is_kept(play):
    case = approval(play)
    case.do("fina", "approve")
    case.do("ani", "pull")
    assert case.states == ["draft"]
    case.do("ani", "submit")
    assert case.candidates() == ["fina", "leo", "pia"]
    case = approval(play, changes=[("completion: all", "completion: all\n        keep_votes: true")])
    case.do("fina", "approve")
    case.do("pia", "reject", "no")
    case.do("ani", "submit")
    assert case.candidates() == ["leo", "pia"]
    assert case.do("fina", "approve") == "already_decided"
    case.do("leo", "approve")
    case.do("pia", "approve")
    assert case.states == ["after"]
    case.do("hana", "back")
    assert case.states == ["after"]


def test_late_votes_are_withdrawn_or_kept_without_effect(play):
    case = approval(play, changes=completion("{quorum: 2}"))
    case.do("pia", "approve")
    case.do("leo", "approve")
    assert case.do("fina", "approve") == "unknown_event"
    case = approval(play, changes=[("completion: all", "completion: {quorum: 2}\n        late: keep")])
    case.do("pia", "approve")
    case.do("leo", "approve")
    assert case.states == ["after"]
    assert case.candidates() == ["hana"]
    assert case.do("pia", "approve") == "not_candidate"
    assert case.do("fina", "approve") is None
    assert case.states == ["after"]
    assert case.do("fina", "approve") == "unknown_event"
    assert len(case.case.facts.state.tasks) == 1


def test_a_guard_on_approved_keeps_the_case_and_is_asked_again_after_every_step(play):
    changes = [
        ("approved: {to: after}", 'approved: {to: after, guard: "case.count > 0"}'),
        ("pull: {to: draft, by: [starter]}", "tick: {internal: true, by: [starter], effects: {n: {increment: count}}}"),
    ]
    case = approval(play, changes=changes)
    for person in ("fina", "pia", "leo"):
        case.do(person, "approve")
    assert case.states == ["joint"]
    assert case.candidates() == []
    assert case.do("leo", "approve") == "already_decided"
    assert case.do("ani", "tick") is None
    assert case.states == ["after"]


def test_named_outcomes_replace_the_words(play):
    case = approval(
        play, changes=[("completion: all", "completion: all\n        outcomes: {accept: sign, refuse: decline}")]
    )
    assert case.do("fina", "approve") == "unknown_event"
    assert case.do("fina", "approved") == "unknown_event"
    assert case.do("fina", "sign") is None
    assert case.do("pia", "decline") == "comment_required"
    assert case.do("pia", "decline", "x") is None


def test_a_candidate_s_other_action_leaves_the_approval(play):
    case = approval(play, changes=[("pull: {to: draft, by: [starter]}", "hand_back: {to: draft, requires: [comment]}")])
    case.do("fina", "approve")
    assert case.do("hana", "hand_back", "x") == "not_candidate"
    assert case.do("pia", "hand_back") == "comment_required"
    assert case.do("pia", "hand_back", "x") is None
    assert case.states == ["draft"]


def test_performers_of_an_approval_are_all_who_acted_in_its_last_entry(play):
    changes = [
        (
            "after: {task: {candidates: [head], form: sample}",
            "after: {task: {candidates: [head], form: sample, excluded: [performer_of.joint]}",
        )
    ]
    case = approval(play, changes=changes, users={"head": ["fina", "hana", "pia"]})
    case.do("fina", "approve")
    case.do("pia", "reject", "no")
    case.do("ani", "submit")
    case.do("leo", "approve")
    case.do("pia", "approve")
    case.do("fina", "approve")
    assert case.candidates() == ["hana"]
    assert case.do("fina", "close") == "excluded"


LINE = """
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample, fields: {amount: edit}}, transitions: {submit: {to: climb}}}
    climb:
      approval:
        ordering: sequential
        approvers_along: {from: starter, relation: superior, until: "filled(user.limit) and user.limit >= 100"MORE}
        completion: all
        form: sample
      transitions: {approved: {to: over}, rejected: {to: draft}}
    over: {type: final}
"""
LADDER = {
    "superiors": {"ani": "bima", "bima": "cinta", "cinta": "dewa"},
    "limits": {"bima": 10, "cinta": 100, "dewa": 1000},
}


def line(play, more="", **given):
    case = play(LINE.replace("MORE", more), **given)
    case.do("ani", "submit")
    return case


def test_a_reporting_line_is_climbed_until_somebody_may_decide(play):
    case = line(play, organisation=LADDER)
    assert case.candidates() == ["bima"]
    assert case.do("cinta", "approve") == "not_your_turn"
    assert case.do("dewa", "approve") == "not_candidate"
    case.do("bima", "approve")
    assert case.candidates() == ["cinta"]
    case.do("cinta", "approve")
    assert case.ended


def test_a_line_that_ends_too_early_is_never_approved_by_itself(play):
    short = {"superiors": {"ani": "bima"}, "limits": {"bima": 10}}
    case = line(play, organisation=short)
    case.do("bima", "approve")
    assert case.states == ["climb"]
    assert case.incidents == ["no_candidate"]
    case = line(play)
    assert case.incidents == ["no_candidate"]
    assert case.states == ["climb"]


def test_at_most_ends_the_line_as_sufficient(play):
    case = line(play, ", at_most: 1", organisation=LADDER)
    case.do("bima", "approve")
    assert case.ended


def test_a_circle_in_the_reporting_line_ends_it(play):
    case = line(play, organisation={"superiors": {"ani": "bima", "bima": "ani"}})
    case.do("bima", "approve")
    assert case.incidents == ["no_candidate"]
    assert case.states == ["climb"]


OWNERS = """
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample}, transitions: {submit: {to: owners}}}
    owners:
      approval:
        ordering: parallel
        approvers_for_each: {collection: case.COLLECTION, owner: OWNER, distinct: true}
        completion: all
        form: sample
      transitions: {approved: {to: over}, rejected: {to: draft}}
    over: {type: final}
"""


@pytest.mark.parametrize(
    ("collection", "owner", "data"),
    [
        ("people", "item", {"people": ["wati", "yusuf", "wati"]}),
        (
            "lines",
            "item.who",
            {"lines": [{"what": "a", "who": "wati"}, {"what": "b", "who": "yusuf"}, {"who": "wati"}]},
        ),
    ],
)
def test_each_owner_in_the_answers_is_asked_once(play, collection, owner, data):
    case = play(OWNERS.replace("COLLECTION", collection).replace("OWNER", owner), data=data)
    case.do("ani", "submit")
    assert case.candidates() == ["wati", "yusuf"]
    case.do("yusuf", "approve")
    case.do("wati", "approve")
    assert case.ended


def test_a_list_that_names_nobody_is_never_approved(play):
    case = play(OWNERS.replace("COLLECTION", "people").replace("OWNER", "item"))
    case.do("ani", "submit")
    assert case.incidents == ["no_candidate"]
    assert case.states == ["owners"]
    case = play(
        OWNERS.replace("COLLECTION", "lines").replace("OWNER", "item.who"),
        data={"lines": [{"what": "a"}, {"who": "wati"}]},
    )
    case.do("ani", "submit")
    assert case.incidents == ["no_candidate"]
    case.do("wati", "approve")
    assert case.states == ["owners"]


def test_kept_votes_outlive_an_entry_that_was_left_before_anybody_was_asked(play):
    written = """
    lifecycle:
      initial: both
      states:
        both:
          type: parallel
          join: {all_of: [left, right]}
          transitions: {done: {to: over}}
          regions:
            left:
              initial: vote
              states:
                vote:
                  approval: {approvers: {one: {candidates: [head]}, two: {candidates: [legal]}}, completion: all, keep_votes: true}
                  transitions: {approved: {to: agreed}, rejected: {to: apart}}
                agreed: {type: final}
            right:
              initial: look
              states:
                look: {always: {away: {order: 1, guard: "case.count > 0", to: apart}, on: {order: 2, to: seen}}}
                seen: {type: final}
        apart: {task: {candidates: [starter], form: sample, fields: {count: edit}}, transitions: {again: {to: both}}}
        over: {type: final}
    """
    case = play(written, data={"count": 0})
    assert case.do("hana", "approve") is None
    assert case.do("leo", "reject", "no") is None
    assert case.do("ani", "again", data={"count": 1}) is None
    assert case.states == ["apart"]
    case.do("ani", "again", data={"count": 0})
    assert case.candidates() == ["leo"]
