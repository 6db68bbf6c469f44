"""A measurement report on somebody's table: what was typed over what is stored, what came back with which note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import g

from engine.cases.views import CasePage
from engine.errors import NotFound
from engine.field_types.table import ROW_KEY
from sakip.cycle import REPORTS
from sakip.entry_desk import EntryDesk, entry_desk
from sakip.facts.due import DuePeriod
from sakip.facts.due_programmes import FIELD as PROGRAMMES
from sakip.facts.reports import COPIED, Asked, proposed_row
from web.officer.desk import Desk
from web.officer.form import desk_of
from web.transaction import db

ROWS, VERIFICATION = "rows", "verification"
HIDDEN = "hidden"
CORRECTION = "correction"


@dataclass(eq=False, slots=True)
class Report:
    """``desk`` is None for somebody who only reads; ``due`` None while no period is chosen or nothing is due. ``rows``
    are as typed, by indicator, ``programmes`` by their keys; ``returned`` are notes of rows that were sent back."""

    page: CasePage
    desk: Desk | None
    due: DuePeriod | None
    rows: dict[str, dict[str, Any]]
    programmes: dict[str, dict[str, Any]]
    returned: Mapping[str, str]

    def view(self) -> EntryDesk | None:
        """The report as it stands, with what was typed."""
        if self.due is None:
            return None
        today = self.page.now.astimezone(ZoneInfo(self.page.timezone)).date()
        return entry_desk(db(), g.person.region_id, self.due, self.rows, today)

    def keep(self) -> None:
        """Keep the rows as a draft."""
        assert self.desk is not None
        tables = {ROWS: self.rows, PROGRAMMES: self.programmes}
        typed = {name: list(rows.values()) for name, rows in tables.items() if name in self.desk.editable}
        self.desk.keep({**self.desk.raw, **typed})

    @property
    def is_correction(self) -> bool:
        """Whether it was sent back and is being put right."""
        return CORRECTION in self.page.facts.state.active


def report_on(page: CasePage) -> Report:
    """The report of a case for its reader. Raises NotFound for a case that is no report or not theirs to read."""
    is_report = page.facts.case_type in REPORTS and page.sealed is None
    if not is_report or page.form is None or ROWS not in page.form.fields or page.fields.get(ROWS) == HIDDEN:
        raise NotFound("This case is no report.")
    desk = _desk(page)
    due = _due(page)
    report = Report(page, desk, due, _stored(page, ROWS), _stored(page, PROGRAMMES), {})
    if desk is not None:
        report.rows, report.programmes = _typed(report, desk), _spent(report, desk)
    if report.is_correction and page.fields.get(VERIFICATION) != HIDDEN:
        report.returned = _returned(page)
    return report


def _desk(page: CasePage) -> Desk | None:
    """The form of the reader's task, None where the rows are not theirs to fill in."""
    try:
        desk = desk_of(page)
    except NotFound:
        return None
    return desk if ROWS in desk.editable else None


def _due(page: CasePage) -> DuePeriod | None:
    told = page.answers
    asked = Asked.of(db(), g.person.region_id, {
        "year": told.get("year"), "period": told.get("period"), "of": page.facts.unit,
        "unit": told.get("reporting_unit"), "agreement": told.get("agreement"),
    })  # fmt: skip
    return asked.due(db(), g.person.region_id)


def _stored(page: CasePage, table: str) -> dict[str, dict[str, Any]]:
    if page.fields.get(table) == HIDDEN:
        return {}
    return {str(row[ROW_KEY]): dict(row) for row in page.answers.get(table) or () if row.get(ROW_KEY)}


def _typed(report: Report, desk: Desk) -> dict[str, dict[str, Any]]:
    """One row an indicator that is due, in their order: as typed, as stored, or as it is proposed today. What a report
    copies from the tree stays as it was copied."""
    found, drafted = {}, _drafted(desk, ROWS)
    for due in () if report.due is None else report.due.rows:
        key = due.indicator.key
        row = report.rows.get(key) or proposed_row(due)
        typed = desk.boxes.typed(desk.form.fields[ROWS], [row])[0]
        found[key] = {**typed, **drafted.get(key, {}), **{name: typed.get(name) for name in COPIED}, ROW_KEY: key}
    return found


def _spent(report: Report, desk: Desk) -> dict[str, dict[str, Any]]:
    """The programmes the report was opened with, each with what was typed of its spending."""
    if PROGRAMMES not in desk.editable:
        return report.programmes
    found, drafted = {}, _drafted(desk, PROGRAMMES)
    for key, row in report.programmes.items():
        typed = desk.boxes.typed(desk.form.fields[PROGRAMMES], [row])[0]
        spent = drafted.get(key, typed).get("absorbed", typed.get("absorbed"))
        found[key] = {**typed, "absorbed": spent, ROW_KEY: key}
    return found


def _drafted(desk: Desk, table: str) -> dict[str, dict[str, Any]]:
    kept = desk.raw.get(table) if desk.draft is not None else None
    return {str(row[ROW_KEY]): row for row in kept or () if isinstance(row, dict) and row.get(ROW_KEY)}


def _returned(page: CasePage) -> dict[str, str]:
    return {
        str(row[ROW_KEY]): str(row.get("note") or "")
        for row in page.answers.get(VERIFICATION) or ()
        if row.get(ROW_KEY) and row.get("accepted") is False
    }
