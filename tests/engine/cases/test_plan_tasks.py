# ruff: noqa: E501 - YAML as authors write it
"""Tasks: candidates, claims, exclusions, separation of duties, stand-ins, what an act needs (reference §3, §8.2, §8.15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

TWO_STEPS = """
substitution:
  acting_official: {title: {id: Plt, en: Acting official}, may: [approve, return], record: on_behalf_of}
  daily_executor: {title: {id: Plh, en: Daily executor}, may: [return], record: on_behalf_of}
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter], form: sample, fields: {text: edit, amount: edit, names: edit}}
      transitions: {submit: {to: review}}
    review:
      task: {candidates: [clerk], excluded: [starter, performer_of.draft], form: sample, fields: {count: edit}}
      transitions:
        approve: {to: second}
        return: {to: draft, requires: [comment]}
        note: {internal: true, effects: {add: {increment: count}}}
        take_over: {to: second, by: [head]}
    second:
      task: {candidates: [head], excluded: [performer_of.review]}
      transitions: {approve: {to: over, requires: [attachment, second_factor]}, return: {to: draft}}
    over: {type: final}
"""


def opened(play, **given):
    case = play(TWO_STEPS, **given)
    assert case.do("ani", "submit") is None
    return case


def test_a_sole_candidate_has_the_task_at_once_and_several_have_to_claim(play):
    case = opened(play)
    (task,) = case.case.facts.state.tasks.values()
    assert task.assignee == "carla"
    assert task.claimed_at is None
    case = opened(play, users={"clerk": ["carla", "cici"]})
    (task,) = case.case.facts.state.tasks.values()
    assert task.assignee is None


def test_a_claimed_task_is_refused_to_others_until_it_is_released(play):
    case = opened(play, users={"clerk": ["carla", "cici"]})
    assert case.candidates() == ["carla", "cici"]
    assert case.do("carla", "claim") is None
    assert case.candidates() == ["carla"]
    assert case.do("cici", "claim") == "claimed_by_other"
    assert case.do("cici", "approve") == "claimed_by_other"
    assert case.do("cici", "release") == "claimed_by_other"
    assert case.do("carla", "claim") is None
    assert case.do("carla", "release") is None
    assert case.do("cici", "approve") is None


def test_acting_without_a_claim_is_allowed_and_an_internal_act_claims(play):
    case = opened(play, users={"clerk": ["carla", "cici"]})
    assert case.do("carla", "note") is None
    assert case.answer("count") == 1
    assert case.do("cici", "approve") == "claimed_by_other"
    assert case.do("carla", "approve") is None


def test_a_transition_with_by_needs_no_claim(play):
    case = opened(play, users={"clerk": ["carla", "cici"]})
    case.do("carla", "claim")
    assert case.do("cici", "take_over") == "not_candidate"
    assert case.do("hana", "take_over") is None
    assert case.states == ["second"]


def test_a_claim_lapses_when_its_holder_is_no_longer_a_candidate(play):
    written = """
    separation_of_duties:
      conflict: {applies_to: [clerk], exclude_when: "user in case.people"}
    lifecycle:
      initial: work
      states:
        work:
          task: {candidates: [clerk], form: sample}
          transitions:
            approve: {to: over}
            declare: {internal: true, by: [clerk, head], effects: {record: {append: {field: people, value: actor}}}}
            free: {internal: true, by: [head], effects: {drop: {release_tasks_of: clerk}}}
        over: {type: final}
    """
    case = play(written, users={"clerk": ["carla", "cici"]})
    case.do("carla", "claim")
    assert case.do("carla", "declare") is None
    assert case.do("carla", "approve") == "separation_of_duties"
    assert case.do("carla", "declare") == "separation_of_duties"
    assert case.candidates() == ["cici"]
    assert case.do("cici", "claim") is None
    assert case.do("hana", "free") is None
    assert case.case.facts.state.tasks[1].claimed_at is None
    assert case.do("cici", "approve") is None


def test_a_separation_that_asks_where_the_case_stands_is_asked_again_when_it_moves(play):
    written = """
    separation_of_duties:
      once: {applies_to: [clerk], exclude_when: "in_state('second') and user == initiator"}
    lifecycle:
      initial: first
      states:
        first:
          task: {candidates: [clerk], form: sample, allocate: least_loaded}
          transitions: {pass: {to: second}}
        second:
          task: {candidates: [clerk], form: sample, allocate: least_loaded}
          transitions: {finish: {to: over}}
        over: {type: final}
    """
    case = play(written, users={"clerk": ["ani", "cici"]})
    assert case.do("ani", "pass") is None
    assert [task.assignee for task in case.case.facts.state.tasks.values()] == ["cici"]
    assert case.do("ani", "finish") == "separation_of_duties"


def test_whoever_is_excluded_is_no_candidate_and_a_by_transition_is_not_touched(play):
    case = opened(play, users={"clerk": ["ani", "carla"], "head": ["ani", "carla"]})
    assert case.candidates() == ["carla"]
    assert case.do("ani", "approve") == "excluded"
    assert case.do("leo", "approve") == "not_candidate"
    assert case.do("ani", "take_over") is None


def test_who_performed_the_step_before_may_be_excluded(play):
    case = opened(play, users={"clerk": ["carla"], "head": ["carla", "hana"]})
    case.do("carla", "approve")
    assert case.candidates() == ["hana"]
    assert case.do("carla", "return") == "excluded"


def test_a_task_nobody_may_take_opens_and_raises_an_incident(play):
    case = opened(play, users={"clerk": ["ani"]})
    assert case.states == ["review"]
    assert case.incidents == ["no_candidate"]
    assert case.candidates() == []
    assert case.do("hana", "take_over") is None
    case = opened(play, users={"clerk": []})
    assert case.incidents == ["no_candidate"]


def test_a_stand_in_may_do_what_their_kind_lists_and_the_record_names_both(play):
    case = opened(play, acting={"clerk": {"user": "joko", "kind": "acting_official"}})
    assert case.candidates() == ["carla", "joko"]
    assert case.do("joko", "approve") is None
    assert case.last.on_behalf_of == "carla"
    case = opened(play, acting={"clerk": {"user": "joko", "kind": "daily_executor"}})
    assert case.do("joko", "approve") == "not_within_acting_powers"
    assert case.do("joko", "note") == "not_within_acting_powers"
    assert case.do("joko", "return") == "comment_required"
    assert case.do("joko", "return", "why") is None


def test_a_kind_of_stand_in_the_case_type_does_not_know_may_nothing(play):
    case = opened(play, acting={"clerk": {"user": "joko", "kind": "delegate"}})
    assert case.candidates() == ["carla"]
    assert case.do("joko", "approve") == "not_within_acting_powers"


def test_on_behalf_of_a_vacant_place_names_the_role(play):
    case = opened(play, users={"clerk": []}, acting={"clerk": {"user": "joko", "kind": "acting_official"}})
    assert case.incidents == []
    assert case.do("joko", "approve") is None
    assert case.last.on_behalf_of == "clerk"


def test_a_stand_in_for_the_one_who_opened_the_case_is_excluded_where_they_are_once_they_acted_for_them(play):
    written = TWO_STEPS.replace("may: [approve, return]", "may: [approve, return, submit]")
    given = {"users": {"clerk": ["carla", "joko"]}, "acting": {"starter": {"user": "joko", "kind": "acting_official"}}}
    case = play(written, **given)
    case.do("ani", "submit")
    assert case.do("joko", "approve") is None
    case = play(written, **given)
    assert case.do("joko", "submit") is None
    assert case.last.on_behalf_of == "ani"
    assert case.do("joko", "approve") == "excluded"
    assert case.candidates() == ["carla"]


def test_the_order_of_checks(play):
    case = opened(play, users={"head": ["hana", "heri"]})
    case.do("carla", "approve")
    case.do("hana", "claim")
    assert case.do("leo", "approve", revision=0) == "not_candidate"
    assert case.do("heri", "approve", revision=0) == "claimed_by_other"
    assert case.do("hana", "approve", revision=0) == "attachment_required"
    assert case.do("hana", "approve", new_attachments=1, revision=0) == "second_factor_required"
    act = {"new_attachments": 1, "has_second_factor": True}
    assert case.do("hana", "approve", data={"text": "x"}, revision=0, **act) == "field_invalid"
    assert case.do("hana", "approve", revision=0, **act) == "stale_revision"
    assert case.do("hana", "approve", revision=case.case.facts.revision, **act) is None


@pytest.mark.parametrize("comment", ["", "   ", "\n\t"])
def test_a_required_comment_must_say_something(play, comment):
    case = opened(play)
    assert case.do("carla", "return", comment) == "comment_required"
    assert case.do("carla", "return", "unclear") is None


def test_answers_are_taken_only_for_fields_the_task_edits(play):
    case = play(TWO_STEPS)
    assert case.do("ani", "submit", data={"count": 3}) == "field_invalid"
    assert case.do("ani", "submit", data={"nothing": 3}) == "field_invalid"
    assert case.do("ani", "submit", data={"amount": "many"}) == "field_invalid"
    assert case.do("ani", "submit", data={"names": ["one"]}) == "field_invalid"
    assert case.do("ani", "submit", data={"amount": "12500"}) is None
    assert case.answer("amount") == 12500


def test_required_answers_are_asked_by_every_act_that_edits_them_but_not_by_incomplete_or_internal_ones(play):
    form = """
