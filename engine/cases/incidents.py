"""What supervisors have to see to: a step nobody can take, an effect, a deadline or a mail that failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from engine.cases.access import Reader, reader_of
from engine.cases.models import Case, Incident
from engine.cases.stored import running_definition
from engine.definitions.model import Text
from engine.disclosure.keyring import officer
from engine.disclosure.models import CaseKey
from engine.errors import NotFound
from engine.outbox import calls
from engine.outbox.messages import FAILED
from engine.outbox.models import ConnectorCall

MOST_COUNTED = 1000
_SEALED = select(Case.id).where(Case.id == Incident.case_id, Case.is_sealed).correlate(Incident)
_CALL = re.compile(r"\S+ \(call (\d+)\): ")  # as cases/calling.py writes it
WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "no_candidate": Text("Tidak ada yang dapat mengerjakan langkah ini", "Nobody can take this step"),
        "effect_failed": Text("Satu akibat langkah gagal; tidak ada yang berubah", "An effect failed; nothing changed"),
        "timer_failed": Text("Batas waktu tidak dapat dijalankan", "A deadline could not be acted on"),
        "no_rule_matched": Text("Tidak ada aturan yang cocok", "No rule matched"),
        "message_failed": Text("Surel atau panggilan tidak dapat dikirim", "A mail or a call could not be sent"),
        "migration_blocked": Text("Pemindahan versi tertahan", "A change of version is held up"),
        "many_reports": Text("Sangat banyak laporan masuk pada hari ini", "Very many reports came in on this day"),
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
    has_failed_call: bool  # which can be made again


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
        .where(Incident.region_id == region_id, Incident.resolved_at.is_(None), _may_know(person_id))
        .order_by(Incident.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(Incident.id < after)
    rows = session.execute(query).all()
    failed = _failed_calls(session, [row.Incident for row in rows])
    return tuple(_view(session, reader, row.Incident.id in failed, *row) for row in rows)


def resolve(session: Session, person_id: int, incident_id: int, now: datetime) -> None:
    """The supervisor has seen to it. Raises NotFound for another region's, or one that is no longer open."""
    region_id = _supervised(session, person_id, now).region_id
    changed = session.execute(
        update(Incident)
        .where(
            Incident.id == incident_id, Incident.region_id == region_id, Incident.resolved_at.is_(None),
            _may_know(person_id),
        )
        .values(resolved_at=now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound("There is no such open incident.")


def retry_call(session: Session, person_id: int, incident_id: int, now: datetime) -> None:
    """The call this incident tells of is made again, in the supervisor's name, and all that tells of it is closed; if
    it fails once more there is a new incident. Raises NotFound for an incident that is not theirs, not open, or of no
    failed call."""
    region_id = _supervised(session, person_id, now).region_id
    row = session.get(Incident, incident_id, with_for_update=True, populate_existing=True)
    if row is None or row.region_id != region_id or row.resolved_at is not None:
        raise NotFound("There is no such open incident.")
    call = _failed_calls(session, [row]).get(row.id)
    if call is None:
        raise NotFound("This incident tells of no call that failed.")
    same = select(Incident).where(Incident.case_id == row.case_id, Incident.resolved_at.is_(None))
    for incident in session.scalars(same).all():
        if _call_of(incident) == call:
            incident.resolved_at = now
    session.flush()
    calls.retry(session, call, now, by=person_id)


def count_open(session: Session) -> int:
    """How many are open in the whole installation, never counted beyond MOST_COUNTED; anybody may ask, so those of
    sealed cases do not count."""
    some = select(Incident.id).where(Incident.resolved_at.is_(None), ~exists(_SEALED)).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _may_know(person_id: int) -> Any:
    """Of a sealed case an incident tells those who hold a copy of its key: that there is a case would say too much to
    the others."""
    mine = select(CaseKey.case_id).where(CaseKey.case_id == Incident.case_id, CaseKey.holder == officer(person_id))
    return ~exists(_SEALED) | exists(mine.correlate(Incident))


def _supervised(session: Session, person_id: int, now: datetime) -> Reader:
    reader = reader_of(session, person_id, now)
    if not reader.is_supervisor:
        raise NotFound("There is no such page.")
    return reader


def _call_of(row: Incident) -> int | None:
    """The number of the call the incident tells of."""
    found = _CALL.match(row.detail) if row.code == "message_failed" else None
    return None if found is None else int(found[1])


def _failed_calls(session: Session, incidents: Iterable[Incident]) -> dict[int, int]:
    """Incident -> the failed call of its case that it tells of; incidents of anything else are left out."""
    told = {row.id: (call, row.case_id) for row in incidents if (call := _call_of(row)) is not None}
    if not told:
        return {}
    wanted = (ConnectorCall.id.in_({call for call, _ in told.values()}), ConnectorCall.state == FAILED)
    failed = {
        (call, case) for call, case in session.execute(select(ConnectorCall.id, ConnectorCall.case_id).where(*wanted))
    }
    return {incident: each[0] for incident, each in told.items() if each in failed}


def _view(
    session: Session,
    reader: Reader,
    has_failed_call: bool,
    row: Incident,
    number: str | None,
    title: str | None,
    digest: str | None,
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
        has_failed_call=has_failed_call,
    )
