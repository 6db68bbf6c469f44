"""Tasks and cases of the cycle as lines of a list: what, whose, at which step, since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.reports.open_work import Steps
from engine.tasks.models import NO_DUE
from sakip.cycle import case_types_of
from sakip.due_indicators import units_of
from sakip.listing import DAY, MOMENT, NUMBER, Column, Item, Query
from sakip.looking import Filters, Viewer

DOCUMENT = Column("document", Text("Dokumen", "Document"))
NUMBER_OF_CASE = Column("number", Text("Nomor", "Number"))
UNIT = Column("unit", Text("Unit", "Unit"))
STEP = Column("step", Text("Langkah", "Step"))
SINCE = Column("since", Text("Menunggu sejak", "Waiting since"), DAY)
DUE = Column("due", Text("Batas waktu", "Deadline"), MOMENT)
WAITED = Column("waited", Text("Hari kerja menunggu", "Working days waiting"), NUMBER)
TASKS = (DOCUMENT, NUMBER_OF_CASE, UNIT, STEP, SINCE, DUE, WAITED)
CASES = (DOCUMENT, NUMBER_OF_CASE, UNIT, STEP, SINCE, WAITED)
TASK_KEYS: tuple[tuple[str, type], ...] = (("due_key", int), ("case_id", int), ("task", int))
CASE_KEYS: tuple[tuple[str, type], ...] = (("case_id", int),)


def waited(viewer: Viewer, since: datetime) -> int:
    """Working days since a moment, by the region's calendar."""
    return waited_since(viewer, _day(viewer, since))


def waited_since(viewer: Viewer, first: date) -> int:
    """Working days since a day of the region."""
    return viewer.calendar.working_days_between(first, viewer.today) if first < viewer.today else 0


def tasks(viewer: Viewer, filters: Filters, statement: Select[*tuple[Any, ...]]) -> Query:
    """Open tasks as a list, the earliest deadline first; the filters unit, ``type`` and ``state`` narrow it."""
    return Query(_narrowed(viewer, filters, statement), TASK_KEYS, lambda session, rows: _lines(session, viewer, rows))


def cases(viewer: Viewer, filters: Filters, statement: Select[*tuple[Any, ...]]) -> Query:
    """Cases with open tasks as a list, the oldest first."""
    return Query(_narrowed(viewer, filters, statement), CASE_KEYS, lambda session, rows: _lines(session, viewer, rows))


def types_of(viewer: Viewer) -> tuple[str, ...]:
    """The case types of the cycle where the viewer is."""
    return case_types_of(viewer.configuration)


def _narrowed(viewer: Viewer, filters: Filters, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    rows = statement.subquery()
    columns = [rows]
    found: Select[*tuple[Any, ...]] = select(*columns).where(*units_of(viewer, filters, rows.c.unit_id))
    for name, column in (("type", rows.c.case_type), ("state", rows.c.state)):
        if filters.get(name):
            found = found.where(column == filters.get(name))
    return found


def _lines(session: Session, viewer: Viewer, rows: Sequence[Any]) -> list[Item]:
    steps = Steps(session, viewer.reader)
    found = []
    for row in rows:
        due_key = getattr(row, "due_key", NO_DUE)
        cells = {
            "document": row.title, "number": row.number, "unit": viewer.unit_name(row.unit_id),
            "step": steps.title(row.digest, row.state, getattr(row, "place", None)),
            "since": _day(viewer, row.opened_at), "waited": waited(viewer, row.opened_at),
            "due": None if due_key >= NO_DUE else datetime.fromtimestamp(due_key, UTC),
        }  # fmt: skip
        found.append(Item(cells, ("case", row.case_id), "", row.number))
    return found


def _day(viewer: Viewer, moment: datetime) -> date:
    return moment.astimezone(viewer.organisation.timezone).date()
