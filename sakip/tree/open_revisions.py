"""Revisions of a tree that are under way as cases: which there are for a reader, and whether one may be begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, or_, select, type_coerce
from sqlalchemy.orm import Session

from engine.cases.access import Reader, reader_of, seen_among
from engine.cases.models import Case, CaseAnswers
from engine.cases.open import Opened, open_case
from engine.cases.sealed import openable
from engine.cases.twice import just_opened
from engine.changes import Refusal
from engine.database import json_text
from engine.errors import InvalidInput, NotFound
from sakip.tree.copies import CopyOffer
from sakip.tree.in_force import THE_REGION, tree_meant
from sakip.tree.readers import TreePlace, place_called

CASE_TYPE = "tree_revision"
CHANGE = "change"
MOST = 20  # of one tree that are told


@dataclass(frozen=True, slots=True)
class Begun:
    """A revision under way. ``is_own`` when the reader began it."""

    case_id: int
    number: str
    is_own: bool


def begun_revisions(session: Session, reader: Reader, place: TreePlace) -> tuple[Begun, ...]:
    """The open revisions of a tree that a reader may see, newest first. A draft is seen by who may see its case."""
    answers = type_coerce(CaseAnswers.answers, Text)  # long: only those that may mean this tree leave the database
    is_meant = answers.contains(json_text({"tree": THE_REGION})[1:-1]) if place.unit_id is None else or_(
        Case.unit_id == place.unit_id, *(answers.contains(f'"tree_unit":{place.unit_id}{end}') for end in ",}")
    )  # fmt: skip
    wanted = (
        select(Case.id, Case.number, Case.unit_id, Case.initiator_id, CaseAnswers.answers)
        .join(CaseAnswers, CaseAnswers.case_id == Case.id)
        .where(Case.region_id == reader.region_id, Case.case_type == CASE_TYPE, Case.closed_at.is_(None), is_meant)
    )
    found = {
        case_id: Begun(case_id, number, initiator == reader.person_id)
        for case_id, number, unit_id, initiator, plain in session.execute(wanted)
        if tree_meant(unit_id, plain) == place.unit_id
    }
    return tuple(found[one] for one in sorted(seen_among(session, reader, found), reverse=True))[:MOST]


def may_revise(session: Session, reader: Reader, place: TreePlace, now: datetime) -> bool:
    """Whether a reader may begin a revision of a tree: of the region's anybody, of a unit's who works in it or in a
    unit above it; and the case type has to be published where they work."""
    if place.unit_id is not None:
        unit, own = reader.directory.unit(place.unit_id), reader.directory.person(reader.person_id).unit
        if unit is None or own is None or f"/{own}/" not in unit.path:
            return False
    return CASE_TYPE in openable(session, reader.region_id, now)


def place_to_revise(session: Session, person_id: int, name: str, now: datetime) -> TreePlace:
    """The tree an address names, for somebody who may begin a revision of it. Raises NotFound for anybody else."""
    place = place_called(session, person_id, name, now)
    if not may_revise(session, reader_of(session, person_id, now), place, now):
        raise NotFound("This person begins no revision of this tree.")
    return place


def begin_revision(
    session: Session, person_id: int, place: TreePlace, title: str, now: datetime, copy: CopyOffer | None = None
) -> Opened | Refusal:  # fmt: skip
    """Open the case of a revision of a tree, in force from today unless its drafter says otherwise; the caller commits.
    Asked for twice in a moment it is one case.
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
    begun = just_opened(session, person_id, CASE_TYPE, title, now)
    return begun or open_case(
        session, region_id=reader.region_id, case_type=CASE_TYPE, person_id=person_id, answers=asked, title=title,
        now=now,
    )  # fmt: skip
