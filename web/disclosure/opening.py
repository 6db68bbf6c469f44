"""Coming back with a code (screen 12): one answer for whatever opens nothing."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from engine.channel.coming_back import NotKnown, TooMany, come_back
from engine.channel.drafting import CaseRef
from engine.disclosure.receipt import LONGEST_INPUT
from web.disclosure.browser import Page, keep, page
from web.disclosure.house import door, here, now
from web.disclosure.showing import show

bp = Blueprint("opening", __name__)

Answer = tuple[str, int] | Response


@bp.get("/open")
def open() -> Answer:
    """One field for the code."""
    return _form()


@bp.post("/open")
def enter() -> Answer:
    """What the code opens. No transaction runs while it is looked up, which is slow on purpose."""
    typed = request.form.get("code", "")
    if not typed.strip():
        return _form(_("Type your code."), 422)
    if len(typed) > LONGEST_INPUT:
        return _form(_unknown(), 422)
    found = come_back(here().database, door(), typed, here().pepper, request.remote_addr or "", now())
    if isinstance(found, NotKnown):
        return _form(_unknown(), 422)
    if isinstance(found, TooMany):
        return _wait(found)
    kept = page() or Page(region=door().region)  # what is being written in another tab is not lost
    if isinstance(found, CaseRef):
        kept.case = found
        keep(kept, renewed=True)
        return redirect(url_for("mine.show_mine"), 303)
    kept.draft = found
    keep(kept, renewed=True)
    return redirect(url_for("writing.check"), 303)


def _unknown() -> str:
    return str(_("This code is not known. Look at its letters and digits again."))


def _wait(found: TooMany) -> Answer:
    seconds = max(1, int((found.retry_at - now()).total_seconds()))
    minutes = -(-seconds // 60)
    told = ngettext(
        "Many codes are being tried. Try again in %(num)s minute.",
        "Many codes are being tried. Try again in %(num)s minutes.",
        minutes,
    )
    page, status = _form(told, 429)
    return Response(page, status, mimetype="text/html", headers={"Retry-After": str(seconds)})


def _form(fault: str = "", status: int = 200) -> tuple[str, int]:
    return show(
        "open.html", status=status, at="opening.open", faults={"code": fault} if fault else {}, door=door()
    )  # fmt: skip
