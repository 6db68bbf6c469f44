"""One session a request and one commit: all of a step or nothing.

A page that only reads gets a reading session, which takes no write lock. Anything else is committed once, after the
view has answered; an error, or an answer of 400 and above, leaves nothing behind.
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask, Response, g, request
from sqlalchemy.orm import Session

from engine.disclosure.keyring import hold
from web.installation import here

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def db() -> Session:
    """The session of this request, opened when it is first asked for; it holds the reader's key, if that is open."""
    if "db" not in g:
        database = here().database
        g.db = database.reading() if request.method in READING else database.writing()
        if "open_keyring" in g:
            hold(g.db, g.open_keyring())
    session: Session = g.db
    return session


def now() -> datetime:
    """The moment of this request (aware, UTC): one for everything that happens in it."""
    if "now" not in g:
        g.now = here().clock()
    moment: datetime = g.now
    return moment


def keep_on_refusal() -> None:
    """Commit although the answer is a refusal: what was typed is kept as a draft."""
    g.keeps_on_refusal = True


def install(app: Flask) -> None:
    """Commit after each good answer; close after each request whatever happened."""
    app.after_request(_commit)
    app.teardown_request(_close)


def _commit(response: Response) -> Response:
    session: Session | None = g.get("db")
    if session is not None and request.method not in READING:
        if response.status_code < 400 or (response.status_code < 500 and g.get("keeps_on_refusal")):
            session.commit()
        else:
            session.rollback()
    return response


def _close(error: BaseException | None) -> None:  # noqa: ARG001
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.close()
