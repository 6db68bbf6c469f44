"""A migration whose process is killed in the middle goes on where it stood: every case once, none in between."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.verify import verify
from engine.cases.migrate import begin_run, plan_of
from engine.cases.migrate_background import leave_to_worker, move_one, next_in_background, progress
from engine.cases.migration_models import MigratedCase, MigrationRun
from engine.cases.models import Case, History
from engine.database import Database
from tests import moves_until_killed
from tests.engine.cases.test_migrate import Moving
from tests.kept import a_kept_world
from tests.shadow import check_all
from tests.workers_to_kill import killed_at_work

CASES, TIMES = 60, 3


def a_run(session: Session, now: datetime) -> int:
    """Cases in a step that was renamed, and a run that is to move them."""
    kept = a_kept_world(session, now)
    moving = Moving(kept)
    for number in range(CASES):
        kept.open()
        if number % 2:
            assert kept.do("ani", "submit") is None
    plan = plan_of(moving.definition, "from_1")
    run = begin_run(session, moving.definition, plan, region_id=kept.region.id, reason="Uji", by=None, now=now)
    assert run is not None
    leave_to_worker(session, run.id)
    return run.id


def test_a_migration_killed_in_the_middle_goes_on_and_moves_each_case_once(
    database: Database, engine_url: str, now: datetime
) -> None:
    with database.writing.begin() as session:
        run_id = a_run(session, now)
    moments = random.Random(2026)
    moved, in_the_middle = 0, 0
    for _ in range(TIMES):
        killed_at_work(  # somewhere in the middle of a case
            moves_until_killed.work, engine_url, run_id, after=moments.uniform(0.001, 0.012)
        )
        with database.writing() as session:
            check_all(session, now)
            (run,) = progress(session)
            count = run.outcomes["moved"]
            assert isinstance(count, int)
            assert count > moved
            assert run.left == CASES - count
            moved, in_the_middle = count, in_the_middle + (count < CASES)
            if count == CASES:
                break
    assert in_the_middle
    with database.writing() as session:
        while next_in_background(session) is not None:
            move_one(session, run_id, now)
            session.commit()
        check_all(session, now)
        assert session.get_one(MigrationRun, run_id).state == "done"
        assert session.scalar(select(func.count()).select_from(MigratedCase)) == CASES
        entries = Counter(session.scalars(select(History.case_id).where(History.action == "migrate")))
        assert set(entries.values()) == {1}
        assert len(entries) == session.scalar(select(func.count()).select_from(Case)) == CASES
        assert not verify(session)


def test_two_workers_at_one_migration_move_each_case_once(database: Database, now: datetime) -> None:
    with database.writing.begin() as session:
        run_id = a_run(session, now)
    moved: list[int] = []

    def work() -> None:
        outcome = None
        while outcome is not None or not moved:
            with database.writing.begin() as session:
                outcome = move_one(session, run_id, now)
            if outcome is not None:
                moved.append(outcome.case_id)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moved) == sorted(set(moved))
    with database.reading() as session:
        (run,) = progress(session, "sample")
        assert (run.state, dict(run.outcomes), run.left) == ("done", {"moved": CASES}, 0)
