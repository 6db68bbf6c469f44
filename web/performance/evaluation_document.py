"""The evaluation report (LHE) on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.cases.views import CasePage
from engine.organisation.directory import snapshot
from engine.organisation.models import Region, Unit
from sakip.facts.sheets import sheet_of
from sakip.reporting.lhe import Paper, lhe_values
from sakip.reporting.lhe_form import Heading, heading_of, lhe_data
from web.documents import document
from web.transaction import db

FORM = "inspectorate_letter"  # the typeset form of the inspectorate's letters and reports
TEMPLATE, LEVEL = "evaluation_report", "inspectorate"


@document(TEMPLATE, is_silent_draft=True, is_in_word=True)
def evaluation_pages(page: CasePage, field: str, is_draft: bool) -> tuple[str, dict[str, Any]]:  # noqa: ARG001
    """Scores, findings and recommendations of the case's unit and year."""
    region = db().query(Region).filter_by(key=page.region).one()
    answers, unit_id = page.answers, page.facts.unit
    is_region = answers.get("subject") == "region" or unit_id is None
    sheet = sheet_of(db(), region.id, None if is_region else int(unit_id), int(answers["year"]))
    on = answers.get("report_on")
    paper = Paper(
        str(answers.get("report_number") or ""), on if isinstance(on, date) else None,
        str(answers.get("summary") or ""), answers.get("recommendations") or (),
    )  # fmt: skip
    directory = snapshot(db(), region.id, page.now)
    unit = None if is_region else directory.unit(unit_id)
    return FORM, lhe_data(lhe_values(db(), sheet, paper), _heading(region, unit), is_draft=is_draft)


def _heading(region: Region, unit: Any) -> Heading:
    own = db().query(Unit).filter_by(region_id=region.id, level=LEVEL).order_by(Unit.id).first()
    return heading_of(region.name, region.settings or {}, None if own is None else own.name, unit and unit.name)
