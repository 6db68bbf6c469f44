"""A part of this installation tells a case that something happened: it takes that action as the system."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases.fire import perform
from engine.cases.signals import plan_signal
from engine.cases.stored import read_case


def hear(session: Session, case_id: int, event: str, now: datetime) -> bool:
    """Whether the case took the action ``event``; where it is not waiting for it, it passes by. The caller commits.

    The same as a ``signal`` of a linked case: the guard is asked, what is required of a person is not. Raises NotFound
    for no such case, Conflict when somebody moved it in between.
    """
    stored = read_case(session, case_id, now, is_locked=True)
    plan = plan_signal(stored.definition, stored.facts, event)
    if plan is None:
        return False
    perform(session, stored, plan, now)
    return True
