"""A page of a person's queue: their own tasks, their unit's, the cases they follow, those they acted in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.access import HOLDS_ANY, Reader, reader_of, visible
from engine.cases.bulk_rules import is_bulk_state
from engine.cases.queue_stand_ins import stood_in_for
from engine.cases.stored import running_definition
from engine.cases.wording import leaves, place_title, state_title, states_title
from engine.database import driver_moments, driver_rows
from engine.definitions.model import Definition, Text
from engine.disclosure.keyring import officer
from engine.errors import InvalidInput
from engine.sessions import dialect_name
from engine.tasks import queue
from engine.tasks.models import NO_DUE
from engine.tasks.queue import Day
from engine.tasks.views import TABS, Count, QueueFilters, QueuePage, QueueRow

LONGEST_PAGE = 500
TASK_TABS = ("mine", "unit")  # the others list cases

CASE_COLUMNS = (
    "c.id, c.number, c.title, c.case_type, c.digest, c.unit_id, c.initiator_id, c.is_suspended, c.returned_count,"
    " c.closed_at, c.opened_at, c.state"
)
# CROSS JOIN keeps SQLite from starting at all cases instead of the person's own few
_FOLLOWED = "follows own CROSS JOIN cases c WHERE own.person_id = ? AND c.id = own.case_id"
_ACTED = "participants own CROSS JOIN cases c WHERE own.audience = ? AND own.has_acted AND c.id = own.case_id"


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
    if tab in TASK_TABS:
        read = queue.my_tasks if tab == "mine" else queue.unit_tasks
        found = read(session, reader, wanted, day, key, limit + 1)
        words = _Words(session, reader)
        shown = found[:limit]
        lines = [(row[0], row[3], row[9], bool(row[16])) for row in shown] if tab == "mine" else []
        absent = stood_in_for(session, reader, lines, words.definitions.__getitem__, now)
        rows = _task_rows(words, reader, shown, day, absent)
        keys = [(row[8], row[0], row[9]) for row in found]
    else:
        found = _cases(session, reader, tab, wanted, day, key[1], limit + 1)
        words = _Words(session, reader)
        rows = [_case_row(words, row) for row in found[:limit]]
        keys = [(0, row[0], 0) for row in found]
    counts, has_sealed = _counts(session, reader)
    return QueuePage(
        tab=tab,
        rows=tuple(rows),
        next_key=queue.write_key(keys[limit - 1]) if len(found) > limit else None,
        counts=counts,
        states=tuple(_states(words, rows).items()),
        case_types=tuple(_case_types(words, rows).items()),
        units=tuple(sorted(((key, name) for key, name in words.units.items() if name), key=itemgetter(1))),
        has_sealed=has_sealed,
    )


def _day(reader: Reader, now: datetime) -> Day:
    zone = reader.directory.timezone
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    return Day(int(now.timestamp()), int(tomorrow.timestamp()))


def _task_rows(
    words: _Words, reader: Reader, found: list[tuple[Any, ...]], day: Day, absent: Mapping[tuple[int, int], Text]
) -> list[QueueRow]:
    names, units, steps, moment, me = words.names, words.units, words.steps, words.moment, reader.person_id
    over, ends = day.now, day.ends
    row, due_at = tuple.__new__, datetime.fromtimestamp  # a named tuple's own way costs half as much again
    return [
        row(QueueRow, (  # in the order of its fields
            case_id, number, title, (step := steps[digest, state])[0], step[1], units[unit_id], names[initiator_id],
            names[opened_by], task, state, step[2], place, item, moment(opened_at),
            None if due_key >= NO_DUE else due_at(due_key, UTC),
            "none" if due_key >= NO_DUE else "overdue" if due_key < over else "today" if due_key < ends else "next",
            assignee_id, names[assignee_id], returned, assignee_id is None, assignee_id == me, bool(is_suspended), None,
            None if place is None else words.place(digest, state, place), step[3], absent.get((case_id, task)),
        ))
        for (
            case_id, number, title, digest, unit_id, initiator_id, is_suspended, returned, due_key, task, state, place,
            item, opened_at, assignee_id, opened_by, _,
        ) in found
    ]  # fmt: skip


def _cases(
    session: Session, reader: Reader, tab: str, filters: QueueFilters, day: Day, before: int, limit: int
) -> list[tuple[Any, ...]]:
    """Cases of the tabs that list cases, the newest first."""
    joined, own = (_FOLLOWED, reader.person_id) if tab == "follow" else (_ACTED, f"person:{reader.person_id}")
    seen, seen_values = visible(reader)
    about_cases = QueueFilters(
        unit_id=filters.unit_id,
        case_type=filters.case_type,
        returned=filters.returned,
        text=filters.text,
        for_file=filters.for_file,
    )
    conditions, values = queue.conditions_of(about_cases, day, reader)
    text = f"SELECT {CASE_COLUMNS} FROM {joined} AND {' AND '.join((seen, *conditions))}"
    parameters: list[Any] = [own, *seen_values, *values]
    if before:
        text += " AND own.case_id < ?"
        parameters.append(before)
    return driver_rows(session, text + f" ORDER BY own.case_id DESC LIMIT {limit}", parameters)


def case_rows(session: Session, reader: Reader, rows: list[tuple[Any, ...]]) -> list[QueueRow]:
    """Cases as lines of a list, from ``CASE_COLUMNS``."""
    words = _Words(session, reader)
    return [_case_row(words, row) for row in rows]


def _case_row(words: _Words, row: tuple[Any, ...]) -> QueueRow:
    case_id, number, title, case_type, digest, unit_id, initiator_id, is_suspended, returned, closed_at, *rest = row
    opened_at, state = rest
    definition, moment = words.definitions[digest], words.moment
    active = json.loads(state).get("a", {})
    first = next(iter(leaves(definition, active)), None)
    return QueueRow(
        case_id=case_id,
        number=number,
        title=title,
        case_type=case_type,
        type_title=definition.title,
        unit_name=words.units[unit_id],
        initiator_name=words.names[initiator_id],
        from_name=words.names[initiator_id],
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


def _counts(session: Session, reader: Reader) -> tuple[dict[str, Count], bool]:
    """How many per tab, and whether the reader handles any sealed case."""
    seen, values = visible(reader)
    in_units, unit_values = queue.unit_counted(reader)
    text = (
        f"SELECT 'unit', {in_units} UNION ALL SELECT 'follow',"
        f" (SELECT count(*) FROM (SELECT 1 FROM {_FOLLOWED} AND {seen} LIMIT {queue.COUNTED_TO}) n)"
        f" UNION ALL SELECT 'sealed', ({HOLDS_ANY})"
    )
    parameters = [*unit_values, reader.person_id, *values, officer(reader.person_id)]
    if reader.audiences:
        text = f"{queue.listed(len(reader.audiences))} SELECT 'mine', {queue.COUNT_OFFERS} FROM mine UNION ALL {text}"
        parameters = [*queue.listed_values(reader), reader.region_id, reader.person_id, *parameters]
    found = driver_rows(session, text, parameters)
    others = {tab: queue.counted(number) for tab, number in found if tab not in ("mine", "sealed")}
    mine = queue.sum_up(session, reader, [number for tab, number in found if tab == "mine"])
    return {"mine": mine, **others}, ("sealed", 1) in [tuple(row) for row in found]


class _Asked(dict[Any, Any]):
    """What was asked once is not asked again."""

    def __init__(self, ask: Callable[[Any], Any]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, key: Any) -> Any:
        found = self[key] = self._ask(key)
        return found


class _Words:
    """Names and titles looked up once a page: ``names`` of people, ``units``, ``steps`` by (digest, state)."""

    def __init__(self, session: Session, reader: Reader) -> None:
        self.session, self.directory, self.reader = session, reader.directory, reader
        self.moment = driver_moments(dialect_name(session))[1]
        self.definitions = _Asked(self._definition)
        self.names, self.units, self.steps = _Asked(self._name), _Asked(self._unit), _Asked(self._step)
        self._places: dict[tuple[str, str, str], Text] = {}

    def _definition(self, digest: str) -> Definition:
        return running_definition(self.session, digest, self.reader)

    def _step(self, place: tuple[str, str]) -> tuple[str, Text, Text, bool]:
        """Case type, its title, the state's title, whether it may be decided many at once."""
        digest, state = place
        definition: Definition = self.definitions[digest]
        title = state_title(definition, state)
        return definition.case_type, definition.title, title, is_bulk_state(definition, state)

    def place(self, digest: str, state: str, place: str) -> Text:
        known = self._places.get((digest, state, place))
        if known is None:
            found = place_title(self.definitions[digest], state, place)
            known = self._places[digest, state, place] = found or Text(place, place)
        return known

    def _name(self, person_id: int | None) -> str | None:
        return None if person_id is None else self.directory.person(person_id).name or None

    def _unit(self, unit_id: int | None) -> str | None:
        unit = None if unit_id is None else self.directory.unit(unit_id)
        return None if unit is None else unit.name


def _states(words: _Words, rows: list[QueueRow]) -> dict[str, Text]:
    """The steps of a page to filter by: of tasks as they were looked up, of cases from their lines."""
    if words.steps:
        return {state: step[2] for (_, state), step in words.steps.items()}
    return {row.state: row.state_title for row in rows if row.state}


def _case_types(words: _Words, rows: list[QueueRow]) -> dict[str, Text]:
    if words.steps:
        return {step[0]: step[1] for step in words.steps.values()}
    return {row.case_type: row.type_title for row in rows}
