"""Messages of cases on their way to people: addressed when they fall due, left out when they became unnecessary.

A message for a position or a group is addressed to whoever holds it at that moment, so a new holder gets it; the key
of ``messages`` sees to it that one person gets one mail for one notification of one act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case, Exclusion, Incident
from engine.cases.sealed_mail import is_sealed_mail, unwanted
from engine.cases.standing_in import STAND_IN
from engine.database import driver_rows, insert_or
from engine.facts import Audience
from engine.organisation.directory import POWERS, StoreDirectory, snapshot
from engine.outbox import messages
from engine.outbox.letters import NO_CASE
from engine.outbox.messages import CANCELLED, EXPANDED, WAITING, DueMessage
from engine.outbox.models import Message
from engine.publishing import library
from engine.tasks.models import Offer, Task
from engine.tasks.powers import ALL_POWERS
from engine.vocabulary import load

# reasons that ask somebody to act on a task: senseless once it is closed
ASKING = ("assigned", "reminder", "escalated", "stand_in")


def claim_due(session: Session, now: datetime, worker: str, limit: int = 50) -> list[DueMessage]:
    """Messages to send now, each leased to ``worker``; the caller commits before sending.

    Before that, those for positions and groups are addressed, and reminders nobody needs any more are cancelled.
    """
    address_due(session, now, limit)
    rows: list[Message] = []
    cases: dict[int, Any] = {}
    while not rows:
        leased = messages.lease(session, now, worker, limit)
        if not leased:
            return []
        leased = _without_unwanted(session, leased)
        cases = _cases(session, {row.case_id for row in leased})
        rows = _without_obsolete(session, leased, cases, now)
    return [_due(row, cases[row.case_id]) if row.case_id != NO_CASE else _due_without_case(row) for row in rows]


def address_due(session: Session, now: datetime, limit: int = 50) -> int:
    """Turn due messages for positions and groups into messages for the people who stand there now; how many."""
    due = (
        select(Message)
        .where(Message.state == WAITING, Message.not_before <= now, Message.person_id.is_(None))
        .order_by(Message.not_before, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(due.execution_options(populate_existing=True)).all()
    directories: dict[int, StoreDirectory] = {}
    for row in rows:
        directory = directories.setdefault(row.region_id, snapshot(session, row.region_id, now))
        people = _people(session, directory, row, now)
        for person in people:
            session.execute(_one_each(session, row, person))
        row.state = EXPANDED if people else CANCELLED
        row.last_error = None if people else "nobody stands there"
    session.flush()
    return len(rows)


def _without_unwanted(session: Session, rows: Sequence[Message]) -> list[Message]:
    """The leased ``rows`` without constant mails to people who hold nothing any more. These are cancelled."""
    dropped = unwanted(session, rows)
    for row in dropped:
        _cancel(row, "holds nothing any more")
    session.flush()
    return [row for row in rows if row not in dropped]


def _cancel(row: Message, why: str) -> None:
    row.state, row.last_error, row.lease_until, row.leased_by = CANCELLED, why, None, None


def _without_obsolete(
    session: Session, rows: Sequence[Message], cases: Mapping[int, Any], now: datetime
) -> list[Message]:
    """The leased ``rows`` without those that ask for an act nobody has to do any more, or somebody else has taken on.
    These are cancelled."""
    kept = []
    for row in rows:
        if row.reason not in ASKING or not row.task or _is_still_asked(session, row, cases[row.case_id].digest, now):
            kept.append(row)
        else:
            _cancel(row, "no longer needed")
    session.flush()
    return kept


def _is_still_asked(session: Session, row: Message, digest: str, now: datetime) -> bool:
    """Whether the entry of the state is still open, and for those written to as candidates: open for them.

    One message may be about all places of an approval, so the person's own offers count, not the task it names: a
    reminder stays good for those who have not decided.
    """
    about = select(Task.entry).where(Task.case_id == row.case_id, Task.number == row.task).scalar_subquery()
    offered = (
        select(Offer.audience)
        .join(Task, (Task.case_id == Offer.case_id) & (Task.number == Offer.number))
        .where(Offer.case_id == row.case_id, Task.entry == about, Task.closed_at.is_(None))
    )
    audiences = [Audience(*text.split(":", 1)) for text in session.scalars(offered)]
    notification = library.definition(session, digest, load()).notifications.get(row.notification)
    if notification is None or notification.to != ("candidates",):
        return bool(audiences)  # a superior who only hears of it has no offer of their own
    directory = snapshot(session, row.region_id, now)
    return any(seat.person == row.person_id for audience in audiences for seat in directory.seats(audience, now))


def mark_sent(session: Session, message_id: int, now: datetime, recipient: str) -> bool:
    """See ``outbox.messages.mark_sent``."""
    return messages.mark_sent(session, message_id, now, recipient)


def mark_failed(session: Session, message_id: int, now: datetime, error: str, *, is_final: bool = False) -> bool:
    """See ``outbox.messages.mark_failed``; one that is given up raises the incident ``message_failed``."""
    if not messages.mark_failed(session, message_id, now, error, is_final=is_final):
        return False
    row = session.get_one(Message, message_id)
    incident = Incident(
        region_id=row.region_id,
        case_id=None if row.case_id == NO_CASE else row.case_id,
        code="message_failed",
        state=None,
        detail=f"{row.notification} to person {row.person_id}: {error}"[:500],
        raised_at=now,
    )
    session.add(incident)
    session.flush()
    return True


def _people(session: Session, directory: StoreDirectory, row: Message, now: datetime) -> list[int]:
    kind, _, key = row.audience.partition(":")
    able = _powers(session, row)
    seats = [seat for seat in directory.seats(Audience(kind, key), now) if POWERS.get(seat.kind, 0) & able]
    told = _told_as_stand_ins(session, row)
    people = [int(seat.person) for seat in seats if seat.person not in told]
    if row.task and row.reason in ASKING and people:
        barred = select(Exclusion.person_id).where(
            Exclusion.case_id == row.case_id, Exclusion.number.in_((0, row.task)), Exclusion.person_id.in_(people)
        )
        out = set(session.scalars(barred))
        people = [person for person in people if person not in out]
    return list(dict.fromkeys(people))


def _powers(session: Session, row: Message) -> int:
    """Which stand-ins may do anything in the task a message is about; all, where it is about none."""
    offered = select(Offer.powers).where(Offer.case_id == row.case_id, Offer.number == row.task)
    found = session.scalar(offered.limit(1)) if row.task and row.reason in ASKING else None
    return ALL_POWERS if found is None else found


def _told_as_stand_ins(session: Session, row: Message) -> frozenset[int]:
    """Who hears of the task by the mail about the absence, so that the usual one would say it twice."""
    if row.reason != "assigned" or not row.task:
        return frozenset()
    told = select(Message.person_id).where(
        Message.case_id == row.case_id, Message.revision == row.revision, Message.notification == STAND_IN
    )
    return frozenset(person for person in session.scalars(told) if person is not None)


def _one_each(session: Session, row: Message, person_id: int) -> Any:
    insert = insert_or(session, Message).values(
        region_id=row.region_id,
        case_id=row.case_id,
        revision=row.revision,
        task=row.task,
        notification=row.notification,
        reason=row.reason,
        audience=f"person:{person_id}",
        person_id=person_id,
        content=row.content,
        is_urgent=row.is_urgent,
        created_at=row.created_at,
        not_before=row.not_before,
        state=WAITING,
    )
    return insert.on_conflict_do_nothing()


def _cases(session: Session, ids: set[int]) -> dict[int, Any]:
    wanted = select(Case.id, Case.number, Case.title, Case.case_type, Case.digest).where(Case.id.in_(ids))
    return {row.id: row for row in session.execute(wanted)}


def _due(row: Message, case: Any) -> DueMessage:
    return DueMessage(
        id=row.id,
        region_id=row.region_id,
        case_id=row.case_id,
        case_number=case.number,
        case_title=case.title,
        case_type=case.case_type,
        digest=case.digest,
        task=row.task,
        notification=row.notification,
        reason=row.reason,
        person_id=int(row.person_id or 0),
        content=row.content,
        is_urgent=row.is_urgent,
        created_at=row.created_at,
        attempts=row.attempts,
        message_id=f"m{row.id}.c{row.case_id}.r{row.revision}",
        thread_id=f"c{row.case_id}",
    )


def _due_without_case(row: Message) -> DueMessage:
    """A letter of a part of the installation, or the constant mail: of that there is nothing to say but to whom it
    goes."""
    is_sealed = is_sealed_mail(row)
    return DueMessage(
        id=row.id,
        region_id=row.region_id,
        case_id=row.case_id,
        case_number="",
        case_title="",
        case_type="",
        digest="",
        task=0,
        notification=row.notification,
        reason=row.reason,
        person_id=int(row.person_id or 0),
        content={} if is_sealed else row.content,
        is_urgent=is_sealed,  # it has a time of its own, and no quiet hours besides
        created_at=row.created_at,
        attempts=row.attempts,
        message_id=f"m{row.id}",
        thread_id="",
        is_sealed=is_sealed,
    )


def waiting(session: Session) -> tuple[int, datetime | None]:
    """How many messages wait to leave, and since when the oldest does: for the health page."""
    found: Sequence[Any] = driver_rows(session, "SELECT count(*) FROM messages WHERE state = 'waiting'")
    oldest = select(Message.created_at).where(Message.state == WAITING).order_by(Message.not_before).limit(1)
    return found[0][0], session.scalar(oldest)
