"""A command becomes an act: facts, plan, apply, and nothing in between. Everything that moves a case passes here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases.access import reader_of, require_visible
from engine.cases.apply import apply
from engine.cases.conflicts import told
from engine.cases.follow_up import follow_up
from engine.cases.numbering import give_back, with_numbers
from engine.cases.plan import plan_act
from engine.cases.refusals import refuse
from engine.cases.rows import rows_of
from engine.cases.stored import StoredCase, read_case
from engine.changes import ClosedTask, HistoryEntry, Plan, Refusal
from engine.errors import Conflict
from engine.facts import Command, PersonId

TRIES = 6  # the second and later ones wait for the case's row lock, so that they cannot lose again


@dataclass(frozen=True, slots=True)
class Fired:
    """What an act did. ``states`` are the active states afterwards, ``revision`` the last row of its history."""

    case_id: int
    number: str
    revision: int
    states: tuple[str, ...]
    is_ended: bool
    entries: tuple[HistoryEntry, ...]
    closed: tuple[ClosedTask, ...]
    fired: tuple[str, ...]


def fire(session: Session, case_id: int, command: Command, *, now: datetime) -> Fired | Refusal:
    """Do what ``command`` wants in this case, all of it or nothing; the caller commits.

    A refusal says why not; when somebody was faster it says who and when. Raises NotFound when the case does not
    exist or the actor may not see it.
    """
    for attempt in range(TRIES):
        stored = read_case(session, case_id, now, is_locked=attempt > 0)
        decision = plan_act(stored.definition, stored.facts, command)
        if isinstance(decision, Refusal):
            require_visible(session, reader_of(session, int(command.actor), now), case_id)
            return told(session, stored, command, decision)
        try:
            return perform(session, stored, decision, now, drafts_of=command.actor)
        except Conflict:
            continue
    return refuse("stale_revision")


def perform(
    session: Session, stored: StoredCase, plan: Plan, now: datetime, drafts_of: PersonId | None = None
) -> Fired:
    """Write a decided plan. Raises Conflict, with nothing written, when the case has moved since it was read."""
    case, definition = stored.row, stored.definition
    plan, issued = with_numbers(session, stored.directory, plan, case.unit_id, now)
    rows = rows_of(case, definition, plan, stored.facts, now)
    if drafts_of is not None and plan.entries[0].left:
        rows.add("drafts_drop", [(drafts_of, f"case:{case.id}")])
    try:
        apply(session, case.id, case.revision, rows)
    except Conflict:
        for number in issued:
            give_back(session, number)
        raise
    follow_up(session, stored, plan, now)
    return Fired(
        case_id=case.id,
        number=case.number,
        revision=rows.revision,
        states=tuple(plan.after.active),
        is_ended=plan.after.is_ended,
        entries=plan.entries,
        closed=plan.closed,
        fired=plan.fired,
    )
