"""A page of a person's queue: their own tasks, their unit's, the cases they follow, those they acted in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.access import Reader, reader_of, visible
from engine.cases.stored import definition_of
from engine.cases.wording import leaves, state_title, states_title
from engine.database import driver_moments, driver_rows
from engine.definitions.model import Text
from engine.errors import InvalidInput
from engine.tasks import queue
from engine.tasks.models import NO_DUE
from engine.tasks.queue import Day
from engine.tasks.views import TABS, Count, QueueFilters, QueuePage, QueueRow

LONGEST_PAGE = 500

CASE_COLUMNS = (
    "c.id, c.number, c.title, c.case_type, c.digest, c.unit_id, c.initiator_id, c.is_suspended, c.returned_count,"
    " c.closed_at, c.opened_at, c.state"
)
_FOLLOWED = "JOIN follows f ON f.case_id = c.id AND f.person_id = ?"
_ACTED = "JOIN participants d ON d.case_id = c.id AND d.audience = ? AND d.has_acted"


def queue_page(
    session: Session,
    person_id: int,
    now: datetime,
    *,
    tab: str = "mine",
    filters: QueueFilters | None = None,
    after: str | None = None,
    limit: int = 50,
) -> QueuePage:
    """One page of one tab, with the counts of all tabs.

    ``after`` is the ``next_key`` of the page before. Raises InvalidInput for an unknown tab, key or filter value,
    NotFound for a person who is not there.
    """
    if tab not in TABS or not 1 <= limit <= LONGEST_PAGE:
        raise InvalidInput("This list does not exist.")
    reader = reader_of(session, person_id, now)
    wanted = filters or QueueFilters()
    key = queue.read_key(after)
    day = _day(reader, now)
    if tab in ("mine", "unit"):
        read = queue.my_tasks if tab == "mine" else queue.unit_tasks
        found = read(session, reader, wanted, day, key, limit + 1)
        rows = [_task_row(session, reader, row, day) for row in found[:limit]]
        keys = [(row[10], row[0], row[11]) for row in found]
    else:
        found = _cases(session, reader, tab, wanted, day, key[1], limit + 1)
        rows = [case_row(session, reader, row) for row in found[:limit]]
        keys = [(0, row[0], 0) for row in found]
    return QueuePage(
        tab=tab,
        rows=tuple(rows),
        next_key=queue.write_key(keys[limit - 1]) if len(found) > limit else None,
        counts=_counts(session, reader),
        states=_choices(rows, lambda row: (row.state, row.state_title) if row.state else None),
        case_types=_choices(rows, lambda row: (row.case_type, row.type_title)),
        units=_units(reader, found),
    )


def _day(reader: Reader, now: datetime) -> Day:
    zone = reader.directory.timezone
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    return Day(int(now.timestamp()), int(tomorrow.timestamp()))


def _task_row(session: Session, reader: Reader, row: tuple[Any, ...], day: Day) -> QueueRow:
    case_id, number, title, case_type, digest, unit_id, initiator_id, is_suspended, returned, closed_at, *task = row
    due_key, task_number, state, place, item, opened_at, due_at, assignee_id, opened_by = task
    definition, moment = definition_of(session, digest), _moments(session)
    return QueueRow(
        case_id=case_id,
        number=number,
        title=title,
        case_type=case_type,
        type_title=definition.title,
        unit_name=_unit_name(reader, unit_id),
        initiator_name=_name(reader, initiator_id),
        from_name=_name(reader, opened_by),
        task=task_number,
        state=state,
        state_title=state_title(definition, state),
        place=place,
        item=item,
        opened_at=moment(opened_at),
        due_at=None if due_at is None else moment(due_at),
        deadline=_deadline(due_key, day),
        assignee_id=assignee_id,
        assignee_name=_name(reader, assignee_id),
        returned_count=returned,
        may_claim=assignee_id is None,
        is_mine=assignee_id == reader.person_id,
        is_paused=bool(is_suspended),
        closed_at=None if closed_at is None else moment(closed_at),
    )


def _cases(
    session: Session, reader: Reader, tab: str, filters: QueueFilters, day: Day, before: int, limit: int
) -> list[tuple[Any, ...]]:
    """Cases of the tabs that list cases, the newest first."""
    joined, own = (_FOLLOWED, reader.person_id) if tab == "follow" else (_ACTED, f"person:{reader.person_id}")
    seen, seen_values = visible(reader)
    about_cases = QueueFilters(
        unit_id=filters.unit_id, case_type=filters.case_type, returned=filters.returned, text=filters.text
    )
    conditions, values = queue.conditions_of(about_cases, day, reader.person_id)
    text = f"SELECT {CASE_COLUMNS} FROM cases c {joined} WHERE {' AND '.join((seen, *conditions))}"
    parameters: list[Any] = [own, *seen_values, *values]
    if before:
        text += " AND c.id < ?"
        parameters.append(before)
    return driver_rows(session, text + " ORDER BY c.id DESC LIMIT ?", [*parameters, limit])


def case_row(session: Session, reader: Reader, row: tuple[Any, ...]) -> QueueRow:
    """A case as a line of a list, from ``CASE_COLUMNS``."""
    case_id, number, title, case_type, digest, unit_id, initiator_id, is_suspended, returned, closed_at, *rest = row
    opened_at, state = rest
    definition, moment = definition_of(session, digest), _moments(session)
    active = json.loads(state).get("a", {})
    first = next(iter(leaves(definition, active)), None)
    return QueueRow(
        case_id=case_id,
        number=number,
        title=title,
        case_type=case_type,
        type_title=definition.title,
        unit_name=_unit_name(reader, unit_id),
        initiator_name=_name(reader, initiator_id),
        from_name=_name(reader, initiator_id),
        task=None,
        state=first,
        state_title=states_title(definition, active),
        place=None,
        item=None,
        opened_at=moment(opened_at),
        due_at=None,
        deadline="none",
        assignee_id=None,
        assignee_name=None,
        returned_count=returned,
        may_claim=False,
        is_mine=False,
        is_paused=bool(is_suspended),
        closed_at=None if closed_at is None else moment(closed_at),
    )


def _counts(session: Session, reader: Reader) -> dict[str, Count]:
    seen, values = visible(reader)
    followed = f"SELECT count(*) FROM (SELECT 1 FROM cases c {_FOLLOWED} WHERE {seen} LIMIT ?) n"
    found = driver_rows(session, followed, [reader.person_id, *values, queue.COUNTED_TO])
    return {
        "mine": queue.count_mine(session, reader),
        "unit": queue.count_unit(session, reader),
        "follow": queue.counted(found[0][0]),
    }


def _moments(session: Session) -> Callable[[Any], datetime]:
    return driver_moments(session.get_bind().dialect.name)[1]


def _deadline(due_key: int, day: Day) -> str:
    if due_key >= NO_DUE:
        return "none"
    if due_key < day.now:
        return "overdue"
    return "today" if due_key < day.ends else "next"


def _name(reader: Reader, person_id: int | None) -> str | None:
    return None if person_id is None else reader.directory.person(person_id).name or None


def _unit_name(reader: Reader, unit_id: int | None) -> str | None:
    unit = None if unit_id is None else reader.directory.unit(unit_id)
    return None if unit is None else unit.name


def _choices(
    rows: list[QueueRow], choice: Callable[[QueueRow], tuple[str, Text] | None]
) -> tuple[tuple[str, Text], ...]:
    return tuple(dict(found for row in rows if (found := choice(row)) is not None).items())


def _units(reader: Reader, found: list[tuple[Any, ...]]) -> tuple[tuple[int, str], ...]:
    names = {row[5]: _unit_name(reader, row[5]) for row in found if row[5] is not None}
    return tuple(sorted(((unit, name) for unit, name in names.items() if name), key=lambda pair: pair[1]))
