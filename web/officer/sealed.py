"""What a sealed case's page can do besides: write to the reporter, read a sealed file, ask who the reporter is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.cases.identity_release import ask, decide, is_custodian, waiting_for
from engine.cases.sealed_attaching import open_file
from engine.cases.writing_to_reporter import write_to_reporter
from engine.disclosure.primitives import CannotOpen
from engine.disclosure.vault import Vault
from engine.errors import NotFound
from web.installation import here
from web.language import words
from web.officer.case import Typed, page_of
from web.officer.reading import remember_reading
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("sealed", __name__)

MOST_SHOWN = 40_000  # characters of a text that was too long, shown again


@bp.post("/case/<int:case_id>/say")
@signed_in
def say(case_id: int) -> Any:
    """A message to the reporter, who reads it when they come back with their code."""
    text = request.form.get("message", "")
    refusal = write_to_reporter(db(), case_id, g.person.id, text, now())
    if refusal is not None:
        db().rollback()
        return page_of(case_id, Typed(message=text[:MOST_SHOWN], message_fault=words(refusal.sentence))), 422
    flash(_("The reporter reads it when they come back with their code."), "good")
    return redirect(url_for("case.show", case_id=case_id) + "#talk", 303)


@bp.post("/case/<int:case_id>/identity")
@signed_in
def ask_identity(case_id: int) -> Any:
    """Ask the custodians to open who the reporter is."""
    motive = request.form.get("motive", "")
    refusal = ask(db(), case_id, g.person.id, motive, now())
    if refusal is not None:
        db().rollback()
        return page_of(case_id, Typed(motive=motive[:MOST_SHOWN], motive_fault=words(refusal.sentence))), 422
    flash(_("Another custodian decides. The reporter sees the request on their page."), "good")
    return redirect(url_for("case.show", case_id=case_id) + "#identity", 303)


@bp.get("/identity-requests")
@signed_in
def requests() -> str:
    """What waits for a custodian: who wants to know a reporter, and why."""
    if not is_custodian(db(), g.person.id, now()):
        raise NotFound("There is no such page.")
    return _requests()


@bp.post("/identity-requests/<int:release_id>")
@signed_in
def decide_request(release_id: int) -> Any:
    """Approve or refuse one."""
    note, is_approved = request.form.get("note", ""), request.form.get("decision") == "approve"
    refusal = decide(db(), release_id, g.person.id, is_approved=is_approved, note=note, now=now())
    if refusal is not None:
        db().rollback()
        return _requests(release_id, note[:MOST_SHOWN], words(refusal.sentence)), 422
    flash(_("The identity was released to who asked. It is on record, and the reporter sees it.") if is_approved
          else _("The request was refused."), "good")  # fmt: skip
    return redirect(url_for("sealed.requests"), 303)


@bp.get("/case/<int:case_id>/sealed-files/<string:file_id>")
@signed_in
def download(case_id: int, file_id: str) -> Response:
    """A file of a sealed case, always as a download, sent once it was verified as a whole."""
    try:
        found, pieces = open_file(db(), case_id, file_id, g.person.id, now(), Vault(here().settings.sealed_dir))
    except CannotOpen as fault:
        raise NotFound("The file was changed.") from fault
    remember_reading(case_id)
    answer = Response(pieces, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _requests(release_id: int = 0, note: str = "", fault: str = "") -> str:
    found = waiting_for(db(), g.person.id, now())
    return render_template(
        "officer/identity_requests.html", requests=found, typed_at=release_id, note=note, fault=fault,
        has_errors=bool(fault),
    )  # fmt: skip
