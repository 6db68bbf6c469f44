"""The reporters' application, a process of its own: settings, protection and pages put together. Wiring only."""

from __future__ import annotations

import logging
import sys
from types import MethodType
from urllib.parse import urlsplit

from flask import Flask, g

import readiness
from config import ROOT, Settings, read_settings
from delivery.cleaning.clean import clean
from engine.clock import Clock, system_clock
from engine.database import Database, open_database
from engine.disclosure.vault import Vault
from engine.errors import EnvironmentFault
from engine.publishing import library
from web.disclosure import (
    adding,
    browser,
    errors,
    home,
    house,
    language,
    leaving,
    mine,
    opening,
    protection,
    sending,
    showing,
    uploads,
    writing,
)

PAGES = (home.bp, writing.bp, adding.bp, sending.bp, opening.bp, mine.bp, leaving.bp)


def create_reporting_app(
    settings: Settings | None = None, *, database: Database | None = None, clock: Clock = system_clock
) -> Flask:
    """The application for ``settings``; tests give their database and clock.

    Without settings it is a process that starts: it takes the environment's, and when it must not run as things are
    it says so in one sentence and ends with 4.
    """
    if settings is not None:
        return _put_together(settings, database, clock)
    try:
        found = read_settings()
        readiness.leave_no_core()
        library.keep_compiled(found.cache_dir, found.secret_key)
        opened = open_database(found.database_url)
        if found.is_production:
            _refuse_unsafe(found)
            readiness.refuse_unready(opened, found)
        return _put_together(found, opened, clock)
    except EnvironmentFault as fault:
        print(f"alur: {fault}", file=sys.stderr)
        raise SystemExit(4) from None


def _refuse_unsafe(settings: Settings) -> None:
    if not settings.report_url.startswith("https://"):
        raise EnvironmentFault("ALUR_REPORT_URL must begin with https://: nothing of a reporter may travel readable.")
    if urlsplit(settings.report_url).netloc == urlsplit(settings.base_url).netloc:
        raise EnvironmentFault("ALUR_REPORT_URL must be another host name than ALUR_BASE_URL: cookies must never meet.")
    _ = settings.pepper


def _put_together(settings: Settings, database: Database | None, clock: Clock) -> Flask:
    app = Flask("alur_reports", root_path=str(ROOT), template_folder="web/templates/disclosure", static_folder=None)
    app.request_class = uploads.ReporterRequest
    app.session_interface = browser.Browsers()
    is_https = settings.report_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=uploads.FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=uploads.FORM_BYTES,
        MAX_FORM_PARTS=uploads.MOST_PARTS,
        SESSION_COOKIE_NAME="__Host-s" if is_https else "s",  # says nothing of what it is for
        TESTING=settings.environment == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    # An address that is nearly right is answered or not found: a redirect would repeat the host the request made up.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.pop("config", None)  # no page can print a secret
    logging.getLogger("flask_wtf.csrf").setLevel(logging.CRITICAL)
    app.log_exception = MethodType(errors.log_fault, app)  # type: ignore[method-assign]
    app.extensions[house.KEY] = house.House(
        settings, database or open_database(settings.database_url), clock, Vault(settings.sealed_dir),
        settings.pepper, clean,
    )  # fmt: skip
    app.teardown_request(house.close)
    language.install(app)
    showing.install(app)
    errors.install(app)
    protection.install(app)
    app.after_request(browser.finish)
    app.register_blueprint(home.public)
    for page in PAGES:
        app.register_blueprint(page, url_prefix="/<region>")
    _carry_region(app)
    app.before_request(protection.notice_addresses)
    return app


def _carry_region(app: Flask) -> None:
    """Views need not ask for the region in their address, nor say it in those they write."""

    @app.url_value_preprocessor
    def take_region(endpoint: str | None, values: dict[str, str] | None) -> None:  # noqa: ARG001
        if values:
            g.region = values.pop("region", None)

    @app.url_defaults
    def give_region(endpoint: str, values: dict[str, str]) -> None:
        if "region" not in values and g.get("region") and app.url_map.is_endpoint_expecting(endpoint, "region"):
            values["region"] = g.region
