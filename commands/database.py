"""``flask db …``: bring the database to the newest migration, or say where it stands."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from commands.console import ENVIRONMENT, guarded, leave, say, tell
from config import read_settings
from engine.errors import EnvironmentFault
from engine.migration import schema_state, write_migration
from engine.migration import upgrade as bring_up

db = AppGroup("db", help="The database's tables.")

STATES = {
    "empty": "empty: run flask db upgrade",
    "older": "older than this program: run flask db upgrade",
    "newest": "at the newest migration",
    "unknown": "made by a newer Alur, or by something else",
}


def to_newest(url: str) -> None:
    """Bring the database to the newest migration. Raises EnvironmentFault for one this program does not know."""
    if schema_state(url) == "unknown":
        raise EnvironmentFault(f"The database was {STATES['unknown']}; use the matching version of Alur.")
    bring_up(url)


@db.command("upgrade")
@guarded
def upgrade_command() -> None:
    """Bring the database to the newest migration. What is there stays."""
    to_newest(read_settings().database_url)
    tell("The database is at the newest migration.")


@db.command("status")
@guarded
def status_command() -> None:
    """How the database stands to this program; exit 4 unless it is at the newest migration."""
    state = schema_state(read_settings().database_url)
    say(STATES[state])
    if state != "newest":
        leave(ENVIRONMENT)


@db.command("write-migration")
@click.argument("message")
@guarded
def write_migration_command(message: str) -> None:
    """For developers: draft a migration of what the models have and the database has not. Read it, then keep it."""
    url = read_settings().database_url
    if schema_state(url) != "newest":
        leave(ENVIRONMENT, "the database has to be at the newest migration first: run flask db upgrade")
    say(str(write_migration(url, message)))
