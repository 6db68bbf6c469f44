"""Opening a person's key with the password at hand, and carrying it through a browser's session.

The server keeps the private key wrapped by a key that only the browser's token gives, so a database with all of its
secrets opens nothing. A sign-in in two requests keeps it under the token of the waiting step in between. Whoever has
no key pays nothing for any of this.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.database import Database
from engine.disclosure import officer_keys
from engine.disclosure.keyring import Keyring, officer
from engine.disclosure.models import OfficerKey
from engine.disclosure.officer_keys import OfficerKeys
from engine.disclosure.officers import cost_today, is_out_of_reach, kept_keys, put_keys
from engine.disclosure.primitives import CannotOpen, Context, KeyPair, labelled, pair_of, unwrap, wrap
from engine.errors import Conflict
from engine.organisation import accounts, passwords, second_factor, second_step, sessions
from engine.organisation.models import Account, Person
from engine.organisation.passwords import TooBusy
from engine.organisation.sealing import Seal

_SESSION, _PENDING = b"alur session key", b"alur pending key"


class Opening(StrEnum):
    """What came of trying to open a key: ``out_of_reach`` means that the password was set by somebody else since,
    ``unfit`` that the key does not open although nobody did, ``no_factor`` that a second factor is missing."""

    OPEN = "open"
    NO_KEY = "no_key"
    NO_FACTOR = "no_factor"
    OUT_OF_REACH = "out_of_reach"
    UNFIT = "unfit"
    BUSY = "busy"


def sign_in(
    database: Database, username: str, password: str, *, network: str, browser: str, now: datetime
) -> accounts.SignedIn | accounts.CodeNeeded | accounts.SignInRefused:
    """``accounts.sign_in``, and the key opened on the way. A key that does not open keeps nobody out: it stays locked.

    Raises passwords.TooBusy as long as nobody is signed in."""
    outcome = accounts.sign_in(database, username, password, network=network, browser=browser, now=now)
    if isinstance(outcome, accounts.SignInRefused):
        return outcome
    pair, _opening = _opened(database, outcome.person_id, password, now)
    if pair is not None:
        with database.writing.begin() as session:
            if isinstance(outcome, accounts.CodeNeeded):
                second_step.keep_key(session, outcome.token, _wrapped(_PENDING, outcome.token, outcome.person_id, pair))
            else:
                _keep(session, outcome.token, outcome.person_id, pair, now)
    return outcome


def finish_sign_in(
    database: Database, token: str, code: str, seal: Seal, *, network: str, browser: str, now: datetime
) -> accounts.SignedIn | accounts.SignInRefused:
    """``accounts.finish_sign_in``, and the key that waited moved to the new session."""
    with database.reading() as session:
        waiting = second_step.kept_key(session, token)
    outcome = accounts.finish_sign_in(database, token, code, seal, network=network, browser=browser, now=now)
    if waiting is None or isinstance(outcome, accounts.SignInRefused):
        return outcome
    try:
        pair = _unwrapped(_PENDING, token, outcome.person_id, waiting)
    except CannotOpen:
        return outcome
    with database.writing.begin() as session:
        _keep(session, outcome.token, outcome.person_id, pair, now)
    return outcome


def unlock(database: Database, person_id: int, token: str, password: str, now: datetime) -> Opening:
    """Open the key of somebody who is signed in with ``token`` and says the password.

    Raises Unacceptable for a wrong password, TooManyTries, TooBusy.
    """
    second_factor.check_password(database, person_id, password, now)
    pair, opening = _opened(database, person_id, password, now)
    if opening is Opening.BUSY:
        raise TooBusy("Too many codes and passwords are being checked at this moment. Please try again.")
    if pair is not None:
        with database.writing.begin() as session:
            _keep(session, token, person_id, pair, now)
    return opening


def keyring_of(person_id: int, token: str, sealed: bytes) -> Keyring | None:
    """The keyring of a session from what it keeps and the browser's token; None when the two do not fit."""
    try:
        return Keyring(officer(person_id), _unwrapped(_SESSION, token, person_id, sealed))
    except CannotOpen:
        return None


def change_password(database: Database, person_id: int, old: str, new: str, *, keep: str | None, now: datetime) -> None:
    """``accounts.change_password``, and the key wrapped by the new password in the same transaction: both or neither.

    A key that the old password does not open stays as it is: out of reach. Raises Unacceptable, NotFound, TooBusy, and
    Conflict when the key was changed meanwhile.
    """
    along = _moved_along(database, person_id, old, new, now)
    accounts.change_password(database, person_id, old, new, keep=keep, now=now, along=along)


