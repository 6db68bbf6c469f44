"""Signing in and out, and who is behind each request. Sessions live on the server, the cookie holds their token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Flask, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.definitions.model import Text
from engine.disclosure import unlocking
from engine.facts import Audience
from engine.organisation import accounts, sessions
from engine.organisation.directory import StoreDirectory, snapshot
from engine.organisation.groups import SUPERVISORS
from engine.organisation.models import Region
from engine.organisation.passwords import TooBusy
from engine.organisation.sealing import Seal
from engine.organisation.second_step import LASTS
from engine.organisation.sessions import Visitor
from web.browsers import browser_words
from web.carried import Carried, from_refused, from_sign_in
from web.installation import here
from web.language import clock, own_address, short_day, words
from web.protection import anybody
from web.transaction import READING, db, now
from web.unlocked import follow_key

bp = Blueprint("sign_in", __name__)

# How people write the kind of a stand-in before a position's title.
ACTING = {
    "acting_official": Text("Plt.", "Acting (Plt.)"),
    "daily_executor": Text("Plh.", "Daily executor (Plh.)"),
    "delegate": Text("Kuasa", "Delegate,"),
    "out_of_office": Text("Pengganti", "Replacing,"),
}
BEFORE_A_NEW_PASSWORD = ("static", "sign_in.", "profile.", "language.", "about.")
BEFORE_A_SECOND_FACTOR = (*BEFORE_A_NEW_PASSWORD, "second_factor.")


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """A position somebody holds or stands in for; ``until`` and ``decree`` bound a mandate."""

    title: str
    kind: str | None
    until: Any = None
    decree: str | None = None

    @property
    def words(self) -> str:
        """``Plt. Kepala Dinas``."""
        return f"{words(ACTING[self.kind])} {self.title}" if self.kind in ACTING else self.title

    @property
    def note(self) -> str:
        """Until when and by which decree, for a mandate."""
        parts = [_("until %(day)s", day=short_day(self.until)) if self.until else "", self.decree or ""]
        return ", ".join(str(part) for part in parts if part)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a request. ``token_hash`` names this browser's session among the person's others."""

    id: int
    name: str
    username: str
    language: str
    region_id: int
    region_name: str
    timezone: str
    is_admin: bool
    is_supervisor: bool
    must_change_password: bool
    token_hash: str
    seats: tuple[HeldPosition, ...]
    has_shortcuts: bool = False
    must_add_factor: bool = False
    is_key_open: bool = False

    @property
    def position(self) -> str:
        """The first position in words, or nothing."""
        return self.seats[0].words if self.seats else ""


def cookie_name() -> str:
    """The cookie's name; with https browsers keep it to this host and to secure connections by that name."""
    return "__Host-alur" if here().settings.is_https else "alur"


def install(app: Flask) -> None:
    """Find out who is behind each request before anything else happens."""

    @app.before_request
    def find_out_who() -> Any:
        g.person = None
        token = request.cookies.get(cookie_name())
        if token and request.endpoint != "static":
            g.person = recognise(token)
        person, endpoint = g.person, request.endpoint or ""
        if person is not None and person.must_change_password and not endpoint.startswith(BEFORE_A_NEW_PASSWORD):
            flash(_("Choose a password of your own first."), "warn")
            return redirect(url_for("profile.show"), 303)
        if person is not None and person.must_add_factor and not endpoint.startswith(BEFORE_A_SECOND_FACTOR):
            flash(_("You hold a key: set up two-step verification first."), "warn")
            return redirect(url_for("second_factor.show"), 303)
        return None


def recognise(token: str) -> SignedIn | None:
    """Who is behind a token, with the key that it opens at hand for this request."""
    database = here().database
    with database.reading() as reading:
        visitor = sessions.visitor(reading, token, now())
        person = _signed_in(reading, visitor) if visitor is not None else None
    if visitor is not None and visitor.sealed_key is not None:
        g.open_keyring = partial(unlocking.keyring_of, visitor.person_id, token, visitor.sealed_key)
    if visitor is not None and visitor.needs_touch:
        with database.writing.begin() as writing:
            sessions.touch(writing, visitor.token_hash, now())
    return person


def _signed_in(reading: Session, visitor: Visitor) -> SignedIn:
    region = reading.get_one(Region, visitor.region_id)
    directory = snapshot(reading, visitor.region_id, now())
    return SignedIn(
        id=visitor.person_id, name=visitor.name, username=visitor.username, language=visitor.language,
        region_id=region.id, region_name=region.name, timezone=region.timezone, is_admin=visitor.is_admin,
        is_supervisor=directory.is_member(visitor.person_id, SUPERVISORS, now()),
        must_change_password=visitor.must_change_password, token_hash=visitor.token_hash,
        seats=_positions(directory, visitor.person_id, now()), has_shortcuts=visitor.has_shortcuts,
        must_add_factor=visitor.must_add_factor, is_key_open=visitor.sealed_key is not None,
    )  # fmt: skip


def _positions(directory: StoreDirectory, person_id: int, at: datetime) -> tuple[HeldPosition, ...]:
    held = []
    for audience, _powers in directory.audiences_of(person_id, at):
        if audience.kind == "position":
            held.extend(_seats_of(directory, audience, person_id, at))
    return tuple(sorted(held, key=lambda seat: seat.kind is not None))


