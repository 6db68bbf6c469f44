"""Whether the rows beside a case say the same as its state: tasks, offers, timers, history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.verify import verify
from engine.cases.models import Case, CaseAnswers, History
from engine.cases.offer_rows import offers_of
from engine.cases.stored import read_case
from engine.tasks.models import Offer, Task
from engine.timers.models import TimerRow


def check_all(session: Session, now: datetime) -> int:
    """Every case agrees with its rows and the chains are whole; how many cases there are."""
    ids = session.scalars(select(Case.id)).all()
    for case_id in ids:
        check_case(session, case_id, now)
    assert verify(session) == []
    assert session.scalar(select(func.count()).select_from(CaseAnswers)) == len(ids)
    return len(ids)


def check_case(session: Session, case_id: int, now: datetime) -> None:
    stored = read_case(session, case_id, now)
    state = stored.facts.state
    seqs = session.scalars(select(History.seq).where(History.case_id == case_id).order_by(History.seq)).all()
    assert list(seqs) == list(range(1, stored.row.revision + 1))
    offers = session.execute(
        select(Offer.audience, Offer.due_key, Offer.number, Offer.powers).where(Offer.case_id == case_id)
    )
    assert {tuple(row[:3]): row[3] for row in offers} == offers_of(stored.definition, state)
    tasks = session.execute(
        select(Task.number, Task.state, Task.assignee_id, Task.claimed_at, Task.due_at)
        .where(Task.case_id == case_id, Task.closed_at.is_(None))
    )  # fmt: skip
    assert {tuple(row) for row in tasks} == {
        (task.number, task.state, task.assignee, task.claimed_at, task.due_at) for task in state.tasks.values()
    }
    timers = session.execute(
        select(TimerRow.key, TimerRow.entry, TimerRow.count, TimerRow.due_at).where(TimerRow.case_id == case_id)
    )
    assert {tuple(row) for row in timers} == {
        (timer.key, timer.entry, timer.count, timer.due_at) for timer in state.timers.values()
    }
