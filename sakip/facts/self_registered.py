"""What went through Alur registers itself as evidence, of the kinds the rubric says come from such a case (§8.3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from sakip.case_answers import Document
from sakip.configuration.evaluation import Evaluation
from sakip.facts.evidence import from_case
from sakip.facts.models import EvidencePiece
from sakip.standing import configuration_of


def register_case(
    session: Session, document: Document, unit_id: int | None, year: int, case_type: str, milestone: str, now: datetime
) -> list[EvidencePiece]:
    """Register the case as every kind of evidence whose ``from_case`` names its type and the milestone it has reached,
    for the unit and fiscal year; told twice, it is there once. The rubric of the year counts, else the next."""
    rubric = _rubric(session, document.region_id, year)
    if rubric is None:
        return []
    return [
        from_case(
            session, document.region_id, unit_id, kind=kind.key, year=year,
            title=f"{kind.title.id} {document.number}", case_id=document.case_id, now=now,
        )
        for kind in rubric.evidence_kinds.values()
        if kind.from_case == (case_type, milestone)
    ]  # fmt: skip


def _rubric(session: Session, region_id: int, year: int) -> Evaluation | None:
    """The rubric that asks for this year's evidence: its own, or one of the years nearby."""
    configuration = configuration_of(session, region_id)
    known = [one.model for one in configuration.evaluations]
    later = [one for one in known if one.head.first_year >= year]
    return configuration.evaluation(year) or (min(later, key=_year) if later else max(known, key=_year, default=None))


def _year(rubric: Evaluation) -> int:
    return rubric.head.first_year
