"""What the history says about timers and votes: in words of both languages, never by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.cases.timer_sentences import timer_sentence
from engine.cases.wording import state_title
from engine.definitions.model import Definition, Text
from tests.engine.cases.conftest import Played
from tests.engine.cases.written import define

WRITTEN = """
lifecycle:
  initial: review
  states:
    review:
      title: {id: Telaah, en: Review}
      task: {candidates: [clerk], due: {working_days: 3}}
      timers:
        remind:   {after: {days: 1}, effects: {tell: {notify: reminder}}}
        late:     {after: {days: 2}, effects: {tell: {notify: escalated}}}
        escalate: {after: {days: 3}, effects: {raise: {add_candidate: head}, tell: {notify: escalated}}}
        pass:     {after: {days: 4}, do: approve}
        expire:   {after: {days: 5}, to: closed}
      transitions: {approve: {to: closed, title: {id: Setujui, en: Approve}}}
    closed: {type: final}
notifications:
  reminder:  {channel: email, to: [candidates], template: {subject: {id: a, en: a}, body: {id: a, en: a}}}
  escalated: {channel: email, to: [candidates], template: {subject: {id: a, en: a}, body: {id: a, en: a}}}
"""


@pytest.fixture(scope="module")
def definition() -> Definition:
    return define(WRITTEN)


@pytest.mark.parametrize(
    ("key", "indonesian", "english"),
    [
        ("review.remind", "Pengingat terkirim pada Telaah", "A reminder was sent in Review"),
        ("review.late", "Batas waktu Telaah lewat; pemberitahuan terkirim",
         "The time limit of Review has passed; a notice was sent"),
        ("review.pass", "Batas waktu Telaah lewat; “Setujui” dijalankan sistem",
         "The time limit of Review has passed; the system chose “Approve”"),
        ("review.expire", "Batas waktu Telaah lewat", "The time limit of Review has passed"),
        ("task.1.auto_release", "Tugas Telaah dilepas: terlalu lama dipegang",
         "The task Review was given back: held for too long"),
        ("sla.whole.at_risk", "Batas waktu penyelesaian kasus ini hampir habis",
         "The time promised for this case is nearly over"),
        ("review.gone", "Waktu yang ditetapkan pada Telaah tercapai", "The set time in Review was reached"),
    ],
)  # fmt: skip
def test_a_timer_is_told_by_what_it_did(definition: Definition, key: str, indonesian: str, english: str) -> None:
    assert timer_sentence(definition, key, state_title(definition, "review")) == Text(indonesian, english)


def test_an_escalation_names_who_was_added(definition: Definition) -> None:
    said = timer_sentence(definition, "review.escalate", state_title(definition, "review"))
    head = definition.roles["head"].title
    assert said.id == f"Batas waktu Telaah lewat; {head.id} ikut diminta menangani"
    assert said.en == f"The time limit of Review has passed; {head.en} was asked as well"


def test_a_decision_made_already_is_named_by_its_title(play: Callable[..., Played]) -> None:
    case = play("""
lifecycle:
  initial: joint
  states:
    joint:
      approval:
        ordering: parallel
        approvers: {one: {candidates: [finance]}, two: {candidates: [planning]}}
        completion: all
      transitions: {approved: {to: closed}, rejected: {to: closed}}
    closed: {type: final}
""")
    assert case.do("fina", "approve") is None
    assert case.do("fina", "approve") == "already_decided"
    assert case.last.refusal is not None
    assert "'Setujui'" in case.last.refusal.sentence.id and "'Approve'" in case.last.refusal.sentence.en
