"""What one running process holds: settings, the database, the clock, the files and the words definitions may use."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from flask import Flask, current_app

import readiness
from config import Settings
from engine.cases.files import FileStore
from engine.clock import Clock
from engine.database import Database

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

    Raises EnvironmentFault for accounts with published passwords, for a database that is not at the newest migration,
    and for sealed cases without a pepper. The command line starts all the same: it is what puts these right.
    """
    if not installation.settings.is_production or is_command():
        return
    readiness.refuse_unready(installation.database, installation.settings)


def is_command() -> bool:
    """Whether this is a ``flask`` command other than ``run``. A server's own command line does not count."""
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true" and "run" not in sys.argv[1:]


def here() -> Installation:
    """The installation that serves this request."""
    found: Installation = current_app.extensions[KEY]
    return found
