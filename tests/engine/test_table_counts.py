"""A large SQLite database knows how its tables fill; a small one, and PostgreSQL, are left alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from config import Settings
from engine.database import Database, open_database
from engine.table_counts import LEAST, count_tables
from tests.conftest import FrozenClock
from tests.factories import a_region
from worker import Worker


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    found = open_database(sqlite_url)
    yield found
    found.close()


def is_counted(database: Database) -> bool:
    with database.reading() as session:
        return bool(session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")))


def test_a_small_database_is_left_alone_and_counted_when_asked(sqlite: Database) -> None:
    with sqlite.writing.begin() as session:
        a_region(session)
        assert not count_tables(session)
    assert not is_counted(sqlite)
    with sqlite.writing.begin() as session:
        assert count_tables(session, least=0)
    with sqlite.reading() as session:
        found = session.execute(text("SELECT DISTINCT tbl FROM sqlite_stat1")).scalars().all()
    assert "regions" in found


def test_a_worker_counts_a_large_database_by_itself(sqlite: Database, clock: FrozenClock) -> None:
    with sqlite.writing.begin() as session:
        a_region(session)
        session.execute(text("CREATE TABLE ballast (content BLOB)"))
        session.execute(text("INSERT INTO ballast VALUES (zeroblob(:size))"), {"size": LEAST})
    Worker(Settings(secret_key="k" * 40), database=sqlite, clock=clock).run(once=True)
    assert is_counted(sqlite)


def test_only_sqlite_has_to_be_told(database: Database) -> None:
    with database.writing.begin() as session:
        assert count_tables(session, least=0) == (database.engine.dialect.name == "sqlite")
