"""Random walks: what is decided on paper and what happened in the store agree after every step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from engine.cases.escalate import run_due_timers
from engine.cases.fire import Fired, fire
from engine.cases.plan import plan_act, plan_timer
from engine.cases.stored import read_case
from engine.changes import Plan, Refusal
from engine.definitions.model import Definition
from engine.facts import CaseFacts, Command
from tests.office import Office, an_office
from tests.shadow import check_case

PEOPLE = ("sari", "budi", "dewi", "eko", "fitri", "gita", "hadi", "indra", "wati")
ACTIONS = (
    "submit", "approve", "approve", "approve", "approve", "return", "reject", "resubmit", "restart", "sign", "sign",
    "decline", "withdraw", "discard", "claim", "release", "recall", "no_such_action",
)  # fmt: skip
ANSWERS = ({}, {}, {"period": 2027}, {"period": "not a year"}, {"goals": []}, {"review_note": "Periksa lagi"})

acts = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from(ACTIONS), st.sampled_from(("", "Alasan")), st.sampled_from(ANSWERS)
)
waits = st.integers(min_value=1, max_value=100).map(lambda hours: timedelta(hours=hours))


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return an_office(session, now)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(walk=st.lists(st.one_of(acts, acts, acts, acts, waits), max_size=30))
def test_paper_and_store_agree_after_every_step(
    session: Session, office: Office, now: datetime, walk: list[tuple[str, str, str, dict[str, object]] | timedelta]
) -> None:
    case_id = office.open(session, now).case_id
    stored = read_case(session, case_id, now)
    definition, paper, clock = stored.definition, stored.facts, now
    for step in walk:
        if isinstance(step, timedelta):
            clock += step
            paper = let_time_pass(definition, replace(paper, now=clock))
            while run_due_timers(session, clock, "walk"):
                pass
        else:
            who, action, comment, answers = step
            command = Command(action, office.people[who].id, comment=comment, answers=answers)
            paper = act(session, case_id, definition, replace(paper, now=clock), command)
        facts = read_case(session, case_id, clock).facts
        assert facts.state == paper.state
        assert facts.answers == paper.answers
        assert facts.revision == paper.revision
    check_case(session, case_id, clock)


def act(session: Session, case_id: int, definition: Definition, paper: CaseFacts, command: Command) -> CaseFacts:
    decided = plan_act(definition, paper, command)
    try:
        outcome = fire(session, case_id, command, now=paper.now)
    except Exception as error:  # somebody who may not see the case: on paper it is a refusal
        assert type(error).__name__ == "NotFound" and isinstance(decided, Refusal)
        return paper
    if isinstance(decided, Refusal):
        assert isinstance(outcome, Refusal) and outcome.code == decided.code
        return paper
    assert isinstance(outcome, Fired) and set(outcome.states) == set(decided.after.active)
    return after(paper, decided)


def let_time_pass(definition: Definition, paper: CaseFacts) -> CaseFacts:
    while True:
        due = [timer for timer in paper.state.timers.values() if timer.due_at <= paper.now]
        if not due or paper.state.is_ended:
            return paper
        first = min(due, key=lambda timer: (timer.due_at, timer.key))
        decided = plan_timer(definition, paper, first.key, first.entry)
        assert isinstance(decided, Plan)
        paper = after(paper, decided)


def after(paper: CaseFacts, plan: Plan) -> CaseFacts:
    answers = {name: value for name, value in plan.answers.items() if value is not None}
    return replace(paper, state=plan.after, answers=answers, revision=paper.revision + len(plan.entries))
