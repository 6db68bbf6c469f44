"""What went through Alur registers itself as evidence, of the kinds the rubric says come from such a case (§8.3)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.organisation.models import Region, Unit
from sakip.case_answers import Document
from sakip.configuration.evaluation import Evaluation, EvidenceKind
from sakip.facts.evidence import from_case, from_tree
from sakip.facts.models import EvidencePiece
from sakip.standing import configuration_of
from sakip.tree.models import IndicatorRow, TreeRevision

MOST_YEARS = 6  # a medium-term plan has five, and begins within one


def register_case(
    session: Session, document: Document, unit_id: int | None, year: int, case_type: str, milestone: str, now: datetime
) -> list[EvidencePiece]:
    """Register the case as every kind of evidence whose ``from_case`` names its type and the milestone it has reached,
    for the unit and fiscal year; told twice, it is there once. The rubric of the year counts, else the next. What
    belongs to the region's own unit is the region's."""
    rubric = _rubric_then(session, document.region_id, year, document.on)
    if rubric is None:
        return []
    place = register_place(session, unit_id)
    return [
        from_case(
            session, document.region_id, place, kind=kind.key, year=year,
            title=title_of_case(kind, document.number), case_id=document.case_id, now=now,
        )
        for kind in rubric.evidence_kinds.values()
        if kind.from_case == (case_type, milestone)
    ]  # fmt: skip


def register_tree(session: Session, revision: TreeRevision, now: datetime) -> list[EvidencePiece]:
    """Register the tree a revision put in force as every kind that comes from a tree: for the year it goes in force,
    and the years its indicators plan for. It supersedes what an earlier revision of the tree registered."""
    found = []
    day = revision.made_at.astimezone(ZoneInfo(session.get_one(Region, revision.region_id).timezone)).date()
    for year in _years(session, revision):
        rubric = _rubric_then(session, revision.region_id, year, day)
        for kind in () if rubric is None else rubric.evidence_kinds.values():
            if kind.is_from_tree:
                before = _before(session, revision, kind.key, year)
                found.append(from_tree(
                    session, revision.region_id, revision.unit_id, kind=kind.key, year=year,
                    title=title_of_tree(kind, revision), revision_id=revision.id, now=now,
                    supersedes=None if before is None else before.id,
                ))  # fmt: skip
    return found


def register_place(session: Session, unit_id: int | None) -> int | None:
    """The unit whose register a document of this unit stands in: the region's own unit is the region (None)."""
    unit = None if unit_id is None else session.get(Unit, unit_id)
    return None if unit is None or (unit.parent_id is None and unit.level == "region") else unit.id


def _before(session: Session, revision: TreeRevision, kind: str, year: int) -> EvidencePiece | None:
    query = (
        select(EvidencePiece)
        .join(TreeRevision, TreeRevision.id == EvidencePiece.from_revision_id)
        .where(
            EvidencePiece.region_id == revision.region_id, EvidencePiece.kind == kind, EvidencePiece.year == year,
            TreeRevision.unit_id.is_(None) if revision.unit_id is None else TreeRevision.unit_id == revision.unit_id,
            TreeRevision.number < revision.number,
        )
    )  # fmt: skip
    return session.scalar(query.order_by(TreeRevision.number.desc()).limit(1))


def _years(session: Session, revision: TreeRevision) -> list[int]:
    """The year of a revision, and those its tree's indicators plan for from then on; what a later one adds is that
    one's."""
    first = revision.in_force_on.year
    query = (
        select(IndicatorRow.content)
        .join(TreeRevision, TreeRevision.id == IndicatorRow.revision_id)
        .where(
            IndicatorRow.region_id == revision.region_id, TreeRevision.number <= revision.number,
            or_(IndicatorRow.valid_to.is_(None), IndicatorRow.valid_to >= revision.in_force_on),
            IndicatorRow.unit_id.is_(None) if revision.unit_id is None else IndicatorRow.unit_id == revision.unit_id,
        )
    )  # fmt: skip
    planned = {int(year) for content in session.scalars(query) for year in (content or {}).get("plan_targets") or ()}
    return sorted({first, *(year for year in planned if first < year < first + MOST_YEARS)})


def title_of_case(kind: EvidenceKind, number: str) -> str:
    """What a piece is called that stands for the case of this number."""
    return f"{kind.title.id} {number}"


def title_of_tree(kind: EvidenceKind, revision: TreeRevision) -> str:
    """What a piece is called that stands for a revision of a tree."""
    return f"{kind.title.id}, revisi {revision.number}"


def _rubric_then(session: Session, region_id: int, year: int, day: date) -> Evaluation | None:
    """The rubric as it counted on the day of an act, so that the act registers the same ever after; before any was
    published that of today."""
    return rubric_of(session, region_id, year, day) or rubric_of(session, region_id, year)


def rubric_of(session: Session, region_id: int, year: int, on: date | None = None) -> Evaluation | None:
    """The rubric that asks for this year's evidence: its own, or one of the years nearby; as published ``on`` a local
    day, today without one."""
    configuration = configuration_of(session, region_id, on)
    known = [one.model for one in configuration.evaluations]
    later = [one for one in known if one.head.first_year >= year]
    return configuration.evaluation(year) or (min(later, key=_year) if later else max(known, key=_year, default=None))


def _year(rubric: Evaluation) -> int:
    return rubric.head.first_year
