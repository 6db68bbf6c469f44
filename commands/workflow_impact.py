"""``flask workflow impact``: what a definition means for the cases that are running."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from commands.console import DECISION_MISSING, format_option, guarded, language_option, reading, say, say_json, tell
from commands.definition_at import definition_at, region_of, region_option
from commands.workflow import workflow
from engine.cases.impact import KINDS, Standing, numbers_of, standings, told, undecided
from engine.definitions.findings import as_plain, line
from engine.definitions.model import Text

WORDS = {
    "safe": Text("aman", "safe"),
    "changes_ahead": Text("perubahan di depan", "changes ahead"),
    "step_changed": Text("langkah berubah", "step changed"),
    "step_gone": Text("langkah dihapus", "step gone"),
}
DECIDED = {
    "stay": Text("tetap di versi lama", "stay on their version"),
    "map": Text("dipindahkan", "are moved"),
    "close": Text("ditutup dengan alasan", "are closed with a reason"),
    "drop": Text("cabangnya dihentikan", "have this branch ended"),
}
UNDECIDED = Text("belum ada keputusan", "no decision yet")


@workflow.command("impact", short_help="What a new version means for running cases.")
@click.argument("path", type=click.Path(path_type=Path))
@region_option
@language_option
@format_option
@guarded
def impact(path: Path, region_key: str | None, language: str, form: str) -> None:
    """Sort the running cases by what the definition at PATH means for them. Exits 3 when a decision is missing."""
    given = definition_at(path, language)
    with reading() as session:
        region_id = region_of(session, given, region_key)
        found = standings(session, given.definition, region_id)
        examples = [case_id for each in found for case_id in each.examples]
        numbers = {} if given.definition.is_sealed else numbers_of(session, examples)
    problems = undecided(given.definition, found, given.at)
    rows = [told(given.definition, each, numbers) for each in found]
    if form == "json":
        say_json({
            "case_type": given.definition.case_type,
            "version": given.definition.version,
            "digest": given.definition.digest,
            "counts": _counts(rows),
            "groups": rows,
            "findings": [as_plain(problem, language) for problem in problems],
        })  # fmt: skip
    else:
        for problem in problems:
            say(line(problem, language))
        _say(found, rows, language)
    if problems:
        sys.exit(DECISION_MISSING)


def _counts(rows: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(KINDS, 0)
    for row in rows:
        small = found[row["kind"]]
        if isinstance(row["count"], str) or isinstance(small, str):
            found[row["kind"]] = row["count"] if isinstance(row["count"], str) else small
        else:
            found[row["kind"]] = small + row["count"]
    return found


def _say(found: tuple[Standing, ...], rows: list[dict[str, Any]], language: str) -> None:
    if not found:
        tell("No running case has another version.")
    for standing, row in zip(found, rows, strict=True):
        states = ", ".join(row["states"]) or "-"
        say(f"{WORDS[standing.kind].into(language)}: {row['count']} · {row['version']} · {states}")
        if row["changed"] and standing.kind != "step_gone":
            say(f"  {', '.join(row['changed'])}")
        for plan, decision in row["decisions"].items():
            say(f"  {plan}: {DECIDED[decision].into(language)}")
        if standing.is_undecided:
            say(f"  {UNDECIDED.into(language)}")
        if row["examples"]:
            say(f"  {', '.join(row['examples'])}")
