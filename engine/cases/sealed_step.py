"""A decided step of a sealed case, made ready to be written: who holds a copy afterwards, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.cases.custody import identity_copies
from engine.cases.key_copies import Copies, holders_of, people_among
from engine.cases.people import candidates
from engine.cases.recipients import body_outside, is_hidden_from, keepers, recipients
from engine.cases.sealed_mail import sealed_messages, slots_of
from engine.cases.sealed_state import Tokens
from engine.cases.sealing import Row, Sealing
from engine.cases.step import Step
from engine.cases.stored import StoredCase
from engine.changes import Plan, QueueMessage
from engine.database import driver_rows
from engine.disclosure.case_keys import Kind
from engine.disclosure.conversation import OFFICE, say
from engine.disclosure.keyring import held, officer
from engine.disclosure.officers import publics
from engine.errors import KeyNeeded
from engine.facts import REPORTER, Audience, CaseState, OpenTask
from engine.organisation.directory import StoreDirectory, snapshot


def sealed_step(session: Session, stored: StoredCase, plan: Plan) -> tuple[Plan, Sealing | None]:
    """The plan with its tasks offered to single people who hold a copy, and how its rows are sealed. Of an ordinary
    case the plan as it is, and None. Raises KeyNeeded where that cannot be found out without the case's key."""
    if not stored.definition.is_sealed:
        return plan, None
    return prepared(session, stored, plan, copies_after(session, stored, plan))


def step_after(stored: StoredCase, plan: Plan) -> Step:
    """The case as it is after the plan, for questions about people."""
    return Step(stored.definition, replace(stored.facts, state=plan.after, answers=plan.answers))


def prepared(
    session: Session, stored: StoredCase, plan: Plan, copies: Copies, *, declared: str = "", identity: str = ""
) -> tuple[Plan, Sealing]:
    """The same with copies that are known: of a case that opens now, with what is kept ``declared`` and of the
    ``identity``."""
    plan = replace(plan, after=offered_singly(stored, plan, copies.people))
    day: date = stored.directory.day(stored.facts.now)
    ended = day.isoformat() if plan.after.is_ended else None
    knows = stored.seal is not None  # without the key nobody's conflicts were looked at
    seen = seen_now(session, stored.row.region_id, stored.facts.now, stored.directory) if knows else ""
    bookkeeping = (stored.row.region_id, day.isoformat(), ended, day.isoformat(), seen, declared, identity)
    tokens = Tokens(stored.definition, stored.seal, stored.secrets)
    messages = _messages(stored, plan, copies.people, session)
    return plan, Sealing(stored.definition, stored.seal, tokens, copies, tuple(messages), bookkeeping)


def seen_now(session: Session, region_id: int, now: datetime, directory: StoreDirectory | None = None) -> str:
    """On what the copies of a case are made: organisation, officers' keys and the day; when it differs, look again."""
    known = snapshot(session, region_id, now) if directory is None else directory
    rows = driver_rows(session, "SELECT keys_revision FROM disclosure_regions WHERE region_id = ?", (region_id,))
    return f"{known.revision}.{rows[0][0] if rows else 0}.{known.day(now).isoformat()}"


def copies_after(session: Session, stored: StoredCase, plan: Plan) -> Copies:
    """Copies for those the case is for after ``plan``; whoever it is no longer for loses theirs. At the end, and where
    the step asks nobody with a key, those who hold one keep it, without whom a conflict keeps away by now. Where that
    is everybody the body outside has it; without one there they keep it, for a case that nobody can open is lost.
    Without the case's key nothing can change."""
    before = holders_of(session, stored.row.id)
    people = people_among(before)
    if stored.seal is None:
        return Copies(people)
    step = step_after(stored, plan)
    able = publics(session, {int(person) for person in recipients(step)})
    barred = {person for person in _officers(before) if is_hidden_from(step, person)}
    after = frozenset(able)
    if plan.after.is_ended or not able:
        after = frozenset(int(person) for person in keepers(step, people - barred))
        if not after:
            able = publics(session, {int(person) for person in body_outside(step)})
            after = frozenset(able) or people - barred
    new = {officer(person): able[person] for person in after - people}
    add = {(str(Kind.CONTENT), holder): sealed for holder, sealed in stored.seal.copies(Kind.CONTENT, new).items()}
    gone = {(str(Kind.CONTENT), officer(person)) for person in people - after}
    gone |= {(kind, holder) for kind, holder in before if holder in {officer(person) for person in barred}}
    given, taken = identity_copies(session, stored, step, before, frozenset(after), is_over=plan.after.is_ended)
    return Copies(frozenset(after), add | given, tuple(sorted(gone | taken)))


def _officers(holders: Iterable[tuple[str, str]]) -> frozenset[int]:
    """Everybody who holds a copy of any key of the case."""
    return people_among((str(Kind.CONTENT), holder) for _, holder in holders)


def offered_singly(stored: StoredCase, plan: Plan, people: frozenset[int]) -> CaseState:
    """The state after ``plan`` with each task offered to those of its candidates who are among ``people``."""
    step = step_after(stored, plan)
    tasks = {number: _offered(step, plan, task, people) for number, task in plan.after.tasks.items()}
    return replace(plan.after, tasks=tasks)


def _offered(step: Step, plan: Plan, task: OpenTask, people: frozenset[int]) -> OpenTask:
    try:
        found = [seat.person for seat in candidates(step, task)]
    except KeyNeeded:
        if task.number not in plan.before.tasks:
            raise
        return task  # nobody's conflicts changed: whoever had it has it still
    mine = [Audience("person", str(person)) for person in found if person in people]
    outside = [Audience("person", REPORTER)] if REPORTER in found else []
    return replace(task, audiences=(*mine, *outside), outside=tuple(outside))


def _messages(stored: StoredCase, plan: Plan, people: frozenset[int], session: Session) -> list[Row]:
    """Rows of the constant mail for those who are to be told of the step and hold a copy after it."""
    facts, keyring = stored.facts, held(session)
    actor = plan.entries[0].actor
    told: dict[bool, set[int]] = {False: set(), True: set()}
    for change in plan.changes:
        if isinstance(change, QueueMessage):
            for audience in change.audiences:
                told[change.is_urgent].update(_behind(stored, audience))
    now = facts.now if keyring is None or keyring.at is None else keyring.at
    rows: list[Row] = []
    for is_urgent, found in told.items():
        mailed = (found & people) - {actor}
        if mailed:
            slots = slots_of(session, stored.row.region_id, stored.directory)
            rows += sealed_messages(
                stored.row.region_id, mailed, slots, now, is_urgent=is_urgent, is_from_outside=actor == REPORTER
            )
    return rows


def tell_in_conversation(session: Session, stored: StoredCase, plan: Plan) -> None:
    """What goes with an act to the other side: the comment by which the office asks the reporter, so that a question
    needs no second message; and what the reporter writes with an act of their own."""
    act, seal = plan.entries[0], stored.seal
    if seal is None or not act.comment:
        return
    asked = [task for number, task in plan.after.tasks.items() if number not in plan.before.tasks and task.outside]
    if act.actor == REPORTER:
        say(session, seal, stored.row.id, REPORTER, None, act.comment, stored.directory.day(act.at))
    elif act.actor is not None and asked:
        say(session, seal, stored.row.id, OFFICE, int(act.actor), act.comment, stored.directory.day(act.at))


def _behind(stored: StoredCase, audience: Audience) -> set[int]:
    if audience.kind == "person":
        return {int(audience.key)} if audience.key.isdigit() else set()
    return {int(seat.person) for seat in stored.directory.seats(audience, stored.facts.now)}
