"""``flask workflow migrate``: running cases go over to a newer version by its plan; tried first, undone if need be."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from commands.console import (
    DECISION_MISSING,
    USAGE,
    format_option,
    guarded,
    language_option,
    leave,
    say,
    say_json,
    tell,
)
from commands.definition_at import Given, definition_at, region_of, region_option
from commands.workflow import workflow
from config import read_settings
from engine.cases.migrate import (
    HELD_UP,
    Outcome,
    begin_run,
    cases_in_question,
    is_published,
    last_run,
    move_next,
    older_digests,
    plan_of,
    try_case,
)
from engine.cases.migrate_back import undo_next
from engine.cases.migrate_background import leave_to_worker
from engine.clock import system_clock
from engine.database import Database, open_database
from engine.definitions.migration_plans import MigrationPlan
from engine.definitions.model import Text
from engine.organisation.accounts import person_called

WORDS = {
    "moved": Text("dipindahkan", "moved"),
    "closed": Text("ditutup", "closed"),
    "stays": Text("tetap", "stay"),
    "blocked": Text("tertahan: rencana tidak mencakupnya", "blocked: the plan does not cover them"),
    "undone": Text("dikembalikan", "taken back"),
}
ALONE = Text("--in-background berlaku bersama --yes, tanpa --undo", "--in-background goes with --yes, without --undo")
WAITS = Text(
    "Pemindahan {run} menunggu worker; kemajuannya: flask workflow runs",
    "Migration {run} waits for the worker; how far it is: flask workflow runs",
)
SHOWN = 20  # cases of one outcome that are told by number; json tells all
TOGETHER = 500  # cases read at once


@workflow.command("migrate", short_help="Move running cases by a plan.")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("key")
@region_option
@click.option("--reason", default="", help="Why now; kept with the run.")
@click.option("--by", "username", help="Account name of who runs it.")
@click.option("--undo", is_flag=True, help="Take the last run of this plan back, where cases have not moved since.")
@click.option("--yes", is_flag=True, help="Do it; without it each case is tried and rolled back.")
@click.option(
    "--in-background", "is_background", is_flag=True, help="With --yes: leave it to the worker; `runs` tells."
)
@language_option
@format_option
@guarded
def migrate(
    path: Path,
    key: str,
    region_key: str | None,
    reason: str,
    username: str | None,
    undo: bool,
    yes: bool,
    is_background: bool,
    language: str,
    form: str,
) -> None:
    """Move running cases by the plan KEY of the definition at PATH. Exits 3 when a case has no decision."""
    if is_background and (undo or not yes):
        leave(USAGE, ALONE.into(language))
    given = definition_at(path, language)
    plan = plan_of(given.definition, key)
    database = open_database(read_settings().database_url)
    try:
        with database.reading() as session:
            region_id = region_of(session, given, region_key)
            by = None if username is None else person_called(session, username).id
            if yes and not is_published(session, given.definition):
                leave(DECISION_MISSING, f"version {given.definition.version} is not published yet")
        if is_background:
            _left_to_worker(_begun(database, given, plan, region_id, reason, by, is_background=True), form, language)
            return
        if undo:
            outcomes = _undone(database, given, plan, region_id, by, yes)
        elif yes:
            outcomes = _run(database, given, plan, region_id, reason, by)
        else:
            outcomes = _tried(database, given, plan, region_id)
        told = list(outcomes)
    finally:
        database.close()
    _report(told, is_done=yes, form=form, language=language, is_sealed=given.definition.is_sealed)
    if any(outcome.outcome == HELD_UP for outcome in told):
        sys.exit(DECISION_MISSING)


def _tried(database: Database, given: Given, plan: MigrationPlan, region_id: int | None) -> Iterator[Outcome]:
    """A dry run; nothing of it is kept."""
    now, start = system_clock(), 0
    while True:
        with database.writing() as session, session.begin():
            digests = older_digests(session, given.definition, plan, region_id)
            ids = cases_in_question(session, digests, region_id, start=start, limit=TOGETHER)
            yield from [try_case(session, given.definition, plan, case_id, now) for case_id in ids]
            session.rollback()
        if not ids:
            return
        start = ids[-1] + 1


def _run(
    database: Database, given: Given, plan: MigrationPlan, region_id: int | None, reason: str, by: int | None
) -> Iterator[Outcome]:
    """One transaction a case; an interrupted run goes on where it stood."""
    run_id = _begun(database, given, plan, region_id, reason, by)
    while run_id is not None:
        with database.writing() as session, session.begin():
            outcome = move_next(session, run_id, given.definition, system_clock())
        if outcome is None:
            return
        yield outcome


def _begun(
    database: Database,
    given: Given,
    plan: MigrationPlan,
    region_id: int | None,
    reason: str,
    by: int | None,
    *,
    is_background: bool = False,
) -> int | None:
    """The run's number; None where no case has a version the plan is for."""
    with database.writing() as session, session.begin():
        run = begin_run(
            session,
            given.definition,
            plan,
            region_id=region_id,
            reason=reason or plan.title.id,
            by=by,
            now=system_clock(),
        )
        if run is not None and is_background:
            leave_to_worker(session, run.id)
        return None if run is None else run.id


def _left_to_worker(run_id: int | None, form: str, language: str) -> None:
    if form == "json":
        say_json({"run": run_id})
    elif run_id is None:
        say("0")
    else:
        say(WAITS.into(language).format(run=run_id))


def _undone(
    database: Database, given: Given, plan: MigrationPlan, region_id: int | None, by: int | None, yes: bool
) -> Iterator[Outcome]:
    with database.reading() as session:
        run_id = last_run(session, given.definition, plan, region_id).id
    after = 0
    while True:
        with database.writing() as undoing, undoing.begin():
            outcome = undo_next(undoing, run_id, by, system_clock(), after)
            if not yes:
                undoing.rollback()
        if outcome is None:
            return
        after = outcome.case_id
        yield outcome


def _report(told: list[Outcome], *, is_done: bool, form: str, language: str, is_sealed: bool) -> None:
    counts = Counter(outcome.outcome for outcome in told)
    if form == "json":
        cases = [] if is_sealed else [_plain(outcome, language) for outcome in told]
        say_json({"done": is_done, "counts": dict(counts), "cases": cases})
        return
    for kind, words in WORDS.items():
        mine = [outcome for outcome in told if outcome.outcome == kind]
        if not mine:
            continue
        say(f"{words.into(language)}: {len(mine)}")
        for outcome in () if is_sealed else mine[:SHOWN]:
            say(f"  {_sentence(outcome, language)}")
        if len(mine) > SHOWN and not is_sealed:
            say(f"  … {len(mine) - SHOWN}")
    if not told:
        say("0")
    if not is_done:
        tell("Nothing was written: give --yes to do it.")


def _sentence(outcome: Outcome, language: str) -> str:
    parts = [outcome.number]
    if outcome.states:
        parts.append(", ".join(outcome.states))
    if outcome.state:
        parts.append(outcome.state)
    if outcome.reason is not None:
        parts.append(outcome.reason.into(language))
    return " · ".join(parts)


def _plain(outcome: Outcome, language: str) -> dict[str, Any]:
    return {
        "case": outcome.number,
        "outcome": outcome.outcome,
        "states": list(outcome.states),
        "state": outcome.state,
        "reason": None if outcome.reason is None else outcome.reason.into(language),
    }
