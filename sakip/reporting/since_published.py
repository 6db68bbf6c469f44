"""A report before and after it was published: what its document tells, and what the facts have become since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case, CaseAnswers
from engine.definitions.model import Text
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.facts.computing import INDICATOR, achievements
from sakip.facts.models import ResultRow
from sakip.facts.published_reports import (
    PERFORMANCE_REPORT,
    Subject,
    is_by_case,
    published_report,
    subject_said,
)
from sakip.facts.rulebook import Rulebook
from sakip.facts.stored_results import to_stored
from sakip.reasons import Reason
from sakip.reporting.lkjip import lkjip_values
from sakip.reporting.lkjip_figures import stored_of
from sakip.reporting.lkjip_words import both
from sakip.spans import YEAR

_GONE = Text("tidak lagi di pohon kinerja tahun itu", "no longer in that year's tree")


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure of a published report that the facts no longer give, by its indicator's key: the printed value then and
    now; ``reason`` is why there is none now."""

    key: str
    published: str | None
    now: str | None
    reason: Mapping[str, str] | None


def document_values(
    session: Session, subject: Subject, answers: Mapping[str, Any], now: datetime, *, number: str, case_id: int
) -> dict[str, Any]:
    """The values of a case's document: as they were kept when it was published, otherwise as they are now."""
    row = published_report(session, subject)
    if row is not None and is_by_case(row, case_id) and "values" in row.details:
        return dict(row.details["values"])
    return lkjip_values(session, subject, answers, now, number=number)


def changed_since(session: Session, subject: Subject) -> list[Changed]:
    """The indicators whose frozen figure of the year differs from what the facts give today, by key. The report keeps
    the published one."""
    query = select(ResultRow).where(
        ResultRow.region_id == subject.region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == subject.year,
        ResultRow.span == YEAR, ResultRow.subject_kind == INDICATOR, ResultRow.frozen_at.is_not(None),
        ResultRow.unit_id.is_(None) if subject.unit_id is None else ResultRow.unit_id == subject.unit_id,
    )  # fmt: skip
    frozen = {row.subject: row for row in session.scalars(query)}
    if not frozen:
        return []
    book = Rulebook(session, subject.region_id)
    found = []
    for line in achievements(session, book, subject.year, list(frozen), (YEAR,)):
        kept = frozen.pop(line.subject)
        if stored_of(kept) != to_stored(line.result):
            reason = line.result if isinstance(line.result, Reason) else None
            shown = None if isinstance(line.result, Reason) else line.result.shown
            found.append(Changed(kept.subject, kept.shown, shown, None if reason is None else both(reason.sentence)))
    found += [Changed(kept.subject, kept.shown, None, both(_GONE)) for kept in frozen.values()]
    return sorted(found, key=lambda one: one.key)


def values_of_subject(session: Session, subject: Subject, now: datetime) -> tuple[dict[str, Any], bool]:
    """The values of the report of a unit or the region without asking for a case, and whether they are published: those
    kept by publication, otherwise with the narrative of the case opened last, otherwise figures alone."""
    row = published_report(session, subject)
    if row is not None and "values" in row.details:
        return dict(row.details["values"]), True
    query = select(Case).where(
        Case.region_id == subject.region_id, Case.case_type == PERFORMANCE_REPORT, Case.closed_at.is_(None)
    )
    for case in session.scalars(query.order_by(Case.id.desc())):
        answers = session.get_one(CaseAnswers, case.id).answers
        if subject_said(session, subject.region_id, case.unit_id, answers) == subject:
            return lkjip_values(session, subject, answers, now, number=case.number), False
    return lkjip_values(session, subject, {}, now), False
