"""More time in a schedule's window for one unit: a record with a reason, given by who the case type names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.cases.access import Reader, reader_of
from engine.cases.models import ScheduleExtension
from engine.cases.people import routes_of
from engine.cases.step import Step
from engine.cases.stored import definition_of
from engine.definitions.model import Definition, Text
from engine.errors import AlurError, InvalidInput, NotFound
from engine.facts import CaseFacts, CaseState
from engine.organisation.directory import StoreDirectory
from engine.organisation.models import Person, Unit
from engine.publishing import library

LONGEST_REASON = 1000
_ABLE = (None, "acting_official")  # an office's holder and who is appointed to it


def extend_schedule(
    session: Session, person_id: int, case_type: str, schedule: str, unit_id: int, until: date, reason: str,
    now: datetime,
) -> ScheduleExtension:  # fmt: skip
    """``until`` is the last day for cases of the unit and of those below it; the latest extension holds.

    Raises NotFound for an unknown case type, schedule or unit, and for who is not of its ``extendable_by``;
    InvalidInput without a reason or for a day that has passed.
    """
    reader = reader_of(session, person_id, now)
    directory = reader.directory
    definition = definition_of(session, library.newest(session, reader.region_id, case_type, directory.day(now)))
    if schedule not in definition.schedules:
        raise NotFound(f"The case type '{case_type}' has no schedule '{schedule}'.")
    if directory.unit(unit_id) is None:
        raise NotFound("There is no such unit in this region.")
    if not _may_extend(definition, directory, schedule, person_id, unit_id, now):
        raise NotFound(f"The schedule '{schedule}' is not this person's to extend for that unit.")
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON:
        raise InvalidInput(f"An extension needs a reason of at most {LONGEST_REASON} characters.")
    if until < directory.day(now):
        raise InvalidInput("The last day of an extension has passed.")
    row = ScheduleExtension(region_id=reader.region_id, unit_id=unit_id, case_type=case_type, schedule=schedule)
    row.until, row.reason, row.granted_by, row.granted_at = until, text, person_id, now
    session.add(row)
    session.flush()
    told = {
        "case_type": case_type,
        "schedule": schedule,
        "unit_id": unit_id,
        "until": until.isoformat(),
        "reason": text,
    }
    record(
        session, reader.region_id, person_id, "schedule_extended", f"schedule_extensions:{row.id}", None, told, now
    )  # fmt: skip
    return row


def extensions_of(session: Session, person_id: int, case_type: str, now: datetime) -> Sequence[ScheduleExtension]:
    """Every extension of a case type in the person's region, newest first."""
    region_id = reader_of(session, person_id, now).region_id
    row = ScheduleExtension
    wanted = select(row).where(row.region_id == region_id, row.case_type == case_type).order_by(row.id.desc())
    return session.scalars(wanted.limit(200)).all()


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """An extension as people read it; ``unit`` and ``by`` are names."""

    id: int
    case_type: Text
    schedule: Text
    unit: str
    until: date
    reason: str
    by: str
    granted_at: datetime


def extensions_seen(
    session: Session, person_id: int, now: datetime, *, after: int | None = None, limit: int = 50
) -> tuple[ExtensionView, ...]:  # fmt: skip
    """Every extension of the region, newest first; ``after`` is the id of the last one seen.

    Raises NotFound for anybody who is no supervisor.
    """
    reader = reader_of(session, person_id, now)
    if not reader.is_supervisor:
        raise NotFound("There is no such page.")
    query = (
        select(ScheduleExtension, Unit.name, Person.name)
        .join(Unit, Unit.id == ScheduleExtension.unit_id)
        .join(Person, Person.id == ScheduleExtension.granted_by)
        .where(ScheduleExtension.region_id == reader.region_id)
        .order_by(ScheduleExtension.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(ScheduleExtension.id < after)
    titles: dict[tuple[str, str], tuple[Text, Text]] = {}
    found = []
    for row, unit, by in session.execute(query):
        key = (row.case_type, row.schedule)
        if key not in titles:
            titles[key] = _titles(session, reader, *key)
        found.append(ExtensionView(row.id, *titles[key], unit, row.until, row.reason, by, row.granted_at))
    return tuple(found)


def _titles(session: Session, reader: Reader, case_type: str, schedule: str) -> tuple[Text, Text]:
    """As the version that counts today has them; their keys where it has them no longer."""
    known = Text(case_type, case_type), Text(schedule, schedule)
    try:
        definition = definition_of(session, library.newest(session, reader.region_id, case_type, reader.today))
    except AlurError:
        return known
    return definition.title, definition.schedules[schedule].title if schedule in definition.schedules else known[1]


def _may_extend(
    definition: Definition, directory: StoreDirectory, schedule: str, person_id: int, unit_id: int, now: datetime
) -> bool:
    """Roles are asked as for a case of that unit that nobody has opened yet."""
    facts = CaseFacts(
        definition.case_type, None, "", directory.region_key, unit_id, None, now, 0, CaseState(), {}, now, directory
    )  # fmt: skip
    ways = routes_of(Step(definition, facts), definition.schedules[schedule].extendable_by)
    return any(way.seat.person == person_id and way.seat.kind in _ABLE for way in ways)
