"""One's own key of sealed cases: made, unlocked, put away, opened again by those who can, replaced."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.disclosure import officers, recovery, unlocking
from engine.disclosure.ceremony import agree_to_escrow, escrow_state, waits_for_agreement
from engine.disclosure.primitives import CannotOpen
from engine.disclosure.typed_sheets import TypedSheets, from_page, to_page, with_sheet
from engine.disclosure.unlocking import Opening
from engine.disclosure.vouching import may_vouch, vouch, waiting_keys
from engine.organisation import sessions
from engine.organisation.faults import TooManyTries, Unacceptable
from engine.organisation.passwords import TooBusy
from web.carried import from_sign_in
from web.installation import here
from web.language import own_address
from web.officer.second_factor import told
from web.protection import signed_in
from web.sign_in import cookie_name, recognise
from web.transaction import db, now
from web.unlocked import follow_key, unlock_page

bp = Blueprint("keys", __name__, url_prefix="/profile/key")

Refused = Unacceptable | TooBusy


@bp.get("")
@signed_in
def show() -> Any:
    """How it stands: none yet, locked, open, or out of reach, and what it opens."""
    return _page()


@bp.post("/make")
@signed_in
def make() -> Any:
    """A pair of keys; the password opens it from now on."""
    return _make(replaces=False)


@bp.post("/replace")
@signed_in
def replace() -> Any:
    """A new pair in place of one that cannot be opened or trusted any more."""
    if request.form.get("agreed") != "yes":
        return _page({"agreed": _("Say that you know what a new key gives up.")}), 422
    return _make(replaces=True)


def _make(*, replaces: bool) -> Any:
    password = request.form.get("password", "")
    try:
        officers.make_key(
            here().database, g.person.id, password, requires_factor=not here().settings.demo, replaces=replaces,
            now=now(),
        )  # fmt: skip
        _unlocked(password)
    except (Unacceptable, TooBusy) as fault:
        return _refused(fault, "new_key_password" if replaces else "password")
    flash(_("Your key is made. Signing in opens it from now on."), "good")
    return redirect(url_for("keys.show"), 303)


@bp.route("/unlock", methods=["GET", "POST"])
@signed_in
def unlock() -> Any:
    """Ask for the password again, and go on where one was."""
    following = own_address(request.values.get("next"), "")
    if request.method == "GET":
        if g.person.is_key_open:
            return redirect(following or url_for("keys.show"), 303)
        return unlock_page(following=following)
    path = own_address(request.form.get("carried_path"), "")
    carried = from_sign_in(path, request.form) if path else None
    try:
        opening = _unlocked(request.form.get("password", ""))
    except (Unacceptable, TooBusy) as fault:
        return unlock_page(told(fault), carried, following), _status(fault)
    if opening is not Opening.OPEN:
        return redirect(url_for("keys.show"), 303)
    if carried is not None:
        return render_template("resume.html", carried=carried, was_locked=True)
    return redirect(following or url_for("keys.show"), 303)


@bp.post("/lock")
@signed_in
def lock() -> Any:
    """Put the key away in this browser."""
    sessions.wipe_keys(db(), g.person.id, only=g.person.token_hash)
    flash(_("Your key is locked. Sealed cases ask for your password again."), "good")
    return redirect(url_for("keys.show"), 303)


@bp.post("/old-password")
@signed_in
def use_old_password() -> Any:
    """Open a key out of reach by the password before the reset, for somebody who still knows it."""
    old, password = request.form.get("old_password", ""), request.form.get("password", "")
    try:
        if not unlocking.reopen_by_old_password(here().database, g.person.id, old, password, now()):
            return _page({"old_password": _("This password does not open your key.")}), 422
        _unlocked(password)
    except (Unacceptable, TooBusy) as fault:
        return _refused(fault)
    flash(_("Your key is open again, by your present password."), "good")
    return redirect(url_for("keys.show"), 303)


@bp.get("/waiting")
@signed_in
def waiting() -> str:
    """The new keys that wait for a custodian."""
    return render_template("officer/waiting_keys.html", keys=waiting_keys(db(), g.person.id, now()), me=g.person.id)


@bp.post("/waiting/<int:person_id>")
@signed_in
def vouch_for(person_id: int) -> Any:
    """Vouch for one of them."""
    vouch(db(), g.person.id, whose=person_id, public=request.form.get("public", ""), now=now())
    flash(_("You vouched for this key. Colleagues give it cases from now on."), "good")
    return redirect(url_for("keys.waiting"), 303)


@bp.post("/agree")
@signed_in
def agree() -> Any:
    """Give the custodians of the newest ceremony a copy of one's key."""
    keyring = g.open_keyring() if "open_keyring" in g else None
    if keyring is None:
        return redirect(url_for("keys.unlock", next=url_for("keys.show")), 303)
    agree_to_escrow(db(), g.person.id, keyring.pair, seen=request.form.get("escrow", ""), now=now())
    flash(_("The custodians of the newest ceremony can help you from now on."), "good")
    return redirect(url_for("keys.show"), 303)


