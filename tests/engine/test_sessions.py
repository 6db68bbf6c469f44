"""A session that begins on the driver's connection is one transaction, whoever works in it and in whatever order."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from engine.database import Database, driver_rows, open_database
from engine.organisation.models import Region
from engine.sessions import driver_cursor
from tests.factories import a_region

INSERT = (
    "INSERT INTO regions (key, name, timezone, settings, organisation_revision) VALUES (?, ?, 'Asia/Jakarta', '{}', 0)"
)


def _keys(database: Database) -> set[str]:
    with database.reading() as session:
        return {str(key) for (key,) in driver_rows(session, "SELECT key FROM regions")}


def test_what_the_driver_wrote_is_there_after_the_commit(database: Database) -> None:
    with database.writing() as session:
        driver_rows(session, INSERT, ("satu", "Satu"))
        session.commit()
        driver_rows(session, INSERT, ("dua", "Dua"))
        session.commit()
    assert _keys(database) == {"satu", "dua"}


def test_what_the_driver_wrote_is_gone_without_a_commit(database: Database) -> None:
    with database.writing() as session:
        driver_rows(session, INSERT, ("satu", "Satu"))
    with database.writing() as session:
        driver_rows(session, INSERT, ("dua", "Dua"))
        session.rollback()
        driver_rows(session, INSERT, ("tiga", "Tiga"))
        session.commit()
    assert _keys(database) == {"tiga"}


@pytest.mark.parametrize("objects_first", [True, False])
def test_objects_and_the_driver_share_one_transaction(database: Database, objects_first: bool) -> None:
    with database.writing() as session:
        if objects_first:
            a_region(session, key="satu")
        driver_rows(session, INSERT, ("dua", "Dua"))
        assert session.execute(select(Region.name).where(Region.key == "dua")).scalar_one() == "Dua"
        a_region(session, key="tiga")
        session.rollback()
    assert _keys(database) == set()
    with database.writing() as session:
        driver_rows(session, INSERT, ("dua", "Dua"))
        session.add(Region(key="tiga", name="Tiga", timezone="Asia/Jakarta", settings={}))
        session.commit()  # the object is written now, on the driver's transaction
    assert _keys(database) == {"dua", "tiga"}


def test_a_savepoint_takes_back_what_the_driver_wrote_inside_it(database: Database) -> None:
    with database.writing() as session:
        driver_rows(session, INSERT, ("satu", "Satu"))
        with pytest.raises(IntegrityError), session.begin_nested():
            driver_rows(session, INSERT, ("dua", "Dua"))
            driver_rows(session, INSERT, ("dua", "Dua"))
        driver_rows(session, INSERT, ("tiga", "Tiga"))
        session.commit()
    assert _keys(database) == {"satu", "tiga"}


def test_a_wrong_statement_leaves_the_connection_usable_for_the_next(database: Database) -> None:
    for opened in (database.writing, database.reading, database.writing):
        with opened() as session, pytest.raises(DBAPIError), driver_cursor(session) as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
    with database.writing() as session:
        driver_rows(session, INSERT, ("satu", "Satu"))
        session.commit()
    assert _keys(database) == {"satu"}


def test_reading_by_the_driver_and_by_objects_alternate(database: Database) -> None:
    with database.writing() as session:
        a_region(session, key="satu")
        session.commit()
    with database.reading() as session:
        assert driver_rows(session, "SELECT key FROM regions") == [("satu",)]
        assert session.execute(text("SELECT key FROM regions")).scalar_one() == "satu"
        assert driver_rows(session, "SELECT key FROM regions") == [("satu",)]
    with database.writing() as session:  # a connection that read without transactions has them again
        driver_rows(session, INSERT, ("dua", "Dua"))
    assert _keys(database) == {"satu"}


def test_no_connection_is_kept_by_a_session_that_ended(database: Database) -> None:
    for _ in range(30):  # more than the pool holds
        with database.writing() as session:
            driver_rows(session, "SELECT key FROM regions")
            session.execute(text("SELECT key FROM regions"))
        with database.reading() as session:
            driver_rows(session, "SELECT key FROM regions")
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_database_that_cannot_be_reached_is_told_the_same_way() -> None:
    unreachable = open_database("postgresql://nobody@127.0.0.1:1/nothing")
    with unreachable.writing() as session, pytest.raises(OperationalError):
        driver_rows(session, "SELECT 1")
    unreachable.close()
