"""Open tasks and cases of some case types, as far as a reader may see their cases: queries to be counted and listed.

Sealed cases are never among them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Interval,
    Select,
    String,
    TextClause,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    text,
)  # fmt: skip
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from engine.cases.access import Reader, visible
from engine.cases.models import Case
from engine.cases.stored import running_definition
from engine.cases.wording import place_title, state_title
from engine.definitions.model import Definition, Text
from engine.sessions import dialect_name
from engine.tasks.models import Task

COMMENT = "comment"


def may_be_seen(reader: Reader) -> ColumnElement[bool]:
    """``engine.cases.access.visible`` as a condition over cases named ``c``."""
    condition, values = visible(reader)
    return _named(condition).bindparams(**_by_name(values))  # type: ignore[return-value]


def _named(condition: str) -> TextClause:
    condition = condition.replace("c.region_id", "+c.region_id")  # SQLite begins at the open tasks, not at all cases
    first, *rest = condition.split("?")
    return text(f"({first}{''.join(f':seen_{place}{part}' for place, part in enumerate(rest))})")


def _by_name(values: Sequence[Any]) -> dict[str, Any]:
    return {f"seen_{place}": value for place, value in enumerate(values)}


def open_tasks(reader: Reader, case_types: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """One row an open task: ``case_id``, ``task``, ``state``, ``place``, ``item``, ``due_key`` (seconds, ``NO_DUE``),
    ``opened_at``, ``assignee_id``, and of its case ``number``, ``title``, ``case_type``, ``digest``, ``unit_id``."""
    return _open_tasks(sorted(set(case_types)), _units_of(reader), may_be_seen(reader))


def _open_tasks(types: Any, units: Any, seen: Any) -> Select[*tuple[Any, ...]]:
    """The statement over types and units, as values or as parameters.

    Units are those of the region or none, by the index of open tasks by unit. Each side says that tasks are open: only
    then SQLite searches that index instead of reading the open tasks of every region."""
    of = aliased(Case, name="c")
    is_open = Task.closed_at.is_(None)
    return (
        select(
            Task.case_id, Task.number.label("task"), Task.state, Task.place, Task.item, Task.due_key, Task.opened_at,
            Task.assignee_id, of.number, of.title, of.case_type, of.digest, of.unit_id,
        )
        .join(of, of.id == Task.case_id)
        .where(
            is_open, of.case_type.in_(types), of.is_sealed.is_(False), seen,
            or_(and_(is_open, Task.unit_id.in_(units)), and_(is_open, Task.unit_id.is_(None))),
        )
    )  # fmt: skip


def _units_of(reader: Reader) -> list[int]:
    return [unit.id for unit in reader.directory.units_below(("/",))]


def open_cases(reader: Reader, case_types: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """One row a case with open tasks: ``case_id``, ``state`` and ``opened_at`` of the oldest of them, ``number``,
    ``title``, ``case_type``, ``digest``, ``unit_id``."""
    tasks = open_tasks(reader, case_types)
    rows = tasks.add_columns(_nth_of_case(tasks).label("nth")).subquery()
    own = (
        rows.c.case_id, rows.c.number, rows.c.title, rows.c.case_type, rows.c.digest, rows.c.unit_id, rows.c.state,
        rows.c.opened_at,
    )  # fmt: skip
    return select(*own).where(rows.c.nth == 1)


def _nth_of_case(tasks: Select[*tuple[Any, ...]]) -> Any:
    """Tasks are numbered in the order they are opened, which is that of their key."""
    told = tasks.selected_columns
    return func.row_number().over(partition_by=told["case_id"], order_by=told["task"])


def open_tasks_by_day(
    session: Session, reader: Reader, case_types: Iterable[str], units: Collection[int] | None, now: datetime
) -> Sequence[Any]:
    """How many `open_tasks` (of cases of some ``units``; None: of all): one row a ``digest``, ``case_type``, ``state``,
    ``day`` they were opened on and whether they ``are_late``, with the number of ``tasks``, and of ``cases`` whose
    oldest open task is among them.

    Days are those of the zone ``now`` is told in, by its offset at that moment: the zones of Indonesia have one.
    """
    condition, seen = visible(reader)
    offset = now.utcoffset() or timedelta(0)
    is_sqlite = dialect_name(session) == "sqlite"
    values = {
        "types": sorted(set(case_types)), "region_units": _units_of(reader), "now": int(now.timestamp()),
        "offset": f"{offset.total_seconds():+.0f} seconds" if is_sqlite else offset, **_by_name(seen),
        **({} if units is None else {"units": sorted(units)}),
    }  # fmt: skip
    return session.connection().execute(_by_day(condition, units is not None, is_sqlite), values).all()


@lru_cache(maxsize=64)
def _by_day(condition: str, is_narrowed: bool, is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    """The statement, built once a process for each kind of reader."""
    tasks = _open_tasks(
        bindparam("types", expanding=True), bindparam("region_units", expanding=True), _named(condition)
    )  # fmt: skip
    told = tasks.selected_columns
    if is_narrowed:
        tasks = tasks.where(told["unit_id"].in_(bindparam("units", expanding=True)))
    rows = tasks.with_only_columns(
        told["digest"], told["case_type"], told["state"], told["opened_at"], told["due_key"],
        _nth_of_case(tasks).label("nth"),
    ).subquery()  # fmt: skip
    day = (
        func.date(rows.c.opened_at, bindparam("offset", type_=String), type_=Date) if is_sqlite
        else cast(func.timezone("UTC", rows.c.opened_at) + bindparam("offset", type_=Interval), Date)
    )  # fmt: skip
    late = rows.c.due_key < bindparam("now", type_=BigInteger)
    keys = (rows.c.digest, rows.c.case_type, rows.c.state, day.label("day"), late.label("are_late"))
    cases = func.sum(case((rows.c.nth == 1, 1), else_=0))
    return select(*keys, func.count().label("tasks"), cases.label("cases")).group_by(*keys)


@dataclass(frozen=True, slots=True)
class Steps:
    """What steps are called and what they are, by the digest a case goes by and the key of its state."""

    session: Session
    reader: Reader

    def title(self, digest: str, state: str, place: str | None = None) -> Text:
        """The step in words, of an approval with whose decision it waits for."""
        definition = self._definition(digest)
        named = state_title(definition, state)
        at = place_title(definition, state, place) if place is not None and state in definition.states else None
        return named if at is None or at == named else Text(f"{named.id}: {at.id}", f"{named.en}: {at.en}")

    def case_title(self, digest: str) -> Text:
        """What the case type is called."""
        return self._definition(digest).title

    def is_approval(self, digest: str, state: str) -> bool:
        """Whether somebody decides there on the work of others: an approval, or a step that may send it back."""
        states = self._definition(digest).states
        key: str | None = state
        while key is not None and key in states:
            here = states[key]
            if here.approval is not None or any(COMMENT in act.requires for act in here.transitions.values()):
                return True
            key = here.parent
        return False

    def line(self, digest: str, state: str) -> tuple[str, ...]:
        """A state and those around it, the innermost first."""
        states, found = self._definition(digest).states, []
        key: str | None = state
        while key is not None and key in states:
            found.append(key)
            key = states[key].parent
        return tuple(found)

    def _definition(self, digest: str) -> Definition:
        return running_definition(self.session, digest, self.reader)


def approvals(session: Session, reader: Reader, case_types: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """The open tasks in which somebody decides on the work of others."""
    tasks = open_tasks(reader, case_types).subquery()
    found = session.execute(select(tasks.c.digest, tasks.c.state).distinct()).all()
    steps = Steps(session, reader)
    wanted = [(digest, state) for digest, state in found if steps.is_approval(digest, state)]
    return select(tasks).where(_one_of(tasks, wanted))


def _one_of(tasks: Any, wanted: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    by_digest: dict[str, list[str]] = {}
    for digest, state in wanted:
        by_digest.setdefault(digest, []).append(state)
    conditions = [and_(tasks.c.digest == digest, tasks.c.state.in_(states)) for digest, states in by_digest.items()]
    found: ColumnElement[bool] = tasks.c.state.in_([])
    for one in conditions:
        found = found | one
    return found
