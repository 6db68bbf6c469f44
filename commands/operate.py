"""``flask worker`` and ``flask doctor``: running an installation, and seeing what it lacks."""

from __future__ import annotations

import sys

import click

from commands.console import ENVIRONMENT, FINDINGS, format_option, guarded, leave, say, say_json, tell
from commands.diagnosis import diagnose
from config import read_settings
from engine.migration import schema_state
from worker import Worker, main


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now and end.")
@guarded
def worker(once: bool) -> None:
    """Watch deadlines and send mails. Any number of workers may run."""
    settings = read_settings()
    if schema_state(settings.database_url) != "newest":
        leave(ENVIRONMENT, "the database is not at the newest migration: run flask db upgrade")
    if not once:
        sys.exit(main())
    one = Worker(settings)
    if settings.is_production:
        one.refuse_unready()
    tell(f"{one.run(once=True)} done")


@click.command("doctor")
@format_option
@guarded
def doctor(form: str) -> None:
    """What this installation lacks, one line each. Exits 1 when something is missing."""
    findings = diagnose(read_settings())
    if form == "json":
        say_json([{"check": one.check, "level": one.level, "sentence": one.sentence} for one in findings])
    else:
        width = max(len(one.check) for one in findings)
        for one in findings:
            say(f"{one.level:<8}{one.check:<{width}}  {one.sentence}")
    if any(one.level == "missing" for one in findings):
        sys.exit(FINDINGS)
