"""What one running process holds: settings, the database, the clock, the files and the words definitions may use."""

from __future__ import annotations

from dataclasses import dataclass

from click import get_current_context
from flask import Flask, current_app

from config import Settings
from engine.cases.files import FileStore
from engine.clock import Clock
from engine.database import Database
from engine.errors import EnvironmentFault
from engine.migration import is_at_newest
from engine.organisation.accounts import has_demo_accounts

KEY = "alur"


@dataclass(slots=True)
class Installation:
    """``app.extensions["alur"]``. Tests put another ``clock`` in; nothing else changes after start-up."""

    settings: Settings
    database: Database
    clock: Clock
    files: FileStore


def install(app: Flask, installation: Installation) -> None:
    """Put ``installation`` where ``here`` finds it."""
    app.extensions[KEY] = installation


def refuse_unready(installation: Installation) -> None:
    """Stop a production server that must not run as things are.

    Raises EnvironmentFault for accounts with published passwords and for a database that is not at the newest
    migration. The command line starts all the same: it is what puts these right.
    """
    if not installation.settings.is_production or get_current_context(silent=True) is not None:
        return
    if not is_at_newest(installation.database.engine):
        raise EnvironmentFault("The database is not at the newest migration. Run: flask database upgrade")
    with installation.database.reading() as session:
        if has_demo_accounts(session):
            raise EnvironmentFault("Accounts of the demonstration have published passwords; remove them first.")


def here() -> Installation:
    """The installation that serves this request."""
    found: Installation = current_app.extensions[KEY]
    return found
