"""The queue's SQL: the open tasks a person may work on, a page at a time, at the same cost however many cases exist.

For each of a person's audiences the first offers after the last key are read from the key of ``offers`` itself, then
merged. Nothing is sorted, and nothing is counted beyond a limit. Texts are constant for a number of audiences and a
set of filters, and run on the driver's cursor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy.orm import Session

from engine.database import driver_rows
from engine.errors import InvalidInput
from engine.tasks.models import NO_DUE
from engine.tasks.views import Count, QueueFilters

COUNTED_TO = 1000
Key = tuple[int, int, int]  # due key, case, task number
START: Key = (-1, 0, 0)
Audiences = Sequence[tuple[str, int]]  # audience, mask of powers

_COLUMNS = (
    "c.id, c.number, c.title, c.digest, c.unit_id, c.initiator_id, c.is_suspended, c.returned_count, k.due_key,"
    " k.number, t.state, t.place, t.item, t.opened_at, t.assignee_id, t.opened_by, c.state LIKE '%\"delegated\"%'"
)
_NOT_EXCLUDED = (
    "NOT EXISTS (SELECT 1 FROM exclusions e WHERE e.person_id = ? AND e.case_id = {k}.case_id"
    " AND +e.number IN (0, {k}.number))"  # the plus keeps SQLite from looking twice
)
_OFFERED = "k.region_id = ? AND k.audience = ? AND (k.powers & ?) <> 0"
_AFTER = "({k}.due_key, {k}.case_id, {k}.number) > (?, ?, ?)"
NAMED = (  # people are looked for once, not once a case as by c.region_id
    "(lower(c.title) LIKE ? ESCAPE '!' OR lower(c.number) LIKE ? ESCAPE '!' OR c.initiator_id IN"
    " (SELECT p.id FROM people p WHERE p.region_id = ? AND lower(p.name) LIKE ? ESCAPE '!'))"
)
MOST_MERGED = 60  # units merged one by one; more are sorted together


class Reader(Protocol):
    """Whose queue it is: audiences with masks of powers, and the units whose cases they may see."""

    @property
    def region_id(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def audiences(self) -> Audiences: ...
    @property
    def unit_ids(self) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True)
class Day:
    """The seconds at which "overdue" ends and "today" ends, for the deadline filter."""

    now: int
    ends: int


def my_tasks(
    session: Session, reader: Reader, filters: QueueFilters, day: Day, after: Key, limit: int
) -> list[tuple[Any, ...]]:
    """The first ``limit`` rows after a key, of what is offered to the reader's audiences."""
    conditions, values = conditions_of(filters, day, reader)
    own = (*after, reader.person_id, *values)
    parameters = [p for audience, mask in reader.audiences for p in (reader.region_id, audience, mask, *own)]
    if not reader.audiences:
        return []
    return driver_rows(session, _my_tasks(len(reader.audiences), conditions, limit), parameters)


def unit_tasks(
    session: Session, reader: Reader, filters: QueueFilters, day: Day, after: Key, limit: int
) -> list[tuple[Any, ...]]:
    """The first ``limit`` open tasks after a key in cases of the reader's units."""
    if not reader.unit_ids:
        return []
    conditions, values = conditions_of(filters, day, reader)
    own = (*after, reader.person_id, *values)
    parameters = _per_unit(reader.unit_ids, own)
    return driver_rows(session, _unit_tasks(len(reader.unit_ids), conditions, limit), parameters)


def states_offered(session: Session, reader: Reader, case_ids: Sequence[int]) -> dict[int, set[str]]:
    """The states of some cases whose open tasks are offered to the reader; cases without one are left out."""
    if not reader.audiences or not case_ids:
        return {}
    text = (
        f"{listed(len(reader.audiences))} SELECT DISTINCT k.case_id, t.state FROM mine JOIN offers k"
        " ON k.region_id = ? AND k.audience = mine.audience AND (k.powers & mine.mask) <> 0"
        " JOIN tasks t ON t.case_id = k.case_id AND t.number = k.number"
        f" WHERE k.case_id IN ({', '.join('?' * len(case_ids))}) AND {_NOT_EXCLUDED.format(k='k')}"
    )
    found: dict[int, set[str]] = {}
    for case_id, state in driver_rows(
        session, text, [*listed_values(reader), reader.region_id, *case_ids, reader.person_id]
    ):
        found.setdefault(case_id, set()).add(state)
    return found


