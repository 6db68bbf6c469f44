"""A migration the worker carries out: a run that waits as a row, one case a transaction, and how far it has come."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.impact import SUPPRESSED_BELOW
from engine.cases.migrate import Outcome, move_next, older_digests, plan_of
from engine.cases.migration_models import MigratedCase, MigrationRun
from engine.cases.models import Case
from engine.cases.stored import definition_of
from engine.definitions.model import Definition
from engine.errors import AlurError
from engine.organisation.models import Person
from engine.publishing.models import DefinitionVersion

log = logging.getLogger("alur.migrations")

Count = int | str  # of a sealed case type no small one is told


@dataclass(frozen=True, slots=True)
class Progress:
    """A run and how far it is. ``state`` is running, done or undone; ``outcomes`` counts its cases by what became of
    them; ``left`` are running cases it has not come to (0 once it is done; None where its version cannot be read)."""

    run: int
    case_type: str
    plan: str
    version: str
    state: str
    in_background: bool
    reason: str
    started_at: datetime
    started_by: str | None
    finished_at: datetime | None
    outcomes: Mapping[str, Count]
    left: Count | None


def leave_to_worker(session: Session, run_id: int) -> None:
    """From now on a worker goes on with this run."""
    session.get_one(MigrationRun, run_id).in_background = True
    session.flush()


def next_in_background(session: Session) -> int | None:
    """The oldest run that waits for a worker: a question that takes no lock."""
    waiting = select(MigrationRun.id).where(MigrationRun.state == "running", MigrationRun.in_background)
    return session.scalar(waiting.order_by(MigrationRun.id).limit(1))


def move_one(session: Session, run_id: int, now: datetime) -> Outcome | None:
    """Deal with the next case of a run; None when there is none left. The caller commits after each.

    A run whose version this program cannot read any more is given back to people, so that others go on.
    """
    run = session.get_one(MigrationRun, run_id)
    try:
        definition = definition_of(session, run.digest)
    except AlurError as fault:
        log.error("migration run %d waits for somebody: %s", run_id, fault)
        run.in_background = False
        session.flush()
        return None
    return move_next(session, run_id, definition, now)


def progress(session: Session, case_type: str | None = None, limit: int = 50) -> tuple[Progress, ...]:
    """The runs of a case type (None: of all), the newest first."""
    query = (
        select(MigrationRun, DefinitionVersion.version, Person.name)
        .join(DefinitionVersion, DefinitionVersion.digest == MigrationRun.digest)
        .outerjoin(Person, Person.id == MigrationRun.started_by)
        .order_by(MigrationRun.id.desc())
        .limit(limit)
    )
    if case_type is not None:
        query = query.where(MigrationRun.case_type == case_type)
    return tuple(_progress(session, *row) for row in session.execute(query))


def _progress(session: Session, run: MigrationRun, version: str, by: str | None) -> Progress:
    try:
        definition = definition_of(session, run.digest)
    except AlurError:
        definition = None
    counted = select(MigratedCase.outcome, func.count()).where(MigratedCase.run_id == run.id)
    rows = session.execute(counted.group_by(MigratedCase.outcome).order_by(MigratedCase.outcome))
    outcomes = {outcome: _told(definition, count) for outcome, count in rows}
    return Progress(
        run=run.id, case_type=run.case_type, plan=run.plan, version=version, state=run.state,
        in_background=run.in_background, reason=run.reason, started_at=run.started_at, started_by=by,
        finished_at=run.finished_at, outcomes=outcomes, left=_left(session, run, definition),
    )  # fmt: skip


def _left(session: Session, run: MigrationRun, definition: Definition | None) -> Count | None:
    if run.state != "running":
        return 0
    if definition is None:
        return None
    digests = older_digests(session, definition, plan_of(definition, run.plan), run.region_id)
    wanted = [Case.digest.in_(digests), Case.closed_at.is_(None), Case.id >= run.next_case_id]
    if run.region_id is not None:
        wanted.append(Case.region_id == run.region_id)
    return _told(definition, session.scalar(select(func.count()).select_from(Case).where(*wanted)) or 0)


def _told(definition: Definition | None, count: int) -> Count:
    is_open = definition is not None and not definition.is_sealed
    return count if is_open or not 0 < count < SUPPRESSED_BELOW else f"<{SUPPRESSED_BELOW}"
