"""Published performance reports: what publishing keeps, and what of it no longer agrees (reference §10, §11).

A report that is published leaves one row of figure ``report`` among the results: whose it is, its number and day, the
act, and the values of its document as they were printed. The achievements of its unit and year are frozen with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.organisation.models import Region, Unit
from engine.outbox.calls import DONE
from engine.outbox.models import ConnectorCall
from sakip.case_answers import Document, document_at
from sakip.configuration.measurement import ACHIEVEMENT, EFFICIENCY
from sakip.facts.computing import REGION, UNIT
from sakip.facts.fact_tables import Difference
from sakip.facts.models import AgreementRow, ResultRow
from sakip.facts.results import freeze
from sakip.facts.self_registered import register_case
from sakip.spans import YEAR
from sakip.tree.models import IndicatorRow

FIGURE = "report"  # of the row a published report leaves
PERFORMANCE_REPORT, REPORT_REVIEW = "performance_report", "report_review"  # case types
PUBLISHED, CLOSED = "published", "closed"  # milestones
OF_REGION = "region"  # what a report may be about, besides a unit
AGENCY = "agency"  # the level of units that write reports
CONNECTOR = "sakip.report_published"
FROZEN = (ACHIEVEMENT, EFFICIENCY)  # the figures that stay as they were published
_NO_DIGEST = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about: a unit of a region, or with ``unit_id`` None the region itself; and the fiscal year."""

    region_id: int
    unit_id: int | None
    year: int


def subject_of(session: Session, document: Document) -> Subject | None:
    """What a case of a report is about; None when it does not say the year."""
    return subject_said(session, document.region_id, document.unit_id, document.answers)


def subject_said(
    session: Session, region_id: int, unit_id: int | None, answers: Mapping[str, Any]
) -> Subject | None:  # fmt: skip
    """The same from a case's unit and answers. Whoever drafts it may work in a division: the report is of the nearest
    unit at or above theirs that has an agreement or a tree in the year, otherwise of their agency."""
    year = answers.get("year")
    if year is None:
        return None
    if answers.get("subject") == OF_REGION or unit_id is None:
        return Subject(region_id, None, int(year))
    return Subject(region_id, _reporting(session, region_id, unit_id, int(year)), int(year))


def _reporting(session: Session, region_id: int, unit_id: int, year: int) -> int | None:
    unit = session.get_one(Unit, unit_id)
    line = [int(one) for one in reversed(unit.path.split("/")) if one] or [unit.id]
    agreed = select(AgreementRow.unit_id).where(
        AgreementRow.region_id == region_id, AgreementRow.year == year, AgreementRow.unit_id.in_(line)
    )
    grown = select(IndicatorRow.unit_id).where(
        IndicatorRow.region_id == region_id, IndicatorRow.unit_id.in_(line),
        IndicatorRow.valid_from <= date(year, 12, 31),
        or_(IndicatorRow.valid_to.is_(None), IndicatorRow.valid_to >= date(year, 1, 1)),
    )  # fmt: skip
    have = {*session.scalars(agreed.distinct()), *session.scalars(grown.distinct())}
    levels = {one.id: one.level for one in session.scalars(select(Unit).where(Unit.id.in_(line)))}
    nearest = next((one for one in line if one in have), None)
    found = nearest or next((one for one in line if levels[one] == AGENCY), unit.id)
    return None if levels[found] == OF_REGION else found


def draw_published(session: Session, document: Document, at: datetime) -> ResultRow | None:
    """What a report's publication leaves: the achievements of its unit and year frozen, and the report's own row. Told
    twice, and drawn again, it is there once; a later report of the same year takes the row over. None where the case
    does not say the year."""
    subject = subject_of(session, document)
    return None if subject is None else _draw(session, subject, document, at)


def _draw(session: Session, subject: Subject, document: Document, at: datetime) -> ResultRow:
    row = published_report(session, subject)
    if row is None:
        row = _empty_row(session, subject, at)
        session.add(row)
    elif _order(row.details) >= (at.isoformat(), document.seq):
        return row
    _freeze_all(session, subject, at)
    said = document.answers.get("published_on")
    row.frozen_at = row.computed_at = at
    row.details = {
        "case_id": document.case_id, "seq": document.seq, "at": at.isoformat(), "case_number": document.number,
        "number": str(document.answers.get("report_number") or document.number),
        "on": str(said or document.on.isoformat())[:10],
    }  # fmt: skip
    session.flush()
    return row


def register_published(session: Session, document: Document, at: datetime) -> None:
    """Register a published report as evidence of the kinds that come from one."""
    subject = subject_of(session, document)
    if subject is not None:
        register_case(session, document, subject.unit_id, subject.year, PERFORMANCE_REPORT, PUBLISHED, at)


def register_reviewed(session: Session, document: Document, at: datetime) -> None:
    """The same of a review that was signed."""
    subject = subject_of(session, document)
    if subject is not None:
        register_case(session, document, subject.unit_id, subject.year, REPORT_REVIEW, CLOSED, at)