def _seats_of(directory: StoreDirectory, audience: Audience, person_id: int, at: datetime) -> list[HeldPosition]:
    title = directory.title(audience, "id")
    mine = [seat for seat in directory.seats(audience, at) if seat.person == person_id]
    return [HeldPosition(title, seat.kind, seat.until, seat.decree) for seat in mine[:1]]


def ask_to_sign_in() -> Any:
    """What somebody gets who has to sign in first. What they sent comes along and is sent after they say so."""
    if request.method in READING:
        return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")), 303)
    return _page(carried=from_refused(request.path, request.form)), 401


@bp.route("/sign-in", methods=["GET", "POST"])
@anybody
def sign_in() -> Any:
    """The page, and what it sends."""
    if request.method == "GET":
        if g.person is not None:
            return redirect(own_address(request.args.get("next"), "/queue"), 303)
        return _page()
    path = own_address(request.form.get("carried_path"), "")
    carried = from_sign_in(path, request.form) if path else None
    try:
        outcome = unlocking.sign_in(
            here().database, request.form.get("username", ""), request.form.get("password", ""),
            network=request.remote_addr or "", browser=browser_words(request.user_agent.string), now=now(),
        )  # fmt: skip
    except TooBusy:
        return _page(_("Too many people are signing in now. Try again in a moment."), carried), 503
    if isinstance(outcome, accounts.SignInRefused):
        return _page(_refused(outcome), carried), 429 if outcome.code == "throttled" else 401
    if isinstance(outcome, accounts.CodeNeeded):
        return _ask_for_code(outcome, carried)
    return _welcome(outcome, carried)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@anybody
def enter_code() -> Any:
    """The page that asks for the code of a second factor, and what it sends. Only the right password leads here."""
    token = request.cookies.get(waiting_cookie_name(), "")
    if request.method == "GET":
        if g.person is not None or not token:
            return redirect(own_address(request.args.get("next"), "/queue"), 303)
        return _code_page()
    path = own_address(request.form.get("carried_path"), "")
    carried = from_sign_in(path, request.form) if path else None
    outcome = unlocking.finish_sign_in(
        here().database, token, request.form.get("one_time_code", ""), Seal(here().settings.secret_key),
        network=request.remote_addr or "", browser=browser_words(request.user_agent.string), now=now(),
    )  # fmt: skip
    if isinstance(outcome, accounts.SignedIn):
        return _welcome(outcome, carried)
    if outcome.code == "over":
        return _page(_("That took too long. Please begin again."), carried), 401
    fault = _refused(outcome) if outcome.code == "throttled" else _("The code does not fit or was used before.")
    return _code_page(fault, carried), 429 if outcome.code == "throttled" else 401


def waiting_cookie_name() -> str:
    """The cookie of a sign-in that waits for its code."""
    return "__Host-alur_code" if here().settings.is_https else "alur_code"


def _ask_for_code(needed: accounts.CodeNeeded, carried: Carried | None) -> Response:
    if carried is not None:
        answer = make_response(_code_page(carried=carried))
    else:
        following = own_address(request.form.get("next"), "") or None
        answer = make_response(redirect(url_for("sign_in.enter_code", next=following), 303))
    answer.set_cookie(
        waiting_cookie_name(), needed.token, max_age=LASTS, httponly=True, secure=here().settings.is_https,
        samesite="Lax", path="/",
    )  # fmt: skip
    return answer


def _code_page(fault: str = "", carried: Carried | None = None) -> str:
    following = own_address(request.values.get("next"), "")
    return render_template(
        "sign_in_code.html", next=following, fault=fault, carried=carried, has_errors=bool(fault),
        this_page=url_for("sign_in.enter_code", next=following or None),
    )  # fmt: skip


def _welcome(signed: accounts.SignedIn, carried: Carried | None) -> Response:
    session.clear()  # a fresh token against forgery for a fresh session
    g.person = recognise(signed.token)
    follow_key()
    if carried is not None:
        answer = make_response(render_template("resume.html", carried=carried))
    else:
        answer = make_response(redirect(own_address(request.form.get("next"), "/queue"), 303))
    answer.set_cookie(
        cookie_name(), signed.token, httponly=True, secure=here().settings.is_https, samesite="Lax", path="/"
    )
    if waiting_cookie_name() in request.cookies:
        answer.delete_cookie(
            waiting_cookie_name(), path="/", secure=here().settings.is_https, httponly=True, samesite="Lax"
        )
    return answer


def _refused(refused: accounts.SignInRefused) -> str:
    if refused.code == "throttled" and refused.retry_at is not None:
        return str(_("Too many tries. Try again after %(time)s.", time=clock(refused.retry_at)))
    return str(_("User name and password do not fit together."))


def _page(fault: str = "", carried: Carried | None = None) -> str:
    return render_template(
        "sign_in.html",
        next=own_address(request.values.get("next"), ""),
        this_page=url_for("sign_in.sign_in", next=own_address(request.values.get("next"), "")),
        username=request.form.get("username", "") if not carried or fault else "",
        fault=fault,
        carried=carried,
        has_errors=bool(fault),
        has_ended=cookie_name() in request.cookies and not fault,
    )


@bp.post("/sign-out")
@anybody
def sign_out() -> Response:
    """End this browser's session, here and on the server."""
    if g.person is not None:
        sessions.revoke(db(), g.person.id, g.person.token_hash)
    session.clear()
    answer = redirect(url_for("sign_in.sign_in"), 303)
    answer.delete_cookie(cookie_name(), path="/", secure=here().settings.is_https, httponly=True, samesite="Lax")
    return answer
