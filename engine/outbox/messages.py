"""The life of a message that waits to leave: leased, sent, tried again, given up, or cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.errors import NotFound
from engine.outbox.models import Message

WAITING, EXPANDED, SENT, FAILED, CANCELLED = "waiting", "expanded", "sent", "failed", "cancelled"
LEASE = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60, 120, 240, 480, 720, 1440))


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message to one person, leased to a worker. ``content`` holds the variables of the template.

    ``message_id`` (without a domain) is the identity the mail must carry at every attempt, so a mail server or a
    reader can tell a second copy; ``thread_id`` is the same for all mails of a case. ``is_sealed``: the constant mail
    of sealed cases, which has no case, number or thread; a letter of a part of the installation (``letters``) has none
    of these either.
    """

    id: int
    region_id: int
    case_id: int
    case_number: str
    case_title: str
    case_type: str
    digest: str
    task: int
    notification: str
    reason: str
    person_id: int
    content: Mapping[str, Any]
    is_urgent: bool
    created_at: datetime
    attempts: int
    message_id: str
    thread_id: str
    is_sealed: bool = False


def lease(session: Session, now: datetime, worker: str, limit: int) -> Sequence[Message]:
    """Up to ``limit`` messages to persons that may leave now, oldest first, kept from other workers for a while.

    A worker that dies loses its lease; another one then takes the message, with the same identity.
    """
    due = (
        select(Message.id)
        .where(
            Message.state == WAITING,
            Message.not_before <= now,
            Message.person_id.is_not(None),
            or_(Message.lease_until.is_(None), Message.lease_until < now),
        )
        .order_by(Message.not_before, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # left out by SQLite, which holds its write lock
    )
    ids = session.scalars(due).all()
    if not ids:
        return ()
    session.execute(
        update(Message)
        .where(Message.id.in_(ids))
        .values(lease_until=now + LEASE, leased_by=worker, attempts=Message.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    fresh = select(Message).where(Message.id.in_(ids)).order_by(Message.not_before, Message.id)
    return session.scalars(fresh.execution_options(populate_existing=True)).all()


def mark_sent(session: Session, message_id: int, now: datetime, recipient: str, mail_id: str | None = None) -> bool:
    """The mail server took it, as ``mail_id`` (its Message-ID, which later mails refer to). False when the message was
    no longer waiting, so nothing is counted twice."""
    return _change(
        session,
        message_id,
        WAITING,
        state=SENT,
        sent_at=now,
        recipient=recipient,
        message_id=mail_id,
        last_error=None,
    )


def mark_failed(session: Session, message_id: int, now: datetime, error: str, *, is_final: bool = False) -> bool:
    """It could not be sent; it is tried again after a growing pause. True when it was given up."""
    row = session.get(Message, message_id, populate_existing=True)
    if row is None or row.state != WAITING:
        return False
    if is_final or row.attempts > len(PAUSES):
        return _change(session, message_id, WAITING, state=FAILED, last_error=error[:1000])
    pause = PAUSES[max(row.attempts, 1) - 1]
    _change(session, message_id, WAITING, not_before=now + pause, last_error=error[:1000])
    return False


def postpone(session: Session, message_id: int, until: datetime, why: str | None = None) -> bool:
    """Let it wait: quiet hours, a digest, a mail server that does not answer. Does not count as an attempt."""
    return _change(
        session, message_id, WAITING, not_before=until, attempts=Message.attempts - 1, last_error=why and why[:1000]
    )


def cancel(session: Session, message_id: int, why: str) -> bool:
    """It is not to be sent any more. False when it has left already."""
    return _change(session, message_id, WAITING, state=CANCELLED, last_error=why)


def is_anything_due(session: Session, now: datetime) -> bool:
    """Whether a worker would find a message now: a question that takes no lock."""
    due = select(Message.id).where(
        Message.state == WAITING,
        Message.not_before <= now,
        or_(Message.lease_until.is_(None), Message.lease_until < now),
    )
    return session.scalar(due.limit(1)) is not None


def release_leases(session: Session, worker: str) -> int:
    """Gives back what a worker that was killed held, so that nobody has to wait for its leases to run out."""
    freed = session.execute(
        update(Message)
        .where(Message.leased_by == worker, Message.state == WAITING)
        .values(lease_until=None, leased_by=None)
        .execution_options(synchronize_session=False)
    )
    return int(freed.rowcount)  # type: ignore[attr-defined]


def retry(session: Session, message_id: int, now: datetime, by: int | None = None) -> None:
    """An administrator sends a failed message again, from the first pause on. Raises NotFound for any other."""
    if not _change(session, message_id, FAILED, state=WAITING, not_before=now, attempts=0):
        raise NotFound("There is no failed message of this number.")
    region_id = session.get_one(Message, message_id).region_id
    told_old, told_new = {"state": FAILED}, {"state": WAITING}
    record(session, region_id, by, "message_retried", f"messages:{message_id}", told_old, told_new, now)


def _change(session: Session, which: int, only_in: str, **values: Any) -> bool:
    changed = session.execute(
        update(Message)
        .where(Message.id == which, Message.state == only_in)
        .values(lease_until=None, leased_by=None, **values)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]
