"""Open tasks follow the organisation: when units, offices or people changed, they are offered to whom they belong now.

Deciding never needs this (who may act is asked anew with every act); the queue does, because offers are rows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.assigning import with_sole_candidate
from engine.cases.fire import perform
from engine.cases.models import Case, Incident
from engine.cases.notices import stand_in_message
from engine.cases.offering import mark_outsiders, named_directly
from engine.cases.people import audiences, candidates, claim_in_force
from engine.cases.rows import excluded_rows
from engine.cases.standing_in import STAND_IN, told_of_absence
from engine.cases.step import Step
from engine.cases.stored import StoredCase, read_case
from engine.changes import Change, HistoryEntry, Plan, RaiseIncident
from engine.database import driver_rows, insert_or
from engine.errors import AlurError
from engine.facts import Audience, CaseState, OpenTask
from engine.organisation.directory import snapshot
from engine.organisation.models import Region
from engine.outbox.models import Message
from engine.tasks.models import OfferRound

log = logging.getLogger("alur.offers")

_EXCLUDE = "INSERT INTO exclusions (case_id, person_id, number) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def reoffer_changed(session: Session, now: datetime, limit: int = 50) -> int:
    """Look at up to ``limit`` open cases of regions whose organisation changed, or where a new day began (periods of
    offices end at midnight); how many were looked at. The caller commits and calls again until there are none."""
    looked_at = 0
    for region_id in session.scalars(select(Region.id).order_by(Region.id)):
        looked_at += _round(session, region_id, now, limit - looked_at)
        if looked_at >= limit:
            break
    return looked_at


def _round(session: Session, region_id: int, now: datetime, limit: int) -> int:
    directory = snapshot(session, region_id, now)
    reason = f"{directory.revision} {directory.day(now).isoformat()}"
    first = insert_or(session, OfferRound).values(region_id=region_id, reason="", next_case_id=0, is_done=False)
    session.execute(first.on_conflict_do_nothing())
    mine = select(OfferRound).where(OfferRound.region_id == region_id).with_for_update(skip_locked=True)
    progress = session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
    if progress is None:
        return 0  # another worker is at it
    if progress.reason != reason:
        progress.reason, progress.next_case_id, progress.is_done = reason, 0, False
    if progress.is_done:
        return 0
    wanted = select(Case.id).where(
        Case.region_id == region_id, Case.closed_at.is_(None), Case.id >= progress.next_case_id,
        Case.is_sealed.is_(False),  # copies of keys: only who holds one can give them (``catching_up``)
    )  # fmt: skip
    ids = session.scalars(wanted.order_by(Case.id).limit(limit)).all()
    for case_id in ids:
        try:
            with session.begin_nested():
                reoffer_case(session, case_id, now)
        except AlurError:  # one case that cannot be read must not keep the others from their people
            log.exception("the tasks of case %s cannot be offered anew", case_id)
    progress.is_done = len(ids) < limit
    progress.next_case_id = ids[-1] + 1 if ids else 0
    session.flush()
    return len(ids)


def reoffer_case(session: Session, case_id: int, now: datetime) -> bool:
    """Offer a case's open tasks to whom they belong now; whether anything had to change."""
    stored = read_case(session, case_id, now, is_locked=True)
    for person, number in excluded_rows(stored.definition, stored.facts, stored.facts.state.tasks.values()):
        driver_rows(session, _EXCLUDE, (case_id, person, number))
    plan = _plan(session, stored)
    if plan is None:
        return False
    perform(session, stored, plan, now)
    return True


def _plan(session: Session, stored: StoredCase) -> Plan | None:
    facts = stored.facts
    step = Step(stored.definition, facts)
    ended = _ended_delegations(step)
    if ended:
        facts = replace(facts, state=_without_delegations(facts.state, ended))
        step = Step(stored.definition, facts)
    tasks = {number: _as_of_now(step, task) for number, task in facts.state.tasks.items()}
    changes = _incidents(session, stored, [task for task in tasks.values() if not candidates(step, task)])
    changes = (*changes, *_absences(session, stored, step, tasks.values()))
    if tasks == dict(facts.state.tasks) and not changes and not ended:
        return None
    entry = HistoryEntry(facts.now, None, None, None, "reoffer", None, (), ())
    after = replace(facts.state, tasks=tasks)
    return Plan(stored.facts.state, after, facts.answers, None, (entry,), changes=changes)


def _absences(session: Session, stored: StoredCase, step: Step, tasks: Iterable[OpenTask]) -> Iterator[Change]:
    """A message for each task that goes to a replacement now, to those of both sides who have not heard of it."""
    for task in tasks:
        sides = told_of_absence(step, candidates(step, task))
        if not sides:
            continue
        told = select(Message.audience).where(
            Message.case_id == stored.row.id, Message.notification == STAND_IN, Message.created_at >= task.opened_at
        )
        known = set(session.scalars(told))
        new = tuple(side for side in sides if str(side) not in known)
        if new:
            yield stand_in_message(step, task, new)


def _ended_delegations(step: Step) -> dict[str, str]:
    """The delegations of single tasks whose last day has passed: task's number -> to whom it was."""
    today = step.calendar().today(step.now).isoformat()
    given = step.facts.state.extras.get("delegated", {})
    return {number: str(one["to"]) for number, one in given.items() if (one.get("until") or today) < today}


def _without_delegations(state: CaseState, ended: dict[str, str]) -> CaseState:
    left = {number: one for number, one in state.extras["delegated"].items() if number not in ended}
    extras = {name: value for name, value in state.extras.items() if name != "delegated"}
    tasks = {
        number: replace(
            task, audiences=tuple(each for each in task.audiences if str(each) != f"person:{ended[str(number)]}")
        )
        if str(number) in ended
        else task
        for number, task in state.tasks.items()
    }
    return replace(state, tasks=tasks, extras={**extras, "delegated": left} if left else extras)


def _incidents(session: Session, stored: StoredCase, nobodys: list[OpenTask]) -> tuple[Change, ...]:
    """An incident for each step that nobody can take any more and of which supervisors do not know yet."""
    if not nobodys:
        return ()
    known = select(Incident.state).where(
        Incident.region_id == stored.row.region_id, Incident.case_id == stored.row.id,
        Incident.code == "no_candidate", Incident.resolved_at.is_(None),
    )  # fmt: skip
    told = set(session.scalars(known))
    states = dict.fromkeys(task.state for task in nobodys if task.state not in told)
    return tuple(RaiseIncident("no_candidate", state) for state in states)


def _as_of_now(step: Step, task: OpenTask) -> OpenTask:
    if task.roles:
        asked = [audience for role in task.roles for audience in audiences(step, role)]
        found: dict[Audience, None] = dict.fromkeys([*asked, *named_directly(step, task)])
        task = replace(task, audiences=tuple(found)) if set(found) != set(task.audiences) else task
    if task.claimed_at is not None and not claim_in_force(step, task):
        task = replace(task, assignee=None, claimed_at=None)
    return mark_outsiders(step, with_sole_candidate(task, candidates(step, task)))
