"""Where a piece of evidence is chosen in what is still being filled in: worksheets and reports not sent yet (§8.2).

However many cases are open, only those whose answers hold the number of the piece leave the database, and no more
answers than are told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, or_, select, type_coerce
from sqlalchemy.orm import Session

from engine.cases.access import seen_among
from engine.cases.models import Case, CaseAnswers
from engine.field_types.table import ROW_KEY
from sakip.cycle import REPORTS
from sakip.facts.evidence_uses import CRITERION, REALISATION, Place
from sakip.facts.models import EvidencePiece, EvidenceUse
from sakip.facts.reports import evidence_of
from sakip.facts.scores import SUBJECT_REGION
from sakip.looking import Viewer
from sakip.tree.models import UnitSuccession

MOST = 40  # places of one piece that are told


@dataclass(frozen=True, slots=True)
class Begun:
    """A choice that is saved in a case and no use yet: it becomes one when the tier is locked or the report sent."""

    case_id: int
    number: str
    place: Place


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that is still being filled in, as far as choices in it are told."""

    id: int
    number: str
    case_type: str
    unit_id: int | None


def choices_begun(
    session: Session, viewer: Viewer, piece: EvidencePiece, uses: Sequence[EvidenceUse]
) -> tuple[Begun, ...]:
    """Where the viewer may see that a piece is chosen and is not used yet, by case, the newest first: ``MOST``
    places, and one more where there are more. Of worksheets only what the unit itself answers: what evaluators weigh
    while they work is not told."""
    known = {_named(use) for use in uses}
    cases = {case.id: case for case in _naming(session, viewer, piece)}
    seen = sorted(seen_among(session, viewer.reader, cases), reverse=True)
    found: list[Begun] = []
    for start in range(0, len(seen), MOST + 1):
        some = seen[start : start + MOST + 1]
        query = select(CaseAnswers.case_id, CaseAnswers.answers).where(CaseAnswers.case_id.in_(some))
        answers = {row[0]: row[1] for row in session.execute(query)}
        for case in (cases[number] for number in some):
            chosen = _chosen(viewer, case, answers[case.id], piece.id, is_report=case.case_type in REPORTS)
            found += [Begun(case.id, case.number, one) for one in chosen if _named(one) not in known]
            if len(found) > MOST:
                return tuple(found[: MOST + 1])
    return tuple(found)


def _naming(session: Session, viewer: Viewer, piece: EvidencePiece) -> list[Opened]:
    """The open worksheets and reports of those who may use a piece in whose answers its number stands in some list, in
    any order: asked for one, the database may walk through closed cases."""
    types = {one.model.case_type for one in viewer.configuration.evaluations}
    plain = type_coerce(CaseAnswers.answers, Text)
    number = str(piece.id)
    in_a_list = (f"[{number}]", f"[{number},", f",{number},", f",{number}]", f'"{number}"')  # canonical, without blanks
    query = (
        select(Case.id, Case.number, Case.case_type, Case.unit_id)
        .join(CaseAnswers, CaseAnswers.case_id == Case.id)
        .where(
            Case.region_id == viewer.region_id, Case.case_type.in_(sorted({*types, *REPORTS})),
            Case.closed_at.is_(None), Case.is_sealed.is_(False),
            plain.contains(number), or_(*(plain.contains(one) for one in in_a_list)),
        )
    )  # fmt: skip
    if piece.unit_id is not None:
        query = query.where(Case.unit_id.in_(_who_may_use(session, viewer, piece.unit_id)))
    return [Opened(*row) for row in session.execute(query)]


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
    viewer: Viewer, case: Opened, answers: Mapping[str, Any], piece: int, *, is_report: bool
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
