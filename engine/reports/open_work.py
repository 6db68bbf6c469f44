"""Open tasks and cases of some case types, as far as a reader may see their cases: queries to be counted and listed.

Sealed cases are never among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Date, Select, and_, bindparam, case, cast, func, literal, or_, select, text
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from engine.cases.access import Reader, visible
from engine.cases.models import Case
from engine.cases.stored import running_definition
from engine.cases.wording import place_title, state_title
from engine.database import dialect_name
from engine.definitions.model import Definition, Text
from engine.tasks.models import Task

COMMENT = "comment"


def may_be_seen(reader: Reader) -> ColumnElement[bool]:
    """``engine.cases.access.visible`` as a condition over cases named ``c``."""
    condition, values = visible(reader)
    condition = condition.replace("c.region_id", "+c.region_id")  # SQLite begins at the open tasks, not at all cases
    parts = condition.split("?")
    named = "".join(part + (f":seen_{place}" if place < len(values) else "") for place, part in enumerate(parts))
    return text(f"({named})").bindparams(  # type: ignore[return-value]
        *(bindparam(f"seen_{place}", value) for place, value in enumerate(values))
    )


def open_tasks(reader: Reader, case_types: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """One row an open task: ``case_id``, ``task``, ``state``, ``place``, ``item``, ``due_key`` (seconds, ``NO_DUE``),
    ``opened_at``, ``assignee_id``, and of its case ``number``, ``title``, ``case_type``, ``digest``, ``unit_id``."""
    of = aliased(Case, name="c")
    return (
        select(
            Task.case_id, Task.number.label("task"), Task.state, Task.place, Task.item, Task.due_key, Task.opened_at,
            Task.assignee_id, of.number, of.title, of.case_type, of.digest, of.unit_id,
        )
        .join(of, of.id == Task.case_id)
        .where(
            Task.closed_at.is_(None), of.case_type.in_(sorted(set(case_types))),
            of.is_sealed.is_(False), may_be_seen(reader), _in_units(reader),
        )
    )  # fmt: skip


def _in_units(reader: Reader) -> ColumnElement[bool]:
    """The units of the region or none, by the index of open tasks by unit. Each side says that tasks are open: only
    then SQLite searches that index instead of reading the open tasks of every region."""
    units = [unit.id for unit in reader.directory.units_below(("/",))]
    is_open = Task.closed_at.is_(None)
    return or_(and_(is_open, Task.unit_id.in_(units)), and_(is_open, Task.unit_id.is_(None)))


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


def tasks_by_day(session: Session, tasks: Select[*tuple[Any, ...]], now: datetime) -> Select[*tuple[Any, ...]]:
    """How many of `open_tasks`: one row a ``digest``, ``case_type``, ``state``, ``day`` they were opened on and whether
    they ``are_late``, with the number of ``tasks``, and of ``cases`` whose oldest open task is among them.

    Days are those of the zone ``now`` is told in, by its offset at that moment: the zones of Indonesia have one.
    """
    told = tasks.selected_columns
    rows = tasks.with_only_columns(
        told["digest"], told["case_type"], told["state"], told["opened_at"], told["due_key"],
        _nth_of_case(tasks).label("nth"),
    ).subquery()  # fmt: skip
    keys = (
        rows.c.digest, rows.c.case_type, rows.c.state, _day_of(session, rows.c.opened_at, now).label("day"),
        (rows.c.due_key < int(now.timestamp())).label("are_late"),
    )  # fmt: skip
    cases = func.sum(case((rows.c.nth == 1, 1), else_=0))
    return select(*keys, func.count().label("tasks"), cases.label("cases")).group_by(*keys)


def _day_of(session: Session, moment: Any, now: datetime) -> Any:
    offset = now.utcoffset() or timedelta(0)
    if dialect_name(session) == "sqlite":
        return func.date(moment, f"{offset.total_seconds():+.0f} seconds", type_=Date)
    return cast(func.timezone("UTC", moment) + literal(offset), Date)


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
