"""What the tests of the language's statements ask for: a case on paper and in both stores, findings, a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine.database import make_engine
from tests.databases import PostgresDatabases, SqliteFiles
from tests.language.playing import PaperPlay, Play, StorePlay, texts_of, whole


@pytest.fixture(scope="session")
def sqlite_store(sqlite_files: SqliteFiles) -> Iterator[Engine]:
    yield from _opened(sqlite_files)


@pytest.fixture(scope="session")
def postgresql_store(postgres_databases: PostgresDatabases) -> Iterator[Engine]:
    yield from _opened(postgres_databases)


def _opened(databases: SqliteFiles | PostgresDatabases) -> Iterator[Engine]:
    url = databases.new()
    engine = make_engine(url)
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.fixture(params=["paper", "sqlite", "postgresql"])
def play(request: pytest.FixtureRequest) -> Iterator[Callable[..., Play]]:
    """``play(yaml, **given)`` opens a case of the definition written there: on paper, on SQLite, on PostgreSQL."""
    if request.param == "paper":
        yield on_paper
        return
    store: Engine = request.getfixturevalue(f"{request.param}_store")
    with store.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield lambda written, **more: StorePlay(session, *_read(written, more))
        transaction.rollback()


@pytest.fixture
def paper() -> Callable[..., PaperPlay]:
    """The same on paper alone."""
    return on_paper


def on_paper(written: str, **more: Any) -> PaperPlay:
    return PaperPlay(*_read(written, more))


def _read(written: str, more: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    texts = {key: more.pop(key) for key in ("form", "roles", "calendar", "head") if key in more}
    return texts_of(written, **texts), whole(more)
