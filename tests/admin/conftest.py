"""The small region of the page tests, its administrator's browser, and what the record says afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from engine.audit.models import AuditEntry
from engine.audit.verify import verify
from engine.database import Base, Database
from engine.organisation.models import Account
from tests.web.conftest import (
    Browser,
    browser_of,
    case_id,
    one_app,
    pages_database,
    regency,
    regency_file,
    visitor,
    web_app,
)
from tests.web.region import Regency

__all__ = ["browser_of", "case_id", "one_app", "pages_database", "regency", "regency_file", "visitor", "web_app"]

PAGES = (
    "people", "units", "positions", "holders", "mandates", "groups", "members", "holidays", "region", "cases", "outbox",
    "calls", "extensions", "audit",
)  # fmt: skip


class Rows:
    """What stands in the database after a request."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def one(self, model: type[Base], **values: Any) -> Any:
        """The only row with these values."""
        with self._database.reading() as session:
            return session.scalars(select(model).filter_by(**values)).one()

    def count(self, model: type[Base], **values: Any) -> int:
        with self._database.reading() as session:
            return len(session.scalars(select(model).filter_by(**values)).all())

    def recorded(self, event: str) -> AuditEntry:
        """The newest entry of this event; the chains have to hold."""
        with self._database.reading() as session:
            assert verify(session) == []
            query = select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq.desc())
            return session.scalars(query.limit(1)).one()


@pytest.fixture
def rows(pages_database: Database) -> Rows:
    return Rows(pages_database)


@pytest.fixture
def admin(browser_of: Callable[..., Browser]) -> Browser:
    """The technical administrator's browser, in Indonesian."""
    return browser_of("admin")


@pytest.fixture
def other_administrator(pages_database: Database, regency: Regency) -> str:
    """Gita may administrate as well."""
    from_accounts = regency.people["gita"]
    with pages_database.writing.begin() as session:
        session.get_one(Account, from_accounts).is_admin = True
    return "gita"
