"""A supervisor pauses a case and lets it go on: nobody acts, nothing falls due, and no time is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.cases.access import reader_of, require_visible
from engine.cases.fire import perform
from engine.cases.models import Case
from engine.cases.signals import plan_signal
from engine.cases.standstill import moved_on
from engine.cases.step import Step
from engine.cases.stored import SUSPENDED, StoredCase, read_case
from engine.changes import HistoryEntry, Plan
from engine.errors import InvalidInput, KeyNeeded, NotFound
from engine.facts import CaseState

PAUSED, WENT_ON = "suspend", "continue"
LONGEST_REASON = 1000


def pause(session: Session, person_id: int, case_id: int, reason: str, now: datetime) -> None:
    """The case stands still, told in its history with the reason; the caller commits.

    Raises NotFound for who is no supervisor or may not see it, KeyNeeded for a sealed case whose key is not at hand,
    InvalidInput without a reason or when there is nothing to pause.
    """
    stored = _supervised(session, person_id, case_id, now)
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON:
        raise InvalidInput(f"A pause needs a reason of at most {LONGEST_REASON} characters.")
    if stored.facts.is_suspended or stored.facts.state.is_ended:
        raise InvalidInput("The case has ended." if stored.facts.state.is_ended else "The case is paused already.")
    _tell(session, stored, person_id, PAUSED, text, replace(stored.facts.state, last_act=None), now)
    note = text if stored.seal is None else stored.seal.lock(SUSPENDED, text)
    _mark(session, case_id, is_suspended=True, suspended_note=note, suspended_at=now)


def resume(session: Session, person_id: int, case_id: int, note: str, now: datetime) -> None:
    """The case goes on: what was counted keeps what was left of it, and what linked cases said meanwhile is heard.

    Raises NotFound as ``pause`` does, InvalidInput for a case that is not paused or a note that is too long.
    """
    stored = _supervised(session, person_id, case_id, now)
    if not stored.facts.is_suspended:
        raise InvalidInput("The case is not paused.")
    if len(note) > LONGEST_REASON:
        raise InvalidInput(f"A note has at most {LONGEST_REASON} characters.")
    since = stored.facts.suspension.get("at") or now
    after = moved_on(Step(stored.definition, stored.facts), since)
    waiting = after.extras.get("signals", ())
    after = replace(after, extras={name: value for name, value in after.extras.items() if name != "signals"})
    _tell(session, stored, person_id, WENT_ON, note.strip(), after, now)
    _mark(session, case_id, is_suspended=False, suspended_note=None, suspended_at=None)
    for event in waiting:
        going_on = read_case(session, case_id, now, is_locked=True)
        answer = plan_signal(going_on.definition, going_on.facts, event)
        if answer is not None:
            perform(session, going_on, answer, now)


def _supervised(session: Session, person_id: int, case_id: int, now: datetime) -> StoredCase:
    reader = reader_of(session, person_id, now)
    require_visible(session, reader, case_id)
    if not reader.is_supervisor:
        raise NotFound("Only supervisors pause a case.")
    stored = read_case(session, case_id, now, is_locked=True)
    if stored.definition.is_sealed and stored.seal is None:
        raise KeyNeeded
    return stored


def _tell(
    session: Session, stored: StoredCase, person_id: int, action: str, text: str, after: CaseState, now: datetime
) -> None:
    entry = HistoryEntry(now, person_id, None, None, action, None, (), (), text)
    facts = stored.facts
    perform(session, stored, Plan(facts.state, after, facts.answers, None, (entry,)), now)


def _mark(session: Session, case_id: int, **values: object) -> None:
    session.execute(update(Case).where(Case.id == case_id).values(**values))
    session.expire_all()
