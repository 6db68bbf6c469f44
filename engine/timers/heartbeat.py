"""Signs of life of the workers, so that a page can say when nobody sends mails or watches deadlines."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from engine.outbox import calls, messages
from engine.timers.models import WorkerRow

FORGOTTEN_AFTER = timedelta(days=1)


def beat(session: Session, name: str, now: datetime) -> None:
    """Notes that the worker ``name`` lives, and forgets those not seen for a day."""
    known = session.execute(update(WorkerRow).where(WorkerRow.name == name).values(seen_at=now))
    if known.rowcount == 0:  # type: ignore[attr-defined]
        session.add(WorkerRow(name=name, started_at=now, seen_at=now))
        session.flush()
        session.execute(delete(WorkerRow).where(WorkerRow.seen_at < now - FORGOTTEN_AFTER))


def bury(session: Session, name: str) -> None:
    """Notes that the worker ``name`` was killed: what it held is free again at once."""
    messages.release_leases(session, name)
    calls.release_leases(session, name)
    leave(session, name)


def leave(session: Session, name: str) -> None:
    """Notes that the worker ``name`` has ended as it should."""
    session.execute(delete(WorkerRow).where(WorkerRow.name == name))


def last_seen(session: Session) -> datetime | None:
    """When any worker was last seen alive, None when none ever was (or all ended as they should)."""
    return session.scalar(select(func.max(WorkerRow.seen_at)))


def names(session: Session) -> tuple[str, ...]:
    """The workers that have not ended as they should, running or killed."""
    return tuple(session.scalars(select(WorkerRow.name).order_by(WorkerRow.name)))
