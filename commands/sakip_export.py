"""``flask sakip export``: what a region holds, as CSV, JSON or a workbook for other programs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from commands.console import USAGE, guarded, leave, reading, write_out
from commands.sakip import sakip
from commands.sakip_import import DAY
from commands.sakip_measure import region_option
from commands.sakip_named import day_meant, region_meant, unit_named
from sakip.exchange.exporting import THINGS, exported
from sakip.exchange.outgoing import Asked
from sakip.exchange.writing import CSV, FORMATS, XLSX

TREE = "tree"


@sakip.command("export", short_help="What a region holds, for other programs.")
@click.argument("thing", type=click.Choice(list(THINGS)))
@region_option
@click.option("--unit", "unit_key", metavar="KEY", help="Only this unit and those below it.")
@click.option(
    "--year",
    type=click.IntRange(2000, 2099),
    help="Only this fiscal year; targets: this one if left out; the tree as it stands in it.",
)
@click.option("--on", type=DAY, metavar="DATE", help="As tree and targets stand on that day; today if left out.")
@click.option("--format", "form", type=click.Choice(FORMATS), default=CSV, show_default=True, help="Output format.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of stdout.")
@guarded
def export_command(
    thing: str, region_key: str | None, unit_key: str | None, year: int | None, on: datetime | None, form: str,
    output: Path | None,
) -> None:  # fmt: skip
    """Write tree, targets, realisations, budget, results, scores or esr (the registered documents) of a region: decimal
    point, ISO dates, and an apostrophe before every text in CSV that a spreadsheet would run."""
    if form == XLSX and output is None and sys.stdout.isatty():
        leave(USAGE, "a workbook is no text: say --output FILE")
    with reading() as session:
        region = region_meant(session, region_key)
        unit = unit_named(session, region.id, unit_key)
        day = day_meant(region, on, year if thing == TREE else None)
        asked = Asked(region.id, None if unit is None else unit.id, year, day)
        write_out(output, exported(session, thing, form, asked))