schema: casework-form/1
form: sample
version: 1.0.0
title: {id: Contoh, en: Sample}
fields:
  text: {type: text, title: {id: Teks, en: Text}, required: true}
  count: {type: integer, title: {id: Hitungan, en: Count}, default: 0}
sections: {all: {order: 10, title: {id: S, en: A}, fields: {text: {order: 1}, count: {order: 2}}}}
"""
    written = """
    lifecycle:
      initial: draft
      states:
        draft:
          task: {candidates: [starter], form: sample, fields: {text: edit}}
          transitions:
            submit: {to: review}
            discard: {to: over, answers: incomplete}
            count: {internal: true, effects: {add: {increment: count}}}
            stop: {to: over, by: [head]}
        review: {task: {candidates: [clerk], form: sample}, transitions: {approve: {to: over}}}
        over: {type: final}
    """
    case = play(written, form=form)
    assert case.do("ani", "submit") == "field_invalid"
    assert [fault.path for fault in case.last.refusal.faults] == ["text"]
    assert case.do("ani", "count") is None
    assert case.do("ani", "claim") is None
    assert case.do("ani", "submit", data={"text": "now"}) is None
    assert case.do("carla", "approve") is None
    assert play(written, form=form).do("ani", "discard") is None
    assert play(written, form=form).do("hana", "stop") is None


CASE_ROLES = """
separation_of_duties:
  conflict: {applies_to: [lead, member], exclude_when: "user == case.owner"}
