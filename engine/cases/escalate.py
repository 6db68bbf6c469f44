"""A due timer runs its effects, or a transition, by the system."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.cases.catching_up import wait_for_key
from engine.cases.clocks import in_turn
from engine.cases.fire import perform
from engine.cases.models import Case, Incident
from engine.cases.plan import plan_timer
from engine.cases.stored import StoredCase, read_case
from engine.changes import Plan, Refusal
from engine.errors import AlurError, Conflict, KeyNeeded
from engine.timers.models import TimerRow

log = logging.getLogger("alur.timers")

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 1440))


def run_due_timers(session: Session, now: datetime, worker: str, limit: int = 20) -> int:
    """Fire up to ``limit`` due timers, oldest first; how many were dealt with. The caller commits.

    The row lock of its case keeps two workers from one timer, and the case says whether the timer is still there: so
    a timer fires once however often this is tried, and one whose state was left does not fire at all. A timer that
    fails is undone alone, raises the incident ``timer_failed`` and is tried again after a growing pause. One of a
    sealed case that asks for answers waits for somebody who holds the key (``catching_up``).
    """
    dealt_with = 0
    for case_id, key, entry in _due(session, now, limit):
        if not _take(session, case_id):
            continue  # another worker or an act is at it
        dealt_with += 1
        try:
            with session.begin_nested():
                stored = read_case(session, case_id, now)
                key, entry = _first_of_its_moment(session, stored, key, entry)
                _fire(session, stored, key, entry)
        except KeyNeeded:
            wait_for_key(session, case_id, key, now)
        except (AlurError, DBAPIError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            log.exception("timer %s of case %s failed", key, case_id)
            _note_failure(session, case_id, key, worker, str(error) or type(error).__name__, now)
    return dealt_with


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether ``run_due_timers`` would find something: a question that takes no lock."""
    return bool(_due(session, now, 1))


def _due(session: Session, now: datetime, limit: int) -> list[tuple[int, str, int]]:
    wanted = (
        select(TimerRow.case_id, TimerRow.key, TimerRow.entry)
        .join(Case, Case.id == TimerRow.case_id)
        .where(
            TimerRow.due_at <= now,
            or_(TimerRow.lease_until.is_(None), TimerRow.lease_until <= now),
            Case.is_suspended.is_(False),
        )
        .order_by(TimerRow.due_at, TimerRow.case_id, TimerRow.key)
        .limit(limit)
    )
    return [(row.case_id, row.key, row.entry) for row in session.execute(wanted)]


def _take(session: Session, case_id: int) -> bool:
    """Lock the case, the same row an act locks first, so that neither ever waits for the other the wrong way round."""
    locked = select(Case.id).where(Case.id == case_id).with_for_update(skip_locked=True)
    return session.scalar(locked) is not None


def _first_of_its_moment(session: Session, stored: StoredCase, key: str, entry: int) -> tuple[str, int]:
    """The timer whose turn it is among those of the case due at the same moment as this one, as on paper; those that
    have failed and wait to be tried again are passed over."""
    timers = stored.facts.state.timers
    if key not in timers:
        return key, entry
    together = [timer for timer in timers.values() if timer.due_at == timers[key].due_at]
    if len(together) > 1:
        failed = select(TimerRow.key).where(TimerRow.case_id == stored.row.id, TimerRow.lease_until > stored.facts.now)
        waiting = set(session.scalars(failed))
        first = next(timer for timer in in_turn(stored.definition, together) if timer.key not in waiting)
        return first.key, first.entry
    return key, entry


def _fire(session: Session, stored: StoredCase, key: str, entry: int) -> None:
    case_id, now = stored.row.id, stored.facts.now
    decision = plan_timer(stored.definition, stored.facts, key, entry)
    if isinstance(decision, Plan):
        perform(session, stored, decision, now)
        return
    if isinstance(decision, Refusal):
        raise Conflict(f"{decision.code}: {decision.sentence.en}")
    running = stored.facts.state.timers.get(key)
    if running is None:
        session.execute(delete(TimerRow).where(TimerRow.case_id == case_id, TimerRow.key == key))
    else:  # moved to later since it was read
        row = update(TimerRow).where(TimerRow.case_id == case_id, TimerRow.key == key)
        session.execute(row.values(due_at=running.due_at, entry=running.entry))


def _note_failure(session: Session, case_id: int, key: str, worker: str, why: str, now: datetime) -> None:
    row = session.get(TimerRow, (case_id, key), populate_existing=True)
    case = session.get(Case, case_id)
    if row is None or case is None:
        return
    if row.attempts == 0:  # once is enough: the pauses grow, the incident stays open
        incident = Incident(
            region_id=case.region_id, case_id=case_id, code="timer_failed", detail=f"{key}: {why}"[:500]
        )
        incident.state, incident.raised_at = key.partition(".")[0], now
        session.add(incident)
    row.lease_until = now + PAUSES[min(row.attempts, len(PAUSES) - 1)]
    row.leased_by = worker
    row.attempts += 1
    session.flush()
