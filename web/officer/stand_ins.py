"""One's own stand-ins: who acts while one is away, or in one's name, with a reason and a last day."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.organisation.faults import Unacceptable
from engine.organisation.mandates import KINDS, end_own_mandate, give_mandate, mandates_of
from engine.organisation.models import Person
from engine.organisation.recorded import Author, local_day
from web.language import words
from web.people_lookup import active_people, is_called, marked_id, suggestion
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("stand_ins", __name__, url_prefix="/profile/stand-ins")

SUGGESTIONS = 200
LONGEST_REASON = 300
ORDER = ("kind", "who", "starts_on", "ends_on", "reason")
FIELDS = {"delegate_id": "who", "kind": "kind", "starts_on": "starts_on", "ends_on": "ends_on", "reason": "reason"}


@bp.get("")
@signed_in
def show() -> Any:
    """Who acts for me, for whom I act, and a form for one more."""
    return _page({})


@bp.post("")
@signed_in
def give() -> Any:
    """One more stand-in of one's own."""
    faults = _empty()
    person, fault = _person(request.form.get("who", ""))
    if fault:
        faults.setdefault("who", fault)
    starts_on, ends_on = _day("starts_on"), _day("ends_on")
    if ends_on is not None and ends_on < _today():
        faults.setdefault("ends_on", str(_("This day has passed.")))
    if faults or person is None or starts_on is None or ends_on is None:
        return _page(faults), 422
    try:
        give_mandate(
            db(), g.person.id, person.id, request.form.get("kind", ""), starts_on=starts_on, ends_on=ends_on,
            reason=request.form.get("reason", "").strip(), author=_author(),
            decree_number=request.form.get("decree_number", "").strip()[:120] or None,
        )  # fmt: skip
    except Unacceptable as refused:
        db().rollback()
        return _page({FIELDS.get(refused.field or "", "who"): words(refused.text)}), 422
    flash(_("%(name)s can act for you from %(day)s.", name=person.name, day=starts_on.strftime("%d-%m-%Y")), "good")
    return redirect(url_for("stand_ins.show"), 303)


@bp.post("/end")
@signed_in
def end() -> Any:
    """Today is the last day; one that has not begun never does."""
    wanted = request.form.get("mandate", "")
    end_own_mandate(db(), int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0, author=_author())
    flash(_("It ends today."), "good")
    return redirect(url_for("stand_ins.show"), 303)


def _empty() -> dict[str, str]:
    """What was left out or is no day."""
    found: dict[str, str] = {}
    if request.form.get("kind") not in KINDS:
        found["kind"] = str(_("Choose one."))
    if not request.form.get("who", "").strip():
        found["who"] = str(_("Name the person."))
    for name in ("starts_on", "ends_on"):
        if _day(name) is None:
            found[name] = str(_("Give a day."))
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        found["reason"] = str(_("Write a reason of 1 to %(most)s characters.", most=LONGEST_REASON))
    return found


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        return None


def _person(typed: str) -> tuple[Person | None, str]:
    """The one person meant, or why there is none."""
    typed = typed.strip()
    if not typed:
        return None, ""
    query, marked = active_people(g.person.region_id), marked_id(typed)
    query = query.where(Person.id == marked) if marked is not None else query.where(is_called(typed)).limit(6)
    found = db().scalars(query).all()
    if len(found) == 1:
        return found[0], ""
    if found:
        names = "; ".join(suggestion(person.id, person.name) for person in found)
        return None, str(_("Several people are called so: %(names)s", names=names))
    return None, str(_("Nobody here is called “%(typed)s”.", typed=typed[:80]))


def _author() -> Author:
    return Author(g.person.id, now())


def _today() -> date:
    return local_day(db(), g.person.region_id, _author())


def _page(faults: dict[str, str]) -> str:
    given, received = mandates_of(db(), g.person.id, _today())
    told = {name: faults[name] for name in ORDER if name in faults}
    near = active_people(g.person.region_id).where(Person.id != g.person.id).limit(SUGGESTIONS)
    return render_template(
        "officer/stand_ins.html",
        given=given, received=received, faults=told, has_errors=bool(told), typed=request.form,
        kinds=(("out_of_office", _("I am away")), ("delegate", _("I delegate"))),
        kind_words={"out_of_office": _("Absence"), "delegate": _("Delegation")},
        suggestions=[suggestion(person.id, person.name) for person in db().scalars(near)],
        today=_today().isoformat(),
    )  # fmt: skip
