"""A case read by the person of this request; that a sealed one was read goes on record, once a day."""

from __future__ import annotations

from flask import g, request

from engine.cases.pages import case_page
from engine.cases.reading_record import CASE, IDENTITY, is_on_record, put_on_record
from engine.cases.views import CasePage
from engine.errors import NotFound
from web.installation import here
from web.transaction import READING, db, now


def read_case_page(case_id: int) -> CasePage:
    """The page of the case. Raises NotFound, and KeyNeeded while the reader's key is locked."""
    page = case_page(db(), g.person.id, case_id, now())
    if page.sealed is not None:
        _remember(case_id, CASE)
        if page.sealed.identity is not None:
            _remember(case_id, IDENTITY)
    return page


def is_out_of_sight(case_id: int) -> bool:
    """Whether one's own act has just taken the case away from oneself, as where a sealed one goes on to others."""
    try:
        case_page(db(), g.person.id, case_id, now())
    except NotFound:
        return True
    return False


def remember_reading(case_id: int) -> None:
    """The same for what of a sealed case is read beside its page."""
    _remember(case_id, CASE)


def _remember(case_id: int, event: str) -> None:
    """A page that only reads gets a short transaction of its own; in one that writes a second would wait for it."""
    if is_on_record(db(), g.person.id, case_id, event, now()):
        return
    if request.method in READING:
        with here().database.writing.begin() as session:
            put_on_record(session, g.person.id, case_id, event, now())
    else:
        put_on_record(db(), g.person.id, case_id, event, now())
