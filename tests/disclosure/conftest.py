"""The installation of ``scene.py``, built once on each kind of database and only looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.channel import receipts
from engine.database import open_database
from engine.disclosure import officers
from engine.disclosure.primitives import Cost
from engine.organisation.snapshot import forget
from tests.databases import PostgresDatabases, SqliteFiles
from tests.disclosure.scene import Scene, build
from tests.factories import CHEAP_COST


@pytest.fixture(scope="session")
def _cheap_hashes() -> Iterator[None]:
    """The same hashes with little memory: what they cost has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "_cost", Cost(1, 64 * 1024))
        patch.setattr(officers, "_cost", CHEAP_COST)
        yield


@pytest.fixture
def engine_url(databases: SqliteFiles | PostgresDatabases) -> Iterator[str]:
    """As everywhere, but of a database nobody had before: here its files are looked through."""
    url = databases.new()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def scene(
    databases: SqliteFiles | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory, _cheap_hashes: None
) -> Iterator[Scene]:
    url = databases.new()
    database = open_database(url)
    forget()
    built = build(database, url, tmp_path_factory.mktemp("scene"))
    yield built
    database.close()
    databases.drop(url)
    forget()
