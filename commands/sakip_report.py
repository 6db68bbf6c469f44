"""``flask sakip report``: the documents of the cycle as values or as pages."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.console import USAGE, guarded, leave, reading, say_json, tell
from commands.sakip import sakip
from commands.sakip_evaluate import about, sheet_called
from delivery.documents.inspectorate import FORM
from delivery.documents.typesetting import render
from engine.organisation.models import Region, Unit
from sakip.facts.sheets import Sheet
from sakip.reporting.lhe import lhe_values
from sakip.reporting.lhe_form import Heading, heading_of, lhe_data

INSPECTORATE = "inspectorate"  # the level of the unit on whose paper it stands


@sakip.group("report", short_help="Documents of the cycle.")
def report() -> None:
    """Documents of the cycle as values or as pages."""


@report.command("lhe", short_help="The evaluation report of a unit.")
@about
@click.option("--format", "form", type=click.Choice(["json", "pdf"]), default="json", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where the pages go.")
@guarded
def lhe_command(region_key: str | None, unit_key: str | None, year: int, form: str, out: Path | None) -> None:
    """Scores by component this year and last, findings, recommendations. Pages are marked as a draft: the signed ones
    are the case's."""
    if form == "pdf" and out is None:
        leave(USAGE, "Say where the pages go: --out FILE.")
    with reading() as session:
        sheet = sheet_called(session, region_key, unit_key, year)
        values = lhe_values(session, sheet)
        if form == "json" or out is None:
            say_json(values)
            return
        data = lhe_data(values, _heading(session, sheet), is_draft=True)
    out.write_bytes(render(FORM, data))
    tell(f"{out}: written")


def _heading(session: Session, sheet: Sheet) -> Heading:
    region = session.get_one(Region, sheet.region_id)
    own = session.scalars(select(Unit).where(Unit.region_id == region.id, Unit.level == INSPECTORATE).limit(1)).first()
    unit = None if sheet.unit_id is None else session.get_one(Unit, sheet.unit_id)
    return heading_of(region.name, region.settings or {}, None if own is None else own.name, unit and unit.name)
