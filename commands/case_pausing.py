"""``flask case pause, resume``: a supervisor lets a case stand still, and go on."""

from __future__ import annotations

import click

from commands.case import as_option, case
from commands.console import guarded, language_option, say, writing
from engine.cases.open import case_id_of
from engine.cases.pausing import pause, resume
from engine.clock import system_clock
from engine.organisation.accounts import person_called


@case.command("pause")
@click.argument("number", metavar="CASE")
@as_option
@click.option("--reason", required=True, help="Why; everybody who sees the case reads it.")
@language_option
@guarded
def pause_command(number: str, username: str, reason: str, language: str) -> None:  # noqa: ARG001  guarded reads it
    """Let CASE stand still: nobody acts, nothing falls due. Supervisors only."""
    with writing() as session:
        person = person_called(session, username)
        pause(session, person.id, case_id_of(session, person.region_id, number), reason, system_clock())
    say(f"{number} paused")


@case.command("resume")
@click.argument("number", metavar="CASE")
@as_option
@click.option("--reason", default="", help="A note for the history.")
@language_option
@guarded
def resume_command(number: str, username: str, reason: str, language: str) -> None:  # noqa: ARG001  guarded reads it
    """Let CASE go on; deadlines keep what was left of them."""
    with writing() as session:
        person = person_called(session, username)
        resume(session, person.id, case_id_of(session, person.region_id, number), reason, system_clock())
    say(f"{number} goes on")
