"""The key ceremony of a region in the browser: what is missing, the old sheets typed in, the new ones shown once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.disclosure import passed_on
from engine.disclosure.ceremony import escrow_state, hold_ceremony
from engine.disclosure.escrow import FEWEST_NEEDED, MOST_CUSTODIANS
from engine.disclosure.typed_sheets import TypedSheets, from_page, to_page, with_sheet
from engine.errors import EnvironmentFault
from engine.organisation import second_factor
from engine.organisation.faults import TooManyTries, Unacceptable
from engine.organisation.passwords import TooBusy
from engine.reports.key_checks import check_keys
from web.installation import here
from web.language import day as day_words
from web.language import words
from web.officer.keys import token
from web.officer.second_factor import told
from web.protection import administrator
from web.transaction import db, now

bp = Blueprint("ceremony", __name__, url_prefix="/key-ceremony")


@bp.get("")
@administrator
def show() -> Any:
    """How it stands with the region's keys, and the form of the next ceremony."""
    return _page(TypedSheets())


@bp.post("/sheet")
@administrator
def type_sheet() -> Any:
    """One sheet of the ceremony before, by its custodian."""
    typed = _typed()
    try:
        typed = with_sheet(typed, request.form.get("words", ""), now())
    except Unacceptable as fault:
        return _page(typed, {"words": told(fault)}), 422
    return _page(typed)


@bp.post("/hold")
@administrator
def hold() -> Any:
    """Make the new escrow and show its sheets, this once."""
    typed, form = _typed(), request.form
    faults = {} if form.get("agreed") == "yes" else {"agreed": _("Say that everybody is ready.")}
    needed, custodians = _number("needed"), _number("custodians")
    if not faults:
        try:
            second_factor.check_password(here().database, g.person.id, form.get("password", ""), now())
            held = hold_ceremony(
                db(), g.person.region_id, needed, custodians, seen=form.get("escrow", ""), old_sheets=typed.words,
                are_old_lost=form.get("lost") == "yes", by=g.person.id, now=now(),
            )  # fmt: skip
        except (Unacceptable, TooBusy) as fault:
            return _refused(typed, fault)
        return render_template("officer/sheets.html", held=held, made_at=now())
    return _page(typed, faults), 422


@bp.get("/hold")
@bp.get("/sheet")
@administrator
def begin_again() -> Any:
    """A reload by its address shows no sheet again."""
    flash(_("Sheets are shown once. If one was not printed, hold the ceremony again."), "warn")
    return redirect(url_for("ceremony.show"), 303)


def _refused(typed: TypedSheets, fault: Unacceptable | TooBusy) -> tuple[str, int]:
    status = 429 if isinstance(fault, TooManyTries) else 503 if isinstance(fault, TooBusy) else 422
    field = getattr(fault, "field", None) or "password"
    places = {"old_sheets": "words", "shares": "words", "code": "password", "needed": "needed"}
    if field == "shares":
        typed = TypedSheets()  # together they do not give this region's key: they are typed anew
    return _page(typed, {places.get(field, "password"): told(fault)}), status


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= 2 else 0  # at most 16


def _typed() -> TypedSheets:
    return from_page(request.form.get("typed", ""), _purpose(), token(), here().settings.secret_key, now())


def _purpose() -> str:
    return f"ceremony:{g.person.region_id}"


def _page(typed: TypedSheets, faults: dict[str, str] | None = None) -> str:
    findings, lines = check_keys(db(), g.person.region_id, _has_pepper(), now())
    state = escrow_state(db(), g.person.region_id)
    return render_template(
        "officer/ceremony.html", state=state, typed=typed, faults=faults or {}, has_errors=bool(faults), lines=lines,
        findings=[*((one.level, words(one.text)) for one in findings), *_addresses()],
        carried_sheets=to_page(typed, _purpose(), token(), here().settings.secret_key),
        numbers=[(str(number), str(number)) for number in range(FEWEST_NEEDED, MOST_CUSTODIANS + 1)],
        needed=request.form.get("needed", "2"), custodians=request.form.get("custodians", "3"),
        is_lost=request.form.get("lost") == "yes",
    )  # fmt: skip


def _addresses() -> list[tuple[str, str]]:
    """What ``flask doctor`` tells the operator: a proxy hands the reporting pages the addresses of visitors."""
    day = passed_on.last_noted(here().settings.sealed_dir, now().date())
    if day is None:
        return []
    told = _("A proxy passed addresses of visitors on to the reporting pages, last on %(day)s. Whoever operates the"
             " server has to change that.", day=day_words(day))  # fmt: skip
    return [("warning", told)]


def _has_pepper() -> bool:
    try:
        return bool(here().settings.pepper)
    except EnvironmentFault:
        return False
