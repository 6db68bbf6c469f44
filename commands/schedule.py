"""``flask schedule …``: more time in a schedule's window for one unit."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from commands.case import as_option
from commands.console import format_option, guarded, language_option, reading, say, say_json, writing
from engine.cases.extensions import extend_schedule, extensions_of
from engine.clock import system_clock
from engine.errors import NotFound
from engine.organisation.accounts import person_called
from engine.organisation.models import Unit

schedule = AppGroup("schedule", help="Windows of time in which steps may be made.")


@schedule.command("extend")
@click.argument("case_type", metavar="TYPE")
@click.argument("key", metavar="SCHEDULE")
@as_option
@click.option("--unit", "unit_key", required=True, metavar="KEY", help="For cases of this unit and those below it.")
@click.option(
    "--until", type=click.DateTime(formats=["%Y-%m-%d"]), required=True, metavar="YYYY-MM-DD", help="Last day."
)
@click.option("--reason", required=True, help="Why; it stands on record.")
@language_option
@guarded
def extend_command(
    case_type: str, key: str, username: str, unit_key: str, until: datetime, reason: str,
    language: str,  # noqa: ARG001  guarded reads it
) -> None:  # fmt: skip
    """Extend SCHEDULE of case type TYPE; USER is of the roles in its `extendable_by`."""
    with writing() as session:
        person = person_called(session, username)
        unit = session.scalars(select(Unit.id).where(Unit.region_id == person.region_id, Unit.key == unit_key)).first()
        if unit is None:
            raise NotFound(f"There is no unit '{unit_key}' in that region.")
        extend_schedule(session, person.id, case_type, key, unit, until.date(), reason, system_clock())
    say(f"{key} {unit_key} until {until.date()}")


@schedule.command("extensions")
@click.argument("case_type", metavar="TYPE")
@as_option
@format_option
@language_option
@guarded
def extensions_command(case_type: str, username: str, form: str, language: str) -> None:  # noqa: ARG001  guarded reads it
    """Every extension given for case type TYPE, newest first."""
    with reading() as session:
        person = person_called(session, username)
        units = dict(session.execute(select(Unit.id, Unit.key).where(Unit.region_id == person.region_id)).all())
        told = [
            {
                "schedule": row.schedule, "unit": units.get(row.unit_id), "until": row.until, "reason": row.reason,
                "granted_by": row.granted_by, "granted_at": row.granted_at,
            }
            for row in extensions_of(session, person.id, case_type, system_clock())
        ]  # fmt: skip
    if form == "json":
        say_json(told)
        return
    for each in told:
        say(f"{each['schedule']} {each['unit']} until {each['until']}: {each['reason']}")
