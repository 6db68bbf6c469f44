"""Databases that tests give back: the next test has them as new, or not at all."""

from __future__ import annotations

from sqlalchemy import text

from engine.database import open_database
from tests.databases import PostgresDatabases
from tests.factories import a_region


def found_a_region(url: str) -> tuple[int, int]:
    """How many regions there were, and the number the next one got."""
    database = open_database(url)
    with database.writing.begin() as session:
        known = int(session.scalar(text("SELECT count(*) FROM regions")) or 0)
        number = a_region(session).id
    database.close()
    return known, number


def test_a_database_given_back_is_lent_again_without_a_row_and_with_its_first_numbers(
    postgres_databases: PostgresDatabases,
) -> None:
    url = postgres_databases.lent()
    assert found_a_region(url) == (0, 1)
    assert found_a_region(url) == (1, 2)
    postgres_databases.give_back(url)
    assert postgres_databases.lent() == url
    assert found_a_region(url) == (0, 1)
    postgres_databases.give_back(url)


def test_one_whose_tables_were_changed_is_lent_to_nobody(postgres_databases: PostgresDatabases) -> None:
    url = postgres_databases.lent()
    database = open_database(url)
    with database.writing.begin() as session:
        session.execute(text("ALTER TABLE regions ADD COLUMN nickname text"))
    database.close()
    postgres_databases.give_back(url)
    again = postgres_databases.lent()
    assert again != url
    postgres_databases.give_back(again)
