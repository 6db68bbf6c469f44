"""Indonesian first, English one press away: which language a page speaks, and how it writes dates, sizes and names."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Blueprint, Flask, g, redirect, request
from flask_babel import Babel
from werkzeug.wrappers import Response

from engine.definitions.model import Text
from engine.organisation.models import Person
from web.installation import here
from web.protection import anybody
from web.transaction import db, now

_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_LAST_STOP = re.compile(r"(?<=[a-z]{4})\.$")  # of a sentence; that of a title like S.Stat. stays

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE = "alur_language"
YEAR = 365 * 24 * 3600

bp = Blueprint("language", __name__)


def language() -> str:
    """The language of this request: the person's own, else the cookie's, else the installation's."""
    person = g.get("person")
    chosen = person.language if person is not None else request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else here().settings.default_language


def zone() -> tzinfo:
    """The time zone people of this request read: their region's."""
    person = g.get("person")
    return ZoneInfo(person.timezone if person is not None else "Asia/Jakarta")


def own_address(target: str | None, otherwise: str) -> str:
    """``target`` when it is an address of this site, else ``otherwise``: no redirect leaves the site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc or any(ord(sign) < 32 for sign in target) else target


@bp.post("/language")
@anybody
def choose() -> Response:
    """Remember a language: in a cookie, and for a person who is signed in with the person."""
    wanted = request.form.get("language", "")
    answer = redirect(own_address(request.form.get("next"), "/"), 303)
    if wanted in LANGUAGES:
        if g.get("person") is not None:
            person = db().get(Person, g.person.id)
            if person is not None:
                person.language = wanted
        secure = here().settings.is_https
        answer.set_cookie(COOKIE, wanted, max_age=YEAR, httponly=True, secure=secure, samesite="Lax")
    return answer


# -- how things are written ----------------------------------------------------------------------------------------


def words(text: Any) -> str:
    """A Text in the language of the page; anything else as it is."""
    if isinstance(text, Text):
        return text.into(language())
    return "" if text is None else str(text)


def _clock(moment: datetime) -> str:
    return moment.strftime("%H.%M" if language() == "id" else "%H:%M")


def clock(moment: datetime) -> str:
    """``16.00``: the time of day in the reader's zone."""
    return _clock(moment.astimezone(zone()))


def day(value: date | datetime) -> str:
    """``Jumat, 10 Juli 2026``."""
    return format_date(_local(value), "EEEE, d MMMM y", locale=language())


def short_day(value: date | datetime) -> str:
    """``10 Jul``, with the year when it is not this year's."""
    local = _local(value)
    is_this_year = local.year == now().astimezone(zone()).year
    return format_date(local, "d MMM" if is_this_year else "d MMM y", locale=language())


def weekday_and_day(value: date | datetime) -> str:
    """``Jumat 10 Jul``."""
    return format_date(_local(value), "EEEE d MMM", locale=language())


def moment(value: datetime) -> str:
    """``Jumat, 10 Juli 2026, 16.00 WIB``."""
    local = value.astimezone(zone())
    return f"{day(local)}, {_clock(local)} {local.tzname()}"


def short_moment(value: datetime) -> str:
    """``10 Jul, 16.00``."""
    return f"{short_day(value)}, {clock(value)}"


def one_stop(sentence: str) -> str:
    """The sentence without a second full stop where a name ends with its own: ``A.Md.``, not ``A.Md..``."""
    return _TWO_STOPS.sub(".", sentence)


def unstopped(sentence: str) -> str:
    """The sentence without its full stop, where a comma follows: ``…, dan catat hasilnya, Dinas Kesehatan``."""
    return _LAST_STOP.sub("", sentence)


def iso(value: date | datetime) -> str:
    """For ``datetime`` attributes: the reader's own offset, to the minute."""
    if isinstance(value, datetime):
        return value.astimezone(zone()).isoformat(timespec="minutes")
    return value.isoformat()


def size(count: int) -> str:
    """``1,2 MB`` of a number of bytes."""
    amount, unit = float(count), "byte"
    for name in ("kB", "MB", "GB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, name
    return f"{format_decimal(amount, format='#,##0.#' if amount < 10 else '#,##0', locale=language())} {unit}"


def _local(value: date | datetime) -> date:
    return value.astimezone(zone()).date() if isinstance(value, datetime) else value


def install(app: Flask) -> None:
    """Babel with our catalogue, the filters above, and the route that changes the language."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).with_name("translations"))
    Babel(app, locale_selector=language, timezone_selector=lambda: str(zone()))
    app.jinja_env.filters.update(
        words=words, moment=moment, day=day, short_day=short_day, clock=clock, iso=iso, size=size,
        short_moment=short_moment, one_stop=one_stop, unstopped=unstopped,
    )  # fmt: skip
    app.register_blueprint(bp)
