"""Published performance reports as everybody may read them: which there are, and the document of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine.organisation.models import Region, Unit
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.facts.computing import REGION, UNIT
from sakip.facts.models import ResultRow
from sakip.facts.published_reports import FIGURE, published_on
from sakip.spans import YEAR

OF_REGION = "-"  # stands for the region in an address
_OF_A_CASE = ("case", "case_id")  # nothing of a published document leads to its case


@dataclass(frozen=True, slots=True)
class PublicReport:
    """A report whose numbers no longer change: whose, of which year, published on which day; ``key`` is what its
    document's address names, "" where there is none (figures frozen without a report in Alur)."""

    unit: str
    year: int
    published_on: date
    key: str = ""


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A published report: the region's name and settings, the values of the document, when it was published."""

    region: str
    settings: Mapping[str, Any]
    values: Mapping[str, Any]
    published_at: datetime


# As their partial index says it, or neither database uses that.
OF_UNITS_PUBLISHED = text("sakip_results.frozen_at IS NOT NULL AND sakip_results.subject_kind IN ('unit', 'region')")
# Adding nothing to the span keeps SQLite from an index that has all results of a year and span.
_REPORTED = (ResultRow.figure.in_((ACHIEVEMENT, FIGURE)), ResultRow.span.concat("") == YEAR)


def years_published(session: Session, region_id: int) -> list[int]:
    """The years a region has published a report of, newest first."""
    query = select(ResultRow.year).where(ResultRow.region_id == region_id, OF_UNITS_PUBLISHED, *_REPORTED).distinct()
    return sorted(session.scalars(query), reverse=True)


def public_reports(session: Session, region_id: int, name: str, zone: ZoneInfo, year: int) -> list[PublicReport]:
    """The published reports of a region of a year, by unit, the region's own first."""
    of_reports = select(ResultRow).where(
        ResultRow.region_id == region_id, OF_UNITS_PUBLISHED, ResultRow.figure == FIGURE, ResultRow.year == year
    )
    rows = session.scalars(of_reports).all()
    documents = {row.unit_id: row for row in rows if "values" in row.details}
    query = (
        select(ResultRow.unit_id, Unit.name, func.max(ResultRow.frozen_at))
        .outerjoin(Unit, Unit.id == ResultRow.unit_id)
        .where(ResultRow.region_id == region_id, OF_UNITS_PUBLISHED, *_REPORTED, ResultRow.year == year)
        .group_by(ResultRow.unit_id, Unit.name)
        .order_by(ResultRow.unit_id.is_not(None), Unit.name)
    )
    found = []
    for unit_id, unit, frozen in session.execute(query):
        row = documents.get(unit_id)
        key = "" if row is None else OF_REGION if unit_id is None else row.subject
        if row is not None:
            found.append(PublicReport(unit or name, year, published_on(row), key))
        elif frozen is not None:
            found.append(PublicReport(unit or name, year, frozen.astimezone(zone).date(), key))
    return found


def public_document(session: Session, region: str, year: int, unit: str) -> PublicDocument | None:
    """The document of a unit's (``-``: the region's) report of a year; None unless it is published."""
    found = session.scalar(select(Region).where(Region.key == region))
    if found is None:
        return None
    row = session.scalar(
        select(ResultRow).where(
            ResultRow.region_id == found.id, ResultRow.subject_kind.in_((UNIT, REGION)), ResultRow.figure == FIGURE,
            ResultRow.year == year,
            ResultRow.unit_id.is_(None) if unit == OF_REGION else ResultRow.subject == unit,
        )
    )  # fmt: skip
    if row is None or row.frozen_at is None or "values" not in row.details:
        return None
    values = {name: value for name, value in row.details["values"].items() if name not in _OF_A_CASE}
    return PublicDocument(found.name, found.settings or {}, values, row.frozen_at)
