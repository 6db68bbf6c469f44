"""Open tasks and cases of some case types, as far as a reader may see their cases: queries to be counted and listed.

Sealed cases are never among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select, text
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from engine.cases.access import Reader, visible
from engine.cases.models import Case
from engine.cases.stored import running_definition
from engine.cases.wording import place_title, state_title
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
    case = aliased(Case, name="c")
    return (
        select(
            Task.case_id, Task.number.label("task"), Task.state, Task.place, Task.item, Task.due_key, Task.opened_at,
            Task.assignee_id, case.number, case.title, case.case_type, case.digest, case.unit_id,
        )
        .join(case, case.id == Task.case_id)
        .where(
            Task.closed_at.is_(None), case.case_type.in_(sorted(set(case_types))),
            case.is_sealed.is_(False), may_be_seen(reader), _in_units(reader),
        )
    )  # fmt: skip


def _in_units(reader: Reader) -> ColumnElement[bool]:
    """The units of the region or none, by the index of open tasks by unit. Each side says that tasks are open: only
    then SQLite searches that index instead of reading the open tasks of every region."""
    units = [unit.id for unit in reader.directory.units_below(("/",))]
    is_open = Task.closed_at.is_(None)
    return or_(and_(is_open, Task.unit_id.in_(units)), and_(is_open, Task.unit_id.is_(None)))


def open_cases(reader: Reader, case_types: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """One row a case with open tasks: ``case_id``, ``state`` (the first of its steps by key), ``opened_at`` (since when
    the oldest of its tasks waits), ``number``, ``title``, ``case_type``, ``digest``, ``unit_id``."""
    tasks = open_tasks(reader, case_types).subquery()
    own = (tasks.c.case_id, tasks.c.number, tasks.c.title, tasks.c.case_type, tasks.c.digest, tasks.c.unit_id)
    return select(
        *own, func.min(tasks.c.state).label("state"), func.min(tasks.c.opened_at).label("opened_at")
    ).group_by(*own)  # fmt: skip


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
