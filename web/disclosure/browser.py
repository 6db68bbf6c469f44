"""The reporter's cookie and the page behind it: everything is locked by the cookie's bytes, nothing is in the cookie.

A browser gets its bytes with the first page that holds a form, and a row in the database with the first thing worth
keeping; then it also gets new bytes, so that nobody who knew the old ones comes along.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SessionInterface, SessionMixin

from engine.channel.drafting import CaseRef, DraftRef
from engine.definitions.model import Text
from engine.disclosure import open_pages
from web.disclosure.house import READING, db, here, now

TOKEN = "csrf_token"
DRAFT, REPORT, CHANGED = "draft", "report", "changed"  # what an unproven receipt was given for


@dataclass(slots=True)
class Page:
    """What one reporter has open: ``draft`` and ``case`` open something, ``receipt`` is one that is not proven yet.

    ``dates`` are the days promised when the report was sent, ``spans`` how long later steps take; ``is_proven`` is
    false when the code was passed over; ``is_quiet`` empties the screen when nobody is there; ``is_cut`` when the last
    file broke off on its way."""

    region: str = ""
    draft: DraftRef | None = None
    case: CaseRef | None = None
    receipt: str | None = None
    receipt_for: str = ""
    is_sent: bool = False
    is_proven: bool = True
    dates: tuple[tuple[Text, date], ...] = ()
    spans: tuple[tuple[Text, Text], ...] = ()
    is_quiet: bool = False
    is_cut: bool = False

    def to_plain(self) -> dict[str, Any]:
        """As it is locked and kept."""
        return {
            "region": self.region,
            "draft": None if self.draft is None else [self.draft.id, self.draft.key.hex()],
            "case": None if self.case is None else [self.case.case_id, self.case.private.hex()],
            "receipt": self.receipt,
            "receipt_for": self.receipt_for,
            "is_sent": self.is_sent,
            "is_proven": self.is_proven,
            "dates": [[title.id, title.en, day.isoformat()] for title, day in self.dates],
            "spans": [[title.id, title.en, span.id, span.en] for title, span in self.spans],
            "is_quiet": self.is_quiet,
            "is_cut": self.is_cut,
        }

    @classmethod
    def from_plain(cls, plain: Any) -> Page:
        """The page again."""
        draft, case = plain["draft"], plain["case"]
        return cls(
            region=plain["region"],
            draft=None if draft is None else DraftRef(draft[0], bytes.fromhex(draft[1])),
            case=None if case is None else CaseRef(case[0], bytes.fromhex(case[1])),
            receipt=plain["receipt"],
            receipt_for=plain["receipt_for"],
            is_sent=plain["is_sent"],
            is_proven=plain["is_proven"],
            dates=tuple((Text(one, other), date.fromisoformat(day)) for one, other, day in plain["dates"]),
            spans=tuple((Text(*each[:2]), Text(*each[2:])) for each in plain.get("spans", ())),
            is_quiet=plain["is_quiet"],
            is_cut=plain.get("is_cut", False),
        )


class Browser(dict[str, str], SessionMixin):
    """What Flask calls a session: the token against forgery, derived from the cookie's bytes."""

    def __init__(self, secret: bytes | None) -> None:
        self.came_with = secret
        self.secret = secret or open_pages.new_secret()
        self.is_gone = False
        self.was_asked = False
        super().__init__({TOKEN: open_pages.token_of(self.secret)})

    def __getitem__(self, key: str) -> str:
        self.was_asked = True  # a form carries the token: from now on it needs its cookie
        return super().__getitem__(key)

    def renew(self) -> None:
        """Other bytes from the answer on, and another token."""
        self.secret = open_pages.new_secret()
        self.is_gone = False
        self[TOKEN] = open_pages.token_of(self.secret)


