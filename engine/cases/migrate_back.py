"""A migration taken back, case by case, as long as the case has not moved since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.models import INSTALLATION
from engine.audit.record import record
from engine.cases.answer_store import from_store
from engine.cases.chart import chart_of
from engine.cases.migrate import ENDED, MOVED, STAYS, UNDONE, Outcome
from engine.cases.migrating import CLOSED, MIGRATED
from engine.cases.migration_models import MigratedCase, MigrationRun
from engine.cases.migration_rows import write_migration
from engine.cases.models import History
from engine.cases.reoffer import reoffer_case
from engine.cases.state import from_plain
from engine.cases.step import is_release
from engine.cases.stored import StoredCase, definition_of, read_case
from engine.changes import HistoryEntry, Plan
from engine.definitions.model import Definition, Text
from engine.facts import CaseState

TAKEN_BACK, REOFFERED = "migrate_undo", "reoffer"
MOVED_SINCE = Text("Kasus sudah berlanjut sejak dipindahkan.", "The case has moved on since.")


def undo_next(session: Session, run_id: int, by: int | None, now: datetime, after: int = 0) -> Outcome | None:
    """Take the next case of a run back, from the id ``after`` on; None when none is left. The caller commits.

    A case that has moved since stays where it is and is told.
    """
    run = session.get(MigrationRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        return None
    query = select(MigratedCase).where(
        MigratedCase.run_id == run_id, MigratedCase.outcome.in_((MOVED, ENDED)), MigratedCase.case_id > after
    )
    kept = session.scalars(query.order_by(MigratedCase.case_id).limit(1)).one_or_none()
    if kept is None:
        _finish(session, run, by, now)
        return None
    stored = read_case(session, kept.case_id, now, is_locked=True)
    since = _since(session, stored, kept.revision)
    if kept.before is None or _has_moved(since):
        return Outcome(kept.case_id, stored.row.number, STAYS, tuple(stored.facts.state.active), None, MOVED_SINCE)
    older = definition_of(session, kept.before["digest"])
    plan = _back(run, stored, older, kept.before, by)
    kept.revision = write_migration(session, stored, older, plan, now)
    kept.outcome, kept.before = UNDONE, None
    session.flush()
    if any(action == REOFFERED for action, _ in since):
        reoffer_case(session, kept.case_id, now)  # people have changed since the state that is back now
    return Outcome(kept.case_id, stored.row.number, UNDONE, chart_of(older).leaves(plan.after.active))


def _since(session: Session, stored: StoredCase, revision: int) -> list[tuple[str, Any]]:
    """What happened after the move: (action, run of a migration)."""
    if stored.row.revision == revision:
        return []
    rows = select(History.action, History.details).where(History.case_id == stored.row.id, History.seq > revision)
    return [(action, details.get("run")) for action, details in session.execute(rows.order_by(History.seq))]


def _has_moved(since: Iterable[tuple[str, Any]]) -> bool:
    """Whether anything was done. That tasks followed the organisation is nothing; neither is a migration that was taken
    back itself."""
    runs: list[Any] = []
    for action, run in since:
        if action in (MIGRATED, CLOSED):
            runs.append(run)
        elif action == TAKEN_BACK and runs and runs[-1] == run:
            runs.pop()
        elif action != REOFFERED:
            return True
    return bool(runs)


def _finish(session: Session, run: MigrationRun, by: int | None, now: datetime) -> None:
    if run.state == UNDONE:
        return
    run.state = UNDONE
    session.flush()
    chain = INSTALLATION if run.region_id is None else run.region_id
    new = {"run": run.id, "plan": run.plan, "digest": run.digest}
    record(session, chain, by, "migration_undone", f"case_type:{run.case_type}", None, new, now)


def _back(
    run: MigrationRun, stored: StoredCase, older: Definition, before: Mapping[str, Any], by: int | None
) -> Plan:  # fmt: skip
    """The case as it stood. Tasks that went on keep their numbers, those that were closed open again under new ones."""
    now, was = stored.facts.state, from_plain(before["state"])
    state = _reopened(was, now)
    answers = from_store(older.fields, before["answers"])
    names = dict.fromkeys([*stored.facts.answers, *answers])
    changed = {name: (stored.facts.answers.get(name), answers.get(name)) for name in names}
    details = {"migration": run.plan, "run": run.id, "by": by, "from": stored.row.digest, "to": before["digest"]}
    entry = HistoryEntry(
        stored.facts.now, None, None, None, TAKEN_BACK, None,
        tuple(reversed([key for key in now.active if key not in state.active])),
        tuple(key for key in state.active if key not in now.active),
        details={**details, "version": older.version},
    )  # fmt: skip
    return Plan(
        now, state, answers, {name: pair for name, pair in changed.items() if pair[0] != pair[1]} or None, (entry,)
    )  # fmt: skip


def _reopened(was: CaseState, now: CaseState) -> CaseState:
    """The state before, with numbers nobody has used since."""
    tasks, renumbered, number = {}, {}, max(was.next_task, now.next_task)
    for old, task in was.tasks.items():
        if old in now.tasks:
            tasks[old] = task
        else:
            tasks[number], renumbered[old] = replace(task, number=number), number
            number += 1
    timers = {}
    for key, timer in was.timers.items():
        _, _, rest = key.partition(".")
        text, _, name = rest.partition(".")
        if is_release(key) and int(text) in renumbered:
            key = f"task.{renumbered[int(text)]}.{name}"
            timer = replace(timer, key=key)
        timers[key] = timer
    extras = dict(was.extras)
    if "delegated" in extras:
        given = {str(renumbered.get(int(old), int(old))): to for old, to in extras["delegated"].items()}
        extras["delegated"] = given
    next_entry = max(was.next_entry, now.next_entry)
    return replace(
        was, tasks=tasks, timers=timers, next_task=number, next_entry=next_entry, extras=extras, last_act=None
    )  # fmt: skip
