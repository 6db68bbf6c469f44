"""The reports of a year: which are due, which were begun, and opening one of them with one press."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from engine.cases.open import open_case
from engine.changes import Refusal
from engine.definitions.model import Text
from sakip.cycle import REPORTS
from sakip.entry_desk_periods import PeriodReports, Standing, UnitReports, reports_page, reports_to_begin
from sakip.looking import Viewer, viewer_of
from web.language import words
from web.performance.asked import FIRST_YEAR, LAST_YEAR, NotMeant, year_asked
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("entry_open", __name__)

REPORT = REPORTS[0]
LONGEST_NUMBER = 80  # of a case, as the form takes it


@bp.get("/performance/reports")
@signed_in
def index() -> str:
    """The units one reports for, a line a period."""
    page = reports_page(db(), g.person.id, year_asked(), now())
    return render_template(
        "performance/entry_index.html", year=page.year, units=page.units, may_open=page.may_open,
        years=sorted({*range(page.today.year - 2, page.today.year + 1), page.year}, reverse=True),
    )  # fmt: skip


@bp.post("/performance/reports")
@signed_in
def begin() -> Any:
    """Open the report of a unit and period, or go to the one that was begun."""
    viewer = viewer_of(db(), g.person.id, now())
    year = _year()
    unit = reports_to_begin(db(), viewer, year, request.form.get("unit", ""))
    if unit is None:
        raise NotMeant("no_such_unit")
    period = next((one for one in unit.periods if one.key == request.form.get("period")), None)
    if period is None:
        raise NotMeant("no_such_period")
    agreement = request.form.get("agreement", "")[:LONGEST_NUMBER] or None
    if agreement is not None and agreement not in unit.agreements:
        raise NotMeant("no_such_agreement")
    begun = period.standing_for(agreement)
    return _opened(viewer, unit, period, year, agreement) if begun is None else _to(begun, year)


def _year() -> int:
    text = request.form.get("year", "")
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise NotMeant("no_such_year")
    return int(text)


def _to(begun: Standing, year: int) -> Any:
    """The report that was begun; who may not read it is told whose it is."""
    if begun.is_readable:
        return redirect(url_for("entry.show", case_id=begun.case_id), 303)
    flash(words(Text(f"Laporan ini sudah dibuka oleh {begun.by}.", f"{begun.by} has opened this report.")), "warn")
    return redirect(url_for("entry_open.index", year=year), 303)


def _opened(viewer: Viewer, unit: UnitReports, period: PeriodReports, year: int, agreement: str | None) -> Any:
    answers = {"year": year, "period": period.key, "reporting_unit": unit.unit.id, "agreement": agreement}
    opened = open_case(
        db(), region_id=viewer.region_id, case_type=REPORT, person_id=g.person.id,
        answers={name: value for name, value in answers.items() if value is not None},
        title=f"Laporan pengukuran {period.title.id} {year}, {unit.unit.name}"[:300], now=now(),
    )  # fmt: skip
    if isinstance(opened, Refusal):
        flash(words(opened.sentence), "bad")
        return redirect(url_for("entry_open.index", year=year), 303)
    return redirect(url_for("entry.show", case_id=opened.case_id), 303)
