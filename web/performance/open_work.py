"""The open work of the cycle read once a page: what every part that counts tasks and steps counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import String, type_coerce
from sqlalchemy.orm import Session

from engine.database import moment_from_text
from engine.reports.open_work import Steps, open_tasks
from sakip.cycle import AGREEMENTS, evaluations_of
from sakip.due_indicators import units_of
from sakip.looking import Filters, Viewer
from sakip.work_lines import types_of, waited


class Open(NamedTuple):
    """One open task, or one case by the first of its steps and the oldest of its tasks. ``opened_at`` is as the
    database has it, because most of thousands are only counted."""

    case_id: int
    digest: str
    case_type: str
    state: str
    opened_at: Any
    due_key: int


class Waits:
    """Working days since tasks were opened, counted once a day on which some were."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._by_moment: dict[Any, int] = {}
        self._by_day: dict[date, int] = {}

    def of(self, one: Open) -> int:
        """The working days of one task."""
        key = one.opened_at
        days = self._by_moment.get(key)
        if days is None:
            moment = moment_from_text(key) if isinstance(key, str) else key
            day = moment.astimezone(self._viewer.organisation.timezone).date()
            days = self._by_day.get(day)
            if days is None:
                days = self._by_day[day] = waited(self._viewer, moment)
            self._by_moment[key] = days
        return days


def read_open_work(session: Session, viewer: Viewer, filters: Filters) -> Sequence[Any]:
    """Every open task of the cycle that the lists of ``late_documents`` and ``approvals_waiting`` choose from.

    They read like `Open` and are rows of the connection itself: there are thousands."""
    types = {*types_of(viewer), *AGREEMENTS, *evaluations_of(viewer.configuration)}
    query = open_tasks(viewer.reader, types)
    told = query.selected_columns
    query = query.where(*units_of(viewer, filters, told["unit_id"])).with_only_columns(
        told["case_id"], told["digest"], told["case_type"], told["state"],
        type_coerce(told["opened_at"], String).label("opened_at"), told["due_key"],
    )  # fmt: skip
    return session.connection().execute(query).all()


def late(viewer: Viewer, rows: Sequence[Open]) -> list[Open]:
    """Those past due."""
    moment = int(viewer.now.timestamp())
    return [one for one in rows if one.due_key < moment]


def approvals(session: Any, viewer: Viewer, rows: Sequence[Open]) -> list[Open]:
    """Those at steps that decide on the work of others."""
    steps, known = Steps(session, viewer.reader), dict[tuple[str, str], bool]()
    for one in rows:
        key = (one.digest, one.state)
        if key not in known:
            known[key] = steps.is_approval(*key)
    return [one for one in rows if known[one.digest, one.state]]


def cases(rows: Sequence[Open], types: Sequence[str]) -> list[Open]:
    """Each case of some types once."""
    found: dict[int, Open] = {}
    for one in rows:
        if one.case_type not in types:
            continue
        other = found.get(one.case_id)
        if other is not None:
            state, since = min(one.state, other.state), min(one.opened_at, other.opened_at)
            one = Open(one.case_id, one.digest, one.case_type, state, since, one.due_key)
        found[one.case_id] = one
    return list(found.values())
