"""Where a piece of evidence is chosen in what is still being filled in: worksheets and reports not sent yet (§8.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.access import may_see
from engine.cases.models import Case, CaseAnswers
from engine.field_types.table import ROW_KEY
from sakip.cycle import REPORTS
from sakip.facts.evidence_uses import CRITERION, REALISATION, Place
from sakip.facts.models import EvidencePiece, EvidenceUse
from sakip.facts.reports import evidence_of
from sakip.facts.scores import SUBJECT_REGION
from sakip.looking import Viewer
from sakip.tree.models import UnitSuccession


@dataclass(frozen=True, slots=True)
class Begun:
    """A choice that is saved in a case and no use yet: it becomes one when the tier is locked or the report sent."""

    case_id: int
    number: str
    place: Place


def choices_begun(
    session: Session, viewer: Viewer, piece: EvidencePiece, uses: Sequence[EvidenceUse]
) -> tuple[Begun, ...]:
    """Where the viewer may see that a piece is chosen and is not used yet, in the order of the cases. Of worksheets
    only what the unit itself answers: what evaluators weigh while they work is not told."""
    known = {_named(use) for use in uses}
    types = {one.model.case_type for one in viewer.configuration.evaluations}
    query = (
        select(Case, CaseAnswers.answers)
        .join(CaseAnswers, CaseAnswers.case_id == Case.id)
        .where(
            Case.region_id == viewer.region_id, Case.case_type.in_({*types, *REPORTS}), Case.closed_at.is_(None),
            Case.is_sealed.is_(False),
        )
    )  # fmt: skip
    if piece.unit_id is not None:
        query = query.where(Case.unit_id.in_(_who_may_use(session, viewer, piece.unit_id)))
    found: list[Begun] = []
    for case, answers in session.execute(query.order_by(Case.id)):
        chosen = list(_chosen(viewer, case, answers, piece.id, is_report=case.case_type in REPORTS))
        new = [one for one in chosen if _named(one) not in known]
        if new and may_see(session, viewer.reader, case.id):
            found += [Begun(case.id, case.number, one) for one in new]
    return tuple(found)


def _named(place: Place | EvidenceUse) -> tuple[str, str, int, str | int | None]:
    """What is one and the same place: a row of a report whoever of the unit reports it."""
    is_report = place.subject == REALISATION
    return place.subject, place.place, place.year, place.period if is_report else place.unit_id


def _who_may_use(session: Session, viewer: Viewer, unit_id: int) -> Collection[int]:
    """A unit and what came of it, with everything below."""
    heirs, new = [unit_id], [unit_id]
    while new:
        after = session.scalars(select(UnitSuccession.unit_id).where(UnitSuccession.predecessor_id.in_(new)))
        new = [one for one in dict.fromkeys(after) if one not in heirs]
        heirs += new
    return [one.id for one in viewer.organisation.units.values() if not _line(one.path).isdisjoint(heirs)]


def _line(path: str) -> set[int]:
    return {int(step) for step in path.split("/") if step}


def _chosen(
    viewer: Viewer, case: Case, answers: Mapping[str, Any], piece: int, *, is_report: bool
) -> Iterator[Place]:  # fmt: skip
    year = answers.get("year")
    if year is None:
        return
    if is_report:
        for row in answers.get("rows") or ():
            if piece in evidence_of(row):
                key, period = str(row.get(ROW_KEY) or ""), str(answers.get("period") or "")
                yield Place(REALISATION, key, case.unit_id, int(year), period)
        return
    rubric = viewer.configuration.evaluation(int(year))
    if rubric is None or rubric.case_type != case.case_type:
        return
    unit = None if answers.get("subject") == SUBJECT_REGION else case.unit_id
    first = min(rubric.tiers.values(), key=lambda tier: tier.order, default=None)
    for row in answers.get("" if first is None else first.key) or ():
        if piece in evidence_of(row) and row.get("path"):
            yield Place(CRITERION, str(row["path"]), unit, int(year))
