"""The life of a connector's call: leased, done, tried again, given up, or sent again by somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.errors import NotFound
from engine.outbox.messages import FAILED, LEASE, PAUSES, WAITING
from engine.outbox.models import ConnectorCall

DONE = "done"


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it without loss: exact numbers and dates as text, a person or unit as its id."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return plain(value.id) if hasattr(value, "id") else str(value)


def lease(session: Session, now: datetime, worker: str, limit: int) -> Sequence[ConnectorCall]:
    """Up to ``limit`` calls that may be made now, oldest first, kept from other workers for a while."""
    due = _due(now).order_by(ConnectorCall.not_before, ConnectorCall.id).limit(limit)
    ids = session.scalars(due.with_for_update(skip_locked=True)).all()
    if not ids:
        return ()
    session.execute(
        update(ConnectorCall)
        .where(ConnectorCall.id.in_(ids))
        .values(lease_until=now + LEASE, leased_by=worker, attempts=ConnectorCall.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    fresh = select(ConnectorCall).where(ConnectorCall.id.in_(ids)).order_by(ConnectorCall.not_before, ConnectorCall.id)
    return session.scalars(fresh.execution_options(populate_existing=True)).all()


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a worker would find a call now: a question that takes no lock."""
    return session.scalar(_due(now).limit(1)) is not None


def _due(now: datetime) -> Any:
    return select(ConnectorCall.id).where(
        ConnectorCall.state == WAITING,
        ConnectorCall.not_before <= now,
        or_(ConnectorCall.lease_until.is_(None), ConnectorCall.lease_until < now),
    )


def mark_done(session: Session, call_id: int, now: datetime, result: Mapping[str, Any] | None) -> bool:
    """The connector has done it and answered ``result``. False when it was not waiting any more."""
    values = {"state": DONE, "finished_at": now, "result": plain(dict(result or {})), "last_error": None}
    return _change(session, call_id, WAITING, **values)


def mark_failed(session: Session, call_id: int, now: datetime, error: str, *, is_final: bool = False) -> bool:
    """It could not be done; it is tried again after a growing pause. True when it was given up."""
    row = session.get(ConnectorCall, call_id, populate_existing=True)
    if row is None or row.state != WAITING:
        return False
    if is_final or row.attempts > len(PAUSES):
        return _change(session, call_id, WAITING, state=FAILED, finished_at=now, last_error=error[:1000])
    pause = PAUSES[max(row.attempts, 1) - 1]
    _change(session, call_id, WAITING, not_before=now + pause, last_error=error[:1000])
    return False


def postpone(session: Session, call_id: int, until: datetime, why: str) -> bool:
    """Let it wait for an address where nobody answers. Does not count as an attempt."""
    return _change(
        session, call_id, WAITING, not_before=until, attempts=ConnectorCall.attempts - 1, last_error=why[:1000]
    )


def retry(session: Session, call_id: int, now: datetime, by: int | None = None) -> None:
    """A failed call is made again, from the first pause on. Raises NotFound for any other."""
    if not _change(session, call_id, FAILED, state=WAITING, not_before=now, attempts=0, finished_at=None):
        raise NotFound("There is no failed call of this number.")
    region_id = session.get_one(ConnectorCall, call_id).region_id
    told_old, told_new = {"state": FAILED}, {"state": WAITING}
    record(session, region_id, by, "call_retried", f"connector_calls:{call_id}", told_old, told_new, now)


def release_leases(session: Session, worker: str) -> int:
    """Gives back what a worker that was killed held."""
    freed = session.execute(
        update(ConnectorCall)
        .where(ConnectorCall.leased_by == worker, ConnectorCall.state == WAITING)
        .values(lease_until=None, leased_by=None)
        .execution_options(synchronize_session=False)
    )
    return int(freed.rowcount)  # type: ignore[attr-defined]


def _change(session: Session, which: int, only_in: str, **values: Any) -> bool:
    changed = session.execute(
        update(ConnectorCall)
        .where(ConnectorCall.id == which, ConnectorCall.state == only_in)
        .values(lease_until=None, leased_by=None, **values)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]
