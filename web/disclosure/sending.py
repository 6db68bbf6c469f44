"""The report is sent once, and its code is shown until it is proven (screens 8 to 11)."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.changes import Refusal
from engine.channel import drafting, sending
from engine.channel.sending import AlreadySent
from engine.disclosure import receipt
from web.disclosure import codes, writing
from web.disclosure.browser import CHANGED, DRAFT, REPORT, Page, glance, keep, page
from web.disclosure.ended import Ended
from web.disclosure.house import db, door, here, now
from web.disclosure.showing import show

bp = Blueprint("sending", __name__)

Answer = tuple[str, int] | Response


@bp.post("/send")
def send() -> Answer:
    """Sent twice, in two tabs or after a reload: one report, one page with its code."""
    seen = glance()
    if seen is None or (seen.draft is None and not seen.is_sent):
        raise Ended
    fresh = codes.fresh() if seen.draft is not None else None  # slow: before the transaction begins
    kept = page()
    if kept is None:
        raise Ended
    if kept.draft is None:
        return _onward(kept)
    _page, draft = writing.opened()
    lacking = drafting.missing(draft, door())
    if lacking:
        return writing.checked(draft, tuple((f"at-{one.question}", one.message) for one in lacking), 422)
    try:
        sent = sending.send(
            db(), kept.draft, door(), fresh, now(), network=request.remote_addr or "", pepper=here().pepper
        )  # fmt: skip
    except AlreadySent:
        raise Ended from None
    if isinstance(sent, Refusal):
        return writing.checked(draft, (("", sent.sentence),), 422)
    kept.draft, kept.is_sent, kept.dates, kept.spans = None, True, sent.dates, sent.spans
    if sent.receipt is not None:
        kept.receipt = sent.receipt
    kept.receipt_for = REPORT
    keep(kept)
    return _onward(kept)


def _onward(kept: Page) -> Response:
    return redirect(url_for("sending.keep_code" if kept.receipt else "sending.following"), 303)


@bp.get("/keep")
def keep_code() -> Answer:
    """Screen 9: the code, again at every reload, until its last four were typed."""
    kept = _with_code()
    if kept.receipt is None:
        return _past_code(kept)
    return show("keep.html", receipt=kept.receipt, receipt_for=kept.receipt_for, door=door(), today=now())


@bp.get("/proof")
def proof() -> Answer:
    """Screen 10: one field."""
    kept = _with_code()
    return show("proof.html") if kept.receipt is not None else _past_code(kept)


@bp.post("/proof")
def prove() -> Answer:
    """Right, or skipped: the code is not shown again. Wrong as often as somebody likes: it is their own."""
    kept = _with_code()
    if kept.receipt is None:
        return _past_code(kept)
    is_proven = receipt.is_proven(kept.receipt, request.form.get("last", "")[: receipt.LONGEST_INPUT])
    if not is_proven and request.form.get("do") != "skip":
        return show("proof.html", status=422, faults={"last": _("Not yet the same. Look at your code again.")})
    kept.receipt = None
    kept.is_proven = is_proven
    keep(kept)
    return _past_code(kept)


@bp.get("/next")
def following() -> Answer:
    """Screen 11: what happens when, and who else could help."""
    kept = page()
    if kept is None or not kept.is_sent:
        raise Ended
    if kept.receipt is not None:
        return redirect(url_for("sending.keep_code"), 303)
    return show(
        "next.html", door=door(), today=now(), dates=kept.dates, spans=kept.spans, is_proven=kept.is_proven
    )  # fmt: skip


@bp.get("/later")
def later() -> Answer:
    """The draft has its code: go on now or come back."""
    _kept, draft = writing.opened()
    return show("draft_kept.html", expires_on=draft.expires_on(door()), onward=writing.onward(draft))


def _with_code() -> Page:
    kept = page()
    if kept is None or not kept.receipt_for:
        raise Ended
    return kept


def _past_code(kept: Page) -> Response:
    places = {DRAFT: "sending.later", CHANGED: "mine.show_mine", REPORT: "sending.following"}
    return redirect(url_for(places[kept.receipt_for]), 303)
