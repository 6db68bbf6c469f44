"""Pause a case and let it go on: for supervisors, from its page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from engine.cases.pausing import LONGEST_REASON, pause, resume
from engine.errors import InvalidInput
from web.officer.case import Typed, page_of
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("pausing", __name__)


@bp.post("/case/<int:case_id>/pause")
@signed_in
def stand_still(case_id: int) -> Any:
    """The case stands still; somebody who does not supervise finds no such page."""
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        return _again(case_id, reason, _("Write a reason of 1 to %(most)s characters.", most=LONGEST_REASON))
    try:
        pause(db(), g.person.id, case_id, reason, now())
    except InvalidInput:
        return _again(case_id, reason, _("The case has ended or is paused already."))
    flash(_("The case is paused."), "good")
    return redirect(url_for("case.show", case_id=case_id), 303)


@bp.post("/case/<int:case_id>/go-on")
@signed_in
def go_on(case_id: int) -> Any:
    """The case goes on."""
    note = request.form.get("reason", "").strip()
    if len(note) > LONGEST_REASON:
        return _again(case_id, note, _("A note has at most %(most)s characters.", most=LONGEST_REASON))
    try:
        resume(db(), g.person.id, case_id, note, now())
    except InvalidInput:
        return _again(case_id, note, _("The case is not paused."))
    flash(_("The case goes on."), "good")
    return redirect(url_for("case.show", case_id=case_id), 303)


def _again(case_id: int, reason: str, fault: str) -> Any:
    db().rollback()
    return page_of(case_id, Typed(pause_reason=reason, pause_fault=str(fault))), 422
