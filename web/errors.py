"""What a person sees when there is no page: what happened, what stays safe, what next. Never a stack trace."""

from __future__ import annotations

import logging
import secrets
import traceback
from types import MethodType
from typing import Any

from flask import Flask, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.errors import Conflict, InvalidInput, NotFound, SealedNotKept
from web.carried import readable
from web.installation import here
from web.language import language

log = logging.getLogger("alur.web")


def _page(
    status: int, title: str, words: str, *, code: str = "", back: str = "", keeps: bool = False
) -> tuple[str, int]:
    typed = readable(request.form) if keeps and request.method == "POST" else ()
    page = render_template("errors/page.html", title=title, words=words, code=code, back=back, typed=typed)
    return page, status


def not_found(error: Exception) -> tuple[str, int]:  # noqa: ARG001
    """The page for what is not there, or not for this person."""
    # Missing and forbidden answer alike: the page says nothing of the address, not even where the reader was.
    g.hides_address = True
    return _page(404, _("Page not found"), _("The address may be wrong, or this page is not for you."))


def _forgery(error: CSRFError) -> tuple[str, int]:  # noqa: ARG001
    return _page(
        400,
        _("This page was open too long"),
        _("Nothing was sent. Open the page again; what you typed stands below."),
        back=request.full_path.rstrip("?") if request.method == "GET" else request.path,
        keeps=True,
    )


def _too_large(error: HTTPException) -> tuple[str, int]:  # noqa: ARG001
    return _page(
        413,
        _("The file is too large"),
        _("One file may have %(size)s MB. Nothing was changed.", size=_limit()),
        back=request.path,
    )


def _limit() -> int:
    return here().settings.max_upload_megabytes


def _invalid(error: InvalidInput) -> tuple[str, int]:
    said = _("Part of the address or of what was sent is not valid. Nothing was changed.")
    told = said if error.told is None else error.told.into(language())
    return _page(400, _("This cannot be read"), told, code=str(getattr(error, "code", "")))


def _sealed(error: SealedNotKept) -> tuple[str, int]:
    return _page(403, _("This cannot be opened here yet"), error.told.into(language()), code=error.code)


def _conflict(error: Exception) -> tuple[str, int]:  # noqa: ARG001
    return _page(
        409,
        _("Somebody else was faster"),
        _("The case has moved on since you opened it. Nothing of yours was sent; what you typed stands below."),
        back=request.path.removesuffix("/edit").removesuffix("/act"),
        keeps=True,
    )


def _other(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code == 403:
        return _page(403, _("Not for you"), _("Your present role does not open this page. Nothing was changed."))
    if error.code == 429:
        return _page(429, _("Too many tries"), _("Wait a few minutes, then try again."))
    if error.code >= 500:
        return _fault(error)
    return _page(
        error.code, _("This cannot be read"), _("This address does not take what was sent. Nothing was changed.")
    )


def _fault(error: Exception) -> tuple[str, int]:  # noqa: ARG001
    g.hides_address = True  # asks the database nothing more: it may be what broke
    code = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    log.error("fault %s at %s %s", code, request.method, request.path)  # its traceback stands just above
    said = (
        _("Nothing was sent. What you typed stands below; try again in a moment.")
        if request.method == "POST"
        else _("Nothing is lost. Try again in a moment.")
    )
    return _page(500, _("Something broke on our side"), said, code=code, keeps=True)


def log_fault(app: Flask, exc_info: Any) -> None:
    """Flask's own line, which quotes what an exception says; but for who works with an open key, whose exceptions may
    say what only they can read: then its kind and where in the program."""
    person = g.get("person")
    if person is None or not person.is_key_open:
        Flask.log_exception(app, exc_info)
        return
    kind, error, _trace = exc_info
    places = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    log.error("%s at %s, with an open key: %s", kind.__name__, request.endpoint, places)


def install(app: Flask) -> None:
    """Answer every kind of error with the same page."""
    app.log_exception = MethodType(log_fault, app)  # type: ignore[method-assign]
    app.register_error_handler(404, not_found)
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(CSRFError, _forgery)
    app.register_error_handler(413, _too_large)
    app.register_error_handler(InvalidInput, _invalid)
    app.register_error_handler(SealedNotKept, _sealed)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(HTTPException, _other)
    app.register_error_handler(500, _fault)
