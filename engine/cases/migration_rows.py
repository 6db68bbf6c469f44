"""A migration as rows: what every step writes, and beside it what only changes with the definition."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from engine.cases.apply import apply
from engine.cases.models import Case, Exclusion
from engine.cases.offer_rows import offers_of
from engine.cases.rows import excluded_rows, rows_of
from engine.cases.stored import StoredCase
from engine.changes import Plan
from engine.definitions.model import Definition
from engine.facts import CaseState, OpenTask
from engine.publishing.models import DefinitionVersion
from engine.tasks.models import Offer, Task


def write_migration(session: Session, stored: StoredCase, after: Definition, plan: Plan, now: datetime) -> int:
    """Write a plan that leaves the case under ``after``; its revision then. Raises Conflict when the case has moved.

    A version that is not published yet can be tried: then the case keeps its own in the rows, which are rolled back.
    """
    case, before = stored.row, stored.definition
    kept = [task for number, task in plan.before.tasks.items() if number in plan.after.tasks]
    barred = excluded_rows(before, stored.facts, kept)
    rows = rows_of(case, after, plan, stored.facts, now, older=before)
    apply(session, case.id, case.revision, rows)
    if after is not before and session.get(DefinitionVersion, after.digest) is not None:
        session.execute(update(Case).where(Case.id == case.id).values(digest=after.digest))
    for task in kept:
        _rename(session, case.id, task, plan.after.tasks[task.number])
    if kept:
        _offer_by_new_powers(session, stored, after, plan.before, plan.after)
        for person, number in barred:
            mine = (Exclusion.person_id == person, Exclusion.case_id == case.id, Exclusion.number == number)
            session.execute(delete(Exclusion).where(*mine))
        _exclude_anew(session, stored, after, plan, kept)
    return rows.revision


def _rename(session: Session, case_id: int, old: OpenTask, new: OpenTask) -> None:
    if (old.state, old.entry, old.place) != (new.state, new.entry, new.place):
        row = update(Task).where(Task.case_id == case_id, Task.number == new.number)
        session.execute(row.values(state=new.state, entry=new.entry, place=new.place))


def _offer_by_new_powers(
    session: Session, stored: StoredCase, after: Definition, before: CaseState, then: CaseState
) -> None:  # fmt: skip
    """Offers that go on may be for other stand-ins now."""
    for (audience, due, number), powers in offers_of(after, then).items():
        if number in before.tasks:
            mine = (
                Offer.region_id == stored.row.region_id, Offer.audience == audience, Offer.due_key == due,
                Offer.case_id == stored.row.id, Offer.number == number,
            )  # fmt: skip
            session.execute(update(Offer).where(*mine, Offer.powers != powers).values(powers=powers))


def _exclude_anew(session: Session, stored: StoredCase, after: Definition, plan: Plan, kept: list[OpenTask]) -> None:
    facts = replace(stored.facts, state=plan.after, answers=plan.answers)
    for person, number in excluded_rows(after, facts, [plan.after.tasks[task.number] for task in kept]):
        session.merge(Exclusion(person_id=person, case_id=stored.row.id, number=number))
    session.flush()
