"""What every test may ask for: a session, a database of its own, a clock that stands still, a mail server."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

import parts
from engine.database import Database, make_engine, open_database
from engine.disclosure import officers
from engine.organisation import passwords
from engine.organisation.snapshot import forget
from engine.publishing import library
from sakip import standing
from tests.databases import PostgresDatabases, SqliteFiles, postgres_server
from tests.engines import nothing_kept_for_power_cuts, statements_compiled_once
from tests.factories import CHEAP_COST, CHEAP_HASHER
from tests.mail_sink import MailSink

parts.load()

# Each takes many seconds in one piece: begun last, one would hold up the end of a run while a core has nothing to do.
LONG = (
    "tests/journeys/test_a_report.py", "tests/journeys/test_a_report_that_hurts_nobody.py",
    "tests/disclosure/test_hundred_at_once.py", "tests/test_serve.py", "tests/test_worker.py",
    "tests/commands/test_operating.py", "tests/commands/test_demonstration.py",
    "tests/commands/test_demonstration_changed.py", "tests/disclosure/test_seized_server.py",
    "tests/disclosure/test_every_route.py", "tests/docs/test_found.py", "tests/engine/channel/test_at_once.py",
    "tests/journeys/year/", "tests/sakip/test_the_year.py",
)  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection() -> None:
    gc.disable()  # what is made while tests are collected stays: looking through it again took a third of the time


def pytest_collection_finish() -> None:
    """The tests themselves, ten thousand, stay until the end: the collector of garbage need not walk over them; and
    what a test leaves is not worth a look at every seven hundred things made."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


class FrozenClock:
    """A clock that moves only when told. Calling it gives the moment, as ``engine.clock`` does."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> datetime:
        """Moves on by ``days=``, ``hours=``, ``minutes=`` … and gives the new moment."""
        self.moment += timedelta(**span)
        return self.moment


@pytest.fixture
def clock() -> FrozenClock:
    """Monday 2 March 2026, 09.00 in Jakarta."""
    return FrozenClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))


@pytest.fixture
def now(clock: FrozenClock) -> datetime:
    return clock()


@pytest.fixture(autouse=True)
def _no_organisation_of_another_database() -> None:
    """A process keeps organisations, and what counts there, by region; the next test's region 1 is a different one."""
    forget()
    library.forget()
    standing.forget()


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    """The same hash with little memory and time: a test run signs in hundreds of times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", CHEAP_HASHER)
        patch.setattr(officers, "_cost", CHEAP_COST)
        yield


@pytest.fixture(autouse=True, scope="session")
def _statements_compiled_once() -> Iterator[None]:
    with statements_compiled_once(), nothing_kept_for_power_cuts():
        yield


@pytest.fixture(autouse=True, scope="session")
def _templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Most tests of pages make an application of their own; the compiled templates are the same for all, and for all
    processes of a run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    (folder / "templates").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        cache = FileSystemBytecodeCache(str(folder / "templates"))
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": cache})
        yield


@pytest.fixture(autouse=True, scope="session")
def _addresses_compiled_once() -> Iterator[None]:
    """Werkzeug makes Python of the text of each address, twice: half of what making an application takes, and the
    functions are the same for all of them."""
    known: dict[object, Any] = {}
    compile_builder = Rule._compile_builder

    def compile_once(self: Rule, append_unknown: bool = True) -> Any:
        if self.defaults:
            return compile_builder(self, append_unknown)
        key = self.rule, tuple(self._trace), append_unknown  # all that the function is made of
        if key not in known:
            known[key] = compile_builder(self, append_unknown)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    with postgres_server() as url:
        databases = PostgresDatabases(url)
        yield databases
        databases.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> SqliteFiles | PostgresDatabases:
    """Either kind of database, one after the other: what asks for this runs on both."""
    return request.getfixturevalue("sqlite_files" if request.param == "sqlite" else "postgres_databases")


@pytest.fixture
def engine_url(databases: SqliteFiles | PostgresDatabases) -> Iterator[str]:
    """The URL of a database of the test's own, with all tables and no rows; on both kinds."""
    url = databases.lent()
    yield url
    databases.give_back(url)


@pytest.fixture
def empty_url(databases: SqliteFiles | PostgresDatabases) -> Iterator[str]:
    """The URL of a database without tables; on both kinds."""
    url = databases.new_empty()
    yield url
    databases.drop(url)


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles) -> Iterator[str]:
    """The same on SQLite alone: for tests of what is above the database."""
    url = sqlite_files.new()
    yield url
    sqlite_files.drop(url)


@pytest.fixture
def database(engine_url: str) -> Iterator[Database]:
    """A database of the test's own, for tests that commit or use several connections; on both kinds."""
    opened = open_database(engine_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared_engine(databases: SqliteFiles | PostgresDatabases) -> Iterator[Engine]:
    url = databases.new()
    engine = make_engine(url)
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back after the test, commits included; on both kinds."""
    with shared_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as opened:
            yield opened
        transaction.rollback()


@pytest.fixture
def mail_sink() -> Iterator[MailSink]:
    """A running SMTP server: ``host``, ``port``, ``messages``."""
    sink = MailSink()
    sink.start()
    yield sink
    sink.stop()
