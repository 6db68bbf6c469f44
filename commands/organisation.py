"""``flask region …`` and ``flask account …``: what an installation needs before anybody can sign in."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.console import guarded, language_option, say, writing
from config import read_settings
from engine.clock import system_clock
from engine.database import open_database
from engine.errors import NotFound
from engine.organisation import accounts, passwords, second_factor
from engine.organisation.models import Unit
from engine.organisation.people import add_person
from engine.organisation.recorded import Author
from engine.organisation.regions import add_region, region_called

region = AppGroup("region", help="Local governments of this installation.")
account = AppGroup("account", help="Who signs in.")


@region.command("create")
@click.argument("key")
@click.argument("name")
@click.option("--timezone", default="Asia/Jakarta", show_default=True, help="IANA name of its time zone.")
@language_option
@guarded
def create_region(key: str, name: str, timezone: str, language: str) -> None:  # noqa: ARG001  guarded reads it
    """Add the region KEY, called NAME. Its key names the folder of its overlays and stays."""
    with writing() as session:
        made = add_region(session, key=key, name=name, timezone=timezone, author=Author(None, system_clock()))
        say(f"{made.key} {made.name}")


@account.command("create")
@click.argument("username")
@click.option("--region", "region_key", required=True, metavar="KEY", help="Where the person works.")
@click.option("--name", required=True, help="The person's name.")
@click.option("--email", help="The person's office e-mail.")
@click.option("--unit", "unit_key", metavar="KEY", help="The unit; can be given later in the administration.")
@click.option("--admin", "is_admin", is_flag=True, help="May use the administration. This opens no case.")
@language_option
@guarded
def create_account(
    username: str,
    region_key: str,
    name: str,
    email: str | None,
    unit_key: str | None,
    is_admin: bool,
    language: str,
) -> None:
    """Add a person with the account USERNAME and print the first password, once. It has to be changed at once."""
    password = accounts.new_password()
    password_hash = passwords.hashed(password)
    with writing() as session:
        now = system_clock()
        home = region_called(session, region_key)
        unit_id = None if unit_key is None else _unit(session, home.id, unit_key)
        person = add_person(
            session, home.id, name=name, email=email, unit_id=unit_id, language=language, author=Author(None, now)
        )
        session.flush()
        accounts.open_account(
            session,
            person.id,
            username,
            password_hash,
            by=None,
            now=now,
            is_admin=is_admin,
            must_change_password=True,
        )
    say(password)


@account.command("password")
@click.argument("username")
@guarded
def reset_password(username: str) -> None:
    """Print a new password for USERNAME, once. All browsers are signed out; it has to be changed at once."""
    database = open_database(read_settings().database_url)
    try:
        with database.reading() as session:
            person_id = accounts.person_called(session, username).id
        say(accounts.reset_password(database, person_id, by=None, now=system_clock()))
    finally:
        database.close()


@account.command("second-factor")
@click.argument("username")
@click.option("--off", is_flag=True, required=True, help="Take it away; the password alone signs in again.")
@guarded
def reset_second_factor(username: str, off: bool) -> None:  # noqa: ARG001  said, so that nobody does it by mistake
    """Help USERNAME, who lost telephone and recovery codes. All browsers are signed out."""
    with writing() as session:
        person = accounts.person_called(session, username)
        second_factor.reset(session, person.id, by=None, now=system_clock())


@account.command("admin")
@click.argument("username")
@click.option("--off", is_flag=True, help="Take the right away.")
@guarded
def set_admin(username: str, off: bool) -> None:
    """Open the administration to USERNAME, or close it: the way back in when no administrator is left."""
    with writing() as session:
        person = accounts.person_called(session, username)
        accounts.set_admin(session, person.id, not off, by=None, now=system_clock())


def _unit(session: Session, region_id: int, key: str) -> int:
    found = session.scalars(select(Unit.id).where(Unit.region_id == region_id, Unit.key == key)).one_or_none()
    if found is None:
        raise NotFound(f"There is no unit '{key}' in that region.")
    return found
