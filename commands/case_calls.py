"""``flask case calls, retry-call``: what a case told other systems, and another try for what failed."""

from __future__ import annotations

import click

from commands.case import as_option, case
from commands.console import format_option, guarded, language_option, reading, say, say_json, writing
from engine.cases.calling import calls_of
from engine.cases.open import case_id_of
from engine.clock import system_clock
from engine.organisation.accounts import person_called
from engine.outbox import calls


@case.command("calls")
@click.argument("number", metavar="CASE")
@as_option
@format_option
@language_option
@guarded
def calls_command(number: str, username: str, form: str, language: str) -> None:  # noqa: ARG001  guarded reads it
    """Every call of a connector CASE has made, newest first, with its state and result."""
    with reading() as session:
        person = person_called(session, username)
        rows = calls_of(session, person.id, case_id_of(session, person.region_id, number), system_clock())
        told = [
            {
                "call": row.id, "connector": row.connector, "state": row.state, "revision": row.revision,
                "attempts": row.attempts, "values": row.content, "result": row.result, "error": row.last_error,
            }
            for row in rows
        ]  # fmt: skip
    if form == "json":
        say_json(told)
        return
    for each in told:
        say(f"{each['call']} {each['connector']} {each['state']}" + (f": {each['error']}" if each["error"] else ""))


@case.command("retry-call")
@click.argument("call", type=int, metavar="NUMBER")
@guarded
def retry_command(call: int) -> None:
    """Make a failed call again; NUMBER as `flask case calls` and the incident name it."""
    with writing() as session:
        calls.retry(session, call, system_clock())
