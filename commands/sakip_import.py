"""``flask sakip import``: spreadsheets, CSV and YAML become facts and cases of a region, or every misfit is named."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from commands.console import (
    FINDINGS,
    USAGE,
    format_option,
    guarded,
    language_option,
    leave,
    say,
    say_json,
    tell,
    writing,
)
from commands.sakip import sakip
from commands.sakip_named import person_named, region_meant, unit_named
from engine.clock import system_clock
from engine.definitions.model import Text
from engine.organisation.models import Person
from sakip.exchange.agreements import AGREEMENT
from sakip.exchange.bringing import KINDS, bring_in
from sakip.exchange.cells import MOST_BYTES
from sakip.exchange.outcome import Outcome
from sakip.exchange.problems import Problem
from sakip.exchange.work import COMMA, POINT, Wish

_READ = Text("{rows} baris dibaca", "rows read: {rows}")
_WROTE = Text("{rows} baris ditulis", "rows written: {rows}")
_DONE = Text(
    "{kind}: {read} baris dibaca, {written} ditulis, {unchanged} tetap, {problems} masalah.",
    "{kind}: rows read {read}, written {written}, as they were {unchanged}, problems {problems}.",
)
DRY = Text("Belum ada yang ditulis (--dry-run).", "Nothing was written (--dry-run).")
_NONE = Text(
    "Tidak ada yang ditulis. Perbaiki berkasnya, atau lewati yang salah dengan --skip-bad.",
    "Nothing was written. Correct the file, or pass over what is wrong with --skip-bad.",
)
_LEFT_OUT = Text("'{name}' bukan bagian berkas perjanjian", "'{name}' is not part of an agreement's case")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@sakip.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice([AGREEMENT, *KINDS]), help="Recognised by the headings if left out.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would happen.")
@click.option("--skip-bad", is_flag=True, help="Write the rows that are right and leave out the others.")
@click.option("--region", "region_key", metavar="KEY", help="Region; that of USER, or the only one, if left out.")
@click.option("--unit", "unit_key", metavar="KEY", help="Only this unit and those below it.")
@click.option("--year", type=click.IntRange(2000, 2099), help="The fiscal year of rows that name none.")
@click.option("--as", "username", metavar="USER", help="Account name of who opens or answers cases; needed for these.")
@click.option(
    "--decimal", type=click.Choice([COMMA, POINT]), default=COMMA, show_default=True,
    help="How texts write decimals; cells that are numbers need no rule.",
)  # fmt: skip
@click.option("--on", type=DAY, metavar="DATE", help="From which day a tree holds; today if left out.")
@click.option("--reason", default="", help="Why a tree changes; the file's name if left out.")
@click.option("--legal-basis", default="", help="What a tree rests on; the file's name and digest if left out.")
@format_option
@language_option
@guarded
def import_command(
    file: Path, kind: str | None, is_dry: bool, skip_bad: bool, region_key: str | None, unit_key: str | None,
    year: int | None, username: str | None, decimal: str, on: datetime | None, reason: str, legal_basis: str,
    form: str, language: str,
) -> None:  # fmt: skip
    """Bring FILE (XLSX, CSV, YAML) into a region: agreement, tree, realisations, budget, answers or recommendations.
    All of it or nothing; a second run of one file changes nothing."""
    with writing() as session:
        person = None if username is None else person_named(session, username)
        region_id = _region(session, region_key, person)
        unit = unit_named(session, region_id, unit_key)
        wish = Wish(
            region_id,
            unit_id=None if unit is None else unit.id,
            year=year,
            person_id=None if person is None else person.id,
            kind=kind,
            is_dry=is_dry,
            skip_bad=skip_bad,
            decimal=decimal,
            on=None if on is None else on.date(),
            reason=reason.strip(),
            legal_basis=legal_basis.strip(),
        )
        outcome = bring_in(
            session, _content(file), file.name, wish, system_clock(),
            lambda rows: tell(_READ.into(language).format(rows=rows)),
            wrote=lambda rows: tell(_WROTE.into(language).format(rows=rows)),
        )  # fmt: skip
        if is_dry:
            session.rollback()
    _told(file.name, outcome, wish, form, language)
    if outcome.problems:
        sys.exit(FINDINGS)


def _content(file: Path) -> bytes:
    """No more of a file than shows that it is too large: a device would never end."""
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _region(session: Session, key: str | None, person: Person | None) -> int:
    if key is None and person is not None:
        return person.region_id
    region = region_meant(session, key)
    if person is not None and person.region_id != region.id:
        leave(USAGE, f"There is no such person in {key}.")
    return region.id


def _told(file: str, outcome: Outcome, wish: Wish, form: str, language: str) -> None:
    if form == "json":
        say_json(_plain(outcome, language))
    else:
        for problem in outcome.problems:
            say(_line(file, problem, language))
        say(
            _DONE.into(language).format(
                kind=outcome.kind or "-", read=outcome.read, written=outcome.written, unchanged=outcome.unchanged,
                problems=len(outcome.problems),
            )
        )  # fmt: skip
        if outcome.case:
            say(outcome.case)
    for name in outcome.left_out:
        tell(_LEFT_OUT.into(language).format(name=name))
    if wish.is_dry:
        tell(DRY.into(language))
    elif outcome.problems and not outcome.written:
        tell(_NONE.into(language))


def _plain(outcome: Outcome, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": outcome.kind, "read": outcome.read, "written": outcome.written, "unchanged": outcome.unchanged,
        "problems": [
            {
                "sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code,
                "message": one.message.into(language),
            }
            for one in outcome.problems
        ],
    }  # fmt: skip
    if outcome.kind == AGREEMENT:
        found |= {"case": outcome.case or None, "left_out": list(outcome.left_out)}
    return found


def _line(file: str, problem: Problem, language: str) -> str:
    """``tw3.xlsx: Realisasi!C12: … [code]``: several files may be looked at in one run of a script."""
    place = f"{problem.column}{problem.row}" if len(problem.column) <= 3 else f"{problem.column}:{problem.row}"
    where = "!".join(part for part in (problem.sheet, place if problem.row else "") if part)
    return f"{file}: {where + ': ' if where else ''}{problem.message.into(language)} [{problem.code}]"
