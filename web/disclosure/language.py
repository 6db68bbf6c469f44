"""The language stands in the address, so that nobody needs a cookie to read: ``/en/…`` is English, the rest Indonesian.

The default language of the installation has no prefix. The prefix is taken off before the pages see the address, and
put before every address they write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, g, request
from flask_babel import Babel

from engine.definitions.model import Text
from web.disclosure.house import here

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
_CHOSEN = "alur.language"
_TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


class LanguageOfAddress:
    """A WSGI application around another: moves a language in front of the address to where the script's name is."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], default: str) -> None:
        self._inner = inner
        self._others = [one for one in LANGUAGES if one != default]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for language in self._others:
            if path == f"/{language}" or path.startswith(f"/{language}/"):
                environ = environ | {
                    _CHOSEN: language,
                    "SCRIPT_NAME": f"{environ.get('SCRIPT_NAME', '')}/{language}",
                    "PATH_INFO": path[len(language) + 1 :] or "/",
                }
        return self._inner(environ, start_response)


def language() -> str:
    """The language of this request."""
    return str(request.environ.get(_CHOSEN, here().settings.default_language))


def other_address() -> tuple[str, str, str]:
    """The other language: its code, its name, and this page's address in it."""
    other = next(one for one in LANGUAGES if one != language())
    root = request.script_root.removesuffix(f"/{language()}")
    prefix = "" if other == here().settings.default_language else f"/{other}"
    return other, LANGUAGES[other], root + prefix + str(g.get("shown_at") or request.path)


def words(text: Any) -> str:
    """A Text in the language of the page; anything else as it is."""
    if isinstance(text, Text):
        return text.into(language())
    return "" if text is None else str(text)


def day(value: date | datetime) -> str:
    """``Jumat, 10 Juli 2026``."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(g.door.timezone)).date()
    return str(format_date(value, "EEEE, d MMMM y", locale=language()))


def megabytes(count: float) -> str:
    """``1,2 MB`` of a number of bytes; small ones in kB."""
    amount, unit = (count / 1_000_000, "MB") if count >= 1_000_000 else (max(1, count / 1000), "kB")
    return f"{format_decimal(amount, format='#,##0.#' if amount < 10 else '#,##0', locale=language())} {unit}"


def number(value: int) -> str:
    """``20.000``."""
    return str(format_decimal(value, locale=language()))


def install(app: Flask) -> None:
    """Babel with the reporters' own catalogue, and how things are written."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(_TRANSLATIONS)
    app.config["BABEL_DOMAIN"] = "reports"
    Babel(app, locale_selector=language)
    app.jinja_env.filters.update(words=words, day=day, megabytes=megabytes, number=number)
    app.wsgi_app = LanguageOfAddress(app.wsgi_app, here_settings(app).default_language)  # type: ignore[method-assign]


def here_settings(app: Flask) -> Any:
    """The settings of ``app``, outside a request."""
    with app.app_context():
        return here().settings
