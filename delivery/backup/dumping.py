"""A database into one file and out of one: SQLite by its own backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

from engine.database import database_url
from engine.errors import EnvironmentFault


def backend_of(url: str) -> str:
    """``sqlite`` or ``postgresql``."""
    return database_url(url).get_backend_name()


def dump(url: str, into: Path) -> None:
    """The whole database as it is at one moment, while it goes on working. Raises EnvironmentFault."""
    if backend_of(url) == "sqlite":
        source, copy = sqlite3.connect(_file(url)), sqlite3.connect(into)
        try:
            source.backup(copy)
        except sqlite3.Error as fault:
            raise EnvironmentFault(f"The database cannot be read: {fault}") from fault
        finally:
            copy.close()
            source.close()
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={into}", _plain(url))


def load(url: str, source: Path) -> None:
    """The database again, where there was none. Raises EnvironmentFault, also when one with tables is there."""
    if backend_of(url) == "sqlite":
        place = _file(url)
        if place.exists() and place.stat().st_size:
            raise EnvironmentFault(f"{place} exists already; a backup is restored where there is nothing yet.")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(source, place)
        place.chmod(0o600)
        return
    found = _run("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command",
                 "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", _plain(url))  # fmt: skip
    if found.strip() != "0":
        raise EnvironmentFault("The database has tables already; a backup is restored into an empty one.")
    _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={_plain(url)}", str(source))


def _file(url: str) -> Path:
    return Path(str(database_url(url).database))


def _plain(url: str) -> str:
    return make_url(str(database_url(url).render_as_string(hide_password=False))).set(
        drivername="postgresql"
    ).render_as_string(hide_password=False)  # fmt: skip


def _run(program: str, *arguments: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise EnvironmentFault(f"{program} is needed and not installed: it comes with the client of PostgreSQL.")
    ran = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    if ran.returncode:
        told = ran.stderr.strip().splitlines()
        raise EnvironmentFault(f"{program} failed: {told[0] if told else ran.returncode}")
    return ran.stdout