def count_mine(session: Session, reader: Reader) -> Count:
    """How many tasks are offered to the reader, counted to a limit."""
    if not reader.audiences:
        return Count(0)
    text = f"{listed(len(reader.audiences))} SELECT {COUNT_OFFERS} FROM mine"
    rows = driver_rows(session, text, [*listed_values(reader), reader.region_id, reader.person_id])
    return sum_up(session, reader, [number for (number,) in rows])


def listed(audiences: int) -> str:
    """The reader's audiences as a table ``mine`` in SQL. PostgreSQL does not look into it, so that it plans once and
    not anew for each reader: planning costs more than counting."""
    return f"WITH mine (audience, mask) AS MATERIALIZED (VALUES {', '.join(['(?, ?)'] * audiences)})"


def listed_values(reader: Reader) -> list[Any]:
    """The parameters of ``listed``."""
    return [value for pair in reader.audiences for value in pair]


def sum_up(session: Session, reader: Reader, per_audience: Sequence[int]) -> Count:
    """The reader's total. A task offered to two of their audiences counts once: that is asked only where two of them
    have any, and neither more than is counted anyway."""
    found = [number for number in per_audience if number]
    if len(found) <= 1 or max(found) >= COUNTED_TO:
        return counted(max(found, default=0))
    values = [p for audience, mask in reader.audiences for p in (reader.region_id, audience, mask, reader.person_id)]
    return counted(driver_rows(session, _count_once(len(reader.audiences)), values)[0][0])


def unit_counted(reader: Reader) -> tuple[str, list[Any]]:
    """How many tasks are open in cases of the reader's units, as a value in SQL with its parameters."""
    if not reader.unit_ids:
        return "0", []
    return _count_unit(len(reader.unit_ids)), _per_unit(reader.unit_ids, (reader.person_id,))


def counted(number: int) -> Count:
    """A number that was not counted further than the limit."""
    return Count(COUNTED_TO - 1, True) if number >= COUNTED_TO else Count(number)


def conditions_of(filters: QueueFilters, day: Day, reader: Reader) -> tuple[tuple[str, ...], list[Any]]:
    """The filters as conditions over case ``c``, task ``t`` and key ``k``, and their values in order."""
    found: list[tuple[str, list[Any]]] = []
    if filters.state:
        found.append(("t.state = ?", [filters.state]))
    if filters.unit_id is not None:
        found.append(("c.unit_id = ?", [filters.unit_id]))
    if filters.case_type:
        found.append(("c.case_type = ?", [filters.case_type]))
    if filters.returned is not None:
        found.append(("c.returned_count >= ?", [filters.returned]))
    if filters.for_file:
        found.append(("NOT c.is_sealed", []))
    if filters.text.strip():
        pattern = like_pattern(filters.text)
        found.append((NAMED, [pattern, pattern, reader.region_id, pattern]))
    spans = {
        "overdue": (-1, day.now),
        "today": (day.now, day.ends),
        "next": (day.ends, NO_DUE),
        "none": (NO_DUE, NO_DUE + 1),
    }
    if filters.deadline:
        if filters.deadline not in spans:
            raise InvalidInput(f"Unknown deadline filter '{filters.deadline}'.")
        found.append(("k.due_key >= ? AND k.due_key < ?", list(spans[filters.deadline])))
    holders = {"me": "t.assignee_id = ?", "nobody": "t.assignee_id IS NULL", "others": "t.assignee_id <> ?"}
    if filters.assignee:
        if filters.assignee not in holders:
            raise InvalidInput(f"Unknown holder filter '{filters.assignee}'.")
        found.append((holders[filters.assignee], [] if filters.assignee == "nobody" else [reader.person_id]))
    return tuple(text for text, _ in found), [value for _, values in found for value in values]


