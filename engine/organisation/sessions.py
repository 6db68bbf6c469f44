"""Signed-in browsers: kept on the server as hashes of their tokens, listed, limited in time, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.organisation.models import Account, Person, SignInSession

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is behind a token. ``needs_touch`` asks the caller to ``touch`` the session in a writing transaction."""

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
    row = session.execute(
        select(SignInSession, Person, Account)
        .join(Person, Person.id == SignInSession.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(SignInSession.token_hash == token_hash(token), Person.is_active)
    ).one_or_none()
    if row is None or not _is_alive(row.SignInSession, now):
        return None
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
    )


def touch(session: Session, hash_of_token: str, now: datetime) -> None:
    """Note that the browser is still in use, so that the idle limit counts from now."""
    seen = update(SignInSession).where(SignInSession.token_hash == hash_of_token).values(last_seen_at=now)
    session.execute(seen)


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
    """Remove sessions that are over."""
    session.execute(delete(SignInSession).where(SignInSession.expires_at <= now))


def _is_alive(row: SignInSession, now: datetime) -> bool:
    return now < row.expires_at and now - row.last_seen_at < IDLE
