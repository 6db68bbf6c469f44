"""``flask workflow runs``: how far migrations are, those a worker carries out and those somebody ran."""

from __future__ import annotations

from dataclasses import asdict

import click

from commands.console import format_option, guarded, language_option, reading, say, say_json, tell
from commands.workflow import workflow
from commands.workflow_migrate import WORDS as OUTCOMES
from engine.cases.migrate_background import Progress, progress
from engine.definitions.model import Text

STATES = {
    "running": Text("terhenti; jalankan lagi untuk melanjutkan", "interrupted; run it again to go on"),
    "waiting": Text("dikerjakan worker", "a worker carries it out"),
    "done": Text("selesai", "done"),
    "undone": Text("dikembalikan", "taken back"),
}
LEFT = Text("{count} lagi", "{count} to go")
NONE = Text("Belum ada pemindahan.", "There are no migrations.")


@workflow.command("runs", short_help="How far migrations are.")
@click.argument("case_type", metavar="[CASE_TYPE]", required=False)
@language_option
@format_option
@guarded
def runs(case_type: str | None, language: str, form: str) -> None:
    """The migrations of CASE_TYPE (of all), the newest first: what became of how many cases, and how many are left."""
    with reading() as session:
        found = progress(session, case_type)
    if form == "json":
        say_json([asdict(each) for each in found])
        return
    for each in found:
        say(_line(each, language))
    if not found:
        tell(NONE.into(language))


def _line(run: Progress, language: str) -> str:
    state = "waiting" if run.state == "running" and run.in_background else run.state
    parts = [f"{run.run} {run.case_type} {run.version} {run.plan}", STATES[state].into(language)]
    parts += [f"{OUTCOMES[outcome].into(language)}: {count}" for outcome, count in run.outcomes.items()]
    if run.left:
        parts.append(LEFT.into(language).format(count=run.left))
    return " · ".join(parts)
