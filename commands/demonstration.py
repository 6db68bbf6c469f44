"""``flask demo …``: build the demonstration, or put it back as it was."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from commands.console import USAGE, guarded, leave, tell
from commands.database import to_newest
from config import read_settings
from demo.build import build as build_demonstration
from demo.build import reset as reset_demonstration
from web.installation import here

demo = AppGroup("demo", help="Demonstration data.")


@demo.command("build")
@guarded
def build_command() -> None:
    """Fill an empty database with the demonstration. One that is not empty is left as it is."""
    settings = read_settings()
    to_newest(settings.database_url)
    if not build_demonstration(settings, tell, here().clock()):
        tell("The database is not empty; nothing was changed.")


@demo.command("reset")
@click.option("--yes", is_flag=True, help="Needed: everything in the database goes.")
@guarded
def reset_command(yes: bool) -> None:
    """Take everything down and build the demonstration anew."""
    if not yes:
        leave(USAGE, "everything in the database would go: say --yes")
    settings = read_settings()
    to_newest(settings.database_url)
    reset_demonstration(settings, tell, here().clock())
    tell("The demonstration is as it was.")
