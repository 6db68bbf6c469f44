"""Ended cases and how long they are kept: proposing that one goes, confirming as the second person, legal holds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.changes import Refusal
from engine.channel import legal_hold, retention
from engine.disclosure.officers import key_state
from engine.disclosure.vault import Vault
from engine.errors import KeyNeeded, NotFound
from web.installation import here
from web.language import words
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("retention", __name__, url_prefix="/retention")

MOST_SHOWN = 4_000  # characters of a reason that was too long, shown again


@bp.get("")
@signed_in
def index() -> str:
    """The ended cases this person can read, those whose time is over first."""
    return _page()


@bp.post("/<int:case_id>/propose")
@signed_in
def propose(case_id: int) -> Any:
    """Ask another holder to let the case go."""
    return _done(retention.propose(db(), g.person.id, case_id, now()), _("Proposed. Another holder confirms it."))


@bp.post("/<int:case_id>/hold")
@signed_in
def hold(case_id: int) -> Any:
    """Keep it whatever its time says."""
    reason = request.form.get("reason", "")
    refusal = legal_hold.set_hold(db(), g.person.id, case_id, reason, now())
    if refusal is not None:
        db().rollback()
        return _page(case_id, reason[:MOST_SHOWN], words(refusal.sentence)), 422
    return _done(None, _("The case is kept until the hold is lifted."))


@bp.post("/<int:case_id>/lift")
@signed_in
def lift(case_id: int) -> Any:
    """Its time counts again."""
    legal_hold.lift_hold(db(), g.person.id, case_id, now())
    return _done(None, _("The hold is lifted."))


@bp.post("/proposals/<int:proposal>/confirm")
@signed_in
def confirm(proposal: int) -> Any:
    """The second person: the case is destroyed."""
    if not g.person.is_key_open:
        raise KeyNeeded
    vault = Vault(here().settings.sealed_dir)
    refusal = retention.confirm(here().database, vault, g.person.id, proposal, now())
    return _done(refusal, _("The case is destroyed. Its number stays on record."))


@bp.post("/proposals/<int:proposal>/cancel")
@signed_in
def cancel(proposal: int) -> Any:
    """The case stays."""
    retention.cancel(db(), g.person.id, proposal, now())
    return _done(None, _("The proposal is taken back."))


def _done(refusal: Refusal | None, sentence: str) -> Any:
    flash(sentence if refusal is None else words(refusal.sentence), "good" if refusal is None else "bad")
    return redirect(url_for("retention.index"), 303)


def _page(typed_at: int = 0, reason: str = "", fault: str = "") -> str:
    if not key_state(db(), g.person.id).has_key:
        raise NotFound("There is no such page.")
    rows = retention.kept_cases(db(), g.person.id, now())
    return render_template(
        "officer/retention.html", rows=rows, typed_at=typed_at, reason=reason, fault=fault, has_errors=bool(fault)
    )
