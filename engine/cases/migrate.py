"""Running cases go over to a newer version by its plan: tried first, then one transaction a case, and back again.

The caller commits after every case, so a run that is interrupted goes on where it stood. A case that moved meanwhile
is read again; one the plan does not cover is left as it is, listed, and told to the supervisors.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from engine.audit.models import INSTALLATION
from engine.audit.record import record
from engine.cases import sealed
from engine.cases.answer_store import to_store
from engine.cases.fire import signal_linked
from engine.cases.migrating import BLOCKED, CLOSED, NotMoved, plan_migration
from engine.cases.migration_models import MigratedCase, MigrationRun
from engine.cases.migration_rows import write_migration
from engine.cases.models import Case, Incident
from engine.cases.numbering import with_numbers
from engine.cases.open import open_linked
from engine.cases.state import to_plain
from engine.cases.stored import StoredCase, read_case
from engine.changes import Plan
from engine.definitions.migration_plans import MigrationPlan, bound
from engine.definitions.model import Definition, Text
from engine.errors import AlurError, InvalidInput, NotFound
from engine.publishing.models import DefinitionVersion
from engine.vocabulary import load

MOVED, ENDED, STAYS, HELD_UP, UNDONE = "moved", "closed", "stays", "blocked", "undone"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one case: moved, closed, stays or blocked; undone or stays when a run is taken back.

    ``states`` are where it stands afterwards, ``state`` the older state the ``reason`` is about.
    """

    case_id: int
    number: str
    outcome: str
    states: tuple[str, ...] = ()
    state: str | None = None
    reason: Text | None = None


def plan_of(definition: Definition, key: str) -> MigrationPlan:
    """The plan of this name. Raises InvalidInput."""
    plan = definition.migrations.get(key)
    if plan is None:
        known = ", ".join(definition.migrations) or "none"
        raise InvalidInput(f"There is no migration '{key}' in {definition.case_type}; there are: {known}.")
    return plan  # type: ignore[no-any-return]


def is_published(session: Session, definition: Definition) -> bool:
    """Whether cases can go over to this version: a draft can be tried, but not be run."""
    return session.get(DefinitionVersion, definition.digest) is not None


def older_digests(session: Session, definition: Definition, plan: MigrationPlan, region_id: int | None) -> list[str]:
    """The published versions the plan is for. A region's plan moves its cases of versions for all as well."""
    query = select(DefinitionVersion.digest, DefinitionVersion.version).where(
        DefinitionVersion.case_type == definition.case_type, DefinitionVersion.digest != definition.digest
    )
    own = DefinitionVersion.region_id == region_id
    everybody = DefinitionVersion.region_id.is_(None)
    rows = session.execute(query.where(everybody if region_id is None else or_(own, everybody)))
    return [digest for digest, version in rows if plan.is_for(version)]


def cases_in_question(
    session: Session, digests: Collection[str], region_id: int | None, *, start: int = 0, limit: int = 500
) -> list[int]:
    """Running cases of these versions, from the id ``start`` on, in the order of their ids."""
    return list(session.scalars(_running(digests, region_id).where(Case.id >= start).order_by(Case.id).limit(limit)))


def _running(digests: Collection[str], region_id: int | None) -> Select[int]:
    wanted: list[ColumnElement[bool]] = [Case.digest.in_(digests), Case.closed_at.is_(None)]
    if region_id is not None:
        wanted.append(Case.region_id == region_id)
    return select(Case.id).where(*wanted)


# -- trying -------------------------------------------------------------------------------------------------------


def try_case(session: Session, definition: Definition, plan: MigrationPlan, case_id: int, now: datetime) -> Outcome:
    """What the plan does to a case: written, looked at and rolled back. ``definition`` need not be published yet."""
    savepoint = session.begin_nested()
    try:
        return _moved(session, definition, plan, read_case(session, case_id, now, is_locked=True), now, {})[0]
    finally:
        savepoint.rollback()


def _moved(
    session: Session, definition: Definition, plan: MigrationPlan, stored: StoredCase, now: datetime,
    details: dict[str, int | None],
) -> tuple[Outcome, int]:  # fmt: skip
    """The outcome, written, and the case's revision afterwards."""
    number, case_id = stored.row.number, stored.row.id
    if definition.is_sealed:  # its answers would lie open
        return Outcome(case_id, number, HELD_UP, (), None, sealed.not_moved(definition)), stored.row.revision
    decision = plan_migration(bound(plan, stored.definition, definition, load()), stored.facts, details=details)
    if isinstance(decision, NotMoved):
        code = HELD_UP if decision.is_blocked else STAYS
        return Outcome(case_id, number, code, (), decision.state, decision.reason), stored.row.revision
    is_closed = decision.entries[-1].action == CLOSED
    after = stored.definition if is_closed else definition
    try:
        with session.begin_nested():
            revision = _perform(session, stored, after, decision, now)
    except AlurError as failed:
        return Outcome(case_id, number, HELD_UP, (), None, Text(str(failed), str(failed))), stored.row.revision
    states = tuple(key for key in decision.after.active if not after.states[key].children)
    return Outcome(case_id, number, ENDED if is_closed else MOVED, states), revision


