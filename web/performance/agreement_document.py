"""The performance agreement on paper."""

from __future__ import annotations

from typing import Any

from engine.cases.views import CasePage
from engine.organisation.directory import snapshot
from engine.organisation.models import Region
from sakip import document as agreement
from sakip.signatures import signatures_of
from web.documents import document
from web.transaction import db


@document(agreement.TEMPLATE)
def agreement_pages(page: CasePage, field: str, is_draft: bool) -> tuple[str, dict[str, Any]]:  # noqa: ARG001
    """The statement and its annex as the region words them."""
    region = db().query(Region).filter_by(key=page.region).one()
    agency = agreement.agency_name(snapshot(db(), region.id, page.now), page.facts.unit)
    office = agreement.Office(region.name, agency, page.timezone, region.settings or {})
    assert page.form is not None
    data = agreement.performance_agreement_data(
        page.answers, page.form, page.number, office, signatures_of(page), is_draft=is_draft
    )
    return agreement.TEMPLATE, data