def reopen_by_old_password(database: Database, person_id: int, old: str, password: str, now: datetime) -> bool:
    """A key out of reach, wrapped by the present ``password`` for somebody who still knows the one before. False when
    that one does not open it. Raises Unacceptable for a wrong present password, TooManyTries, TooBusy."""
    second_factor.check_password(database, person_id, password, now)
    with database.reading() as session:
        kept = kept_keys(session, person_id)
    if kept is None:
        return False
    second_factor.count_try(database, person_id, now)
    try:
        moved = officer_keys.with_new_password(kept, old, password, cost=cost_today())
    except CannotOpen:
        return False
    with database.writing.begin() as session:
        put_keys(session, kept, moved, changed_at=now)
        told(session, person_id, "officer_key_rewrapped", by=person_id, now=now)
    return True


def told(session: Session, person_id: int, event: str, *, by: int | None, now: datetime) -> None:
    """Record what happened to a person's key; nothing secret is ever among it."""
    key = session.get_one(OfficerKey, person_id)
    subject = f"officer_keys:{person_id}"
    record(session, key.region_id, by, event, subject, None, {"public": key.public.hex()}, now)


def _moved_along(
    database: Database, person_id: int, old: str, new: str, now: datetime
) -> Callable[[Session], None] | None:
    """What a password change does to the key; None when there is none that ``old`` opens."""
    with database.reading() as session:
        kept, account = kept_keys(session, person_id), session.get(Account, person_id)
    if kept is None or account is None:
        return None
    passwords.check_acceptable(new, account.username)
    try:
        moved = officer_keys.with_new_password(kept, old, new, cost=cost_today())
    except CannotOpen:
        return None
    return lambda session: put_keys(session, kept, moved, changed_at=now)


def _opened(database: Database, person_id: int, password: str, now: datetime) -> tuple[KeyPair | None, Opening]:
    """The pair by a password known to be the account's."""
    with database.reading() as session:
        kept = kept_keys(session, person_id)
        lacks_factor = session.get_one(Account, person_id).needs_second_factor and not second_factor.is_enrolled(
            session, person_id
        )
    if kept is None:
        return None, Opening.NO_KEY
    if lacks_factor:
        return None, Opening.NO_FACTOR
    try:
        pair = officer_keys.opened(kept, password)
        _renew(database, kept, pair, password)
    except TooBusy:
        return None, Opening.BUSY
    except CannotOpen:
        return None, _why_not(database, person_id, now)
    return pair, Opening.OPEN


def _renew(database: Database, kept: OfficerKeys, pair: KeyPair, password: str) -> None:
    """A hash cheaper than today's is renewed, since the password is at hand."""
    if not officer_keys.is_outdated(kept, cost_today()):
        return
    fresh = officer_keys.under_password(kept, pair, password, cost=cost_today())
    try:
        with database.writing.begin() as session:
            put_keys(session, kept, fresh)
    except Conflict:
        return  # changed meanwhile, from another browser: the next time does it


def _why_not(database: Database, person_id: int, now: datetime) -> Opening:
    """Why the account's own password does not open the key. What nobody can explain is recorded: a public key that is
    not the private one's is the trace of somebody who wanted cases sealed for themselves."""
    with database.writing.begin() as session:
        key = session.get(OfficerKey, person_id)
        if key is None:
            return Opening.NO_KEY
        if is_out_of_reach(session, key):
            return Opening.OUT_OF_REACH
        told(session, person_id, "officer_key_unfit", by=person_id, now=now)
        return Opening.UNFIT


def _keep(session: Session, token: str, person_id: int, pair: KeyPair, now: datetime) -> None:
    if session.get_one(Person, person_id).is_active:
        sealed = _wrapped(_SESSION, token, person_id, pair)
        sessions.keep_key(session, sessions.token_hash(token), sealed, now)


def _wrapped(label: bytes, token: str, person_id: int, pair: KeyPair) -> bytes:
    return wrap(labelled(token.encode(), label), pair.private, _place(person_id))


def _unwrapped(label: bytes, token: str, person_id: int, sealed: bytes) -> KeyPair:
    try:
        key = labelled(token.encode(), label)
    except ValueError as fault:  # a cookie that is no token of ours
        raise CannotOpen from fault
    return pair_of(unwrap(key, sealed, _place(person_id)))


def _place(person_id: int) -> Context:
    return Context("session", officer(person_id), "private-key")
