"""The statement of internal audit (APIP) about a performance report, from the case in which it was reviewed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from engine.cases.models import Case, CaseAnswers
from engine.database import json_text
from sakip.facts.published_reports import REPORT_REVIEW, Subject

_STATED = "statement_number"


def review_values(session: Session, subject: Subject, number: str) -> dict[str, Any] | None:
    """Number, day and wording of the latest statement about the report of this number; None while there is none."""
    if not number:
        return None
    report = session.scalar(select(Case.id).where(Case.region_id == subject.region_id, Case.number == number)) or 0
    year = datetime(subject.year - 1, 12, 31, tzinfo=UTC)  # answers are long: not those of reviews of earlier years
    query = select(Case.id, Case.region_id, Case.closed_at).where(
        Case.id > report,  # a review names a report that is there: no case from before it is looked at
        Case.case_type == REPORT_REVIEW, Case.closed_at >= year,
    )  # fmt: skip
    # Which region is asked here, so that no plan walks through all of its cases instead.
    reviews = {row.id: row.closed_at for row in session.execute(query) if row.region_id == subject.region_id}
    named = select(CaseAnswers.case_id, CaseAnswers.answers).where(
        CaseAnswers.case_id.in_(reviews), type_coerce(CaseAnswers.answers, Text).contains(json_text(number)[1:-1])
    )
    found = {row.case_id: row.answers for row in session.execute(named)} if reviews else {}
    for review in sorted(found, key=lambda one: (reviews[one], one), reverse=True):
        answers = found[review]
        if str(answers.get("report") or "").strip() == number and answers.get(_STATED):
            checklist = answers.get("checklist") or ()
            return {
                "number": str(answers[_STATED]), "on": str(answers.get("statement_on") or "")[:10] or None,
                "statement": answers.get("statement"), "findings": str(answers.get("findings") or ""),
                "holds": sum(bool(row.get("holds")) for row in checklist), "of": len(checklist),
            }  # fmt: skip
    return None