@bp.route("/recover", methods=["GET", "POST"])
@signed_in
def recover() -> Any:
    """Custodians type their sheets one after another; then the present password opens the key."""
    if request.method == "GET":
        return _recovery_page(TypedSheets())
    purpose, secret = f"recovery:{g.person.id}", here().settings.secret_key
    typed = from_page(request.form.get("typed", ""), purpose, token(), secret, now())
    try:
        if not typed.is_enough:
            typed = with_sheet(typed, request.form.get("words", ""), now())
            return _recovery_page(typed)
        password = request.form.get("password", "")
        recovery.recover(here().database, g.person.id, typed.words, password, now())
        _unlocked(password)
    except (Unacceptable, TooBusy) as fault:
        place = getattr(fault, "field", None) or "words"
        if place == "shares":  # put together they do not give this key: whoever typed them begins anew
            return _recovery_page(TypedSheets(), {"words": told(fault)}), 422
        return _recovery_page(typed, {place if place == "password" else "words": told(fault)}), _status(fault)
    except CannotOpen:
        fault_words = _("The custodians' copy of your key does not open. It was changed; tell the operator.")
        return _recovery_page(TypedSheets(), {"words": fault_words}), 422
    flash(_("Your key is open again, by your present password."), "good")
    return redirect(url_for("keys.show"), 303)


def _unlocked(password: str) -> Opening:
    """Open the key in this browser, and do what waited for it."""
    opening = unlocking.unlock(here().database, g.person.id, token(), password, now())
    if opening is Opening.OPEN:
        g.person = recognise(token())
        follow_key()
    return opening


def token() -> str:
    """The token of this browser's session."""
    return request.cookies.get(cookie_name(), "")


def _status(fault: Refused) -> int:
    return 429 if isinstance(fault, TooManyTries) else 503 if isinstance(fault, TooBusy) else 422


def _refused(fault: Refused, password_field: str = "password") -> Any:
    field = getattr(fault, "field", None)
    if field == "second_factor":
        flash(told(fault), "warn")
        return redirect(url_for("second_factor.show"), 303)
    place = "" if field not in ("password", "code") and isinstance(fault, Unacceptable) else password_field
    return _page({place: told(fault)}), _status(fault)


def _page(faults: dict[str, str] | None = None) -> str:
    state = officers.key_state(db(), g.person.id)
    return render_template(
        "officer/key.html", state=state, escrow=escrow_state(db(), g.person.region_id), faults=faults or {},
        has_errors=bool(faults), asks_agreement=waits_for_agreement(db(), g.person.id),
        may_vouch=may_vouch(db(), g.person.id, now()),
    )  # fmt: skip


def _recovery_page(typed: TypedSheets, faults: dict[str, str] | None = None) -> str:
    carried = to_page(typed, f"recovery:{g.person.id}", token(), here().settings.secret_key)
    return render_template(
        "officer/recover_key.html", typed=typed, carried_sheets=carried, faults=faults or {}, has_errors=bool(faults),
        escrow=escrow_state(db(), g.person.region_id),
    )  # fmt: skip