def published_report(session: Session, subject: Subject) -> ResultRow | None:
    """The row of the report that is published of a unit and year, if there is one."""
    return session.scalar(
        select(ResultRow).where(
            ResultRow.region_id == subject.region_id, ResultRow.figure == FIGURE, ResultRow.year == subject.year,
            ResultRow.unit_id.is_(None) if subject.unit_id is None else ResultRow.unit_id == subject.unit_id,
        )
    )  # fmt: skip


def keep_values(session: Session, row: ResultRow, values: Mapping[str, Any]) -> None:
    """Keep the document of a published report as it is printed, once; what is kept is never written over."""
    if "values" not in row.details:
        row.details = {**row.details, "values": dict(values)}
        session.flush()


def is_by_case(row: ResultRow | None, case_id: int) -> bool:
    """Whether a published report is this case's."""
    return row is not None and row.details.get("case_id") == case_id


def published_on(row: ResultRow) -> date:
    """The day a published report bears."""
    return date.fromisoformat(str(row.details["on"]))


def publication_differences(session: Session, region_id: int, *, is_check: bool) -> tuple[int, list[Difference]]:
    """How many publications there are, and what their acts left that is not there any more: the report's own row, and
    the frozen state of results that stood then. Without ``is_check`` both are put right."""
    acts = _publications(session, region_id)
    found: list[Difference] = []
    for subject, (document, at) in acts.items():
        row = published_report(session, subject)
        if not is_by_case(row, document.case_id):
            named = {"figure": FIGURE, "year": subject.year, "unit_id": subject.unit_id, "case_id": document.case_id}
            other = None if row is None else {"case_id": row.details.get("case_id")}
            found.append(Difference("sakip_results", named, other, {"case_id": document.case_id}))
        found += _loose(session, subject, at)
        if not is_check:
            _draw(session, subject, document, at)
            _freeze_all(session, subject, at)
    return len(acts), found


def _publications(session: Session, region_id: int) -> dict[Subject, tuple[Document, datetime]]:
    """The acts of publishing, the last of each unit and year, in their order. What a report is about its own row says,
    though another unit near its drafter's may have got a tree or an agreement since."""
    query = select(ConnectorCall).where(
        ConnectorCall.region_id == region_id, ConnectorCall.state == DONE, ConnectorCall.connector == CONNECTOR
    )
    last: dict[Subject, tuple[Document, datetime]] = {}
    order = (ConnectorCall.created_at, ConnectorCall.case_id, ConnectorCall.revision)
    for call in session.scalars(query.order_by(*order)):
        document = document_at(session, region_id, call.case_id, call.revision)
        kept = None if call.result is None else call.result.get("report")
        row = None if kept is None else session.get(ResultRow, int(kept))
        if row is not None and row.region_id == region_id and row.figure == FIGURE:
            last[Subject(region_id, row.unit_id, row.year)] = (document, call.created_at)
        elif (subject := subject_of(session, document)) is not None:
            last[subject] = (document, call.created_at)
    return last


def _loose(session: Session, subject: Subject, at: datetime) -> Iterator[Difference]:
    """Results that stood when the report was published and are not frozen. One that came later never was."""
    query = select(ResultRow).where(
        ResultRow.region_id == subject.region_id, ResultRow.figure.in_(FROZEN), ResultRow.year == subject.year,
        ResultRow.unit_id.is_(None) if subject.unit_id is None else ResultRow.unit_id == subject.unit_id,
        ResultRow.frozen_at.is_(None), ResultRow.computed_at <= at,
    )  # fmt: skip
    for row in session.scalars(query.order_by(ResultRow.id)):
        named = {name: getattr(row, name) for name in ("figure", "year", "span", "subject_kind", "subject")}
        yield Difference("sakip_results", named, {"frozen_at": None}, {"frozen_at": at.isoformat()})


def _freeze_all(session: Session, subject: Subject, at: datetime) -> None:
    for figure in FROZEN:
        freeze(session, subject.region_id, subject.unit_id, subject.year, at, figure)


def _order(details: Mapping[str, Any]) -> tuple[str, int]:
    return (str(details.get("at") or ""), int(details.get("seq") or 0))


def _empty_row(session: Session, subject: Subject, at: datetime) -> ResultRow:
    if subject.unit_id is None:
        kind, key = REGION, session.get_one(Region, subject.region_id).key
    else:
        kind, key = UNIT, session.get_one(Unit, subject.unit_id).key
    row = ResultRow(region_id=subject.region_id, unit_id=subject.unit_id, subject_kind=kind, subject=key)
    row.year, row.span, row.figure = subject.year, YEAR, FIGURE
    row.numerator = row.denominator = row.shown = row.band = row.tone = row.reason = row.because = None
    row.is_provisional, row.details, row.digest = False, {}, _NO_DIGEST
    row.computed_at, row.frozen_at = at, at
    return row
