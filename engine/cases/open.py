"""Answers become a case in its first state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.record import GENESIS
from engine.cases import drafts
from engine.cases.answers import proposed
from engine.cases.apply import apply_opening
from engine.cases.ids import new_case_id
from engine.cases.lookups import Loads
from engine.cases.models import Case, Link
from engine.cases.numbering import IssuedNumber, give_back, issue, with_numbers
from engine.cases.open_sealed import open_sealed
from engine.cases.plan import plan_open
from engine.cases.rows import CaseRow, rows_of
from engine.cases.step import Step
from engine.cases.stored import StoredCase, definition_of
from engine.cases.whose import unit_of_new
from engine.changes import OpenCase, Plan, Refusal
from engine.database import moment_text
from engine.definitions.model import Definition
from engine.errors import EffectFailed, InvalidInput, NotFound
from engine.facts import CaseFacts, CaseState, Command, PersonId
from engine.organisation.directory import StoreDirectory, snapshot
from engine.publishing import library

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Opened:
    """``number`` is what people read."""

    case_id: int
    number: str
    revision: int


def open_case(
    session: Session,
    *,
    region_id: int,
    case_type: str,
    person_id: int,
    answers: Mapping[str, Any],
    title: str | None = None,
    unit_id: int | None = None,
    case_roles: Mapping[str, tuple[PersonId, ...]] | None = None,
    now: datetime,
) -> Opened | Refusal:
    """Open a case of the newest version published for the region; the caller commits.

    ``answers`` are raw or typed values. ``unit_id`` is the unit it belongs to; if not given, the person's own or one
    near it (`whose`). A sealed case type has neither title nor unit in the open, and is refused with ``no_key_holder``
    where nobody could read it. Raises NotFound for an unknown case type, or a person or unit of another region.
    """
    directory = snapshot(session, region_id, now)
    definition = definition_of(session, library.newest(session, region_id, case_type, directory.day(now)))
    if not directory.has_person(person_id):
        raise NotFound("There is no such person in this region.")
    if definition.is_sealed:
        return _open_sealed(
            session, region_id=region_id, case_type=case_type, answers=answers, initiator=person_id,
            case_roles=case_roles, now=now,
        )  # fmt: skip
    unit = unit_id
    if unit is None:
        unit = unit_of_new(session, region_id, definition, directory.person(person_id).unit)
    if unit is not None and directory.unit(unit) is None:
        raise NotFound("There is no such unit in this region.")
    called = _title(definition, directory, person_id, title)
    number = _number(session, definition, directory, unit, now)
    facts = CaseFacts(
        case_type=case_type,
        number=number.text,
        title=called,
        region=directory.region_key,
        unit=unit,
        initiator=person_id,
        opened_at=now,
        revision=0,
        state=CaseState(),
        answers={},
        now=now,
        directory=directory,
        holidays=directory.holidays,
        loads=Loads(session, region_id),
        store=(session, region_id),
    )
    command = Command("open", person_id, answers=answers, assign=case_roles or {})
    decision = plan_open(definition, facts, command)
    if isinstance(decision, Refusal):
        give_back(session, number)
        return decision
    opened = _write(session, definition, directory, facts, decision)
    drafts.discard(session, person_id, drafts.of_new(case_type))
    return opened


def rows_proposed(
    session: Session, region_id: int, definition: Definition, facts: CaseFacts, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The rows a case opened with these answers would be proposed in tables that have none (``rows_from``), by field:
    whoever fills in a new case sees them before it is opened. ``facts`` are those of the case to be."""
    step = Step(definition, replace(facts, store=(session, region_id)), facts.initiator, answers=answers)
    return proposed(definition, answers, step.scope(user=facts.initiator))


def open_linked(session: Session, stored: StoredCase, plan: Plan) -> None:
    """Open the cases a step asks for and link them. Raises EffectFailed when one cannot be opened: then nothing of
    the step may be kept."""
    for change in plan.changes:
        if not isinstance(change, OpenCase):
            continue
        opened = _opened_for(session, stored, plan, change)
        if isinstance(opened, Refusal):
            raise EffectFailed(f"The linked case '{change.link}' was refused: {opened.sentence.en}")
        session.add(Link(case_id=stored.row.id, name=change.link, other_case_id=opened.case_id))
        session.flush()


def _opened_for(session: Session, stored: StoredCase, plan: Plan, change: OpenCase) -> Opened | Refusal:
    region_id, now = stored.row.region_id, stored.facts.now
    person = plan.entries[0].actor or stored.facts.initiator
    if person is None:
        raise EffectFailed(f"Nobody opens the linked case '{change.link}'.")
    if stored.definition.is_sealed:
        day = stored.directory.day(now)
        if not definition_of(session, library.newest(session, region_id, change.case_type, day)).is_sealed:
            raise EffectFailed("A sealed case opens sealed cases alone: its answers would lie open in others.")
        return _open_sealed(
            session, region_id=region_id, case_type=change.case_type, answers=change.answers, initiator=person, now=now
        )
    return open_case(
        session,
        region_id=region_id,
        case_type=change.case_type,
        person_id=int(person),
        answers=change.answers,
        unit_id=stored.row.unit_id,
        now=now,
    )


def _open_sealed(session: Session, **given: Any) -> Opened | Refusal:
    opened = open_sealed(session, **given)
    return opened if isinstance(opened, Refusal) else Opened(opened.case_id, opened.number, opened.revision)


def _write(session: Session, definition: Definition, directory: StoreDirectory, facts: CaseFacts, plan: Plan) -> Opened:
    now = facts.now
    case = CaseRow(
        id=new_case_id(session),
        region_id=directory.region_id,
        digest=definition.digest,
        number=str(facts.number),
        revision=0,
        head_hash=GENESIS,
        unit_id=None if facts.unit is None else int(facts.unit),
        initiator_id=None if facts.initiator is None else int(facts.initiator),
        returned_count=0,
        returned_seq=None,
    )
    plan, _ = with_numbers(session, directory, plan, facts.unit, now)
    rows = rows_of(case, definition, plan, facts, now, is_new=True)
    apply_opening(session, case, facts.case_type, facts.title, moment_text(now), rows)
    open_linked(session, StoredCase(case, definition, facts, directory, None, None), plan)
    return Opened(case.id, case.number, rows.revision)


def _number(
    session: Session, definition: Definition, directory: StoreDirectory, unit: Any, now: datetime
) -> IssuedNumber:
    return issue(session, directory, definition.numbering, unit, definition.case_type, now)


def _title(definition: Definition, directory: StoreDirectory, person_id: int, title: str | None) -> str:
    called = " ".join((title or "").split())
    if len(called) > LONGEST_TITLE:
        raise InvalidInput(f"A title has at most {LONGEST_TITLE} characters.")
    if called:
        return called
    return f"{definition.title.id}: {directory.person(person_id).name}"


def case_id_of(session: Session, region_id: int, number: str) -> int:
    """The case people know by this number. Raises NotFound."""
    found = session.scalar(select(Case.id).where(Case.region_id == region_id, Case.number == number.strip()))
    if found is None:
        raise NotFound("There is no such case.")
    return found
