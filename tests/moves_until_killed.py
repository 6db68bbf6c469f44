"""A process that moves the cases of a migration run one by one until it is done, or somebody kills it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from engine.cases.migrate_background import move_one
from engine.database import open_database

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def work(url: str, run_id: int, going: Callable[[], None]) -> None:
    """Calls ``going`` once it works."""
    database = open_database(url)
    is_first = True
    while True:
        with database.writing() as session:
            outcome = move_one(session, run_id, NOW)
            session.commit()
        if outcome is None:
            return
        if is_first:
            going()
            is_first = False
