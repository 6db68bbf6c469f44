"""One's own settings: language, keys, password, and where one is signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.disclosure import officers, unlocking
from engine.errors import InvalidInput
from engine.organisation import passwords, people, second_factor, sessions
from engine.organisation.models import Person
from web.installation import here
from web.language import LANGUAGES
from web.officer.own_pages import own_settings
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("profile", __name__)


@bp.get("/profile")
@signed_in
def show() -> str:
    """The page with all settings."""
    return _page()


@bp.post("/profile/settings")
@signed_in
def change_settings() -> Any:
    """Language of pages and mails, and whether keys work on pages."""
    language, keys = request.form.get("language"), request.form.get("shortcuts")
    people.choose_settings(
        db(),
        g.person.id,
        language=language if language in LANGUAGES else None,
        has_shortcuts=keys == "on" if keys in ("on", "off") else None,
    )
    flash(_("Your settings are saved."), "good")
    return redirect(url_for("profile.show"), 303)


@bp.post("/profile/password")
@signed_in
def change_password() -> Any:
    """A new password; every other session of the person ends."""
    old, new = request.form.get("password", ""), request.form.get("new_password", "")
    fault = _fault_of(new, request.form.get("new_password_again", ""))
    if fault is None:
        try:
            unlocking.change_password(here().database, g.person.id, old, new, keep=g.person.token_hash, now=now())
        except InvalidInput:
            fault = {"password": _("This is not your present password.")}
        except passwords.TooBusy:
            return _page({"password": _("Too many people are signing in now. Try again in a moment.")}), 503
    if fault is not None:
        return _page(fault), 422
    flash(_("Your password is changed. You are signed out everywhere else."), "good")
    return redirect(url_for("profile.show"), 303)


def _fault_of(new: str, again: str) -> dict[str, str] | None:
    try:
        passwords.check_acceptable(new, g.person.username)
    except InvalidInput:
        return {"new_password": _("Take 10 characters or more, without repetition and without your user name.")}
    return None if new == again else {"again": _("The two new passwords differ.")}


@bp.post("/profile/sessions/end")
@signed_in
def end_session() -> Any:
    """Sign out one other browser, or all others."""
    wanted = request.form.get("session", "")
    if wanted:
        sessions.revoke(db(), g.person.id, wanted)
    else:
        sessions.revoke_all(db(), g.person.id, but=g.person.token_hash)
    flash(_("Signed out there."), "good")
    return redirect(url_for("profile.show"), 303)


def _page(faults: dict[str, str] | None = None) -> str:
    person = db().get_one(Person, g.person.id)
    return render_template(
        "officer/profile.html",
        someone=person,
        faults=faults or {},
        has_errors=bool(faults),
        languages=tuple(LANGUAGES.items()),
        shortcuts=(("off", _("Off")), ("on", _("On"))),
        sessions=sessions.sessions_of(db(), g.person.id, now()),
        this_one=g.person.token_hash,
        second_factor=second_factor.standing(db(), g.person.id),
        key=officers.key_state(db(), g.person.id),
        own_settings=own_settings(),
    )
