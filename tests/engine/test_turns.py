"""Writers of one SQLite file take turns: who came first writes first, nobody waits for ever, nobody blocks the rest."""

from __future__ import annotations

import gc
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from engine.database import Database, open_database
from engine.turns import turns_of

PATIENCE_MS = 200


def file_of(url: str) -> str:
    return str(make_url(url).database)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url)
    with opened.writing.begin() as session:
        session.execute(text("CREATE TABLE lines (number INTEGER PRIMARY KEY, writer INTEGER NOT NULL)"))
    yield opened
    opened.close()


@pytest.fixture
def impatient(database: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The same file for those who wait a fifth of a second."""
    monkeypatch.setattr("engine.database.BUSY_TIMEOUT_MS", PATIENCE_MS)
    opened = open_database(sqlite_url)
    yield opened
    opened.close()


def write(database: Database, writer: int = 1) -> None:
    with database.writing.begin() as session:
        session.execute(text("INSERT INTO lines (writer) VALUES (:writer)"), {"writer": writer})


def writers(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(text("SELECT writer FROM lines ORDER BY number")))


def queue_up(url: str, count: int, work: Callable[[int], None]) -> list[threading.Thread]:
    """Threads that wait to write, each begun when the one before stands in the row."""
    turns, threads = turns_of(file_of(url)), []
    for number in range(count):
        threads.append(threading.Thread(target=work, args=(number,)))
        threads[-1].start()
        until = monotonic() + 10
        while len(turns) <= number:
            assert monotonic() < until
            threads[-1].join(0.001)
    return threads


def test_who_came_first_writes_first(database: Database, sqlite_url: str) -> None:
    with database.writing() as first:
        first.execute(text("INSERT INTO lines (writer) VALUES (99)"))
        threads = queue_up(sqlite_url, 12, lambda number: write(database, number))
        first.commit()
    for thread in threads:
        thread.join()
    assert writers(database) == [99, *range(12)]


def test_two_engines_of_one_file_stand_in_one_row(database: Database, sqlite_url: str) -> None:
    other = open_database(sqlite_url)
    with other.writing() as first:
        first.execute(text("INSERT INTO lines (writer) VALUES (99)"))
        threads = queue_up(sqlite_url, 2, lambda number: write(database, number))
        first.commit()
    for thread in threads:
        thread.join()
    other.close()
    assert writers(database) == [99, 0, 1]


def test_who_waited_too_long_is_told_so_and_the_rest_go_on(database: Database, impatient: Database) -> None:
    with database.writing() as first:
        first.execute(text("INSERT INTO lines (writer) VALUES (1)"))
        begun = monotonic()
        with pytest.raises(OperationalError, match="database is locked"):
            write(impatient)
        assert PATIENCE_MS / 1000 <= monotonic() - begun < 10
        first.commit()
    write(impatient, 2)
    write(database, 3)
    assert writers(database) == [1, 2, 3]


def test_another_process_that_writes_is_waited_for_no_longer(impatient: Database, sqlite_url: str) -> None:
    other = sqlite3.connect(file_of(sqlite_url), isolation_level=None)  # as another process: it knows of no row
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="database is locked"):
        write(impatient)
    other.execute("ROLLBACK")
    other.close()
    write(impatient)
    assert writers(impatient) == [1]


def test_the_time_in_the_row_and_for_the_lock_is_counted_together(
    database: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.database.BUSY_TIMEOUT_MS", 1_000)
    patient, told = open_database(sqlite_url), []
    other = sqlite3.connect(file_of(sqlite_url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    turns = turns_of(file_of(sqlite_url))
    first = turns.take(1)

    def wait(_: int) -> None:
        begun = monotonic()
        with pytest.raises(OperationalError, match="database is locked"):
            write(patient)
        told.append(monotonic() - begun)

    (thread,) = queue_up(sqlite_url, 1, wait)
    thread.join(0.9)
    turns.give_back(first)
    thread.join()
    assert 0.9 <= told[0] < 1.7
    other.close()
    patient.close()


def _commits(database: Database) -> None:
    write(database)


def _rolls_back(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("INSERT INTO lines (writer) VALUES (7)"))
        session.rollback()


def _only_closes(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("INSERT INTO lines (writer) VALUES (7)"))


def _writes_on_the_drivers_connection_and_closes(database: Database) -> None:
    with database.writing() as session:
        session.driver_connection().execute("INSERT INTO lines (writer) VALUES (7)")


def _fails(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing.begin() as session:
        session.execute(text("INSERT INTO lines (writer) VALUES (NULL)"))


def _is_thrown_away(database: Database) -> None:
    session = database.writing()
    session.driver_connection()
    del session
    gc.collect()


def _loses_its_connection(database: Database) -> None:
    with database.writing() as session:
        session.connection().invalidate()


def _closes_the_drivers_connection(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(text("INSERT INTO lines (writer) VALUES (7)"))
        connection.detach()


def _is_lost_as_the_driver_knows_it(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(text("INSERT INTO lines (writer) VALUES (7)"))
    database.engine.dispose()


ENDS = (
    _commits, _rolls_back, _only_closes, _writes_on_the_drivers_connection_and_closes, _fails, _is_thrown_away,
    _loses_its_connection, _closes_the_drivers_connection, _is_lost_as_the_driver_knows_it,
)  # fmt: skip


@pytest.mark.parametrize("ends", ENDS, ids=lambda ends: ends.__name__.strip("_"))
def test_however_a_writer_ends_the_next_may_write(
    database: Database, impatient: Database, ends: Callable[[Database], None]
) -> None:
    ends(database)
    write(impatient, 42)
    assert writers(impatient)[-1] == 42
    assert 7 not in writers(impatient)


def test_writers_of_different_files_do_not_wait_for_one_another(
    database: Database, impatient: Database, tmp_path: Path
) -> None:
    other = open_database(f"sqlite:///{tmp_path}/other.sqlite")
    with other.writing() as first:
        first.execute(text("CREATE TABLE lines (number INTEGER)"))
        write(impatient)
    other.close()
    assert writers(impatient) == [1]


def test_a_reader_waits_for_nobody(database: Database, impatient: Database) -> None:
    write(database, 1)
    with database.writing() as first:
        first.execute(text("INSERT INTO lines (writer) VALUES (2)"))
        assert writers(impatient) == [1]


def test_the_same_file_by_another_name_is_the_same_row(tmp_path: Path) -> None:
    (tmp_path / "alur.sqlite").touch()
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "alur.sqlite")
    turns = turns_of(tmp_path / "alur.sqlite")
    assert turns_of(tmp_path / "link.sqlite") is turns
    assert turns_of(tmp_path / "other.sqlite") is not turns
    assert turns_of(":memory:") is not turns_of(":memory:")


def test_whoever_is_interrupted_while_waiting_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = turns_of(tmp_path / "alur.sqlite")
    first = turns.take(1)
    assert turns.take(0.01) is None
    assert len(turns) == 0
    turns.give_back(first)
    turns.give_back(first)
    second = turns.take(1)
    assert second is not None
    turns.give_back(first)  # a turn that has ended ends nobody else's
    assert turns.take(0.01) is None
    turns.give_back(second)
