"""Two-step verification in one's own settings: set up, confirmed by a first code, taken away."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from engine.errors import NotFound
from engine.organisation import second_factor
from engine.organisation.faults import TooManyTries, Unacceptable
from engine.organisation.passwords import TooBusy
from engine.organisation.sealing import Seal
from engine.organisation.second_factor import Enrolment
from web.installation import here
from web.language import clock, words
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("second_factor", __name__, url_prefix="/profile/second-factor")


@bp.get("")
@signed_in
def show() -> Any:
    """Where it stands: off, waiting for its first code, or on."""
    return _page()


@bp.post("/begin")
@signed_in
def begin() -> Any:
    """A new secret, for somebody who knows the password."""
    try:
        second_factor.begin(here().database, g.person.id, request.form.get("password", ""), seal(), now())
    except (Unacceptable, TooBusy) as fault:
        return _refused(fault)
    return redirect(url_for("second_factor.show"), 303)


@bp.post("/confirm")
@signed_in
def confirm() -> Any:
    """The first right code puts it in force; the recovery codes are shown now and never again."""
    code = request.form.get("one_time_code", "")
    try:
        codes = second_factor.confirm(
            here().database, g.person.id, code, seal(), keep=g.person.token_hash, now=now()
        )  # fmt: skip
    except Unacceptable as fault:
        return _refused(fault)
    except NotFound:
        return redirect(url_for("second_factor.show"), 303)
    return render_template("officer/recovery_codes.html", codes=codes)


@bp.post("/remove")
@signed_in
def remove() -> Any:
    """Taken away by somebody who has both: the password and a code."""
    password, code = request.form.get("password", ""), request.form.get("one_time_code", "")
    try:
        second_factor.remove(here().database, g.person.id, password, code, seal(), now())
    except (Unacceptable, TooBusy) as fault:
        return _refused(fault)
    flash(_("Two-step verification is off. Your password alone signs you in."), "good")
    return redirect(url_for("second_factor.show"), 303)


def seal() -> Seal:
    """What this installation's secrets are sealed with."""
    return Seal(here().settings.secret_key)


def told(fault: Unacceptable | TooBusy) -> str:
    """The fault in the reader's language, with the time to come back where there is one."""
    if isinstance(fault, TooManyTries):
        return str(_("Too many tries. Try again after %(time)s.", time=clock(fault.retry_at)))
    if isinstance(fault, Unacceptable):
        return words(fault.text)
    return str(_("Too many people are signing in now. Try again in a moment."))


def _refused(fault: Unacceptable | TooBusy) -> tuple[str, int]:
    field = getattr(fault, "field", None)
    # Too many tries is told of a code, but a form that asks for the password alone has none.
    at = "password" if field != "code" or "one_time_code" not in request.form else "one_time_code"
    status = 429 if isinstance(fault, TooManyTries) else 503 if isinstance(fault, TooBusy) else 422
    return _page({at: told(fault)}), status


def _page(faults: dict[str, str] | None = None) -> str:
    standing = second_factor.standing(db(), g.person.id)
    waiting = None if standing.is_enrolled else second_factor.waiting(db(), g.person.id, seal())
    return render_template(
        "officer/second_factor.html", standing=standing, waiting=waiting, faults=faults or {}, has_errors=bool(faults),
        picture=None if waiting is None else _picture(waiting), all_codes=second_factor.RECOVERY_CODES,
    )  # fmt: skip


def _picture(waiting: Enrolment) -> Markup:
    """The address to scan: dark on white whatever the theme, without a word of style or script."""
    code = segno.make(waiting.uri, error="m")
    drawn = code.svg_inline(omitsize=True, svgclass="scan", lineclass=None, dark="#000", light="#fff")
    # Read out as a picture with a name; the secret beside it says the same to those who cannot scan.
    return Markup(drawn.replace("<svg ", Markup('<svg role="img" aria-label="%s" ') % _("Code to scan"), 1))
