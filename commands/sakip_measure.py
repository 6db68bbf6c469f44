"""``flask sakip measure`` and ``flask sakip rebuild``: achievements from the facts, and facts and results compared."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.console import (
    FINDINGS,
    USAGE,
    format_option,
    guarded,
    language_option,
    leave,
    reading,
    say,
    say_json,
    tell,
    writing,
)
from commands.sakip import sakip
from commands.sakip_named import region_meant, region_named, unit_named
from engine.clock import system_clock
from engine.organisation.models import Region, Unit
from sakip.due_indicators import PROVISIONAL
from sakip.facts.computing import Line, achievements
from sakip.facts.fact_tables import Difference
from sakip.facts.rebuild import rebuild
from sakip.facts.rulebook import Rulebook
from sakip.judged import as_row
from sakip.reasons import NOT_DUE, Reason
from sakip.standing import configuration_of
from sakip.unsettled import unsettled

region_option = click.option(
    "--region", "region_key", metavar="KEY", help="Region; may be left out where there is only one."
)


@sakip.command("measure", short_help="Achievements of indicators over a span.")
@region_option
@click.option("--unit", "unit_key", metavar="KEY", help="Only indicators of this unit.")
@click.option("--year", type=click.IntRange(2000, 2099), help="Fiscal year; this one if left out.")
@click.option("--span", required=True, help="A period (q3), to date (to_q3), or year.")
@format_option
@language_option
@guarded
def measure_command(
    region_key: str | None, unit_key: str | None, year: int | None, span: str, form: str, language: str
) -> None:
    """The achievement of every indicator, computed now from targets and realisations. Exits 1 when one that is due
    cannot be computed."""
    with reading() as session:
        region = region_meant(session, region_key)
        known = session.execute(select(Unit.id, Unit.key).where(Unit.region_id == region.id))
        units = {one.id: one.key for one in known}
        unit = unit_named(session, region.id, unit_key)
        asked = year or system_clock().astimezone(ZoneInfo(region.timezone)).year
        rules = configuration_of(session, region.id).measurement(asked)
        doubts = () if rules is None else unsettled(rules.head)
        lines = [
            line for line in _measured(session, region.id, asked, span, form) if unit is None or line.unit == unit.id
        ]
    if form == "json":
        say_json([{"unit": units.get(line.unit or 0), **_row(line)} for line in lines])
    else:
        for line in lines:
            say(f"{units.get(line.unit or 0) or region.key} {line.subject}: {_told(line, language)}")
        for doubt in doubts:
            tell(doubt.into(language))
    missing = [one for one in lines if isinstance(one.result, Reason) and one.result.code != NOT_DUE]
    sys.exit(FINDINGS if missing else 0)


def _measured(session: Session, region_id: int, year: int, span: str, form: str) -> Sequence[Line]:
    book = Rulebook(session, region_id)
    if book.of_year(year) is None:
        if form == "json":
            say_json([])
        leave(FINDINGS, f"No measurement governs {year} in this region.")
    if book.judged(year, span) is None:
        leave(USAGE, f"--span: '{span}' names no period")
    return list(achievements(session, book, year, spans=[span]))


def _row(line: Line) -> dict[str, Any]:
    return {"indicator": line.subject, "span": line.span, **as_row(line.result)}


def _told(line: Line, language: str) -> str:
    if isinstance(line.result, Reason):
        return line.result.sentence.into(language)
    title = line.result.band.title
    shown = line.result.shown.replace(".", ",") if language == "id" else line.result.shown
    told = f"{shown} {line.result.band.key if title is None else title.into(language)}"
    return f"{told}, {PROVISIONAL.into(language)}" if line.result.is_provisional else told


@sakip.command("rebuild", short_help="Facts from cases, results from facts.")
@click.option("--region", "region_key", metavar="KEY", help="Only this region; all if left out.")
@click.option("--check", "is_check", is_flag=True, help="Only compare; nothing is changed.")
@format_option
@guarded
def rebuild_command(region_key: str | None, is_check: bool, form: str) -> None:
    """Draw facts again from the cases and results from the facts, and put right what differs. Exits 1 when something
    differed. Frozen results are recomputed too, named, and left as they are."""
    compared, different = 0, []
    with writing() as session:
        named = None if region_key is None else region_named(session, region_key).key
        for region_id, key in session.execute(select(Region.id, Region.key).order_by(Region.id)).all():
            if named in (None, key):
                found = rebuild(session, region_id, system_clock(), is_check=is_check, tell=tell)
                compared += found.compared
                different += [(key, one) for one in found.different]
    if form == "json":
        say_json({"compared": compared, "different": [{"region": key, **one.plain()} for key, one in different]})
    else:
        for key, one in different:
            say(f"{key} {_difference(one)}")
        tell(f"{compared} rows compared, {len(different)} different")
    sys.exit(FINDINGS if different else 0)


def _difference(one: Difference) -> str:
    named = " ".join(f"{name}={value}" for name, value in one.row.items() if value is not None)
    if one.stored is None or one.drawn is None:
        return f"{one.table} {named}: {'missing' if one.stored is None else 'not in any case'}"
    told = (f"{name} {_text(one.stored[name])} instead of {_text(one.drawn.get(name))}" for name in one.stored)
    return f"{one.table} {named}: {', '.join(told)}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
