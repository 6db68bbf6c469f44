"""``flask sakip …``: what the field of performance accountability brings in from files."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from commands.console import FINDINGS, format_option, guarded, language_option, say, say_json, tell, writing
from engine.clock import system_clock
from engine.organisation.accounts import person_called
from sakip.import_agreement import Imported, import_agreement

sakip = AppGroup("sakip", help="Performance accountability.")


@sakip.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "username", required=True, metavar="USER", help="Account name of who opens the case.")
@format_option
@language_option
@guarded
def import_command(file: Path, username: str, form: str, language: str) -> None:
    """Open the performance agreement of FILE as a case. What does not fit is listed by path and line."""
    with writing() as session:
        person = person_called(session, username)
        outcome = import_agreement(session, file, region_id=person.region_id, person_id=person.id, now=system_clock())
        if not isinstance(outcome, Imported):
            _told(outcome, file, form, language)
            sys.exit(FINDINGS)
    if form == "json":
        say_json({"case": outcome.number, "left_out": list(outcome.left_out)})
        return
    say(outcome.number)
    for name in outcome.left_out:
        tell(f"{file}: '{name}' is not part of an agreement's case and was left out")


def _told(problems: list, file: Path, form: str, language: str) -> None:
    if form == "json":
        say_json(
            [
                {
                    "file": str(file),
                    "line": problem.line,
                    "path": problem.path,
                    "message": problem.message.into(language),
                }
                for problem in problems
            ]
        )
        return
    for problem in problems:
        say(f"{file}:{problem.line}: {problem.path}: {problem.message.into(language)}")
