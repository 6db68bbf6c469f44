"""What everybody may read: regions, first page, what to know before reporting, limits. No cookie, no row."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine.channel import settings as doors
from engine.errors import NotFound
from web.disclosure.browser import page
from web.disclosure.house import db, door, now
from web.disclosure.protection import LOOK_AGE
from web.disclosure.showing import look, show

bp = Blueprint("home", __name__)
public = Blueprint("public", __name__)

_RULED = {"story": 12, "people": 4}  # lines to write on; others have two
OFFICE = "Alur-Office"  # set by a proxy that knows the office's networks, so that it need not pass on an address


@public.get("/")
def regions() -> tuple[str, int] | AnyResponse:
    """The regions that take reports; where there is one, its first page."""
    found = doors.channels(db(), now())
    if len(found) == 1:
        return redirect(url_for("home.start", region=found[0][0]), 303)
    return show("regions.html", regions=found)


@public.get("/look-<digest>.css")
def style(digest: str) -> Response:
    """The style sheet, under an address that changes with it."""
    address, text = look()
    if address != f"/look-{digest}.css":
        raise NotFound("There is no such style sheet.")
    answer = Response(text, mimetype="text/css")
    answer.headers["Cache-Control"] = f"public, max-age={LOOK_AGE}, immutable"
    return answer


@public.get("/favicon.ico")
def sign() -> tuple[str, int]:
    """None: a tab of this site looks like nothing."""
    return "", 204


@public.get("/health")
def health() -> Response:
    """For whoever watches the process: it answers, and so does the database."""
    doors.channels(db(), now())
    return Response("ok\n", mimetype="text/plain")


@bp.get("/")
def start() -> tuple[str, int]:
    """Screen 0."""
    return show("start.html", door=door())


@bp.get("/before")
def before() -> tuple[str, int]:
    """Screen 1. Whether somebody is in the office is asked, shown, and forgotten."""
    is_office = request.headers.get(OFFICE) == "1" or doors.is_from_office(door(), request.remote_addr or "")
    return show("before.html", door=door(), is_office=is_office)


@bp.get("/limits")
def limits() -> tuple[str, int]:
    """How a report is protected, and where that ends; back to where somebody was."""
    kept, before = page(), url_for("home.start")
    if kept is not None and kept.draft is not None:
        before = url_for("writing.check")
    elif kept is not None and kept.case is not None:
        before = url_for("mine.show_mine")
    return show("limits.html", door=door(), before=before)


@bp.get("/traces")
def traces() -> tuple[str, int]:
    """How to take one's own traces out of a file; back to the question it was asked from."""
    asked = request.args.get("at", "")
    known = {one.key for each in (door(), *door().others.values()) for one in each.questions}
    before = url_for("writing.ask", key=asked) if asked in known else url_for("home.start")
    return show("traces.html", before=before)


@bp.get("/form")
def blank() -> Response:
    """The questions on paper, for places without a network: a plain text to print, with the address to send it to."""
    text = render_template("blank.txt", door=door(), ruled=_RULED)
    answer = Response(text, mimetype="text/plain")
    answer.headers.set("Content-Disposition", "attachment", filename="form.txt")
    return answer
