"""A reporter's open page in the browser: kept locked with a key only the cookie has, and gone after half an hour."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.database import insert_or, json_text
from engine.disclosure.models import ReporterSession
from engine.disclosure.primitives import CannotOpen, Context, labelled, lock, new_key, unlock
from engine.disclosure.seals import to_bytes, to_text

IDLE = timedelta(minutes=30)
TOUCH_EVERY = timedelta(minutes=1)
SECRET_BYTES = 32
KEPT_DAYS = 1  # a day is all that is readable of a row, so one of yesterday may still be open

_ID, _LOCK, _TOKEN = b"alur page id", b"alur page lock", b"alur page token"
_SEEN, _CONTENT = "seen", "content"


@dataclass(frozen=True, slots=True)
class OpenPage:
    """What was kept. ``needs_touch`` asks the caller to ``keep`` it again, since it was last seen a while ago."""

    content: Mapping[str, Any]
    needs_touch: bool


def new_secret() -> bytes:
    """32 random bytes for a cookie. They are kept nowhere else, and everything of the page derives from them."""
    return new_key()


def token_of(secret: bytes) -> str:
    """What forms of this browser carry against forgery; it leads back neither to the row nor to its key."""
    return labelled(secret, _TOKEN).hex()


def find(session: Session, secret: bytes, now: datetime, *, to_change: bool = False) -> OpenPage | None:
    """The page of ``secret``; None when there is none, it was left alone for half an hour, or it was tampered with.
    With ``to_change`` nobody else changes it until this transaction ends: two posts of one browser come in turn."""
    named = select(ReporterSession.locked).where(ReporterSession.id_hash == _id(secret))
    locked = session.scalar(named.with_for_update() if to_change else named)
    if locked is None:
        return None
    try:
        kept = json.loads(unlock(labelled(secret, _LOCK), to_bytes(locked), _context(secret)))
    except CannotOpen:
        return None
    idle = now - datetime.fromtimestamp(kept[_SEEN], UTC)
    return None if idle > IDLE else OpenPage(kept[_CONTENT], idle >= TOUCH_EVERY)


def keep(session: Session, secret: bytes, content: Mapping[str, Any], now: datetime) -> None:
    """``content`` (JSON-able) is the page of ``secret`` from now on. Only the day is readable."""
    kept = json_text({_SEEN: int(now.timestamp()), _CONTENT: content}).encode()
    values = {
        "locked": to_text(lock(labelled(secret, _LOCK), kept, _context(secret))),
        "day": now.astimezone(UTC).date(),
    }
    insert = insert_or(session, ReporterSession).values(id_hash=_id(secret), **values)
    session.execute(insert.on_conflict_do_update(index_elements=["id_hash"], set_=values))


def destroy(session: Session, secret: bytes) -> None:
    """The page is gone; nothing happens when it was."""
    session.execute(delete(ReporterSession).where(ReporterSession.id_hash == _id(secret)))


def drop_old_pages(session: Session, now: datetime) -> None:
    """Remove pages nobody can still have open."""
    last: date = now.astimezone(UTC).date() - timedelta(days=KEPT_DAYS)
    session.execute(delete(ReporterSession).where(ReporterSession.day < last))


def _id(secret: bytes) -> str:
    return labelled(secret, _ID).hex()


def _context(secret: bytes) -> Context:
    return Context("reporter", _id(secret), "page")
