"""Incidents: the supervisors' list of what stands still, with buttons to try a call again or to close."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.cases.extensions import extensions_seen
from engine.cases.incidents import open_incidents, resolve, retry_call
from web.officer.listing import whole_number
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("incidents", __name__)

PAGE = 50


@bp.get("/incidents")
@signed_in
def index() -> str:
    """Open incidents of the region, newest first."""
    after = request.args.get("after", "")
    last = int(after) if after.isdecimal() and len(after) < 18 else None
    rows = open_incidents(db(), g.person.id, now(), after=last, limit=PAGE + 1)
    page = whole_number(request.args.get("page"), 1)
    following = url_for("incidents.index", after=rows[PAGE - 1].id, page=page + 1) if len(rows) > PAGE else ""
    return render_template("officer/incidents.html", rows=rows[:PAGE], page=page, next_href=following)


@bp.get("/incidents/extensions")
@signed_in
def extensions() -> str:
    """More time that was given in schedules of the region, newest first."""
    after = request.args.get("after", "")
    last = int(after) if after.isdecimal() and len(after) < 18 else None
    rows = extensions_seen(db(), g.person.id, now(), after=last, limit=PAGE + 1)
    page = whole_number(request.args.get("page"), 1)
    following = url_for("incidents.extensions", after=rows[PAGE - 1].id, page=page + 1) if len(rows) > PAGE else ""
    return render_template("officer/extensions.html", rows=rows[:PAGE], page=page, next_href=following)


@bp.post("/incidents/<int:incident_id>")
@signed_in
def close(incident_id: int) -> Response:
    """The supervisor has seen to it."""
    resolve(db(), g.person.id, incident_id, now())
    flash(_("Closed."), "good")
    return redirect(url_for("incidents.index"))


@bp.post("/incidents/<int:incident_id>/again")
@signed_in
def again(incident_id: int) -> Response:
    """One more try for the call that failed."""
    retry_call(db(), g.person.id, incident_id, now())
    flash(_("It is tried again in a moment."), "good")
    return redirect(url_for("incidents.index"))
