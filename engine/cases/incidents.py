"""What supervisors have to see to: a step nobody can take, an effect, a deadline or a mail that failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.cases.access import Reader, reader_of
from engine.cases.models import Case, Incident
from engine.cases.stored import running_definition
from engine.definitions.model import Text
from engine.errors import NotFound

MOST_COUNTED = 1000
WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "no_candidate": Text("Tidak ada yang dapat mengerjakan langkah ini", "Nobody can take this step"),
        "effect_failed": Text("Satu akibat langkah gagal; tidak ada yang berubah", "An effect failed; nothing changed"),
        "timer_failed": Text("Batas waktu tidak dapat dijalankan", "A deadline could not be acted on"),
        "no_rule_matched": Text("Tidak ada aturan yang cocok", "No rule matched"),
        "message_failed": Text("Surel atau panggilan tidak dapat dikirim", "A mail or a call could not be sent"),
        "migration_blocked": Text("Pemindahan versi tertahan", "A change of version is held up"),
    }
)


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One open incident. ``detail`` is for technicians; ``state_title`` is None where no step is meant."""

    id: int
    code: str
    words: Text
    case_id: int | None
    number: str
    title: str
    state_title: Text | None
    detail: str
    raised_at: datetime


def open_incidents(
    session: Session, person_id: int, now: datetime, *, after: int | None = None, limit: int = 50
) -> tuple[IncidentView, ...]:
    """Open incidents of the region, newest first; ``after`` is the id of the last one seen.

    Raises NotFound for anybody who is no supervisor.
    """
    reader = _supervised(session, person_id, now)
    region_id = reader.region_id
    query = (
        select(Incident, Case.number, Case.title, Case.digest)
        .outerjoin(Case, Case.id == Incident.case_id)
        .where(Incident.region_id == region_id, Incident.resolved_at.is_(None))
        .order_by(Incident.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(Incident.id < after)
    return tuple(_view(session, reader, *row) for row in session.execute(query))


def resolve(session: Session, person_id: int, incident_id: int, now: datetime) -> None:
    """The supervisor has seen to it. Raises NotFound for another region's, or one that is no longer open."""
    region_id = _supervised(session, person_id, now).region_id
    changed = session.execute(
        update(Incident)
        .where(Incident.id == incident_id, Incident.region_id == region_id, Incident.resolved_at.is_(None))
        .values(resolved_at=now)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound("There is no such open incident.")


def count_open(session: Session) -> int:
    """How many are open in the whole installation, never counted beyond MOST_COUNTED."""
    some = select(Incident.id).where(Incident.resolved_at.is_(None)).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _supervised(session: Session, person_id: int, now: datetime) -> Reader:
    reader = reader_of(session, person_id, now)
    if not reader.is_supervisor:
        raise NotFound("There is no such page.")
    return reader


def _view(
    session: Session, reader: Reader, row: Incident, number: str | None, title: str | None, digest: str | None
) -> IncidentView:
    state = None
    if digest:
        definition = running_definition(session, digest, reader)
        state = definition.states.get(row.state or "")
    return IncidentView(
        id=row.id,
        code=row.code,
        words=WORDS.get(row.code, Text(row.code, row.code)),
        case_id=row.case_id,
        number=number or "",
        title=title or "",
        state_title=None if state is None else state.title,
        detail=row.detail,
        raised_at=row.raised_at,
    )
