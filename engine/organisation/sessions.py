"""Signed-in browsers: kept on the server as hashes of their tokens, listed, limited in time, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, delete, null, select, update
from sqlalchemy.orm import Session

from engine.organisation.models import Account, PendingSignIn, Person, SecondFactor, SignInSession

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
KEY_IDLE = timedelta(minutes=30)  # a key of sealed cases is put away sooner than the person is signed out
TOUCH_EVERY = timedelta(minutes=1)
# Asked at every page: put together once.
_BEHIND = (
    select(SignInSession, Person, Account)
    .join(Person, Person.id == SignInSession.person_id)
    .join(Account, Account.person_id == Person.id)
    .where(SignInSession.token_hash == bindparam("hash_of_token"), Person.is_active)
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is behind a token. ``needs_touch`` asks the caller to ``touch`` the session in a writing transaction;
    ``must_add_factor``: whoever holds keys has a second factor, and this person has none now; ``sealed_key`` is the
    person's private key, wrapped by a key that only the token gives, while it is not put away."""

    person_id: int
    region_id: int
    name: str
    username: str
    language: str
    is_admin: bool
    must_change_password: bool
    token_hash: str
    needs_touch: bool
    has_shortcuts: bool = False  # keys work on pages, because the person wanted it
    must_add_factor: bool = False
    sealed_key: bytes | None = field(default=None, repr=False)


def token_hash(token: str) -> str:
    """What is kept of a token; it also names the session in lists."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, person_id: int, *, browser: str, network: str, now: datetime) -> str:
    """A new signed-in browser; returns the token for its cookie, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        token_hash=token_hash(token),
        person_id=person_id,
        opened_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE,
        browser=browser[:200],
        network=network,
    )
    session.add(row)
    session.flush()
    return token


def visitor(session: Session, token: str, now: datetime) -> Visitor | None:
    """Who this token stands for; None when it is unknown, too old, idle too long, or its person is not active."""
    row = session.execute(_BEHIND, {"hash_of_token": token_hash(token)}).one_or_none()
    if row is None or not _is_alive(row.SignInSession, now):
        return None
    lacks_factor = row.Account.needs_second_factor and not _has_factor(session, row.Person.id)
    is_key_out = now - row.SignInSession.last_seen_at < KEY_IDLE and not lacks_factor
    return Visitor(
        person_id=row.Person.id,
        region_id=row.Person.region_id,
        name=row.Person.name,
        username=row.Account.username,
        language=row.Person.language,
        is_admin=row.Account.is_admin,
        must_change_password=row.Account.must_change_password,
        token_hash=row.SignInSession.token_hash,
        needs_touch=now - row.SignInSession.last_seen_at >= TOUCH_EVERY,
        has_shortcuts=bool((row.Person.page_settings or {}).get("shortcuts")),
        must_add_factor=lacks_factor,
        sealed_key=row.SignInSession.sealed_key if is_key_out else None,
    )


def touch(session: Session, hash_of_token: str, now: datetime) -> None:
    """Note that the browser is still in use, so that the idle limit counts from now; a key idle too long is wiped."""
    key = case((SignInSession.last_seen_at <= now - KEY_IDLE, null()), else_=SignInSession.sealed_key)
    seen = update(SignInSession).where(SignInSession.token_hash == hash_of_token)
    session.execute(seen.values(last_seen_at=now, sealed_key=key))


def keep_key(session: Session, hash_of_token: str, sealed: bytes, now: datetime) -> None:
    """Keep a private key wrapped by a key from the token; the idle limit counts from now."""
    put = update(SignInSession).where(SignInSession.token_hash == hash_of_token)
    session.execute(put.values(sealed_key=sealed, last_seen_at=now))


def wipe_keys(session: Session, person_id: int, *, only: str | None = None) -> None:
    """Put the person's key away in all their browsers, or in the one with the token hash ``only``."""
    put = update(SignInSession).where(SignInSession.person_id == person_id)
    if only is not None:
        put = put.where(SignInSession.token_hash == only)
    session.execute(put.values(sealed_key=None))
    if only is None:
        session.execute(update(PendingSignIn).where(PendingSignIn.person_id == person_id).values(sealed_key=None))


def sessions_of(session: Session, person_id: int, now: datetime) -> Sequence[SignInSession]:
    """A person's signed-in browsers, the one used last first."""
    rows = session.scalars(
        select(SignInSession).where(SignInSession.person_id == person_id).order_by(SignInSession.last_seen_at.desc())
    )
    return [row for row in rows if _is_alive(row, now)]


def revoke(session: Session, person_id: int, hash_of_token: str) -> bool:
    """Sign one of the person's own browsers out; False when they have no such one."""
    mine = delete(SignInSession).where(SignInSession.person_id == person_id, SignInSession.token_hash == hash_of_token)
    return session.execute(mine.returning(SignInSession.token_hash)).first() is not None


def revoke_all(session: Session, person_id: int, *, but: str | None = None) -> int:
    """Sign the person's browsers out, except the one with the token hash ``but``; returns how many."""
    theirs = delete(SignInSession).where(SignInSession.person_id == person_id)
    if but is not None:
        theirs = theirs.where(SignInSession.token_hash != but)
    return len(session.execute(theirs.returning(SignInSession.token_hash)).all())


def drop_old_sessions(session: Session, now: datetime) -> None:
    """Remove sessions that are over, and keys of those that are idle."""
    session.execute(delete(SignInSession).where(SignInSession.expires_at <= now))
    idle = (SignInSession.sealed_key.is_not(None), SignInSession.last_seen_at <= now - KEY_IDLE)
    session.execute(update(SignInSession).where(*idle).values(sealed_key=None))


def _has_factor(session: Session, person_id: int) -> bool:
    return session.scalar(select(SecondFactor.confirmed_at).where(SecondFactor.person_id == person_id)) is not None


def _is_alive(row: SignInSession, now: datetime) -> bool:
    return now < row.expires_at and now - row.last_seen_at < IDLE
