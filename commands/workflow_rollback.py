"""``flask workflow rollback``: let an older version count again for new cases; a second person approves."""

from __future__ import annotations

import sys

import click
from sqlalchemy.orm import Session

from commands.console import (
    DECISION_MISSING,
    FINDINGS,
    USAGE,
    format_option,
    guarded,
    leave,
    say,
    say_json,
    tell,
    writing,
)
from commands.workflow import workflow
from engine import vocabulary
from engine.cases.impact import of_version
from engine.cases.simulate import run_all
from engine.clock import system_clock
from engine.definitions.model import Definition
from engine.organisation.accounts import person_called
from engine.organisation.regions import region_called
from engine.publishing.rollback import Rollback, propose_rollback, roll_back


@workflow.command("rollback")
@click.argument("case_type", metavar="CASE_TYPE")
@click.argument("digest", metavar="DIGEST")
@click.option("--reason", help="Why; kept with the publication.")
@click.option("--by", "username", help="Account name of who rolls back.")
@click.option("--approved-by", "approver", help="Account name of the second person.")
@click.option("--region", "region_key", help="Only for this region; for all if left out.")
@click.option("--yes", is_flag=True, help="Do it; without it only what would happen is told.")
@format_option
@guarded
def rollback(
    case_type: str,
    digest: str,
    reason: str | None,
    username: str | None,
    approver: str | None,
    region_key: str | None,
    yes: bool,
    form: str,
) -> None:
    """Publish the version of CASE_TYPE with this DIGEST (its beginning is enough) again. Running cases keep theirs."""
    if yes and not (reason or "").strip():
        leave(USAGE, "rolling back needs --reason")
    words = vocabulary.load()
    with writing() as session:
        region = region_called(session, region_key).id if region_key else None
        by, second = _person(session, username), _person(session, approver)
        if yes and (by is None or second is None or by == second):
            leave(DECISION_MISSING, "rolling back needs two different people: --by and --approved-by")
        found = propose_rollback(session, case_type, digest, region=region, vocabulary=words, prove=_prove)
        count, numbers = of_version(session, found.replaces, region) if not found.changes_nothing else (0, [])
        if yes and not found.failed:
            roll_back(
                session,
                case_type,
                digest,
                region=region,
                reason=reason or "",
                by=by,
                approved_by=second,
                vocabulary=words,
                now=system_clock(),
                prove=_prove,
            )
        else:
            session.rollback()
    _report(found, case_type, count, numbers, yes, form)
    if found.failed:
        sys.exit(FINDINGS)


def _person(session: Session, username: str | None) -> int | None:
    return None if username is None else person_called(session, username).id


def _prove(definition: Definition) -> list[object]:
    return [result for result in run_all(definition) if not result.passed]


def _report(found: Rollback, case_type: str, count: int, numbers: list[str], yes: bool, form: str) -> None:
    if form == "json":
        say_json({
            "case_type": case_type,
            "digest": found.digest,
            "number": found.number,
            "version": found.version,
            "replaces": found.replaces,
            "done": yes and not found.failed,
            "failed_scenarios": found.failed,
            "newer_cases": {"count": count, "cases": numbers},
        })  # fmt: skip
        return
    if found.failed:
        say(f"{case_type} {found.version}: {found.failed} scenarios fail")
        return
    if found.changes_nothing:
        say(f"{case_type} {found.version} {found.digest[:12]} counts already")
        return
    counts = "counts again" if yes else "would count again"
    say(f"{case_type} version {found.number} ({found.version}) {found.digest[:12]} {counts}")
    say(f"{count} running cases keep the newer version")
    for number in numbers:
        say(f"  {number}")
    if not yes:
        tell("Nothing was written: give --reason, --by, --approved-by and --yes to roll back.")
