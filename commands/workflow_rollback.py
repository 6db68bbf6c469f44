"""``flask workflow rollback``: let an older version count again for new cases; a second person approves."""

from __future__ import annotations

import sys

import click
from sqlalchemy.orm import Session

from commands.console import (
    FINDINGS,
    USAGE,
    format_option,
    guarded,
    language_option,
    leave,
    say,
    say_json,
    tell,
    writing,
)
from commands.workflow import workflow
from engine import vocabulary
from engine.cases.impact import of_version, standings
from engine.cases.impact_decisions import stay
from engine.cases.simulate import run_all
from engine.clock import system_clock
from engine.definitions.model import Definition, Text
from engine.organisation.accounts import person_called
from engine.organisation.regions import region_called
from engine.publishing.approval import require_two_people
from engine.publishing.library import definition
from engine.publishing.record import Considered
from engine.publishing.rollback import SHORTEST, Rollback, propose_rollback, roll_back

WORDS = {
    "reason": Text("mengembalikan versi memerlukan --reason", "rolling back needs --reason"),
    "short": Text(
        "tulis sedikitnya {count} karakter pertama dari digest",
        "write at least the first {count} characters of the digest",
    ),
    "failed": Text("{version}: {count} skenario gagal", "{version}: {count} scenarios fail"),
    "counts": Text("{version} {digest} sudah berlaku", "{version} {digest} counts already"),
    "again": Text(
        "versi {number} ({version}) {digest} berlaku lagi", "version {number} ({version}) {digest} counts again"
    ),
    "would": Text(
        "versi {number} ({version}) {digest} akan berlaku lagi",
        "version {number} ({version}) {digest} would count again",
    ),
    "newer": Text(
        "{count} kasus berjalan tetap pada versi yang lebih baru", "{count} running cases keep the newer version"
    ),
    "dry": Text(
        "Belum ada yang ditulis; untuk mengembalikan: {options}", "Nothing was written; to roll back: {options}"
    ),
}


@workflow.command("rollback", short_help="Let an older version count again.")
@click.argument("case_type", metavar="CASE_TYPE")
@click.argument("digest", metavar="DIGEST")
@click.option("--reason", default="", help="Why; kept with the publication.")
@click.option("--by", "username", help="Account name of who rolls back.")
@click.option("--approved-by", "approver", help="Account name of the second person.")
@click.option("--region", "region_key", help="Only for this region; for all if left out.")
@click.option("--yes", is_flag=True, help="Do it; without it only what would happen is told.")
@language_option
@format_option
@guarded
def rollback(
    case_type: str,
    digest: str,
    reason: str,
    username: str | None,
    approver: str | None,
    region_key: str | None,
    yes: bool,
    language: str,
    form: str,
) -> None:
    """Publish the version of CASE_TYPE with this DIGEST (its beginning is enough) again. Running cases keep theirs."""
    if yes and not reason.strip():
        leave(USAGE, WORDS["reason"].into(language))
    if len(digest) < SHORTEST:
        leave(USAGE, WORDS["short"].into(language).format(count=SHORTEST))
    words, now = vocabulary.load(), system_clock()
    with writing() as session:
        region = region_called(session, region_key).id if region_key else None
        by, second = _person(session, username), _person(session, approver)
        if yes:
            require_two_people(session, by, second, region, now)
        found = propose_rollback(session, case_type, digest, region=region, vocabulary=words, prove=_prove)
        count, numbers = of_version(session, found.replaces, region) if not found.changes_nothing else (0, [])
        if yes and not found.failed:
            older = definition(session, found.digest, words)
            roll_back(
                session,
                case_type,
                digest,
                region=region,
                reason=reason,
                by=by,
                approved_by=second,
                vocabulary=words,
                now=now,
                prove=_prove,
                considered=Considered(None, stay(older, standings(session, older, region))),
            )
        else:
            session.rollback()
    if form == "json":
        _as_json(found, case_type, count, numbers, yes)
    else:
        _report(found, case_type, count, numbers, language, is_done=yes)
        if not yes and not found.failed and not found.changes_nothing:
            named = (("--reason", reason.strip()), ("--by", username), ("--approved-by", approver), ("--yes", None))
            missing = " ".join(option for option, given in named if not given)
            tell(WORDS["dry"].into(language).format(options=missing))
    if found.failed:
        sys.exit(FINDINGS)


def _person(session: Session, username: str | None) -> int | None:
    return None if username is None else person_called(session, username).id


def _prove(definition: Definition) -> list[object]:
    return [result for result in run_all(definition) if not result.passed]


def _as_json(found: Rollback, case_type: str, count: int, numbers: list[str], yes: bool) -> None:
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


def _report(
    found: Rollback, case_type: str, count: int, numbers: list[str], language: str, *, is_done: bool
) -> None:  # fmt: skip
    def word(key: str) -> str:
        values = {"number": found.number, "version": found.version, "digest": found.digest[:12]}
        return WORDS[key].into(language).format(**values, count=found.failed if key == "failed" else count)

    if found.failed:
        say(f"{case_type} {word('failed')}")
        return
    if found.changes_nothing:
        say(f"{case_type} {word('counts')}")
        return
    say(f"{case_type} {word('again' if is_done else 'would')}")
    say(word("newer"))
    for number in numbers:
        say(f"  {number}")
