"""What the process that serves reporters holds, and what one request of it has: session, moment, region."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g, request
from sqlalchemy.orm import Session

from config import Settings
from engine.channel import settings as doors
from engine.channel.model import Channel
from engine.clock import Clock
from engine.database import Database
from engine.disclosure.vault import Vault
from engine.errors import NotFound

KEY = "alur_reports"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class House:
    """``clean`` takes traces out of files. Tests put another ``clock`` in."""

    settings: Settings
    database: Database
    clock: Clock
    vault: Vault
    pepper: bytes
    clean: Callable[..., Any]

    @property
    def is_https(self) -> bool:
        """Whether reporters come by https."""
        return self.settings.report_url.startswith("https://")


def here() -> House:
    """The process that serves this request."""
    found: House = current_app.extensions[KEY]
    return found


def db() -> Session:
    """The session of this request, opened when it is first asked for; a post may write and commits once.

    A request never holds two connections: many at once would all wait for a second one, and nobody would get it."""
    if "db" not in g:
        database = here().database
        if request.method in READING:
            g.db = database.reading()
        else:
            if g.get("region"):
                with suppress(NotFound):
                    door()
            g.db = database.writing()
    session: Session = g.db
    return session


def now() -> datetime:
    """The moment of this request (aware, UTC): one for everything that happens in it."""
    if "now" not in g:
        g.now = here().clock()
    moment: datetime = g.now
    return moment


def door() -> Channel:
    """The channel of the region in the address, read in a transaction of its own: what is slow must not wait inside a
    writing one. One that reads serves as well. Raises NotFound."""
    if "door" not in g:
        if "db" in g and request.method in READING:
            g.door = doors.channel(g.db, g.region, now())
        else:
            with here().database.reading() as session:
                g.door = doors.channel(session, g.region, now())
    found: Channel = g.door
    return found


def close(error: BaseException | None) -> None:  # noqa: ARG001
    """Let go of the request's session, whatever happened; what was not committed never was."""
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.close()
