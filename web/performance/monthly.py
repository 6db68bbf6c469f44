"""Asking for the figures of a dashboard by mail every month, and ending it with one press, signed in or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from delivery.stopping import person_stopping
from engine.definitions.model import Text
from engine.errors import NotFound
from sakip.monthly import FILTERS, FIRST_DAY, KIND, LAST_DAY, USUAL_DAY, monthly_page, subscribe, unsubscribe
from web.installation import here
from web.language import words
from web.officer.own_pages import OwnSetting
from web.performance.dashboard import ROLE_WORDS
from web.performance.looks import Looks
from web.protection import anybody, csrf, signed_in
from web.transaction import db, now

bp = Blueprint("monthly", __name__, url_prefix="/performance/monthly")

SETTING = OwnSetting(
    Text("Angka kinerja tiap bulan", "The figures every month"),
    Text(
        "Satu surel sebulan dengan angka di halaman kinerja Anda.",
        "One mail a month with the figures of your dashboard.",
    ),
    "monthly.show",
)
NEWEST = Text("yang terbaru saat surel dikirim", "the newest when the mail leaves")
ASKED = Text("Surel bulanan dikirim setiap tanggal %s.", "The monthly mail leaves on day %s of every month.")
STOPPED = Text("Anda tidak menerima surel bulanan lagi.", "You receive no monthly mail any more.")


@bp.get("")
@signed_in
def show() -> str:
    """What the reader receives, and the choice: the filters of the address, otherwise those chosen before."""
    page = monthly_page(db(), g.person.id, _filters(request.args), now())
    asked, look = page.asked, Looks(db(), page.viewer, page.filters)
    return render_template(
        "performance/monthly.html", asked=asked, filters=page.chosen, chosen=_in_words(look, page.chosen), look=look,
        days=[(str(day), str(day)) for day in range(FIRST_DAY, LAST_DAY + 1)], is_lost=page.is_lost,
        day=asked.day if asked is not None else USUAL_DAY, is_same=asked is not None and asked.filters == page.chosen,
        address=page.email,
    )  # fmt: skip


@bp.post("")
@signed_in
def choose() -> Any:
    """Ask for the mail with these filters, or (``stop``) for none any more."""
    if request.form.get("act") == "stop":
        unsubscribe(db(), g.person.id)
        flash(words(STOPPED), "good")
        return redirect(url_for("monthly.show"), 303)
    day = request.form.get("day", "")
    if not (day.isascii() and day.isdigit() and len(day) < 3 and FIRST_DAY <= int(day) <= LAST_DAY):
        raise NotFound("There is no such day.")
    subscribe(db(), g.person.id, int(day), _filters(request.form), now())
    flash(words(ASKED) % day, "good")
    return redirect(url_for("monthly.show"), 303)


@bp.get("/stop/<token>")
@anybody
def ask_to_stop(token: str) -> str:
    """One press away from the end: programs that look at every address of a mail must not end it."""
    _stopping(token)
    return render_template("performance/monthly_stop.html", token=token, is_done=False)


@bp.post("/stop/<token>")
@anybody
@csrf.exempt
def stop(token: str) -> str:
    """End the mails of whom the address was made for; a mail program posts here too (RFC 8058)."""
    unsubscribe(db(), _stopping(token))
    return render_template("performance/monthly_stop.html", token=token, is_done=True)


def _stopping(token: str) -> int:
    found = person_stopping(here().settings.secret_key, KIND, token)
    if found is None:
        raise NotFound("There is no such page.")
    return found


def _filters(given: Any) -> dict[str, str]:
    return {name: value for name in FILTERS if (value := given.get(name, "")[:200])}


def _in_words(look: Looks, filters: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each filter with what was chosen; year and span follow the calendar where the address names none."""
    span = filters.get("span", "")
    found = [
        (words(Text("Tampilan", "Dashboard")), words(ROLE_WORDS[look.viewer.role])),
        (words(Text("Tahun", "Year")), filters.get("year") or words(NEWEST)),
        (words(Text("Rentang", "Span")), look.span_title(span) if span else words(NEWEST)),
    ]
    if len(look.viewer.units) > 1 or look.filters.unit is not None:
        unit = look.filters.unit.name if look.filters.unit is not None else words(Text("Semua", "All"))
        found.append((words(Text("Perangkat daerah", "Unit")), unit))
    return found
