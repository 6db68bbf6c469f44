"""``flask disclosure recover``, ``leave`` and ``hand-over``: one person's key, with the custodians or without."""

from __future__ import annotations

import click

from commands.console import USAGE, guarded, language_option, leave, reading, say, tell, writing
from commands.disclosure import ask_for_sheets, disclosure
from config import read_settings
from engine.clock import system_clock
from engine.database import open_database
from engine.disclosure import recovery
from engine.disclosure.leaving import take_key_away
from engine.organisation.accounts import anybody_called


@disclosure.command("recover")
@click.argument("username")
@language_option
@guarded
def recover_command(username: str, language: str) -> None:
    """Open the key of USERNAME, who forgot the password: custodians type their sheets, then USERNAME a new password.
    It is the account's password too; all browsers are signed out."""
    with reading() as session:
        person_id = anybody_called(session, username).id
    sheets = ask_for_sheets(language)
    new = click.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
    database = open_database(read_settings().database_url)
    try:
        recovery.recover_account(database, person_id, sheets, new, by=None, now=system_clock())
    finally:
        database.close()
    tell("The key opens by the new password. Every case stayed open.")


@disclosure.command("leave")
@click.argument("username")
@click.option("--keep-last", is_flag=True, help="Where this key alone opens a case, keep that copy for the custodians.")
@click.option("--yes", is_flag=True, help="Needed: what the key opened is shut to this person at once.")
@language_option
@guarded
def leave_command(username: str, keep_last: bool, yes: bool, language: str) -> None:  # noqa: ARG001
    """Take the key of USERNAME and every case copy sealed for it away. The account stays as it is."""
    if not yes:
        leave(USAGE, "every case is shut to this person at once: say --yes")
    with writing() as session:
        person_id = anybody_called(session, username).id
        gone = take_key_away(session, person_id, keeps_last=keep_last, by=None, now=system_clock())
    say(f"{gone.cases} case copies removed.")
    if gone.kept:
        say(f"{gone.kept} cases are kept for the custodians, who hand them over: flask disclosure hand-over")


@disclosure.command("hand-over")
@click.argument("username")
@click.argument("to", metavar="TO")
@language_option
@guarded
def hand_over_command(username: str, to: str, language: str) -> None:
    """Give TO the cases that the key of USERNAME alone opens: custodians type their sheets. They answer for it that TO
    is not reported in them."""
    with reading() as session:
        person_id, to_id = anybody_called(session, username).id, anybody_called(session, to).id
    sheets = ask_for_sheets(language)
    database = open_database(read_settings().database_url)
    try:
        count = recovery.hand_over(database, person_id, to_id, sheets, by=None, now=system_clock())
    finally:
        database.close()
    say(f"{count} cases were handed over.")
