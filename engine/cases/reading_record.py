"""Who has read a sealed case: one entry of the audit a person, a case and a day, without anything of its content."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry
from engine.audit.record import lock_chain, record
from engine.organisation.models import Person, Region

CASE, IDENTITY = READ = ("sealed_case_read", "reporter_identity_read")  # events


def is_on_record(session: Session, person_id: int, case_id: int, event: str, now: datetime) -> bool:
    """Whether the region knows already that this person read it today."""
    found = session.execute(
        select(Person.region_id, Region.timezone).join(Region).where(Person.id == person_id)
    ).one_or_none()
    if found is None:
        return True
    local = now.astimezone(ZoneInfo(found.timezone))
    return bool(
        session.scalar(
            select(AuditEntry.seq)
            .where(
                AuditEntry.region_id == found.region_id,
                AuditEntry.subject == f"case:{case_id}",
                AuditEntry.event == event,
                AuditEntry.actor_id == person_id,
                AuditEntry.at >= local.replace(hour=0, minute=0, second=0, microsecond=0),
            )
            .limit(1)
        )
    )


def readings_of(
    session: Session, case_id: int, region_id: int, limit: int = 50
) -> tuple[tuple[str, str, datetime], ...]:
    """Who has read the case lately, newest first: name, event, moment."""
    rows = session.execute(
        select(Person.name, AuditEntry.event, AuditEntry.at)
        .join(Person, Person.id == AuditEntry.actor_id)
        .where(AuditEntry.region_id == region_id, AuditEntry.subject == f"case:{case_id}", AuditEntry.event.in_(READ))
        .order_by(AuditEntry.seq.desc())
        .limit(limit)
    )
    return tuple((row.name, row.event, row.at) for row in rows)


def put_on_record(session: Session, person_id: int, case_id: int, event: str, now: datetime) -> None:
    """Says so in the audit, once a day however often it is read at once. The caller commits."""
    person = session.get_one(Person, person_id)
    lock_chain(session, person.region_id)
    if not is_on_record(session, person_id, case_id, event, now):
        record(session, person.region_id, person_id, event, f"case:{case_id}", None, None, now)
