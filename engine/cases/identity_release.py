"""Learning who a reporter is: asked for with a motive, decided by a custodian, on record, and told to the reporter.

The identity is locked with a key of its own that only custodians hold. A release seals a copy of it for who asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.cases.access import reader_of, require_visible
from engine.cases.catching_up import tell
from engine.cases.models import Case
from engine.cases.reading_rights import rights_of
from engine.cases.sealed_values import ASKED, REFUSED, RELEASED, Release
from engine.cases.step import Step
from engine.cases.stored import StoredCase, read_case
from engine.changes import Refusal
from engine.database import json_text
from engine.definitions.model import Text
from engine.disclosure import case_keys
from engine.disclosure.case_keys import CaseName, Kind
from engine.disclosure.custodians import CUSTODIANS, custodians
from engine.disclosure.declared import CONFIDENTIAL, Declared, identity_from
from engine.disclosure.keyring import Keyring, held, officer
from engine.disclosure.models import CaseKey, IdentityRelease, SealedCase
from engine.disclosure.officers import publics
from engine.disclosure.primitives import lock, new_key, seal, unlock, unseal
from engine.disclosure.seals import CaseSeal, to_bytes, to_text
from engine.errors import KeyNeeded, NotFound
from engine.organisation.models import Person, Region

SHORTEST_MOTIVE, LONGEST_MOTIVE = 20, 4000  # characters


def ask(session: Session, case_id: int, person_id: int, motive: str, now: datetime) -> Refusal | None:
    """A recipient asks to learn who the reporter is; every custodian but them is told by the constant mail.

    Refused for a motive that says too little, for a reporter who gave no name or gave it openly, while a request of
    theirs waits, and where no other custodian could decide. Raises NotFound, KeyNeeded.
    """
    require_visible(session, reader_of(session, person_id, now), case_id)
    stored = read_case(session, case_id, now)
    if stored.seal is None:
        raise KeyNeeded
    if not rights_of(Step(stored.definition, stored.facts), person_id).reads_reporter:
        raise NotFound("There is no such case.")
    said = motive.strip()
    if not SHORTEST_MOTIVE <= len(said) <= LONGEST_MOTIVE:
        return _refused(
            f"Tulis alasannya, {SHORTEST_MOTIVE} sampai {LONGEST_MOTIVE} huruf.",
            f"Say why, in {SHORTEST_MOTIVE} to {LONGEST_MOTIVE} characters.",
        )
    row = session.get_one(SealedCase, case_id)
    if Declared.from_text(stored.seal.unlock("declared", row.declared)).way != CONFIDENTIAL:
        return _refused(
            "Pelapor ini tidak menitipkan nama secara rahasia.", "This reporter did not leave a name in confidence."
        )
    if _waiting_of(session, case_id, person_id):
        return _refused("Permintaan Anda masih menunggu keputusan.", "Your request still waits for a decision.")
    deciders = _custodians(session, stored) - {person_id}
    if not deciders:
        return _refused("Tidak ada penjaga kunci lain yang dapat memutuskan.", "No other custodian could decide.")
    asked = IdentityRelease(case_id=case_id, asked_by=person_id, motive="", asked_at=now)
    session.add(asked)
    session.flush()
    asked.motive = _sealed(session, stored.seal.name, asked.id, said, {person_id, *deciders})
    record(session, stored.row.region_id, person_id, "identity_requested", f"case:{case_id}", None, None, now)
    tell(session, stored, frozenset(deciders), now)
    return None


def decide(
    session: Session, release_id: int, person_id: int, *, is_approved: bool, note: str, now: datetime
) -> Refusal | None:
    """Another custodian approves or refuses. Approving seals the identity's key for who asked. Refused for one's own
    request, for one that is decided, when who asked no longer handles the case, and for a refusal without a word why.
    Raises NotFound for who is no custodian of this case, KeyNeeded."""
    row = session.scalars(
        select(IdentityRelease).where(IdentityRelease.id == release_id).with_for_update()
    ).one_or_none()
    if (
        row is None
        or not _holds(session, row.case_id, person_id, Kind.IDENTITY)
        or not is_custodian(session, person_id, now)
    ):
        raise NotFound("There is no such request.")
    said, keyring, name = note.strip(), _keyring(session, person_id), _name(session, row.case_id)
    refusal = _why_not(session, row, keyring, is_approved, said)
    if refusal is not None:
        return refusal
    key, _ = _opened(keyring, name, row)
    if is_approved:
        _give(session, keyring, name, row)
    row.decided_by, row.is_approved, row.decided_at = person_id, is_approved, now
    row.note = to_text(lock(key, said[:LONGEST_MOTIVE].encode(), name.context(f"note:{row.id}")))
    event = "identity_released" if is_approved else "identity_refused"
    region_id = session.get_one(Case, row.case_id).region_id
    record(session, region_id, person_id, event, f"case:{row.case_id}", None, {"asked_by": row.asked_by}, now)
    tell(session, read_case(session, row.case_id, now), frozenset({row.asked_by}), now)
    session.flush()
    return None


def _why_not(session: Session, row: IdentityRelease, keyring: Keyring, is_approved: bool, note: str) -> Refusal | None:
    if officer(row.asked_by) == keyring.holder:
        return _refused(
            "Orang lain yang harus memutuskan permintaan Anda.", "Somebody else has to decide your request."
        )
    if row.is_approved is not None:
        return _refused("Permintaan ini sudah diputuskan.", "This request is decided already.")
    if not is_approved and not note:
        return _refused("Tulis mengapa Anda menolak.", "Say why you refuse.")
    if is_approved and not _holds(session, row.case_id, row.asked_by, Kind.CONTENT):
        return _refused("Peminta tidak lagi menangani kasus ini.", "Who asked no longer handles this case.")
    if keyring.holder not in json.loads(row.motive)["keys"]:
        return _refused(
            "Permintaan ini dibuat sebelum Anda memegang kuncinya.", "This was asked before you held the key to it."
        )
    return None


def waiting_for(session: Session, person_id: int, now: datetime) -> tuple[Release, ...]:
    """The requests a custodian has to look at, oldest first; their own are among them, to be seen and not decided.
    Nothing for who is none. Raises KeyNeeded."""
    if not is_custodian(session, person_id, now):
        return ()
    mine = select(CaseKey.case_id).where(CaseKey.holder == officer(person_id), CaseKey.kind == str(Kind.IDENTITY))
    rows = session.scalars(
        select(IdentityRelease)
        .where(IdentityRelease.case_id.in_(mine), IdentityRelease.is_approved.is_(None))
        .order_by(IdentityRelease.id)
    ).all()
    return tuple(_release(session, row, person_id, _keyring(session, person_id)) for row in rows)


def count_waiting(session: Session, person_id: int, now: datetime) -> int:
    """How many requests of others wait for this custodian, a hundred at most; 0 for who is none. Needs no key."""
    if not is_custodian(session, person_id, now):
        return 0
    mine = select(CaseKey.case_id).where(CaseKey.holder == officer(person_id), CaseKey.kind == str(Kind.IDENTITY))
    waiting = select(IdentityRelease.id).where(
        IdentityRelease.is_approved.is_(None), IdentityRelease.asked_by != person_id, IdentityRelease.case_id.in_(mine)
    )
    return len(session.scalars(waiting.limit(100)).all())


def is_custodian(session: Session, person_id: int, now: datetime) -> bool:
    """Whether the person belongs to the region's custodians today."""
    return reader_of(session, person_id, now).directory.is_member(person_id, CUSTODIANS, now)


