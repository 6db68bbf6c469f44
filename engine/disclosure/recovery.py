"""What the custodians of a region do together with their sheets: open a key again, or hand a case over.

They put the escrow's private key together in memory, for the moment of the act; it is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.record import lock_chain, record
from engine.database import Database
from engine.disclosure import case_keys, escrow, officer_keys
from engine.disclosure.case_keys import CaseName
from engine.disclosure.keyring import officer
from engine.disclosure.last_copies import count_of, last_copies
from engine.disclosure.leaving import take_key_away
from engine.disclosure.models import CaseKey, OfficerKey
from engine.disclosure.officer_keys import OfficerKeys
from engine.disclosure.officers import cost_today, kept_keys, publics, put_keys
from engine.disclosure.primitives import KeyPair
from engine.disclosure.seals import to_bytes, to_text
from engine.errors import NotFound
from engine.organisation import accounts, passwords, second_factor
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Account, Person


def recover(database: Database, person_id: int, sheets: Sequence[str], password: str, now: datetime) -> None:
    """The key of somebody who is signed in, wrapped by their present password: they forgot the one before, and the
    custodians typed enough ``sheets``. Every case stays open.

    Raises Unacceptable for a wrong password and for sheets that do not fit, TooManyTries, NotFound without a key,
    TooBusy, CannotOpen when the custodians' copy was changed.
    """
    second_factor.check_password(database, person_id, password, now)
    kept, pair = _put_together(database, person_id, sheets)
    moved = officer_keys.recovered(kept, pair, password, cost=cost_today())
    with database.writing.begin() as session:
        put_keys(session, kept, moved, changed_at=now)
        _told(session, person_id, "officer_key_recovered", sheets, by=person_id, now=now)


def recover_account(
    database: Database, person_id: int, sheets: Sequence[str], new: str, *, by: int | None, now: datetime
) -> None:
    """The same for somebody who cannot sign in: account and key get the password ``new`` in one transaction.

    Raises what ``recover`` does, and Unacceptable for a password that is too easy to guess.
    """
    with database.reading() as session:
        account = session.get(Account, person_id)
    if account is None:
        raise NotFound("There is no such account.")
    passwords.check_acceptable(new, account.username)
    kept, pair = _put_together(database, person_id, sheets)
    moved = officer_keys.recovered(kept, pair, new, cost=cost_today())
    password_hash = passwords.hashed(new)
    with database.writing.begin() as session:
        accounts.put_password(session, person_id, password_hash, by=by, now=now)
        put_keys(session, kept, moved, changed_at=now)
        _told(session, person_id, "officer_key_recovered", sheets, by=by, now=now)


def hand_over(
    database: Database, person_id: int, to: int, sheets: Sequence[str], *, by: int | None, now: datetime
) -> int:
    """Copies of the cases that ``person_id`` alone holds a key of, for another officer; gives their number. The way
    out when somebody has left, or has died, as the last who could open a case.

    Raises Unacceptable when the other has no key or works elsewhere and for sheets that do not fit, NotFound.
    """
    kept, escrowed = _put_together(database, person_id, sheets)
    pair = officer_keys.escrowed(kept, escrowed)
    with database.writing.begin() as session:
        mine, theirs = session.get_one(OfficerKey, person_id), session.get(OfficerKey, to)
        lock_chain(session, mine.region_id)
        public = publics(session, [to]).get(to)
        if public is None or theirs is None or theirs.region_id != mine.region_id:
            raise Unacceptable(
                "Yang mengambil alih harus memiliki kunci dan bekerja di daerah ini.",
                "Who takes over must have a key and work in this region.",
                "to",
            )
        alone = last_copies(session, person_id)
        for copy in alone:
            case = CaseName(kept.owner.region, copy.number)
            sealed = session.get_one(CaseKey, (copy.case_id, copy.kind, officer(person_id))).sealed
            moved = to_text(case_keys.moved(copy.kind, case, to_bytes(sealed), pair, public))
            session.add(CaseKey(case_id=copy.case_id, kind=copy.kind, holder=officer(to), sealed=moved))
        session.flush()
        told = {"person_id": to, "cases": count_of(alone), "sheets": _places(sheets)}
        record(session, mine.region_id, by, "cases_handed_over", f"officer_keys:{person_id}", None, told, now)
        if not session.get_one(Person, person_id).is_active:
            take_key_away(session, person_id, keeps_last=False, by=by, now=now)
    return count_of(alone)


def _put_together(database: Database, person_id: int, sheets: Sequence[str]) -> tuple[OfficerKeys, KeyPair]:
    """What is kept of the person's key, and the escrow its second copy is for."""
    with database.reading() as session:
        kept, row = kept_keys(session, person_id), session.get(OfficerKey, person_id)
    if kept is None or row is None:
        raise NotFound("This person has no key.")
    return kept, escrow.put_together(sheets, row.escrow_public)


def _told(
    session: Session, person_id: int, event: str, sheets: Sequence[str], *, by: int | None, now: datetime
) -> None:
    """Which sheets were used stands on record, by their numbers; not a word of them does."""
    key = session.get_one(OfficerKey, person_id)
    told = {"public": key.public.hex(), "sheets": _places(sheets)}
    record(session, key.region_id, by, event, f"officer_keys:{person_id}", None, told, now)


def _places(sheets: Sequence[str]) -> list[int]:
    return sorted({escrow.seen(words).place for words in sheets})
