"""What waits for somebody with a key: deadlines that ask for sealed answers, and copies for people who are new.

The worker has no keys. What it cannot decide it leaves, tells those who hold a copy by the constant mail, and whoever
unlocks their key next does it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.cases.custody import hand_on
from engine.cases.fire import perform
from engine.cases.key_copies import holders_of, people_among
from engine.cases.models import Case
from engine.cases.plan import plan_timer
from engine.cases.sealed_mail import add_messages, sealed_messages, slots_of
from engine.cases.sealed_step import copies_after, offered_singly, seen_now
from engine.cases.stored import StoredCase, read_case
from engine.changes import HistoryEntry, Plan
from engine.disclosure.case_keys import Kind
from engine.disclosure.keyring import held, officer
from engine.disclosure.models import CaseKey, SealedCase
from engine.errors import AlurError
from engine.timers.models import TimerRow

log = logging.getLogger("alur.sealed")

WAITS_FOR_KEY = "waits for a key"
LOOKS_AGAIN = timedelta(days=1)


def wait_for_key(session: Session, case_id: int, key: str, now: datetime) -> None:
    """Leave a due timer to whoever unlocks their key next, and tell them once a day that there is something."""
    row = session.get(TimerRow, (case_id, key), populate_existing=True)
    case = session.get(Case, case_id)
    if row is None or case is None:
        return
    row.lease_until, row.leased_by = now + LOOKS_AGAIN, WAITS_FOR_KEY
    session.flush()
    people = people_among(holders_of(session, case_id))
    stored = read_case(session, case_id, now)
    tell(session, stored, people, now)


def tell(
    session: Session, stored: StoredCase, people: frozenset[int], now: datetime, *, is_from_outside: bool = False
) -> None:
    """The constant mail for these people, at a coming slot: it names no case. ``now`` is the real moment."""
    slots = slots_of(session, stored.row.region_id, stored.directory)
    add_messages(session, sealed_messages(stored.row.region_id, people, slots, now, is_from_outside=is_from_outside))


def catch_up(session: Session, person_id: int, now: datetime, *, limit: int = 50) -> int:
    """Do what waited for a key this person holds, of a case's content and of a reporter's identity, in up to ``limit``
    cases of either; how many were dealt with. To be called with their keyring held, in a writing transaction; the
    caller commits. A case that cannot be dealt with is left."""
    keyring = held(session)
    if keyring is None or keyring.holder != officer(person_id):
        return 0
    done = 0
    for case_id in _waiting(session, keyring.holder, now, limit):
        try:
            with session.begin_nested():
                _fire_all(session, case_id, now)
                _copies(session, case_id, now)
            done += 1
        except AlurError as error:  # without its words, which may be the case's
            log.error("what waits in case %s could not be done: %s", case_id, type(error).__name__)
    return done + hand_on(session, person_id, now, limit=limit)


def _waiting(session: Session, holder: str, now: datetime, limit: int) -> list[int]:
    mine = select(CaseKey.case_id).where(CaseKey.holder == holder, CaseKey.kind == str(Kind.CONTENT))
    timers = select(TimerRow.case_id).where(
        TimerRow.case_id.in_(mine), TimerRow.due_at <= now, TimerRow.leased_by == WAITS_FOR_KEY
    )
    found = dict.fromkeys(session.scalars(timers.limit(limit)))
    region_id = session.scalar(select(SealedCase.region_id).where(SealedCase.case_id.in_(mine)).limit(1))
    if region_id is not None:
        stale = select(SealedCase.case_id).where(
            SealedCase.case_id.in_(mine), SealedCase.ended_on.is_(None),
            SealedCase.recipients_seen != seen_now(session, region_id, now),
        )  # fmt: skip
        found |= dict.fromkeys(session.scalars(stale.order_by(SealedCase.case_id.desc()).limit(limit)))
    return list(found)[:limit]


def _fire_all(session: Session, case_id: int, now: datetime) -> None:
    due = select(TimerRow.key, TimerRow.entry).where(
        TimerRow.case_id == case_id, TimerRow.due_at <= now, TimerRow.leased_by == WAITS_FOR_KEY
    )
    for key, entry in session.execute(due.order_by(TimerRow.due_at, TimerRow.key)).all():
        stored = read_case(session, case_id, now, is_locked=True)
        decision = plan_timer(stored.definition, stored.facts, key, entry)
        if isinstance(decision, Plan):
            perform(session, stored, decision, now)


def _copies(session: Session, case_id: int, now: datetime) -> None:
    """Copies and offers as the organisation is now; a line of history only where something changes."""
    stored = read_case(session, case_id, now, is_locked=True)
    if stored.seal is None:
        return  # a copy that does not open: whoever has one that does looks after the case
    state = stored.facts.state
    entry = HistoryEntry(now, None, None, None, "reoffer", None, (), ())
    plan = Plan(state, state, stored.facts.answers, None, (entry,))
    copies = copies_after(session, stored, plan)
    if copies.add or copies.drop or offered_singly(stored, plan, copies.people).tasks != state.tasks:
        perform(session, stored, plan, now)
        return
    seen = seen_now(session, stored.row.region_id, now)
    session.execute(update(SealedCase).where(SealedCase.case_id == case_id).values(recipients_seen=seen))
