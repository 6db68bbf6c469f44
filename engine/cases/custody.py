"""Custodians come and go: who holds a copy of a case's identity key follows the group.

A newcomer must not be somebody the case is hidden from, which only the content tells, and a copy is made only by who
has the identity's key. Often nobody has both. Then whoever works with the content notes who may be given a copy, and
the next custodian who unlocks gives it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Set
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from engine.cases.access import reader_of
from engine.cases.key_copies import holders_of, people_among
from engine.cases.models import Case
from engine.cases.recipients import is_hidden_from, is_too_near
from engine.cases.step import Step
from engine.cases.stored import StoredCase
from engine.disclosure import case_keys
from engine.disclosure.case_keys import CaseName, Kind
from engine.disclosure.custodians import CUSTODIANS, custodians
from engine.disclosure.keyring import Keyring, held, officer
from engine.disclosure.models import CaseKey, IdentityRelease, SealedCase
from engine.disclosure.officers import publics
from engine.disclosure.seals import hold_still, to_bytes, to_text
from engine.errors import AlurError
from engine.organisation.directory import StoreDirectory
from engine.organisation.models import Region

log = logging.getLogger("alur.sealed")

OFFICER = "officer:"
NOTED = "noted:"  # holder of a row without a copy: this person may be given one (decision 97)
FEWEST = 2  # custodians: one asks or falls ill, another decides

Place = tuple[str, str]  # kind, holder


def identity_copies(
    session: Session, stored: StoredCase, step: Step, before: frozenset[Place], people: frozenset[int], *, is_over: bool
) -> tuple[dict[Place, str], set[Place]]:
    """What a step with the content's key at hand adds and drops of identity copies: (kind, holder) -> sealed, and
    (kind, holder). ``people`` hold the content afterwards. Custodians new in the group get a copy where the identity
    key is at hand and are noted elsewhere; who left the group loses theirs, but never is the last copy dropped."""
    seal, directory, now = stored.seal, stored.directory, stored.facts.now
    assert seal is not None
    members = _members(directory, now)
    fit = fit_custodians(session, step, members)
    holding, noted = _people(before, OFFICER), _people(before, NOTED)
    new = {} if is_over else publics(session, fit - holding)
    add: dict[Place, str] = {}
    if seal.identity is not None:
        copies = seal.copies(Kind.IDENTITY, {officer(person): public for person, public in new.items()})
        add = {_place(holder): sealed for holder, sealed in copies.items()}
        drop = {_place(f"{NOTED}{person}") for person in noted}
        staying = (holding & fit) | set(new)
    else:
        add = {_place(f"{NOTED}{person}"): "" for person in new if person not in noted}
        drop = {_place(f"{NOTED}{person}") for person in noted - set(new)}
        staying = holding & fit
    leavers = _leavers(session, stored.row.id, holding, fit, people, staying)
    return add, drop | {_place(officer(person)) for person in leavers}


def fit_custodians(session: Session, step: Step, members: Iterable[int]) -> frozenset[int]:
    """Those of the custodians who may hold the identity's key: nobody the case is hidden from, and nobody near who is
    reported, as long as two others with a key remain. With fewer an identity could not be released at all."""
    open_to = frozenset(person for person in members if not is_hidden_from(step, person))
    far = frozenset(person for person in open_to if not is_too_near(step, person))
    return far if far == open_to or len(publics(session, far)) >= FEWEST else open_to


def hand_on(session: Session, person_id: int, now: datetime, *, limit: int = 50) -> int:
    """The part of who holds identity keys, with their keyring held: gives copies to those who are noted, and takes
    them from who left the group, in up to ``limit`` cases; how many were dealt with. The caller commits."""
    keyring = held(session)
    mine = select(CaseKey.case_id).where(CaseKey.holder == officer(person_id), CaseKey.kind == str(Kind.IDENTITY))
    every = select(CaseKey.case_id, CaseKey.holder).where(CaseKey.case_id.in_(mine), CaseKey.kind == str(Kind.IDENTITY))
    rows = session.execute(every.order_by(CaseKey.case_id)).all()
    if keyring is None or not rows:
        return 0
    members = _members(reader_of(session, person_id, now).directory, now)
    kept = {officer(person) for person in members}
    done = 0
    for case_id in list(dict.fromkeys(case_id for case_id, holder in rows if holder not in kept))[:limit]:
        try:
            with session.begin_nested():
                done += _settle(session, keyring, case_id, members)
        except AlurError as error:  # without its words
            log.error("copies of case %s could not be made: %s", case_id, type(error).__name__)
    return done


def _settle(session: Session, keyring: Keyring, case_id: int, members: frozenset[int]) -> bool:
    """Whether anything changed."""
    hold_still(session, case_id)
    before = holders_of(session, case_id)
    noted, holding = _people(before, NOTED), _people(before, OFFICER)
    is_over = session.get_one(SealedCase, case_id).ended_on is not None
    new = {} if is_over else publics(session, (noted & members) - holding)
    _give(session, keyring, case_id, new)
    leavers = _leavers(session, case_id, holding, members, people_among(before), (holding & members) | set(new))
    gone = {f"{NOTED}{person}" for person in noted} | {officer(person) for person in leavers}
    session.execute(delete(CaseKey).where(*_about_identity(case_id), CaseKey.holder.in_(gone)))
    return bool(gone or new)


def _give(session: Session, keyring: Keyring, case_id: int, new: Mapping[int, bytes]) -> None:
    if not new:
        return
    region, number = session.execute(
        select(Region.key, Case.number).join(Case, Case.region_id == Region.id).where(Case.id == case_id)
    ).one()
    name = CaseName(region, number)
    own = select(CaseKey.sealed).where(*_about_identity(case_id), CaseKey.holder == keyring.holder)
    key = case_keys.opened(Kind.IDENTITY, name, to_bytes(session.scalars(own).one()), keyring.pair)
    holders = {officer(person): public for person, public in new.items()}
    for holder, sealed in case_keys.sealed_for(Kind.IDENTITY, name, key, holders).items():
        session.add(CaseKey(case_id=case_id, kind=str(Kind.IDENTITY), holder=holder, sealed=to_text(sealed)))
    session.flush()


def _leavers(
    session: Session, case_id: int, holding: set[int], members: frozenset[int], handling: Set[int], staying: Set[int]
) -> set[int]:
    """Who loses a copy because they are no custodian, or too near, and, if it was released to them, no longer handle
    the case. Where no custodian would have one, those of before keep theirs: nobody else could open the identity or
    give it on."""
    released = set(
        session.scalars(
            select(IdentityRelease.asked_by).where(
                IdentityRelease.case_id == case_id, IdentityRelease.is_approved.is_(True)
            )
        )
    )
    leavers = holding - members - (released & handling)
    if staying:
        return leavers
    return leavers & released if leavers - released else set()


def _members(directory: StoreDirectory, now: datetime) -> frozenset[int]:
    """The custodians of today in their own right: who stands in for one is no custodian."""
    return frozenset(one for one in custodians(directory, now) if directory.is_member(one, CUSTODIANS, now))


def _about_identity(case_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return CaseKey.case_id == case_id, CaseKey.kind == str(Kind.IDENTITY)


def _people(holders: Iterable[Place], prefix: str) -> set[int]:
    """The people of the rows about the identity key whose holder begins so."""
    return {
        int(holder.removeprefix(prefix))
        for kind, holder in holders
        if kind == Kind.IDENTITY and holder.startswith(prefix)
    }


def _place(holder: str) -> Place:
    return str(Kind.IDENTITY), holder
