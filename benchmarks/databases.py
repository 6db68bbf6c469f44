"""Databases to measure on: a SQLite file and a PostgreSQL server of their own, gone afterwards."""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url

from engine.database import Database
from engine.migration import upgrade
from tests.databases import PostgresDatabases, postgres_server

KINDS = ("sqlite", "postgresql")
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT :low UNION ALL SELECT i + 1 FROM n WHERE i < :high)",
    "postgresql": "WITH n(i) AS (SELECT generate_series(CAST(:low AS bigint), CAST(:high AS bigint)))",
}


@contextmanager
def database_urls(kind: str, count: int = 1) -> Iterator[list[str]]:
    """The URLs of empty databases with all tables, on one machine; ``kind`` is sqlite or postgresql."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="alur-benchmark-") as folder:
            urls = [f"sqlite:///{Path(folder) / f'alur{number}.sqlite'}" for number in range(count)]
            for url in urls:
                upgrade(url)  # as in production: SQLite chooses among like indexes by the order they were made in
            yield urls
        return
    with postgres_server() as server:
        databases = PostgresDatabases(server)
        urls = [databases.new() for _ in range(count)]
        yield urls
        for url in urls:
            databases.drop(url)
        databases.close()


def driver_connection(url: str, database: Database) -> Any:
    """A connection of the bare driver to the same database, as durable as the engine's own."""
    if database.engine.dialect.name == "postgresql":
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True)
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None, timeout=15)
    with database.engine.connect() as other:
        synchronous = other.exec_driver_sql("PRAGMA synchronous").scalar()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def fill(database: Database, statements: Iterable[str], values: Mapping[str, Any]) -> None:
    """Run statements that write a row for every number i from ``values["low"]`` to ``values["high"]``.

    ``{n}`` in a statement stands for the table n of these numbers. A moment among the values is written as the engine
    writes it.
    """
    kind = database.engine.dialect.name
    given = {name: _written(kind, value) for name, value in values.items()}
    with database.writing() as session:
        for statement in statements:
            wanted = text(statement.format(n=NUMBERS[kind]))
            session.execute(wanted, {name: given[name] for name in wanted.compile().params})
        session.commit()
    if kind == "postgresql":  # it does so by itself; nobody lets SQLite count its tables
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            other.exec_driver_sql("VACUUM ANALYZE")


def _written(kind: str, value: Any) -> Any:
    is_text = kind == "sqlite" and isinstance(value, datetime)
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if is_text else value


def asked(description: str | None, option: str, sizes: Sequence[int]) -> tuple[list[str], list[int]]:
    """The kinds of database and the growing sizes a command line asks for, all of them when it names none."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(option, type=int, action="append", dest="sizes")
    parser.add_argument("--database", choices=KINDS, action="append")
    found = parser.parse_args()
    return found.database or list(KINDS), sorted(found.sizes or sizes)