lifecycle:
  initial: team
  states:
    team:
      task: {candidates: [head], form: sample, assigns: [lead, member]}
      transitions: {start: {to: work, guard: "count(case_roles.lead) == 1"}, look: {to: team}}
    work:
      task: {candidates: [lead, member], form: sample}
      transitions: {finish: {to: over}}
    over: {type: final}
"""
MORE_ROLES = """
roles:
  starter: {title: {id: Pembuka, en: Starter}, resolve: initiator}
  head: {title: {id: Kepala, en: Head}, resolve: {group: heads}}
  lead: {title: {id: Ketua, en: Lead}, resolve: {case_role: true, cardinality: one}}
  member: {title: {id: Anggota, en: Member}, resolve: {case_role: true, cardinality: many}}
"""


def test_people_are_chosen_for_the_case_by_the_act_of_a_task_that_assigns(play):
    case = play(CASE_ROLES, roles=MORE_ROLES, data={"owner": "otto"})
    assert case.do("hana", "start") == "guard"
    assert case.do("hana", "start", assign={"lead": ("lena", "lars")}) == "field_invalid"
    assert case.do("hana", "start", assign={"head": ("lena",)}) == "field_invalid"
    assert case.do("hana", "start", assign={"lead": ("otto",)}) == "separation_of_duties"
    assert case.do("hana", "start", assign={"lead": ("lena",), "member": ("mia", "mia")}) is None
    assert case.candidates() == ["lena", "mia"]
    assert case.do("mia", "finish", assign={"lead": ("mia",)}) == "field_invalid"
    assert case.do("mia", "finish") is None


def test_a_schedule_opens_and_closes_a_transition(play):
    written = """
    schedules:
      january: {title: {id: Penetapan, en: Setting}, from: "date(2026, 3, 4)", to: "date(2026, 3, 6)"}
    lifecycle:
      initial: draft
      states:
        draft: {task: {candidates: [starter]}, transitions: {submit: {to: over, window: january}}}
        over: {type: final}
    """
    case = play(written)
    assert case.do("ani", "submit") == "outside_schedule"
    case.advance(days=5)
    assert case.do("ani", "submit") == "outside_schedule"
    case = play(written)
    case.advance(days=2)
    assert case.do("ani", "submit") is None
    case = play(written)
    case.advance(days=4)
    assert case.do("ani", "submit") is None


def test_a_task_is_offered_anew_to_whoever_holds_the_role_when_it_is_asked(play):
    written = """
    lifecycle:
      initial: work
      states:
        work:
          task: {candidates: [owner], form: sample}
          transitions:
            approve: {to: over}
            hand_over: {internal: true, by: [head], effects: {to: {set: {field: owner, value: nina}}}}
        over: {type: final}
    """
    roles = """
