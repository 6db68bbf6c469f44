"""The open work of the cycle read once a page: what every part that counts tasks and steps counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, select, type_coerce

from engine.database import moment_from_text
from engine.reports.open_work import Steps, open_tasks
from sakip.cycle import AGREEMENTS, evaluations_of
from sakip.due_indicators import units_of
from sakip.looking import Filters, Viewer
from sakip.work_lines import types_of


@dataclass(frozen=True, slots=True)
class Open:
    """One open task, or one case by the first of its steps and the oldest of its tasks. ``opened_at`` is as the
    database has it, because most of thousands are only counted; ``since`` is the moment."""

    case_id: int
    digest: str
    case_type: str
    state: str
    opened_at: Any
    due_key: int

    @property
    def since(self) -> datetime:
        """When it was opened (aware)."""
        return moment_from_text(self.opened_at) if isinstance(self.opened_at, str) else self.opened_at

    @property
    def minute(self) -> Any:
        """The same for all that were opened in one minute, so that their days are counted once."""
        return self.opened_at[:16] if isinstance(self.opened_at, str) else self.opened_at


def read_open_work(session: Any, viewer: Viewer, filters: Filters) -> tuple[Open, ...]:
    """Every open task of the cycle that the lists of ``late_documents`` and ``approvals_waiting`` choose from."""
    types = {*types_of(viewer), *AGREEMENTS, *evaluations_of(viewer.configuration)}
    rows = open_tasks(viewer.reader, types).subquery()
    query = select(
        rows.c.case_id, rows.c.digest, rows.c.case_type, rows.c.state, type_coerce(rows.c.opened_at, String),
        rows.c.due_key,
    ).where(*units_of(viewer, filters, rows.c.unit_id))  # fmt: skip
    return tuple(Open(*row) for row in session.execute(query))


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
