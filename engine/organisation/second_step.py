"""Sign-ins between the right password and the right code: kept on the server for a few minutes, no session yet."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.organisation.models import PendingSignIn, Person
from engine.organisation.sessions import token_hash

LASTS = timedelta(minutes=5)


def open_step(session: Session, person_id: int, now: datetime) -> str:
    """Wait for this person's code; returns the token for the browser's cookie, which is kept nowhere else."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(PendingSignIn(token_hash=token_hash(token), person_id=person_id, expires_at=now + LASTS))
    session.flush()
    return token


def person_waiting(session: Session, token: str, now: datetime) -> int | None:
    """Whose code is waited for; None when the token is unknown or over, or its person not active."""
    query = select(PendingSignIn.person_id).join(Person, Person.id == PendingSignIn.person_id)
    alive = (PendingSignIn.token_hash == token_hash(token), PendingSignIn.expires_at > now, Person.is_active)
    return session.scalar(query.where(*alive))


def keep_key(session: Session, token: str, sealed: bytes) -> None:
    """Keep a private key, wrapped by a key that only this token gives, until the code is there."""
    put = update(PendingSignIn).where(PendingSignIn.token_hash == token_hash(token))
    session.execute(put.values(sealed_key=sealed))


def kept_key(session: Session, token: str) -> bytes | None:
    """The wrapped key of the step with this token, if one is kept."""
    return session.scalar(select(PendingSignIn.sealed_key).where(PendingSignIn.token_hash == token_hash(token)))


def close_steps(session: Session, person_id: int) -> None:
    """Wait no longer for any code of this person: they are in, or their password is another."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.person_id == person_id))
