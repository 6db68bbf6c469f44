"""The statement of internal audit (APIP) about a performance report, from the case in which it was reviewed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case, CaseAnswers
from sakip.facts.published_reports import REPORT_REVIEW, Subject

_STATED = "statement_number"


def review_values(session: Session, subject: Subject, number: str) -> dict[str, Any] | None:
    """Number, day and wording of the latest statement about the report of this number; None while there is none."""
    if not number:
        return None
    report = session.scalar(select(Case.id).where(Case.region_id == subject.region_id, Case.number == number)) or 0
    year = datetime(subject.year - 1, 12, 31, tzinfo=UTC)  # answers are long: not those of reviews of earlier years
    query = (
        select(CaseAnswers.answers)
        .join(Case, Case.id == CaseAnswers.case_id)
        .where(
            Case.region_id == subject.region_id, Case.case_type == REPORT_REVIEW, Case.closed_at >= year,
            Case.id > report,  # a review names a report that is there: the cases of years before are not looked at
        )
        .order_by(Case.closed_at.desc())
    )  # fmt: skip
    for answers in session.scalars(query):
        if str(answers.get("report") or "").strip() == number and answers.get(_STATED):
            checklist = answers.get("checklist") or ()
            return {
                "number": str(answers[_STATED]), "on": str(answers.get("statement_on") or "")[:10] or None,
                "statement": answers.get("statement"), "findings": str(answers.get("findings") or ""),
                "holds": sum(bool(row.get("holds")) for row in checklist), "of": len(checklist),
            }  # fmt: skip
    return None