class Browsers(SessionInterface):
    """Reads and sets the cookie; the page behind it is this module's other half."""

    def open_session(self, app: Flask, request: Request) -> Browser:
        """The browser that asks, by its cookie."""
        return Browser(_secret(request.cookies.get(self.get_cookie_name(app))))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Sets the cookie when a form needs it, and takes it away when the reporter left."""
        assert isinstance(session, Browser)
        name, secure = self.get_cookie_name(app), here().is_https
        if session.is_gone:
            if session.came_with is not None:
                response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Strict")
            return
        is_kept = session.secret == session.came_with
        if is_kept or not (session.was_asked or "page_to_keep" in g):
            return
        value = base64.urlsafe_b64encode(session.secret).decode("ascii").rstrip("=")
        response.set_cookie(name, value, path="/", secure=secure, httponly=True, samesite="Strict")


def browser() -> Browser:
    """The browser of this request."""
    found = session._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(found, Browser)
    return found


def page() -> Page | None:
    """What this browser has open in this region; None when nothing, or not any more. In a post nobody else changes it
    until the answer is out."""
    if "page" not in g:
        g.page = None
        secret = browser().came_with
        is_post = request.method not in READING
        found = None if secret is None else open_pages.find(db(), secret, now(), to_change=is_post)
        if found is not None:
            g.page = Page.from_plain(found.content)
            g.page_needs_touch = found.needs_touch
    kept: Page | None = g.page
    return kept if kept is not None and kept.region == g.get("region") else None


def is_cut() -> bool:
    """Whether the last file broke off on its way."""
    kept = page()
    return kept is not None and kept.is_cut


def glance() -> Page | None:
    """The same, read at once and forgotten: for a post that has something slow to do before it may hold a lock."""
    secret = browser().came_with
    if secret is None:
        return None
    with here().database.reading() as reading:
        found = open_pages.find(reading, secret, now())
    kept = None if found is None else Page.from_plain(found.content)
    return kept if kept is not None and kept.region == g.get("region") else None


def keep(kept: Page, *, renewed: bool = False) -> None:
    """This is what the browser has open, from the end of this request on. What was not there before, or is
    ``renewed``, gets other bytes in its cookie."""
    if renewed or g.get("page") is None:
        if browser().came_with is not None:
            open_pages.destroy(db(), browser().secret)
        browser().renew()
        g.pop(TOKEN, None)
    g.page = g.page_to_keep = kept


def note_cut() -> None:
    """The file on its way broke off; the next page says so. Its form could not be read: the strict cookie alone vouches
    for whose it was."""
    secret = browser().came_with
    if secret is None:
        return
    with here().database.writing() as writing:
        found = open_pages.find(writing, secret, now(), to_change=True)
        if found is not None:
            open_pages.keep(writing, secret, {**found.content, "is_cut": True}, now())
        writing.commit()


def leave() -> None:
    """Nothing is open any more, here and in the browser."""
    secret = browser().came_with
    if secret is not None:
        open_pages.destroy(db(), secret)
    browser().is_gone = True
    g.page = None
    g.pop("page_to_keep", None)


def finish(response: Response) -> Response:
    """Keeps the page and commits, in one transaction with what the request did; a refusal leaves nothing behind."""
    is_good = response.status_code < 400
    kept: Page | None = g.get("page_to_keep") if is_good else None
    if kept is not None:
        open_pages.keep(db(), browser().secret, kept.to_plain(), now())
    opened = g.get("db")
    if opened is not None and is_good:
        opened.commit()
    if kept is None and g.get("page_needs_touch") and not browser().is_gone:
        _touch()
    return response


def _touch() -> None:
    """What is kept now is kept again, not what this request read: another one may have changed it since."""
    opened, secret = g.pop("db", None), browser().secret
    if opened is not None:
        opened.close()  # two transactions of one request would wait for each other
    with here().database.writing() as writing:
        found = open_pages.find(writing, secret, now(), to_change=True)
        if found is not None:
            open_pages.keep(writing, secret, found.content, now())
        writing.commit()


def _secret(cookie: str | None) -> bytes | None:
    if not cookie or len(cookie) != 43:
        return None
    try:
        found = base64.b64decode(cookie + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == open_pages.SECRET_BYTES else None
