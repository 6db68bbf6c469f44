"""Somebody who leaves loses at once what their key opened; only the last copy of a case stays, for the custodians."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.audit.record import lock_chain, record
from engine.disclosure.keyring import officer
from engine.disclosure.last_copies import count_of, last_copies
from engine.disclosure.models import CaseKey, OfficerKey
from engine.disclosure.officers import count_keys_revision, drop_key
from engine.errors import NotFound
from engine.organisation import people, sessions
from engine.organisation.models import Account, Person
from engine.organisation.recorded import Author


@dataclass(frozen=True, slots=True)
class Gone:
    """Of how many ``cases`` copies were removed; of those this person alone held a key of they are ``kept`` for the
    custodians, who hand them over with their sheets."""

    cases: int
    kept: int


def leave(session: Session, person_id: int, *, on: date, author: Author) -> Gone:
    """``people.leave``, and the person's keys gone in the same transaction. Raises what that raises."""
    people.leave(session, person_id, on=on, author=author)
    if session.get(OfficerKey, person_id) is None:
        return Gone(0, 0)
    return _take_away(session, person_id, by=author.person_id, now=author.now)


def take_key_away(session: Session, person_id: int, *, keeps_last: bool, by: int | None, now: datetime) -> Gone:
    """The same for somebody who stays an employee but handles no sealed cases any more.

    Raises Unacceptable, unless it ``keeps_last``, while this person alone holds a key of a case; NotFound without one.
    """
    if session.get(OfficerKey, person_id) is None:
        raise NotFound("This person has no key.")
    if keeps_last:
        return _take_away(session, person_id, by=by, now=now)
    return Gone(drop_key(session, person_id, by=by, now=now), 0)


def _take_away(session: Session, person_id: int, *, by: int | None, now: datetime) -> Gone:
    key = session.get_one(OfficerKey, person_id)
    lock_chain(session, key.region_id)
    kept = last_copies(session, person_id)
    if not kept:
        return Gone(drop_key(session, person_id, by=by, now=now), 0)
    staying = {(copy.case_id, copy.kind) for copy in kept}
    mine = session.scalars(select(CaseKey).where(CaseKey.holder == officer(person_id))).all()
    removed = [copy for copy in mine if (copy.case_id, copy.kind) not in staying]
    for copy in removed:
        session.delete(copy)
    sessions.wipe_keys(session, person_id)
    if not session.get_one(Person, person_id).is_active:
        session.execute(update(Account).where(Account.person_id == person_id).values(needs_second_factor=False))
    count_keys_revision(session, key.region_id)
    told = {"cases": len({copy.case_id for copy in removed}), "last_copies": count_of(kept)}
    record(session, key.region_id, by, "officer_key_left", f"officer_keys:{person_id}", None, told, now)
    return Gone(len({copy.case_id for copy in removed}), count_of(kept))
