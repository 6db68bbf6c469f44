"""A command becomes an act: facts, plan, apply, and nothing in between. Everything that moves a case passes here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases.access import reader_of, require_visible
from engine.cases.apply import apply
from engine.cases.conflicts import told
from engine.cases.numbering import give_back, with_numbers
from engine.cases.open import open_linked
from engine.cases.performing import StepFailed
from engine.cases.plan import plan_act
from engine.cases.refusals import refuse
from engine.cases.rows import rows_of
from engine.cases.sealed_state import Tokens
from engine.cases.sealed_step import sealed_step, tell_in_conversation
from engine.cases.signals import plan_signal
from engine.cases.stored import StoredCase, read_case
from engine.changes import ClosedTask, HistoryEntry, OpenCase, Plan, RaiseIncident, Refusal, SignalCase
from engine.database import driver_rows
from engine.disclosure.keyring import RECEIPT, held, officer
from engine.disclosure.seals import hold_still
from engine.errors import Conflict, EffectFailed, KeyNeeded, NotFound
from engine.facts import REPORTER, Command, PersonId

TRIES = 6  # the second and later ones wait for the case's row lock, so that they cannot lose again

_HANDLING = frozenset(("claim", "release", "assign", "delegate"))  # what is typed stays typed

_LINKED = (
    "SELECT other_case_id FROM case_links WHERE case_id = ? AND name = ?"
    " UNION SELECT case_id FROM case_links WHERE other_case_id = ? AND name = ?"
)


@dataclass(frozen=True, slots=True)
class Fired:
    """What an act did. ``states`` are the active states afterwards, ``revision`` the last row of its history.

    ``incident`` is the code when an effect failed: then nothing moved, and supervisors know.
    """

    case_id: int
    number: str
    revision: int
    states: tuple[str, ...]
    is_ended: bool
    entries: tuple[HistoryEntry, ...]
    closed: tuple[ClosedTask, ...]
    fired: tuple[str, ...]
    incident: str | None = None


def fire(session: Session, case_id: int, command: Command, *, now: datetime) -> Fired | Refusal:
    """Do what ``command`` wants in this case, all of it or nothing; the caller commits.

    A refusal says why not; when somebody was faster it says who and when. Raises NotFound when the case does not
    exist or the actor may not see it, KeyNeeded for a sealed case whose key the actor has not unlocked.
    """
    for attempt in range(TRIES):
        stored = read_case(session, case_id, now, is_locked=attempt > 0)
        if stored.definition.is_sealed:
            _require_key(session, stored, command.actor, now)
            command = _by_name(stored, command)
        decision = plan_act(stored.definition, stored.facts, command)
        if isinstance(decision, Refusal):
            if not stored.definition.is_sealed:
                require_visible(session, reader_of(session, int(command.actor), now), case_id)
            return told(session, stored, command, decision)
        try:
            return _all_or_incident(session, stored, decision, now, command.actor)
        except Conflict:
            continue
    return refuse("stale_revision")


def _require_key(session: Session, stored: StoredCase, actor: PersonId, now: datetime) -> None:
    """A sealed case is there for who holds a copy, and moves for who has opened it. Raises NotFound and KeyNeeded."""
    keyring = held(session)
    if actor == REPORTER:
        if stored.seal is None or keyring is None or keyring.holder != RECEIPT:
            raise NotFound("There is no such case.")
        return
    require_visible(session, reader_of(session, int(actor), now), stored.row.id)
    if stored.seal is None or keyring is None or keyring.holder != officer(int(actor)):
        raise KeyNeeded


def _by_name(stored: StoredCase, command: Command) -> Command:
    """The command with the item it means: lists, which are made without a key, know its token alone."""
    if command.item is None:
        return command
    item = Tokens(stored.definition, stored.seal, stored.secrets).behind(command.item)
    return command if item == command.item else replace(command, item=str(item))


def _all_or_incident(session: Session, stored: StoredCase, plan: Plan, now: datetime, actor: PersonId) -> Fired:
    """Perform a plan. When a linked case cannot follow, nothing of the step is kept but an incident."""
    if not any(isinstance(change, OpenCase | SignalCase) for change in plan.changes):
        return perform(session, stored, plan, now, drafts_of=actor)
    try:
        with session.begin_nested():
            return perform(session, stored, plan, now, drafts_of=actor)
    except (EffectFailed, StepFailed, NotFound) as failed:
        act = plan.entries[0]
        entry = replace(act, left=(), entered=(), details={"incident": "effect_failed"})
        incident = RaiseIncident("effect_failed", act.state, str(failed))
        undone = Plan(plan.before, plan.before, stored.facts.answers, None, (entry,), changes=(incident,))
        return perform(session, stored, undone, now)


def perform(
    session: Session, stored: StoredCase, plan: Plan, now: datetime, drafts_of: PersonId | None = None
) -> Fired:
    """Write a decided plan. Raises Conflict, with nothing written, when the case has moved since it was read, and
    KeyNeeded when it is sealed and the step cannot be written without its key, NotFound when it was destroyed."""
    case, definition = stored.row, stored.definition
    plan, issued = with_numbers(session, stored.directory, plan, case.unit_id, now)
    plan, sealing = sealed_step(session, stored, plan)
    rows = rows_of(case, definition, plan, stored.facts, now, sealing=sealing)
    act = plan.entries[0]
    if drafts_of not in (None, REPORTER) and act.action not in _HANDLING and "incident" not in act.details:
        rows.add("drafts_drop", [(drafts_of, f"case:{case.id}")])
    try:
        if sealing is not None:
            hold_still(session, case.id)
        apply(session, case.id, case.revision, rows)
    except Conflict:
        for number in issued:
            give_back(session, number)
        raise
    if sealing is not None:
        tell_in_conversation(session, stored, plan)
    open_linked(session, stored, plan)
    signal_linked(session, stored, plan, now)
    return Fired(
        case_id=case.id,
        number=case.number,
        revision=rows.revision,
        states=tuple(plan.after.active),
        is_ended=plan.after.is_ended,
        entries=plan.entries,
        closed=plan.closed,
        fired=plan.fired,
        incident=plan.entries[0].details.get("incident"),
    )


def signal_linked(session: Session, stored: StoredCase, plan: Plan, now: datetime) -> None:
    """Tell linked cases, in both directions of the link, what the step signals; each takes it or lets it pass."""
    for change in plan.changes:
        if not isinstance(change, SignalCase):
            continue
        for (case_id,) in driver_rows(session, _LINKED, (stored.row.id, change.link, stored.row.id, change.link)):
            other = read_case(session, case_id, now, is_locked=True)
            answer = plan_signal(other.definition, other.facts, change.event)
            if answer is not None:
                perform(session, other, answer, now)