def like_pattern(text: str) -> str:
    """What somebody typed as a LIKE pattern, in lower case, with its own wildcards made harmless (escape ``!``)."""
    plain = text.strip().lower()[:200]
    return "%" + plain.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"


def read_key(text: str | None) -> Key:
    """The key that ``write_key`` put into a URL. Raises InvalidInput for anything else."""
    if not text:
        return START
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise InvalidInput("This page of the list does not exist.")
    return int(parts[0]), int(parts[1]), int(parts[2])


def write_key(key: Key) -> str:
    """Where the next page starts, for a URL."""
    return ".".join(str(part) for part in key)


@lru_cache(maxsize=256)
def _my_tasks(audiences: int, conditions: tuple[str, ...], limit: int) -> str:
    return _merged(audiences, "offers k", _OFFERED, conditions, limit)


@lru_cache(maxsize=256)
def _unit_tasks(units: int, conditions: tuple[str, ...], limit: int) -> str:
    return _merged(1 if units > MOST_MERGED else units, "tasks k", _in_units(units), conditions, limit)


def _in_units(units: int) -> str:
    one = "= ?" if units <= MOST_MERGED else f"IN ({', '.join('?' * units)})"
    return f"k.unit_id {one} AND k.closed_at IS NULL"


def _per_unit(unit_ids: Sequence[int], own: tuple[Any, ...]) -> list[Any]:
    if len(unit_ids) > MOST_MERGED:
        return [*unit_ids, *own]
    return [value for unit_id in unit_ids for value in (unit_id, *own)]


def _merged(parts: int, source: str, belongs: str, conditions: tuple[str, ...], limit: int) -> str:
    # the limit stands in the text: PostgreSQL plans a prepared statement badly when it does not know it
    joined = source
    if conditions:
        joined += " JOIN cases c ON c.id = k.case_id JOIN tasks t ON t.case_id = k.case_id AND t.number = k.number"
    wanted = " AND ".join((belongs, _AFTER.format(k="k"), _NOT_EXCLUDED.format(k="k"), *conditions))
    part = (
        f"SELECT * FROM (SELECT k.due_key, k.case_id, k.number FROM {joined} WHERE {wanted}"
        f" ORDER BY k.due_key, k.case_id, k.number LIMIT {limit}) part"
    )
    keys = " UNION ".join([part] * parts)  # a task offered to two of my audiences is one line
    return (
        f"SELECT {_COLUMNS} FROM (SELECT * FROM ({keys}) merged ORDER BY due_key, case_id, number LIMIT {limit}) k"
        " JOIN cases c ON c.id = k.case_id JOIN tasks t ON t.case_id = k.case_id AND t.number = k.number"
        " ORDER BY k.due_key, k.case_id, k.number"
    )


def _counted_part(source: str, belongs: str, columns: str = "1") -> str:
    return f"SELECT {columns} FROM {source} WHERE {belongs} AND {_NOT_EXCLUDED.format(k='k')} LIMIT {COUNTED_TO}"


# how many tasks an audience of ``mine`` is offered; its parameters are region and person
COUNT_OFFERS = (
    "(SELECT count(*) FROM ("
    + _counted_part("offers k", "k.region_id = ? AND k.audience = mine.audience AND (k.powers & mine.mask) <> 0")
    + ") part)"
)


@lru_cache(maxsize=64)
def _count_once(audiences: int) -> str:
    part = f"SELECT * FROM ({_counted_part('offers k', _OFFERED, 'k.case_id, k.number')}) part"
    return (
        f"SELECT count(*) FROM (SELECT 1 FROM ({' UNION '.join([part] * audiences)}) merged LIMIT {COUNTED_TO}) counted"
    )


@lru_cache(maxsize=64)
def _count_unit(units: int) -> str:
    part = f"SELECT * FROM ({_counted_part('tasks k', _in_units(units))}) part"
    parts = " UNION ALL ".join([part] * (1 if units > MOST_MERGED else units))  # a task stands in one unit
    return f"(SELECT count(*) FROM (SELECT 1 FROM ({parts}) merged LIMIT {COUNTED_TO}) counted)"
