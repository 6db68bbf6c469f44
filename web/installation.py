"""What one running process holds: settings, the database, the clock, the files and the words definitions may use."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app

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


def here() -> Installation:
    """The installation that serves this request."""
    found: Installation = current_app.extensions[KEY]
    return found