roles:
  owner: {title: {id: Pemilik, en: Owner}, resolve: {field: owner}}
  head: {title: {id: Kepala, en: Head}, resolve: {group: heads}}
"""
    case = play(written, roles=roles, data={"owner": "otto"})
    assert case.candidates() == ["otto"]
    case.do("hana", "hand_over")
    assert case.candidates() == ["nina"]
    assert case.do("otto", "approve") == "not_candidate"
    assert case.do("nina", "approve") is None


RECALL = TWO_STEPS.replace(
    "submit: {to: review}", "submit: {to: review, recallable: true, effects: {n: {increment: count}}}"
)


def test_the_one_who_did_it_may_take_it_back_until_the_next_act(play):
    case = play(RECALL)
    assert case.do("ani", "recall") == "not_recallable"
    case.do("ani", "submit", data={"text": "typed"})
    assert case.answer("count") == 1
    assert case.do("carla", "recall") == "not_recallable"
    assert case.do("ani", "recall") is None
    assert case.states == ["draft"]
    assert case.answer("count") == 0
    assert case.answer("text") == "typed"
    assert case.candidates() == ["ani"]
    assert case.do("ani", "recall") == "not_recallable"
    case.do("ani", "submit")
    case.do("carla", "note")
    assert case.do("ani", "recall") == "not_recallable"


def test_what_is_said_of_taking_back_is_true_for_each_who_asks(play):
    case = play(RECALL)
    nothing = "Langkah terakhir pada kasus ini tidak dapat ditarik kembali."
    for person in ("ani", "carla"):  # only opened so far
        case.do(person, "recall")
        assert case.last.refusal.sentence.id == nothing
    case.do("ani", "submit")
    case.do("carla", "recall")
    assert case.last.refusal.sentence.id == "Hanya ani yang dapat menarik kembali langkah terakhir."
    assert case.last.refusal.sentence.en == "Only ani can take the last step back."
    case.do("carla", "note")
    for person in ("ani", "carla"):
        case.do(person, "recall")
        assert case.last.refusal.sentence.id == nothing


def test_a_suspended_case_refuses_every_act(play):
    case = opened(play)
    case.case.facts = replace(case.case.facts, is_suspended=True)
    assert case.do("carla", "approve") == "suspended"
    assert case.do("carla", "claim") == "suspended"
    assert case.do("carla", "nonsense") == "unknown_event"


def test_a_task_may_be_given_to_another_candidate_only(play):
    case = opened(play, users={"clerk": ["carla", "cici", "coba"]})
    assert case.do("carla", "assign", to="leo") == "not_candidate"
    assert case.do("leo", "assign", to="carla") == "not_candidate"
    assert case.do("carla", "assign", to="cici") is None
    assert case.do("coba", "approve") == "claimed_by_other"
    assert case.do("carla", "assign", to="coba") == "claimed_by_other"
    assert case.do("cici", "approve") is None


def test_a_task_may_be_delegated_with_a_reason_and_a_last_day_to_somebody_nothing_forbids(play):
    written = TWO_STEPS.replace(
        "lifecycle:",
        "  delegate: {may: [approve], within: unit, max_depth: 1, requires: [reason, until]}\nlifecycle:",
        1,
    )
    case = play(written)
    case.do("ani", "submit")
    assert case.do("carla", "delegate", to="dodi") == "comment_required"
    assert case.do("carla", "delegate", "on leave", to="ani") == "excluded"
    assert case.do("carla", "delegate", "on leave", to="dodi") == "field_invalid"
    assert case.do("carla", "delegate", "on leave", to="dodi", until=date(2026, 3, 6)) is None
    assert case.do("dodi", "delegate", "too", to="emi") == "not_within_acting_powers"
    assert case.do("dodi", "return", "no") == "not_within_acting_powers"
    assert case.do("dodi", "approve") is None
    assert case.last.on_behalf_of == "carla"
