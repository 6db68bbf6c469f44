"""The annual performance report (LKjIP) on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from engine.cases.views import CasePage
from engine.errors import NotFound
from engine.organisation.models import Region
from sakip.facts.published_reports import Subject, subject_said
from sakip.reporting.lkjip_form import FORM, cover_of, lkjip_data
from sakip.reporting.since_published import document_values
from web.documents import document
from web.transaction import db

TEMPLATE, PUBLISH = "performance_report", "publish"


@document(TEMPLATE, is_in_word=True)
def report_pages(page: CasePage, field: str, is_draft: bool) -> tuple[str, dict[str, Any]]:  # noqa: ARG001
    """The chapters of the case's unit and year, as they were published or as they stand. Raises NotFound while the case
    does not say the year."""
    region = region_of(page)
    values = values_of(page)
    return FORM, lkjip_data(values, cover_of(region.name, region.settings or {}, **_signed(page)), is_draft=is_draft)


def region_of(page: CasePage) -> Region:
    """The region of the case."""
    return db().query(Region).filter_by(key=page.region).one()


def subject_of_page(page: CasePage) -> Subject:
    """What the case's report is about. Raises NotFound while it does not say the year."""
    unit = page.facts.unit
    subject = subject_said(db(), region_of(page).id, None if unit is None else int(unit), page.answers)
    if subject is None:
        raise NotFound("There is no such document.")
    return subject


def values_of(page: CasePage) -> dict[str, Any]:
    """The values of the case's document."""
    case = {"number": page.number, "case_id": page.case_id}
    return document_values(db(), subject_of_page(page), page.answers, page.now, **case)


def _signed(page: CasePage) -> dict[str, str]:
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
