"""The documents a case prints, as data of their typeset forms: agreement, evaluation report, performance report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.views import CasePage
from engine.errors import NotFound
from engine.organisation.directory import snapshot
from engine.organisation.models import Region, Unit
from sakip import document as agreement
from sakip.facts.published_reports import Subject, subject_said
from sakip.facts.sheets import Sheet, sheet_of
from sakip.reporting import lkjip_form
from sakip.reporting.lhe import Paper, lhe_values
from sakip.reporting.lhe_form import Heading, heading_of, lhe_data
from sakip.reporting.since_published import Changed, changed_since, document_values
from sakip.signatures import signatures_of

INSPECTORATE = "inspectorate"  # the level of the unit whose letterhead an evaluation report carries
REGION = "region"  # what an evaluation says it is about when it is no unit's
PUBLISH = "publish"


def agreement_paper(session: Session, page: CasePage, *, is_draft: bool) -> dict[str, Any]:
    """The statement and its annex as the region words them."""
    region = _region(session, page)
    agency = agreement.agency_name(snapshot(session, region.id, page.now), page.facts.unit)
    office = agreement.Office(region.name, agency, page.timezone, region.settings or {})
    assert page.form is not None
    return agreement.performance_agreement_data(
        page.answers, page.form, page.number, office, signatures_of(page), is_draft=is_draft
    )


def evaluation_paper(session: Session, page: CasePage, *, is_draft: bool) -> dict[str, Any]:
    """Scores, findings and recommendations of the unit and year the case evaluates."""
    answers, unit = page.answers, page.facts.unit
    whose = None if answers.get("subject") == REGION or unit is None else int(unit)
    sheet = sheet_of(session, _region(session, page).id, whose, int(answers["year"]))
    on = answers.get("report_on")
    paper = Paper(
        str(answers.get("report_number") or ""), on if isinstance(on, date) else None,
        str(answers.get("summary") or ""), answers.get("recommendations") or (),
    )  # fmt: skip
    return lhe_data(lhe_values(session, sheet, paper), heading_of_sheet(session, sheet), is_draft=is_draft)


def heading_of_sheet(session: Session, sheet: Sheet) -> Heading:
    """The head of a worksheet's report: the letterhead of the region's first inspectorate, and whom it is about."""
    region = session.get_one(Region, sheet.region_id)
    own = session.scalars(
        select(Unit.name).where(Unit.region_id == region.id, Unit.level == INSPECTORATE).order_by(Unit.id).limit(1)
    ).one_or_none()
    unit = None if sheet.unit_id is None else session.get_one(Unit, sheet.unit_id).name
    return heading_of(region.name, region.settings or {}, own, unit)


def report_paper(session: Session, page: CasePage, *, is_draft: bool) -> dict[str, Any]:
    """The chapters of the case's unit and year, as they were published or as they stand. Raises NotFound while the case
    does not say the year."""
    region = _region(session, page)
    cover = lkjip_form.cover_of(region.name, region.settings or {}, **_published(page))
    return lkjip_form.lkjip_data(report_values(session, page), cover, is_draft=is_draft)


def report_values(session: Session, page: CasePage) -> dict[str, Any]:
    """What the document of a performance report's case tells. Raises NotFound while it does not say the year."""
    subject = report_subject(session, page)
    return document_values(session, subject, page.answers, page.now, number=page.number, case_id=page.case_id)


def report_told(session: Session, page: CasePage, *, is_published: bool) -> tuple[dict[str, Any], list[Changed]]:
    """The same values, and which figures the facts no longer give since it was published. Raises NotFound likewise."""
    changed = changed_since(session, report_subject(session, page)) if is_published else []
    return report_values(session, page), changed


def report_subject(session: Session, page: CasePage) -> Subject:
    """What a performance report's case is about. Raises NotFound while it does not say the year."""
    unit = page.facts.unit
    region_id = _region(session, page).id
    subject = subject_said(session, region_id, None if unit is None else int(unit), page.answers)
    if subject is None:
        raise NotFound("There is no such document.")
    return subject


def _region(session: Session, page: CasePage) -> Region:
    return session.scalars(select(Region).where(Region.key == page.region)).one()


def _published(page: CasePage) -> Mapping[str, str]:
    """Who published it and when, in words; nothing before that."""
    line = next((one for one in reversed(page.history) if one.action == PUBLISH and one.actor_name), None)
    if line is None or page.closed_at is None:
        return {}
    stood_in = page.definition.substitution.get(line.kind or "")
    words = ["Disahkan melalui Alur"]
    if line.principal_name:
        kind = "" if stood_in is None else f"{stood_in.title.id} "
        words += [f"oleh {kind}{line.actor_name}", f"atas nama {line.principal_name}"]
    words.append(_moment(line.at, page.timezone))
    return {"signer": str(line.principal_name or line.actor_name), "signed": "\n".join(words)}


def _moment(at: datetime, timezone: str) -> str:
    local = at.astimezone(ZoneInfo(timezone))
    return f"{format_date(local.date(), 'd MMMM y', locale='id')}, {local:%H.%M} {local.tzname()}"
