"""An agreement in force beside the tree of today: later differences, and its revision by reason (§3.3, §4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from engine.cases.access import Reader, may_see, reader_of
from engine.cases.models import Case, CaseAnswers
from engine.cases.open import Opened, open_case
from engine.cases.sealed import openable
from engine.changes import Refusal
from engine.database import json_text
from engine.errors import Conflict, InvalidInput, NotFound
from sakip.configuration.measurement import Measurement
from sakip.facts.agreed import Difference, differences
from sakip.facts.models import AgreementRow
from sakip.standing import configuration_of
from sakip.tree.carried_over import ASSUMPTION, CASE_TYPE, OFFICIAL, STRATEGY, revision_answers

REASONS = (OFFICIAL, STRATEGY, ASSUMPTION)


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """An agreement: its fiscal year, since when it is in force and until when it was (None: still), how many rows it
    carries. ``differences`` are those of its rows and the tree of today. ``followers`` are the numbers and ids of
    revisions that are open or took its place, and ``replaces`` that of the agreement it revises. ``is_in_force`` False
    and no ``since``: it never was, or, when its case ``is_closed``, carries nothing of the tree."""

    case_id: int
    number: str
    title: str
    year: int | None
    since: date | None
    until: date | None
    rows: int
    is_closed: bool
    differences: tuple[Difference, ...]
    followers: tuple[tuple[int, str], ...]
    replaces: tuple[int, str] | None
    may_revise: bool
    measurement: Measurement | None

    @property
    def is_in_force(self) -> bool:
        """Whether it counts today."""
        return self.since is not None and self.until is None


def agreement_page(session: Session, person_id: int, case_id: int, now: datetime) -> AgreementPage:
    """Raises NotFound for a case that is no agreement, or not for this person."""
    reader = reader_of(session, person_id, now)
    case = session.get(Case, case_id)
    if case is None or case.region_id != reader.region_id or case.case_type != CASE_TYPE:
        raise NotFound("There is no such agreement.")
    if not may_see(session, reader, case_id):
        raise NotFound("There is no such agreement.")
    of_case = select(AgreementRow).where(AgreementRow.region_id == reader.region_id, AgreementRow.case_id == case_id)
    rows = session.scalars(of_case.execution_options(populate_existing=True)).all()
    newest = max((row.seq for row in rows), default=0)
    rows = [row for row in rows if row.seq == newest]  # of the last time it came in force
    year = rows[0].year if rows else None
    until = max((row.ended_on for row in rows if row.ended_on is not None), default=None)
    is_over = bool(rows) and all(row.ended_on is not None for row in rows)
    found = [] if year is None or is_over else differences(
        session, reader.region_id, year, reader.today, case_id=case_id
    )  # fmt: skip
    return AgreementPage(
        case_id, case.number, case.title, year, min((row.in_force_on for row in rows), default=None),
        until if is_over else None, len(rows), case.closed_at is not None, tuple(found),
        _followers(session, reader, case, rows),
        _replaced(session, reader, case_id), bool(rows) and not is_over and _may_revise(session, reader, case, now),
        None if year is None else configuration_of(session, reader.region_id).measurement(year),
    )  # fmt: skip


def revise_agreement(
    session: Session, person_id: int, case_id: int, reason: str, title: str, now: datetime
) -> Opened | Refusal:
    """Open the agreement that takes the place of one in force, with everything its reason does not touch carried over;
    the caller commits. Raises InvalidInput for an unknown reason, Conflict where it is not in force any more or a
    revision of it is open already, NotFound for who may not begin one."""
    if reason not in REASONS:
        raise InvalidInput("no such reason")
    page = agreement_page(session, person_id, case_id, now)
    if not page.may_revise and page.is_in_force:
        raise NotFound("This person begins no revision of this agreement.")
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update(key_share=True))
    page = agreement_page(session, person_id, case_id, now)  # of two who press at once the second sees the first one's
    if not page.is_in_force or page.followers:
        raise Conflict("The agreement is not in force any more, or is being revised already.")
    region_id = reader_of(session, person_id, now).region_id
    return open_case(
        session, region_id=region_id, case_type=CASE_TYPE, person_id=person_id,
        answers=revision_answers(session, region_id, case_id, reason), title=title, now=now,
    )  # fmt: skip


def _may_revise(session: Session, reader: Reader, case: Case, now: datetime) -> bool:
    """Who works in the unit of the agreement or in one above it, where the region has agreements at all."""
    unit = None if case.unit_id is None else reader.directory.unit(case.unit_id)
    own = reader.directory.person(reader.person_id).unit
    if unit is None or own is None or f"/{own}/" not in unit.path:
        return False
    return CASE_TYPE in openable(session, reader.region_id, now)


def _followers(session: Session, reader: Reader, case: Case, rows: list[AgreementRow]) -> tuple[tuple[int, str], ...]:
    """Open revisions of it from the same unit, and the agreement of the same position that began when it ended."""
    wanted = (
        select(Case.id, Case.number, CaseAnswers.answers)
        .join(CaseAnswers, CaseAnswers.case_id == Case.id)
        .where(Case.region_id == reader.region_id, Case.case_type == CASE_TYPE, Case.closed_at.is_(None),
               Case.unit_id == case.unit_id, Case.id != case.id,
               type_coerce(CaseAnswers.answers, Text).contains(json_text(case.number)[1:-1]))
        .order_by(Case.id)
    )  # fmt: skip
    found = {
        case_id: number
        for case_id, number, answers in session.execute(wanted)
        if str(answers.get("replaces") or "").strip() == case.number
    }
    ended = {(row.position_id, row.ended_on) for row in rows if row.ended_on is not None}
    for position, day in ended:
        after = select(Case.id, Case.number).join(AgreementRow, AgreementRow.case_id == Case.id).where(
            AgreementRow.region_id == reader.region_id, AgreementRow.position_id == position,
            AgreementRow.in_force_on == day + timedelta(days=1), AgreementRow.case_id != case.id,
        )  # fmt: skip
        found.update((case_id, number) for case_id, number in session.execute(after.limit(1)))
    return tuple(found.items())


def _replaced(session: Session, reader: Reader, case_id: int) -> tuple[int, str] | None:
    answers = session.get_one(CaseAnswers, case_id).answers
    number = str(answers.get("replaces") or "").strip()
    if not number:
        return None
    wanted = select(Case.id, Case.number).where(
        Case.region_id == reader.region_id, Case.number == number, Case.case_type == CASE_TYPE
    )
    found = session.execute(wanted).first()
    return None if found is None else (found[0], found[1])
