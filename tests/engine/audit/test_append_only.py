"""On PostgreSQL the application works as a role that cannot rewrite history, as docs/explanation/audit.md advises."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from engine.audit.anchors import anchor
from engine.audit.append_only import TABLES
from engine.audit.verify import verify
from engine.database import Database, make_engine, open_database
from tests.databases import PostgresDatabases
from tests.office import ROAD, an_office

ROLE = f"alur_app_{os.getpid()}"
ADVICE = Path(__file__).parents[3] / "docs" / "explanation" / "audit.md"


@pytest.fixture
def as_application(postgres_databases: PostgresDatabases) -> Iterator[Database]:
    """A database of the test's own, opened by a role that owns nothing and has what the manual grants."""
    url = postgres_databases.new()
    owner = make_engine(url)
    advised = re.search(r"```sql\n(.*?)```", ADVICE.read_text(encoding="utf-8"), re.DOTALL)
    assert advised is not None
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
        connection.execute(text(advised[1].replace("alur_app", ROLE)))
    opened = open_database(make_url(url).set(username=ROLE))
    yield opened
    opened.close()
    with owner.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {ROLE}"))
        connection.execute(text(f"DROP ROLE {ROLE}"))
    owner.dispose()
    postgres_databases.drop(url)


def test_the_application_needs_no_right_to_rewrite_history(as_application: Database, now: datetime) -> None:
    with as_application.writing.begin() as session:
        office = an_office(session, now)
        opened = office.open(session, now)
        for who, action in ROAD:
            office.act(session, opened.case_id, who, action, now)
        anchor(session, now + timedelta(minutes=1))
    with as_application.reading() as session:
        assert verify(session) == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}", "ALTER TABLE {} DISABLE TRIGGER ALL"]
)
def test_the_application_cannot_take_the_triggers_away(as_application: Database, table: str, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        as_application.engine.begin() as connection,
    ):
        connection.execute(text(statement.format(table)))
