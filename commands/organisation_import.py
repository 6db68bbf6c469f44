"""``flask organisation import``: units, positions, people, holders and groups of a region from one file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.console import FINDINGS, guarded, language_option, say, tell
from config import read_settings
from engine.clock import system_clock
from engine.database import open_database
from engine.definitions.findings import formatted
from engine.definitions.model import Text
from engine.definitions.problems import Problem
from engine.organisation import accounts, passwords
from engine.organisation.importing import Imported, import_region
from engine.organisation.models import Account
from engine.organisation.recorded import Author
from engine.organisation.written import WrittenRegion, read_organisation

organisation = AppGroup("organisation", help="Who works where, from a file.")

WHAT = {
    "region": Text("daerah", "region"),
    "unit": Text("unit", "unit"),
    "position": Text("jabatan", "position"),
    "person": Text("pegawai", "person"),
    "holder": Text("pemangku", "holder"),
    "group": Text("kelompok", "group"),
    "member": Text("anggota", "member"),
}
TOTAL = Text(
    "{region}: {added} baru, {changed} berubah, {same} tetap.",
    "{region}: {added} new, {changed} changed, {same} as they were.",
)
DRY = Text("Belum ada yang ditulis; --yes menulisnya.", "Nothing was written; --yes writes it.")


@organisation.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", "is_meant", is_flag=True, help="Write it. Without this nothing is changed.")
@click.option("--accounts", "with_accounts", is_flag=True, help="Give everybody in FILE an account named by their key.")
@language_option
@guarded
def import_file(file: Path, is_meant: bool, with_accounts: bool, language: str) -> None:
    """Bring regions to what FILE says of them: add and change, remove nothing. The same file twice changes nothing.

    FILE is YAML: regions, each with name, timezone, settings, units, positions, people, holders, groups. First
    passwords of new accounts are printed once; they have to be changed at once.
    """
    written, problems = read_organisation(file.read_bytes(), _shown(file))
    if any(problem.is_error for problem in problems):
        _refuse(problems, language)
    if problems:
        tell(formatted(problems, "text", language))
    secrets = _secrets(written) if with_accounts and is_meant else {}
    database = open_database(read_settings().database_url)
    try:
        with database.writing() as session:
            author = Author(None, system_clock())
            done = [import_region(session, region, author=author) for region in written]
            refused = [problem for each in done for problem in each.problems]
            if refused:
                session.rollback()
                _refuse([*problems, *refused], language)
            opened: list[str] = []
            for region, each in zip(written, done, strict=True):
                _say(region, each, language)
                opened += _open_accounts(session, region, each, secrets, author) if secrets else []
            if not is_meant:
                session.rollback()
                say(DRY.into(language))
                return
            session.commit()
        for line in opened:
            say(line)
    finally:
        database.close()


def _refuse(problems: Sequence[Problem], language: str) -> None:
    say(formatted(problems, "text", language))
    sys.exit(FINDINGS)


def _shown(file: Path) -> str:
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.as_posix()


def _say(region: WrittenRegion, done: Imported, language: str) -> None:
    for sign, what, key, more in done.lines:
        say(f"{sign} {WHAT[what].into(language)} {key}{f': {more}' if more else ''}")
    added = sum(line[0] == "+" for line in done.lines)
    counts = {"added": added, "changed": len(done.lines) - added, "same": done.unchanged}
    say(TOTAL.into(language).format(region=region.key, **counts))


def _secrets(written: Sequence[WrittenRegion]) -> dict[str, tuple[str, str]]:
    """A password and its hash for everybody, made before the transaction because hashing takes its time."""
    made = {}
    for region in written:
        for person in region.people:
            password = accounts.new_password()
            made[person.key] = (password, passwords.hashed(password))
    return made


def _open_accounts(
    session: Session, region: WrittenRegion, done: Imported, secrets: dict[str, tuple[str, str]], author: Author
) -> list[str]:
    """The names and first passwords of those who had none."""
    opened = []
    for key, person_id in done.people.items():
        is_admin = key in region.administrators
        present = session.scalars(select(Account).where(Account.person_id == person_id)).one_or_none()
        if present is not None:
            if is_admin and not present.is_admin:
                accounts.set_admin(session, person_id, True, by=None, now=author.now)
            continue
        password, password_hash = secrets[key]
        accounts.open_account(
            session, person_id, key, password_hash, by=None, now=author.now, is_admin=is_admin,
            must_change_password=True,
        )  # fmt: skip
        opened.append(f"{key} {password}")
    return opened