def releases_of(session: Session, case_id: int, person_id: int) -> tuple[Release, ...]:
    """Every request of a case, oldest first, for one of its readers: whose it was and how it ended; the words only to
    who asked. Raises KeyNeeded."""
    rows = session.scalars(
        select(IdentityRelease).where(IdentityRelease.case_id == case_id).order_by(IdentityRelease.id)
    )
    return tuple(_release(session, row, person_id, held(session)) for row in rows)


def may_read_originals(
    session: Session, seal_of_case: CaseSeal, case_id: int, person_id: int, now: datetime
) -> bool:  # fmt: skip
    """Whether a file as it was sent, which can show who sent it, opens for this person: the identity was released to
    them, or they are a custodian today. Who was one keeps a copy of the key, and no right by it."""
    if seal_of_case.identity is None:
        return False
    return _was_released(session, case_id, person_id) or is_custodian(session, person_id, now)


def identity_for(session: Session, seal_of_case: CaseSeal, case_id: int, person_id: int) -> Mapping[str, str] | None:
    """Who the reporter is, for somebody it was released to and for nobody else: that one custodian could open it alone
    is mathematics, that two agree is the rule."""
    if seal_of_case.identity is None or not _was_released(session, case_id, person_id):
        return None
    row = session.get_one(SealedCase, case_id)
    return identity_from(replace(seal_of_case, content=seal_of_case.identity).unlock("identity", row.identity))


