"""What a browser's key does outside of one page: it is asked for where something sealed has to be read, and what waited
for it is caught up once it is open."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.cases.catching_up import catch_up
from engine.disclosure.fellow_holders import fellow_holders, names_of
from engine.disclosure.keyring import hold
from engine.disclosure.officers import key_state
from engine.errors import KeyNeeded, NotFound
from web.carried import Carried, from_refused
from web.errors import not_found
from web.installation import here
from web.transaction import READING, now


def ask_for_key(error: KeyNeeded) -> Any:
    """What somebody gets who has to unlock a key first; what they sent comes along and is sent after they say so.

    To anybody whom unlocking would not help, what is sealed does not exist."""
    if g.get("person") is None or g.person.is_key_open or not _has_key():
        return not_found(NotFound(str(error)))
    if request.method in READING:
        return redirect(url_for("keys.unlock", next=request.full_path.rstrip("?")), 303)
    return unlock_page(carried=from_refused(request.path, request.form)), 401


def follow_key() -> None:
    """After a sign-in: do what waited for the key, or say why it did not open."""
    person = g.get("person")
    if person is None:
        return
    if person.is_key_open:
        with here().database.writing.begin() as session:
            hold(session, g.open_keyring())
            before = fellow_holders(session, person.id)
            catch_up(session, person.id, now())
            given = {one for _case, one in fellow_holders(session, person.id) - before}
            names = names_of(session, given)
        if names:  # nobody is to become a recipient by a change of the organisation without a colleague reading it
            flash(_("By the roles of today these people can now open cases of yours: %(names)s.",
                    names=", ".join(names)), "warn")  # fmt: skip
        return
    with here().database.reading() as session:
        state = key_state(session, person.id)
    if state.is_out_of_reach:
        flash(_("Your key is locked: your password was set by somebody else. See “My key” in your settings."), "warn")


def unlock_page(fault: str = "", carried: Carried | None = None, following: str = "") -> str:
    """The page that asks for the password of the key."""
    return render_template(
        "officer/unlock.html", fault=fault, carried=carried, next=following, has_errors=bool(fault),
    )  # fmt: skip


def _has_key() -> bool:
    with here().database.reading() as session:
        return key_state(session, g.person.id).has_key
