"""Databases to measure on: a SQLite file and a PostgreSQL server of their own, gone afterwards."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from engine.database import Database
from engine.migration import upgrade
from tests.databases import PostgresDatabases, postgres_server


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
