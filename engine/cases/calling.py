"""Calls of connectors on their way: what a worker takes, and what becomes of a call that cannot be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.access import reader_of, require_visible
from engine.cases.models import Case, Incident
from engine.connectors import CONNECTORS, Call, CallRefused
from engine.organisation.models import Region
from engine.outbox import calls
from engine.outbox.models import ConnectorCall


@dataclass(frozen=True, slots=True)
class DueCall:
    """A call leased to a worker; ``is_inside`` when a part of this installation answers to its name."""

    id: int
    call: Call
    is_inside: bool


def claim_due_calls(session: Session, now: datetime, worker: str, limit: int) -> list[DueCall]:
    """Calls to make now, each leased to ``worker``; the caller commits before making them."""
    return [_due(session, row) for row in calls.lease(session, now, worker, limit)]


def _due(session: Session, row: ConnectorCall) -> DueCall:
    case = session.get_one(Case, row.case_id)
    region = session.get_one(Region, row.region_id)
    key = f"c{row.case_id}.r{row.revision}.{row.place}"
    call = Call(
        key, row.connector, row.region_id, region.key, row.case_id, case.number, case.case_type, row.revision,
        row.created_at, row.content,
    )  # fmt: skip
    return DueCall(row.id, call, "." in row.connector)


def run_inside(session: Session, due: DueCall, now: datetime) -> bool:
    """Make a call that a part of this installation answers, and mark it, in one transaction; the caller commits.

    Raises CallRefused for a name nobody answers to (a part that was taken out), and whatever the connector raises.
    """
    run = CONNECTORS.get(due.call.name)
    if run is None:
        raise CallRefused(f"no part of this installation answers to '{due.call.name}'")
    return calls.mark_done(session, due.id, now, run(session, due.call))


def mark_call_failed(session: Session, due: DueCall, now: datetime, error: str, *, is_final: bool = False) -> bool:
    """See ``outbox.calls.mark_failed``; one that is given up raises the incident ``message_failed``."""
    if not calls.mark_failed(session, due.id, now, error, is_final=is_final):
        return False
    detail = f"{due.call.name} (call {due.id}): {error}"[:500]
    incident = Incident(region_id=due.call.region_id, case_id=due.call.case_id, code="message_failed", state=None)
    incident.detail, incident.raised_at = detail, now
    session.add(incident)
    session.flush()
    return True


def calls_of(session: Session, person_id: int, case_id: int, now: datetime) -> Sequence[ConnectorCall]:
    """Every call the case has made, newest first. Raises NotFound when the person may not see the case."""
    require_visible(session, reader_of(session, person_id, now), case_id)
    wanted = select(ConnectorCall).where(ConnectorCall.case_id == case_id)
    return session.scalars(wanted.order_by(ConnectorCall.id.desc()).limit(200)).all()