def _custodians(session: Session, stored: StoredCase) -> set[int]:
    """The custodians who hold a copy of this case's identity key."""
    people = custodians(stored.directory, stored.facts.now)
    return {person for person in people if _holds(session, stored.row.id, person, Kind.IDENTITY)}


def _holds(session: Session, case_id: int, person_id: int, kind: Kind) -> bool:
    return session.get(CaseKey, (case_id, str(kind), officer(person_id))) is not None


def _was_released(session: Session, case_id: int, person_id: int) -> bool:
    mine = select(IdentityRelease.id).where(
        IdentityRelease.case_id == case_id, IdentityRelease.asked_by == person_id, IdentityRelease.is_approved.is_(True)
    )
    return session.scalar(mine.limit(1)) is not None


def _waiting_of(session: Session, case_id: int, person_id: int) -> bool:
    found = select(IdentityRelease.id).where(
        IdentityRelease.case_id == case_id, IdentityRelease.asked_by == person_id, IdentityRelease.is_approved.is_(None)
    )
    return session.scalar(found.limit(1)) is not None


def _give(session: Session, keyring: Keyring, name: CaseName, row: IdentityRelease) -> None:
    own = session.get_one(CaseKey, (row.case_id, str(Kind.IDENTITY), keyring.holder))
    key = case_keys.opened(Kind.IDENTITY, name, to_bytes(own.sealed), keyring.pair)
    holder = officer(row.asked_by)
    if session.get(CaseKey, (row.case_id, str(Kind.IDENTITY), holder)) is None:
        public = publics(session, {row.asked_by})[row.asked_by]
        copy = case_keys.sealed_for(Kind.IDENTITY, name, key, {holder: public})[holder]
        session.add(CaseKey(case_id=row.case_id, kind=str(Kind.IDENTITY), holder=holder, sealed=to_text(copy)))


def _sealed(session: Session, name: CaseName, release_id: int, motive: str, people: set[int]) -> str:
    """The motive under a key of its own, with a copy for each of these people: custodians do not hold the content's."""
    key, place = new_key(), name.context(f"release:{release_id}")
    copies = {officer(person): to_text(seal(public, key, place)) for person, public in publics(session, people).items()}
    motive_place = name.context(f"motive:{release_id}")
    return json_text({"keys": copies, "motive": to_text(lock(key, motive.encode(), motive_place))})


def _opened(keyring: Keyring, name: CaseName, row: IdentityRelease) -> tuple[bytes, str]:
    """The key of a request and its motive. Raises KeyNeeded for whom it has no copy."""
    kept: dict[str, Any] = json.loads(row.motive)
    copy = kept["keys"].get(keyring.holder)
    if copy is None:
        raise KeyNeeded
    key = unseal(keyring.pair, to_bytes(copy), name.context(f"release:{row.id}"))
    return key, unlock(key, to_bytes(kept["motive"]), name.context(f"motive:{row.id}")).decode()


def _release(session: Session, row: IdentityRelease, person_id: int, keyring: Keyring | None) -> Release:
    name, motive, note = _name(session, row.case_id), "", ""
    if keyring is not None and keyring.holder in json.loads(row.motive)["keys"]:
        key, motive = _opened(keyring, name, row)
        if row.note is not None:
            note = unlock(key, to_bytes(row.note), name.context(f"note:{row.id}")).decode()
    state = ASKED if row.is_approved is None else RELEASED if row.is_approved else REFUSED
    people = {row.asked_by, row.decided_by or row.asked_by}
    called = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = {row.id: row.name for row in called}
    return Release(
        row.id, row.case_id, name.case, names[row.asked_by], row.asked_at, state,
        None if row.decided_by is None else names[row.decided_by], row.decided_at, row.asked_by == person_id, motive,
        note,
    )  # fmt: skip


def _keyring(session: Session, person_id: int) -> Keyring:
    keyring = held(session)
    if keyring is None or keyring.holder != officer(person_id):
        raise KeyNeeded
    return keyring


def _name(session: Session, case_id: int) -> CaseName:
    region, number = session.execute(
        select(Region.key, Case.number).join(Region, Region.id == Case.region_id).where(Case.id == case_id)
    ).one()
    return CaseName(region, number)


def _refused(indonesian: str, english: str) -> Refusal:
    return Refusal("field_invalid", Text(indonesian, english))
