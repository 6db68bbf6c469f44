"""``flask mandate …``: who acts for whom, with a reason and a last day."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import AppGroup

from commands.console import format_option, guarded, language_option, reading, say, say_json, writing
from engine.clock import system_clock
from engine.organisation.accounts import person_called
from engine.organisation.mandates import KINDS, end_mandate, give_mandate, mandates_of
from engine.organisation.recorded import Author, local_day

mandate = AppGroup("mandate", help="Stand-ins: who acts for whom, and until when.")

day = click.DateTime(formats=["%Y-%m-%d"])


@mandate.command("give")
@click.argument("principal", metavar="USER")
@click.argument("delegate", metavar="STAND-IN")
@click.option("--kind", type=click.Choice(KINDS), default="out_of_office", show_default=True, help="Absence or not.")
@click.option("--from", "starts_on", type=day, required=True, metavar="YYYY-MM-DD", help="First day.")
@click.option("--until", "ends_on", type=day, required=True, metavar="YYYY-MM-DD", help="Last day.")
@click.option("--reason", required=True, help="Stands on record.")
@click.option("--decree", help="Number of the letter or decree.")
@language_option
@guarded
def give_command(
    principal: str, delegate: str, kind: str, starts_on: datetime, ends_on: datetime, reason: str, decree: str | None,
    language: str,  # noqa: ARG001  guarded reads it
) -> None:  # fmt: skip
    """Let STAND-IN act for USER. What they may do there is for each case type to say."""
    with writing() as session:
        given = give_mandate(
            session, person_called(session, principal).id, person_called(session, delegate).id, kind,
            starts_on=starts_on.date(), ends_on=ends_on.date(), reason=reason, decree_number=decree,
            author=Author(None, system_clock()),
        )  # fmt: skip
        say(str(given.id))


@mandate.command("end")
@click.argument("number", type=int, metavar="NUMBER")
@click.option("--on", "last", type=day, required=True, metavar="YYYY-MM-DD", help="Last day.")
@language_option
@guarded
def end_command(number: int, last: datetime, language: str) -> None:  # noqa: ARG001  guarded reads it
    """End mandate NUMBER; one that has not begun by then is withdrawn."""
    with writing() as session:
        end_mandate(session, number, on=last.date(), author=Author(None, system_clock()))


@mandate.command("list")
@click.argument("username", metavar="USER")
@format_option
@language_option
@guarded
def list_command(username: str, form: str, language: str) -> None:  # noqa: ARG001  guarded reads it
    """Who acts for USER and for whom USER acts, in force or to come."""
    with reading() as session:
        person = person_called(session, username)
        today = local_day(session, person.region_id, Author(None, system_clock()))
        given, received = mandates_of(session, person.id, today)
    rows = [
        {
            "mandate": row.id, "side": side, "other": row.other, "kind": row.kind, "from": row.starts_on,
            "until": row.ends_on, "reason": row.reason, "decree": row.decree_number,
        }
        for side, found in (("given", given), ("received", received))
        for row in found
    ]  # fmt: skip
    if form == "json":
        say_json(rows)
        return
    for row in rows:
        arrow = "->" if row["side"] == "given" else "<-"
        say(f"{row['mandate']} {arrow} {row['other']} {row['kind']} {row['from']} {row['until']}: {row['reason']}")
