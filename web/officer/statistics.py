"""Numbers of sealed cases for those who hold keys: a page, a spreadsheet and the yearly report, all with small counts
left out."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template, request
from flask_babel import gettext as _

from delivery.documents.typesetting import render
from delivery.documents.yearly_report import FORM, Counted, yearly_report
from engine.channel.retention import count_waiting
from engine.disclosure.officers import key_state
from engine.errors import NotFound
from engine.organisation.directory import snapshot
from engine.organisation.models import Region
from engine.reports.sealed_statistics import Statistics, statistics, years
from web.language import words
from web.officer.letters import letterhead_of
from web.officer.listing import csv_file
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("statistics", __name__)

HIDDEN = "–"


@bp.get("/statistics")
@signed_in
def index() -> str:
    """The cases of one year whose key this person has at hand."""
    found = _found()
    return render_template(
        "officer/statistics.html", found=found, years=years(db(), g.person.id, now()),
        waiting=count_waiting(db(), g.person.id), hidden=HIDDEN,
    )  # fmt: skip


@bp.get("/statistics.csv")
@signed_in
def spreadsheet() -> Response:
    """The same for a spreadsheet."""
    found = _found()
    total = HIDDEN if found.total is None else found.total
    rows: list[tuple[object, ...]] = [(found.year, _("All reports"), "", total)]
    for table in found.tables:
        rows += [
            (found.year, words(table.title), words(line.title), HIDDEN if line.count is None else line.count)
            for line in table.lines
        ]
    rows += [(found.year, words(one.title), "", HIDDEN if one.days is None else one.days) for one in found.means]
    return csv_file(f"statistics-{found.year}", (_("Year"), _("Table"), _("Line"), _("How many")), rows)


@bp.get("/statistics.pdf")
@signed_in
def report() -> Response:
    """The yearly report, to be signed and given on."""
    found = _found()
    region = db().get_one(Region, snapshot(db(), g.person.region_id, now()).region_id)
    tables = [
        Counted(table.title.id, [(line.title.id, line.count) for line in table.lines if line.count != 0])
        for table in found.tables
    ]
    if found.means:
        tables.append(Counted("Rata-rata hari", [(one.title.id, one.days) for one in found.means]))
    day = snapshot(db(), region.id, now()).day(now())
    data = yearly_report(letterhead_of(region), found.year, found.total, found.below, tables, day)
    answer = Response(render(FORM, data, now()), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="laporan-pengaduan-{found.year}.pdf"'
    return answer


def _found() -> Statistics:
    if not key_state(db(), g.person.id).has_key:
        raise NotFound("There is no such page.")
    asked = request.args.get("year", "")
    known = years(db(), g.person.id, now())
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else known[0]
    if year not in known:
        raise NotFound("There is no such year.")
    return statistics(db(), g.person.id, year, now())
