"""Who may use which route, forgery protection, and the headers every answer carries.

Every view names its rule with one of the decorators below; a route without a rule answers as if it did not exist, and
a test finds it. Rules of pages made by others (static files, the administration) are declared by endpoint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, g, request
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from web.installation import here

View = TypeVar("View", bound=Callable[..., Any])


class StoredNumber(IntegerConverter):
    """A number in an address, no larger than the database keeps; a larger one is an address that does not exist."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": 2**63 - 1, **options})


ANYBODY, SIGNED_IN, ADMINISTRATOR = "anybody", "signed_in", "administrator"

csrf = CSRFProtect()

# Bootstrap's stylesheet draws some signs from data: addresses. Everything else is our own, and nothing is inline.
POLICY = {
    "default-src": "'none'",
    "img-src": ["'self'", "data:"],
    "style-src": "'self'",
    "script-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


def _rule(name: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.may_use = name  # type: ignore[attr-defined]
        return view

    return mark


anybody = _rule(ANYBODY)
signed_in = _rule(SIGNED_IN)
administrator = _rule(ADMINISTRATOR)


def declare(app: Flask, endpoint_prefix: str, rule: str) -> None:
    """Name the rule of all endpoints that begin with ``endpoint_prefix`` ("static", "admin.") and are not ours."""
    app.extensions.setdefault("alur_rules", {})[endpoint_prefix] = rule


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The rule of a route, or None when nobody named one."""
    view = app.view_functions[endpoint]
    named: str | None = getattr(view, "may_use", None)
    if named is None:
        for prefix, rule in app.extensions.get("alur_rules", {}).items():
            if endpoint.startswith(prefix):
                return str(rule)
    return named


def install(app: Flask, sign_in_first: Callable[[], Any]) -> None:
    """Turn on forgery protection, headers and rules. ``sign_in_first`` answers somebody who has to sign in."""
    is_https = here_settings(app).is_https
    csrf.init_app(app)
    Talisman(
        app,
        force_https=is_https,
        strict_transport_security=is_https,
        session_cookie_secure=is_https,
        content_security_policy=POLICY,
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy=dict.fromkeys(("browsing-topics", "camera", "geolocation", "microphone"), "()"),
    )

    @app.before_request
    def follow_the_rule() -> Any:
        if request.endpoint is None:
            return None
        rule = rule_of(app, request.endpoint)
        if rule == ANYBODY:
            return None
        if rule not in (SIGNED_IN, ADMINISTRATOR):
            abort(404)
        if g.get("person") is None:
            return sign_in_first()
        if rule == ADMINISTRATOR and not g.person.is_admin:
            abort(404)
        return None

    @app.after_request
    def keep_out_of_caches(response: Response) -> Response:
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
            response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response


def here_settings(app: Flask) -> Any:
    """The settings of ``app``, outside a request."""
    with app.app_context():
        return here().settings
