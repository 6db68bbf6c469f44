"""The ways out: quickly to a neutral site, or calmly to a page that says how to clear one's tracks (screen 14)."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import validate_csrf
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse
from wtforms import ValidationError

from engine.channel.files import settings_for
from engine.errors import DefinitionError
from web.disclosure import browser
from web.disclosure.protection import csrf
from web.disclosure.showing import show

bp = Blueprint("leaving", __name__)

# Our own cookie is taken away by name: "cookies" would also sign somebody out of the office's other pages.
CLEARED = '"cache", "storage"'
NOWHERE = "about:blank"


@bp.post("/away")
@csrf.exempt  # it asks itself: who is in a hurry must get away from any tab, also one opened before the session
def away() -> AnyResponse:
    """Destroys the session and goes on by a plain page, since a form may lead to our own pages only.

    A browser that has something open shows that this is its own wish: by the token, or by saying that the form was of
    this site. Else nothing is destroyed here; but it still gets away, and forgets its cookie."""
    if browser.browser().came_with is not None and not _is_own_wish():
        browser.browser().is_gone = True
        return _cleared(make_response(_plain(), 400))
    with suppress(OperationalError):  # without a database the row stays, which nobody has the key to any more
        browser.leave()
    browser.browser().is_gone = True
    return _cleared(redirect(url_for("leaving.on"), 303))


@bp.get("/away")
def on() -> Response:
    """The plain page between us and the neutral site; it also works when the session is gone."""
    return make_response(_plain(), 200)


@bp.post("/left")
def left() -> AnyResponse:
    """Destroys the session."""
    browser.leave()
    return _cleared(redirect(url_for("leaving.gone"), 303))


@bp.get("/left")
def gone() -> tuple[str, int]:
    """Screen 14."""
    return show("left.html")


def _is_own_wish() -> bool:
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    try:
        validate_csrf(request.form.get(browser.TOKEN))
    except ValidationError:
        return False
    return True


def _plain() -> Response:
    outside = _outside()
    answer = make_response(render_template("away.html", outside=outside))
    answer.headers["Refresh"] = f"0; url={outside}"
    return answer


def _outside() -> str:
    """The neutral site: of the region's file, or the base's. No database is asked, which may be what is broken."""
    try:
        return settings_for(g.get("region") or "").exit_url
    except DefinitionError:
        return NOWHERE


def _cleared(answer: AnyResponse) -> AnyResponse:
    answer.headers["Clear-Site-Data"] = CLEARED
    return answer
