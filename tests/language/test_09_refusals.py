# ruff: noqa: E501 - YAML as authors write it
"""§9 Refusals and incidents: every code, told in both languages, with what to do next."""

from __future__ import annotations

import pytest

from engine.cases.incidents import WORDS
from engine.cases.refusals import CODES, WORDINGS

REFUSALS = [
    "unknown_event",
    "not_candidate",
    "not_your_turn",
    "claimed_by_other",
    "excluded",
    "separation_of_duties",
    "not_within_acting_powers",
    "mandate_expired",
    "comment_required",
    "attachment_required",
    "field_invalid",
    "guard",
    "already_decided",
    "unknown_item",
    "waiting_for_branch",
    "outside_schedule",
    "suspended",
    "stale_revision",
    "not_recallable",
    "second_factor_required",
]
WITHOUT_A_NEXT_STEP = {"already_decided", "unknown_item", "not_recallable"}


def test_9_there_are_these_refusals_and_no_others():
    assert set(REFUSALS) <= set(CODES)


@pytest.mark.parametrize("code", REFUSALS)
def test_9_a_refusal_is_a_sentence_in_both_languages_with_a_next_step(code):
    wording = WORDINGS[code]
    assert wording.sentence.id and wording.sentence.en and wording.sentence.id != wording.sentence.en
    assert (wording.next_step is None) == (code in WITHOUT_A_NEXT_STEP)


@pytest.mark.parametrize(
    "code", ["no_candidate", "effect_failed", "timer_failed", "no_rule_matched", "message_failed", "migration_blocked"]
)
def test_9_there_are_these_incidents(code):
    assert WORDS[code].id and WORDS[code].en


WRITTEN = """
lifecycle:
  initial: work
  states:
    work: {task: {candidates: [clerk], form: sample, fields: {names: edit}}, transitions: {send: {to: vote, title: {id: Kirim, en: Send}}}}
    vote:
      title: {id: Putusan, en: Decision}
      approval: {ordering: sequential, approvers: {a: {order: 1, candidates: [finance]}, b: {order: 2, candidates: [legal]}}}
      transitions: {approved: {to: over}, rejected: {to: over}}
    over: {type: final}
"""


def test_9_an_unknown_action_is_named(play):
    case = play(WRITTEN)
    assert case.do("carla", "burn") == "unknown_event"
    assert "burn" in case.sentence


def test_9_whose_step_it_is_is_told(play):
    case = play(WRITTEN)
    assert case.do("hana", "send") == "not_candidate"
    assert "Clerk" in case.sentence or "Clerks" in case.sentence or "carla" in case.sentence


def test_9_whose_turn_it_is_is_told(play):
    case = play(WRITTEN)
    case.do("carla", "send")
    assert case.do("leo", "approve") == "not_your_turn"
    assert "Finance" in case.sentence or "fina" in case.sentence


def test_9_who_holds_it_is_told(play):
    case = play(WRITTEN, users={"clerk": ["carla", "cici"]})
    case.do("cici", "claim")
    assert case.do("carla", "send") == "claimed_by_other"
    assert "cici" in case.sentence


def test_9_the_fields_that_are_wrong_are_named(play):
    case = play(WRITTEN)
    assert case.do("carla", "send", data={"names": ["x"]}) == "field_invalid"
    assert "1" in case.sentence and "Names" in case.sentence


def test_9_what_was_decided_already_is_told(play):
    case = play(WRITTEN.replace("ordering: sequential", "ordering: parallel"))
    case.do("carla", "send")
    case.do("fina", "approve")
    assert case.do("fina", "approve") == "already_decided"
