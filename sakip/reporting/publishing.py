"""What cases of reports call: published, and reviewed by internal audit (reference §3, §10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.connectors import Call
from sakip.case_answers import document_at
from sakip.facts.published_reports import draw_published, keep_values, register_published, register_reviewed, subject_of
from sakip.reporting.lkjip import lkjip_values


def report_published(session: Session, call: Call) -> Mapping[str, Any]:
    """The achievements of the report's unit and year stay as they are from now on; the document is kept as printed and
    registered as evidence."""
    document = document_at(session, call.region_id, call.case_id, call.revision)
    subject = subject_of(session, document)
    row = draw_published(session, document, call.at)
    if subject is None or row is None:
        return {"year": None}
    keep_values(session, row, lkjip_values(session, subject, document.answers, call.at, number=document.number))
    register_published(session, document, call.at)
    return {"year": subject.year, "report": row.id}


def report_reviewed(session: Session, call: Call) -> Mapping[str, Any]:
    """A review that was signed is registered as evidence."""
    register_reviewed(session, document_at(session, call.region_id, call.case_id, call.revision), call.at)
    return {"case": call.case_number}