def _perform(session: Session, stored: StoredCase, after: Definition, plan: Plan, now: datetime) -> int:
    plan, _ = with_numbers(session, stored.directory, plan, stored.row.unit_id, now)
    revision = write_migration(session, stored, after, plan, now)
    then = replace(stored, definition=after)
    open_linked(session, then, plan)
    signal_linked(session, then, plan, now)
    return revision


# -- running ------------------------------------------------------------------------------------------------------


def begin_run(
    session: Session, definition: Definition, plan: MigrationPlan, *, region_id: int | None, reason: str,
    by: int | None, now: datetime,
) -> MigrationRun | None:  # fmt: skip
    """A new run of a published version's plan, told in the audit; or the one that was interrupted, to go on with it.
    None when no case has a version the plan is for.

    Raises NotFound while the version is not published.
    """
    if not is_published(session, definition):
        raise NotFound(f"Version {definition.version} of '{definition.case_type}' is not published yet.")
    same = select(MigrationRun).where(
        MigrationRun.digest == definition.digest, MigrationRun.plan == plan.key,
        MigrationRun.region_id.is_not_distinct_from(region_id), MigrationRun.state == "running",
    )  # fmt: skip
    running = session.scalars(same.limit(1)).one_or_none()
    if running is not None:
        return running
    if not cases_in_question(session, older_digests(session, definition, plan, region_id), region_id, limit=1):
        return None
    run = MigrationRun(
        case_type=definition.case_type, region_id=region_id, plan=plan.key, digest=definition.digest, reason=reason,
        state="running", started_at=now, started_by=by, next_case_id=0, finished_at=None,
    )  # fmt: skip
    session.add(run)
    session.flush()
    _told(session, run, "migration_started", by, now)
    return run


def _told(session: Session, run: MigrationRun, event: str, by: int | None, now: datetime) -> None:
    chain = INSTALLATION if run.region_id is None else run.region_id
    new = {"run": run.id, "plan": run.plan, "digest": run.digest, "reason": run.reason}
    record(session, chain, by, event, f"case_type:{run.case_type}", None, new, now)


def move_next(session: Session, run_id: int, definition: Definition, now: datetime) -> Outcome | None:
    """Deal with the next case of a run; None when there is none left and the run is done. The caller commits."""
    run = session.get(MigrationRun, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.state != "running":
        return None
    plan = plan_of(definition, run.plan)
    digests = older_digests(session, definition, plan, run.region_id)
    ids = cases_in_question(session, digests, run.region_id, start=run.next_case_id, limit=1)
    if not ids:
        run.state, run.finished_at = "done", now
        session.flush()
        _told(session, run, "migration_finished", run.started_by, now)
        return None
    run.next_case_id = ids[0] + 1
    try:
        stored = read_case(session, ids[0], now, is_locked=True)
    except AlurError as failed:  # its own version cannot be read any more; the others must not wait for it
        outcome = Outcome(ids[0], str(ids[0]), HELD_UP, (), None, Text(str(failed), str(failed)))
        _keep(session, run, None, outcome, 0)
        return outcome
    outcome, revision = _moved(session, definition, plan, stored, now, {"run": run.id, "by": run.started_by})
    _keep(session, run, stored, outcome, revision)
    _tell_supervisors(session, stored, outcome, now)
    session.flush()
    return outcome


def _keep(session: Session, run: MigrationRun, stored: StoredCase | None, outcome: Outcome, revision: int) -> None:
    before = None
    if stored is not None and outcome.outcome in (MOVED, ENDED):
        answers = to_store(stored.definition.fields, stored.facts.answers)
        before = {"digest": stored.row.digest, "state": to_plain(stored.facts.state), "answers": answers}
    reason = None if outcome.reason is None else {"id": outcome.reason.id, "en": outcome.reason.en}
    row = MigratedCase(
        run_id=run.id, case_id=outcome.case_id, outcome=outcome.outcome, state=outcome.state, reason=reason,
        revision=revision, before=before,
    )  # fmt: skip
    session.merge(row)
    session.flush()


def _tell_supervisors(session: Session, stored: StoredCase, outcome: Outcome, now: datetime) -> None:
    mine = (Incident.case_id == stored.row.id, Incident.code == BLOCKED, Incident.resolved_at.is_(None))
    if outcome.outcome in (MOVED, ENDED):
        session.execute(update(Incident).where(*mine).values(resolved_at=now))
    elif outcome.outcome == HELD_UP and session.scalars(select(Incident.id).where(*mine).limit(1)).first() is None:
        detail = outcome.reason.en if outcome.reason is not None else ""
        incident = Incident(region_id=stored.row.region_id, case_id=stored.row.id, code=BLOCKED, detail=detail[:500])
        incident.state, incident.raised_at = outcome.state, now
        session.add(incident)


def last_run(session: Session, definition: Definition, plan: MigrationPlan, region_id: int | None) -> MigrationRun:
    """The newest run of a plan that was not taken back yet. Raises NotFound."""
    query = select(MigrationRun).where(
        MigrationRun.digest == definition.digest, MigrationRun.plan == plan.key, MigrationRun.state != UNDONE,
        MigrationRun.region_id.is_not_distinct_from(region_id),
    )  # fmt: skip
    found = session.scalars(query.order_by(MigrationRun.id.desc()).limit(1)).one_or_none()
    if found is None:
        raise NotFound(f"There is no run of the plan '{plan.key}' to take back.")
    return found
