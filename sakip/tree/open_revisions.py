"""Revisions of a tree that are under way as cases: which there are for a reader, and whether one may be begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.access import may_see, reader_of
from engine.cases.models import Case, CaseAnswers
from engine.cases.open import Opened, open_case
from engine.cases.sealed import openable
from engine.changes import Refusal
from engine.errors import InvalidInput
from sakip.tree.copies import CopyOffer
from sakip.tree.in_force import THE_REGION, tree_meant
from sakip.tree.readers import TreePlace

CASE_TYPE = "tree_revision"
CHANGE = "change"
MOST = 20  # of one tree that are told


@dataclass(frozen=True, slots=True)
class Begun:
    """A revision under way. ``is_own`` when the reader began it."""

    case_id: int
    number: str
    is_own: bool


def begun_revisions(session: Session, person_id: int, place: TreePlace, now: datetime) -> tuple[Begun, ...]:
    """The open revisions of a tree that a person may see, newest first. A draft is seen by who may see its case."""
    reader = reader_of(session, person_id, now)
    wanted = (
        select(Case.id, Case.number, Case.unit_id, Case.initiator_id, CaseAnswers.answers)
        .join(CaseAnswers, CaseAnswers.case_id == Case.id)
        .where(Case.region_id == reader.region_id, Case.case_type == CASE_TYPE, Case.closed_at.is_(None))
        .order_by(Case.id.desc())
    )
    found = []
    for case_id, number, unit_id, initiator, answers in session.execute(wanted):
        if tree_meant(unit_id, answers) == place.unit_id and may_see(session, reader, case_id):
            found.append(Begun(case_id, number, initiator == person_id))
        if len(found) == MOST:
            break
    return tuple(found)


def may_revise(session: Session, person_id: int, place: TreePlace, now: datetime) -> bool:
    """Whether this person may begin a revision of a tree: of the region's anybody, of a unit's who works in it or in a
    unit above it; and the case type has to be published where they work."""
    reader = reader_of(session, person_id, now)
    if place.unit_id is not None:
        unit, own = reader.directory.unit(place.unit_id), reader.directory.person(person_id).unit
        if unit is None or own is None or f"/{own}/" not in unit.path:
            return False
    return CASE_TYPE in openable(session, reader.region_id, now)


def begin_revision(
    session: Session, person_id: int, place: TreePlace, title: str, now: datetime, copy: CopyOffer | None = None
) -> Opened | Refusal:  # fmt: skip
    """Open the case of a revision of a tree, in force from today unless its drafter says otherwise; the caller commits.
    Of a ``copy`` the case opens with the copied nodes, in force from its day; one that is refused opens nothing.

    Raises NotFound where the case type is not published, InvalidInput for a copy that is refused.
    """
    if copy is not None and copy.refusal is not None:
        raise InvalidInput(copy.refusal)
    reader = reader_of(session, person_id, now)
    answers = {
        "tree": THE_REGION if place.unit_id is None else "unit",
        "tree_unit": place.unit_id,
        "kind": CHANGE if copy is None else copy.kind,
        "in_force_on": reader.today if copy is None else copy.day,
    }
    asked = {name: value for name, value in answers.items() if value is not None}
    return open_case(
        session, region_id=reader.region_id, case_type=CASE_TYPE, person_id=person_id, answers=asked, title=title,
        now=now,
    )  # fmt: skip
