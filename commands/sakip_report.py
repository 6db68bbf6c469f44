"""``flask sakip report``: the documents of the cycle as values, as pages and as Word documents."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from commands.console import FINDINGS, USAGE, guarded, leave, reading, say_json, tell, write_out
from commands.sakip import sakip
from commands.sakip_evaluate import about, sheet_called
from commands.sakip_named import region_meant, unit_named
from delivery.documents.inspectorate import FORM
from delivery.documents.typesetting import render
from delivery.documents.word import word
from engine.clock import system_clock
from sakip.facts.published_reports import Subject
from sakip.reporting import lkjip_form
from sakip.reporting.lhe import lhe_values
from sakip.reporting.lhe_form import lhe_data
from sakip.reporting.of_cases import heading_of_sheet
from sakip.reporting.since_published import values_of_subject

JSON = "json"
WRITERS: Mapping[str, Callable[[str, Mapping[str, Any]], bytes]] = {"pdf": render, "docx": word}


@sakip.group("report", short_help="Documents of the cycle.")
def report() -> None:
    """Documents of the cycle as values, as pages and as Word documents."""


def pages(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what a document comes as."""
    for option in (
        click.option(
            "--output",
            "--out",
            "out",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="A file for pages instead of stdout.",
        ),
        click.option("--format", "form", type=click.Choice([JSON, *WRITERS]), default=JSON, show_default=True),
    ):
        command = option(command)
    return command


@report.command("lhe", short_help="The evaluation report of a unit.")
@about
@pages
@guarded
def lhe_command(region_key: str | None, unit_key: str | None, year: int, form: str, out: Path | None) -> None:
    """Scores by component this year and last, findings, recommendations. Pages are marked as a draft: the signed ones
    are the case's. Exits 1 before any tier was left."""
    _look_where(form, out)
    with reading() as session:
        sheet = sheet_called(session, region_key, unit_key, year)
        values = lhe_values(session, sheet)
        heading = heading_of_sheet(session, sheet)
    if form == JSON:
        say_json(values)
    else:
        _write(out, form, FORM, lhe_data(values, heading, is_draft=True))
    if not values["tiers"]:
        tell(f"{values['unit']} {year}: no tier has a score")
        sys.exit(FINDINGS)


@report.command("lkjip", short_help="The annual performance report of a unit or the region.")
@about
@pages
@guarded
def lkjip_command(region_key: str | None, unit_key: str | None, year: int, form: str, out: Path | None) -> None:
    """Chapters I to IV with every figure, its rule and day: as published, otherwise as a draft with the narrative of
    the case that is open. Exits 1 where there is no objective to tell of."""
    _look_where(form, out)
    with reading() as session:
        region = region_meant(session, region_key)
        unit = unit_named(session, region.id, unit_key)
        subject = Subject(region.id, None if unit is None else unit.id, year)
        values, is_published = values_of_subject(session, subject, system_clock())
        cover = lkjip_form.cover_of(region.name, region.settings or {})
    if form == JSON:
        say_json(values)
    else:
        _write(out, form, lkjip_form.FORM, lkjip_form.lkjip_data(values, cover, is_draft=not is_published))
    if not values["objectives"]:
        tell(f"{values['name']} {year}: no objective with an indicator")
        sys.exit(FINDINGS)


def _look_where(form: str, out: Path | None) -> None:
    if form != JSON and out is None and sys.stdout.isatty():
        leave(USAGE, "pages are no text: say --output FILE")


def _write(out: Path | None, form: str, called: str, data: Mapping[str, Any]) -> None:
    write_out(out, [WRITERS[form](called, data)])
    if out is not None:
        tell(f"{out}: written")
