"""The web application: settings, extensions, pages and administration, put together. Wiring only."""

from __future__ import annotations

import sys

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import admin
import commands
import parts
import readiness
from config import ROOT, Settings, read_settings
from engine.cases.files import FileStore
from engine.clock import Clock, system_clock
from engine.database import Database, open_database
from engine.errors import EnvironmentFault, KeyNeeded
from engine.publishing import library
from web import about, control_signs, errors, installation, language, layout, protection, sign_in, transaction, unlocked
from web.installation import Installation
from web.officer import (
    bulk,
    case,
    cases,
    ceremony,
    files,
    form,
    incidents,
    intake,
    keys,
    new_case,
    pausing,
    profile,
    queue,
    retention,
    sealed,
    second_factor,
    stand_ins,
    statistics,
    views,
)

PAGES = (
    about.bp, sign_in.bp, queue.bp, bulk.bp, views.bp, new_case.bp, intake.bp, case.bp, form.bp, cases.bp,
    files.bp, sealed.bp, incidents.bp, pausing.bp, profile.bp, keys.bp, ceremony.bp,
    second_factor.bp, stand_ins.bp, statistics.bp, retention.bp,
)  # fmt: skip


def create_app(
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
        made = _put_together(found, database, clock)
        readiness.settle()
        return made
    except EnvironmentFault as fault:
        print(f"alur: {fault}", file=sys.stderr)
        raise SystemExit(4) from None


def _put_together(settings: Settings, database: Database | None, clock: Clock) -> Flask:
    app = Flask(
        "alur",
        root_path=str(ROOT),
        template_folder="web/templates",
        static_folder="web/static",
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=(settings.max_upload_megabytes + 1) * 1_000_000,
        MAX_FORM_MEMORY_SIZE=4_000_000,
        MAX_FORM_PARTS=20_000,
        SESSION_COOKIE_NAME="__Host-alur_form" if settings.is_https else "alur_form",
        SESSION_COOKIE_PATH="/",
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_https,
        TESTING=settings.environment == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.url_map.converters["int"] = protection.StoredNumber
    ours = Installation(settings, database or _opened(settings), clock, FileStore(settings.files_dir))
    installation.refuse_unready(ours)
    installation.install(app, ours)
    control_signs.install(app)
    transaction.install(app)
    sign_in.install(app)
    protection.install(app, sign_in.ask_to_sign_in)
    language.install(app)
    layout.install(app)
    errors.install(app)
    app.register_error_handler(KeyNeeded, unlocked.ask_for_key)
    protection.declare(app, "static", protection.ANYBODY)
    for page in PAGES:
        app.register_blueprint(page)
    parts.install(app)
    admin.install(app)
    commands.register(app)
    return app


def _opened(settings: Settings) -> Database:
    """The database. Commands open theirs themselves, and those that need none must start where there is none."""
    try:
        return open_database(settings.database_url)
    except EnvironmentFault:
        if installation.is_command():
            return open_database("sqlite://")
        raise
