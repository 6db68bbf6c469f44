"""Evidence for a report that is being written: one file at a time, after the story is safe (screen 6)."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from engine.channel import drafting
from engine.channel.drafting import Draft
from engine.channel.evidence import given_up_on_failure
from engine.channel.model import EVIDENCE, Question
from engine.definitions.model import Text
from engine.disclosure.receiving import Unfit
from engine.errors import NotFound
from web.disclosure import taking
from web.disclosure.browser import glance, keep
from web.disclosure.ended import Ended
from web.disclosure.house import db, door, here, now
from web.disclosure.writing import asked, asked_question, no_file, opened

bp = Blueprint("adding", __name__)

Answer = tuple[str, int] | Response


@bp.post("/ask/<key>/file")
def upload(key: str) -> Answer:
    """One file: cleaned, encrypted, kept; or the page again with the reason."""
    given, seen = request.files.get("file"), glance()
    if seen is None or seen.draft is None:
        raise Ended
    if given is None or not given.filename:
        _kept, draft = opened()
        return asked(draft, _evidence(draft, key), {}, status=422, about_file=(("file", no_file(draft, key)),))
    received = taking.taken(given)  # slow: before the transaction
    if isinstance(received, Unfit):
        return _about_file(key, received.reason, received.status)
    with given_up_on_failure(received, here().vault):
        kept, draft = opened()
        assert kept.draft is not None
        _evidence(draft, key)
        taken = drafting.attach_to_draft(db(), kept.draft, door(), received, here().vault, now())
    if isinstance(taken, Unfit):
        return _about_file(key, taken.reason, taken.status)
    kept.is_cut = False
    keep(kept)
    return redirect(url_for("writing.ask", key=key), 303)


@bp.post("/ask/<key>/remove")
def remove(key: str) -> Answer:
    """A file goes again."""
    kept, draft = opened()
    assert kept.draft is not None
    _evidence(draft, key)
    drafting.detach_from_draft(db(), kept.draft, request.form.get("file", ""), here().vault)
    keep(kept)
    return redirect(url_for("writing.ask", key=key), 303)


def too_large(key: str, told: str) -> Answer:
    """The evidence page again, for a file that was too large to be read at all."""
    return _about_file(key, told, 413)


def _about_file(key: str, told: Text | str, status: int) -> Answer:
    _kept, draft = opened()
    return asked(draft, _evidence(draft, key), {}, status=status, about_file=(("file", told),))


def _evidence(draft: Draft, key: str) -> Question:
    question = asked_question(draft, key)
    if question.kind != EVIDENCE:
        raise NotFound("There is no such question.")
    return question
