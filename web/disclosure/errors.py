"""What a reporter reads when something goes wrong: what happened, what is safe, what next. And what is logged: little.

A log line names the page by its endpoint and the fault by its kind and place in the program; no address, no browser,
no parameter, no message of an exception, which may quote what somebody typed.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from contextlib import suppress
from typing import Any

from flask import Flask, Response, current_app, g, make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import ClientDisconnected, HTTPException

from engine.channel.files import settings_for
from engine.channel.sending import TooManyReports
from engine.definitions.model import Text
from engine.errors import DefinitionError, InvalidInput, KeyNeeded, NotFound
from engine.organisation.passwords import TooBusy
from web.disclosure import adding, mine
from web.disclosure.browser import TOKEN, note_cut
from web.disclosure.ended import Ended
from web.disclosure.house import READING, door, now
from web.disclosure.language import megabytes
from web.disclosure.showing import show
from web.disclosure.uploads import AROUND_A_FILE, FORM_BYTES, read_away

log = logging.getLogger("alur.reports")

UPLOADS = frozenset({"adding.upload", "mine.upload"})
_BUSY_SECONDS = 120
_SHORTEST_TYPED = 20  # shorter than this there is nothing worth copying


def _page(status: int, title: str, text: str, **values: Any) -> tuple[str, int]:
    if request.method not in READING and request.endpoint is not None:
        g.shown_at = _here().removeprefix(request.script_root)  # where the other language can be read
    return show("error.html", status=status, title=title, text=text, **values)


def _not_found(error: Exception) -> tuple[str, int]:  # noqa: ARG001
    return _page(404, _("Page not found"), _("The address may be wrong."))


def _ended(error: Exception) -> tuple[str, int]:  # noqa: ARG001
    text = _("Your session has ended. If you have a code already, type it here. If not, start again.")
    return _page(403, _("Your session has ended"), text, is_over=True, typed=_typed())


def _forgery(error: CSRFError) -> tuple[str, int]:  # noqa: ARG001
    if request.endpoint in UPLOADS and not request.form:  # some servers hand on half a file as if it were all of it
        note_cut()
    text = _("Nothing was sent. Open the page again and send it from there.")
    return _page(400, _("This page was open too long"), text, again=_here(), typed=_typed())


def _too_large(error: HTTPException) -> tuple[str, int] | Response:  # noqa: ARG001
    read_away(request)
    if request.endpoint not in UPLOADS:
        return _page(413, _("That is too much at once"), _("Nothing was saved. Send it in smaller parts."))
    told = _("The file has %(size)s. The limit is %(limit)s. You can send the important part only.",
             size=megabytes(request.content_length or 0), limit=megabytes(door().settings.files.largest))  # fmt: skip
    if request.endpoint == "mine.upload":
        return make_response(mine.too_large(told))
    return make_response(adding.too_large((request.view_args or {})["key"], told))


def _busy(error: Exception) -> Response:  # noqa: ARG001
    return _wait(503, _BUSY_SECONDS)


def _no_database(error: OperationalError | NoConnection) -> Response:
    """It is away, or everybody waits for its one lock or for a connection: nothing was kept, and trying again is
    right."""
    log_fault(current_app, (type(error), error, None))
    return _wait(503, _BUSY_SECONDS)


def _too_many(error: TooManyReports) -> Response:
    return _wait(429, max(1, int((error.retry_at - now()).total_seconds())))


def _wait(status: int, seconds: int) -> Response:
    minutes = -(-seconds // 60)
    told = ngettext(
        "Many requests are coming in. Try again in %(num)s minute. What you typed is still on the page before.",
        "Many requests are coming in. Try again in %(num)s minutes. What you typed is still on the page before.",
        minutes,
    )
    answer = make_response(_page(status, _("Many requests are coming in"), told, again=_here(), typed=_typed()))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _cut(error: Exception) -> tuple[str, int]:
    """Nobody reads this answer; whoever comes back to the page is told there."""
    if request.endpoint in UPLOADS:
        note_cut()
    return _invalid(error)


def _invalid(error: Exception) -> tuple[str, int]:  # noqa: ARG001
    return _page(400, _("This cannot be read"), _("Nothing was changed."), typed=_typed())


def _other(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if error.code >= 500:
        return _fault(error)
    return _page(error.code, _("This cannot be read"), _("Nothing was changed."))


def _fault(error: Exception) -> tuple[str, int]:  # noqa: ARG001
    text = _("There is a fault on our side. Your report is not sent yet.")
    if request.endpoint != "sending.send" and request.method not in READING:
        text = _("There is a fault on our side. What you just sent is not saved.")
    elif request.method in READING:
        text = _("There is a fault on our side. Nothing was changed.")
    return _page(500, _("There is a fault on our side"), text, contact=_contact(), typed=_typed())


def _contact() -> Text | None:
    """How else to reach the region's office: of its file, since the database may be what is broken."""
    with suppress(DefinitionError):
        return settings_for(g.region).contact if g.get("region") else None
    return None


def _here() -> str:
    """Where to try again: the page itself, or the one its form stands on."""
    if request.endpoint is None or request.view_args is None:
        return ""
    places = {"adding.upload": "writing.ask", "adding.remove": "writing.ask", "sending.send": "writing.check"}
    endpoint = places.get(request.endpoint, "mine.show_mine" if request.endpoint.startswith("mine.") else "")
    return url_for(endpoint, **request.view_args) if endpoint else request.script_root + request.path


def _typed() -> list[str]:
    """Longer texts of the form, so that they can be copied; never a code."""
    if request.method in READING or request.endpoint in UPLOADS or not request.endpoint:
        return []
    if request.endpoint.startswith(("opening.", "sending.", "leaving.")):
        return []
    return [
        text
        for name, text in request.form.items()
        if name not in (TOKEN, "do") and len(text.strip()) >= _SHORTEST_TYPED
    ]


def log_fault(app: Flask, exc_info: Any) -> None:  # noqa: ARG001  a method of the application
    """In the place of Flask's own line, which quotes the address."""
    kind, error, _trace = exc_info
    places = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    log.error("fault %s at %s: %s, %s", secrets.token_hex(4), request.endpoint, kind.__name__, places)


def install(app: Flask) -> None:
    """Answer every kind of error with a page of our own, and log it without a trace of who met it."""

    @app.before_request
    def make_room() -> None:
        """Only where a file is sent may a request be large. Before anything reads the form."""
        is_upload = request.endpoint in UPLOADS
        request.max_content_length = (door().settings.files.largest + AROUND_A_FILE) if is_upload else FORM_BYTES

    for kind, handler in (
        (404, _not_found), (NotFound, _not_found), (Ended, _ended), (KeyNeeded, _ended), (CSRFError, _forgery),
        (413, _too_large), (TooBusy, _busy), (OperationalError, _no_database), (NoConnection, _no_database),
        (TooManyReports, _too_many), (InvalidInput, _invalid), (ClientDisconnected, _cut), (HTTPException, _other),
        (500, _fault),
    ):  # fmt: skip
        app.register_error_handler(kind, handler)
