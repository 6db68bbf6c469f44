"""The headers every answer carries, and forgery protection: no script can run, nothing is cached, nothing is told on.

Browsers send neither where a reporter came from nor, with a strict cookie, the cookie along from another site. What
is compressed holds no secret: pages of a reporter are not compressed but filled up, so that their length says little.
"""

from __future__ import annotations

import gzip
from datetime import date

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect

from engine.disclosure import passed_on
from web.disclosure.browser import browser
from web.disclosure.house import here, now

csrf = CSRFProtect()

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_OFF = (
    "accelerometer", "ambient-light-sensor", "attribution-reporting", "autoplay", "bluetooth", "browsing-topics",
    "camera", "clipboard-read", "clipboard-write", "compute-pressure", "display-capture", "encrypted-media",
    "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection",
    "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb", "web-share",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
HEADERS = {
    "Server": "web",  # else the server names itself
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _OFF),
}
LOOK_AGE = 31_536_000
STEP = 2048  # bytes a reporter's page is filled up to
_QUIET_SECONDS = 20 * 60
_SHORTEST_TO_COMPRESS = 500


def install(app: Flask) -> None:
    """Turn on forgery protection and headers."""
    # Browsers asked for no-referrer send none, so there is none to compare; the token and the strict cookie do that.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False, WTF_CSRF_CHECK_DEFAULT=True)
    csrf.init_app(app)
    app.after_request(_protect)


def notice_addresses() -> None:
    """A proxy that passes on addresses is noted once a day, for the operator; the addresses are not looked at."""
    today = now().date()
    if _noticed[0] != today and passed_on.is_telling(request.headers.get(name) for name in passed_on.HEADERS):
        _noticed[0] = today
        passed_on.note(here().vault.folder, today)


_noticed: list[date | None] = [None]


def _protect(response: Response) -> Response:
    for name in ("ETag", "Last-Modified"):
        response.headers.pop(name, None)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if here().is_https:
        response.headers["Strict-Transport-Security"] = f"max-age={LOOK_AGE}"
    kept = g.get("page")
    if kept is not None and kept.is_quiet and kept.receipt is None and "Refresh" not in response.headers:
        response.headers["Refresh"] = f"{_QUIET_SECONDS}; url={request.script_root}/{g.region}/away"
    _offer_onion(response)
    if response.mimetype in ("text/html", "text/css") and not response.is_streamed:
        _shape(response)
    return response


def _offer_onion(response: Response) -> None:
    """Tor Browser goes there by itself, or offers to, from the pages everybody may read."""
    opened = g.get("door")
    if opened is not None and opened.settings.onion_url and (request.endpoint or "").startswith("home."):
        address = opened.settings.onion_url.rstrip("/") + request.script_root + request.path
        response.headers["Onion-Location"] = address


def _shape(response: Response) -> None:
    """Compresses what everybody reads; fills up what only one reporter does."""
    is_for_all = response.mimetype == "text/css" or (browser().came_with is None and not browser().was_asked)
    if is_for_all:
        response.headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", "") and len(response.data) > _SHORTEST_TO_COMPRESS:
            response.set_data(gzip.compress(response.data, 9, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
    else:
        frame = b"<!---->\n"
        left = -(len(response.data) + len(frame)) % STEP
        response.set_data(response.data + b"<!--" + b" " * left + b"-->\n")
