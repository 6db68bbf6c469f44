"""The open work of the cycle counted once a page: what every part that counts tasks and steps adds up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from engine.reports.open_work import Steps, open_tasks_by_day
from sakip.cycle import AGREEMENTS, evaluations_of
from sakip.due_indicators import units_asked
from sakip.looking import Filters, Viewer
from sakip.work_lines import types_of


class Open(NamedTuple):
    """Open tasks of one case type at one step, opened on one day (local): how many, and of how many cases they
    are the oldest open task."""

    digest: str
    case_type: str
    state: str
    day: date
    are_late: bool
    tasks: int
    cases: int


def read_open_work(session: Session, viewer: Viewer, filters: Filters) -> list[Open]:
    """All open tasks of the cycle, of which ``late_documents``, ``approvals_waiting`` and the lists of cases are."""
    types = {*types_of(viewer), *AGREEMENTS, *evaluations_of(viewer.configuration)}
    now = viewer.now.astimezone(viewer.organisation.timezone)
    return [Open(*row) for row in open_tasks_by_day(session, viewer.reader, types, units_asked(viewer, filters), now)]


def approvals(session: Session, viewer: Viewer, rows: Sequence[Open]) -> list[Open]:
    """Those at steps that decide on the work of others."""
    steps = Steps(session, viewer.reader)
    wanted = {key for key in {(one.digest, one.state) for one in rows} if steps.is_approval(*key)}
    return [one for one in rows if (one.digest, one.state) in wanted]
