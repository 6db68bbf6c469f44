"""Engines for tests: each test has a database of its own, but what SQLAlchemy knows of their kind is learned once.

Nothing of a test need survive a power cut, so nothing waits until it is on the disk: as PostgreSQL in tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.util import LRUCache

from engine import database

KEPT_TEXTS = 4_000  # more than there are different statements


@contextmanager
def nothing_kept_for_power_cuts() -> Iterator[None]:
    """SQLite leaves it to the system when to write. What another process reads, or finds after a kill, is the same; a
    commit takes hundredths of the time."""
    prepare = database._prepare_sqlite

    def prepare_quickly(connection: Any, record: Any) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_prepare_sqlite", prepare_quickly)
        yield


@contextmanager
def statements_compiled_once() -> Iterator[None]:
    """A statement's text depends on the kind of database, not on which one: a new engine takes the dialect and the
    compiled statements of the first of its kind. Compiling them again took a sixth of the time of tests of pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", _sharing(database.create_engine))
        yield


def _sharing(create_engine: Callable[..., Engine]) -> Callable[..., Engine]:
    dialects: dict[str, Dialect] = {}
    texts: dict[str, LRUCache[Any, Any]] = {}

    def create_alike(url: URL, **options: Any) -> Engine:
        engine, kind = create_engine(url, **options), url.drivername
        engine._compiled_cache = texts.setdefault(kind, LRUCache(KEPT_TEXTS))
        if kind in dialects:
            engine.dialect = engine.pool._dialect = dialects[kind]
        else:  # it knows its server only once it is connected, which is before this is called
            event.listen(engine, "connect", lambda *_: dialects.setdefault(kind, engine.dialect), once=True)
        return engine

    return create_alike
