"""A reporter before a region's door, on either database; the office is made once and each test undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.channel import receipts
from engine.database import Database, open_database
from engine.disclosure.models import ReceiptRow, ReporterCount, ReporterDraft, SealedFile
from engine.disclosure.primitives import Cost
from tests.databases import PostgresDatabases, SqliteFiles
from tests.engine.channel.outside import Outside, open_door, standing_before
from tests.sealed_office import SealedOffice, a_sealed_office

BEGINNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # as the clock of every test


@pytest.fixture(autouse=True, scope="session")
def _cheap_receipts() -> Iterator[None]:
    """The same hash with little memory: what it costs has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "_cost", Cost(1, 64 * 1024))
        yield


@pytest.fixture(scope="session")
def kept_office(databases: SqliteFiles | PostgresDatabases) -> Iterator[tuple[Database, SealedOffice]]:
    url = databases.new()
    database = open_database(url)
    with database.writing() as session:
        office = a_sealed_office(session, BEGINNING, "kab_contoh")
        open_door(office)
        session.commit()
    yield database, office
    database.close()
    databases.drop(url)


@pytest.fixture
def outside(kept_office: tuple[Database, SealedOffice], now: datetime, tmp_path: Path) -> Iterator[Outside]:
    """Whatever a test does is rolled back after it."""
    database, office = kept_office
    with database.engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield standing_before(replace(office, session=session, now=now), tmp_path)
        transaction.rollback()


@pytest.fixture
def open_outside(kept_office: tuple[Database, SealedOffice], now: datetime, tmp_path: Path) -> Iterator[Outside]:
    """The same with a session that commits, for tests that come from several sides. Cases stay; what is counted, drafts
    and receipts do not."""
    database, office = kept_office
    with database.writing() as session:
        yield standing_before(replace(office, session=session, now=now), tmp_path)
        session.rollback()
        for table in (ReporterCount, ReceiptRow, ReporterDraft, SealedFile):
            session.execute(delete(table))
        session.commit()


@pytest.fixture
def doors(kept_office: tuple[Database, SealedOffice]) -> Database:
    """The database behind ``open_outside``."""
    return kept_office[0]
