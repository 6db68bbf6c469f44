"""The number of a case that is about to be written, known before its rows are."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.database import driver_rows
from engine.sessions import dialect_name


def new_case_id(session: Session) -> int:
    """The next number of ``cases``; on SQLite under the write lock this transaction holds."""
    if dialect_name(session) == "sqlite":
        found = driver_rows(session, "SELECT coalesce(max(id), 0) + 1 FROM cases")
    else:
        found = driver_rows(session, "SELECT nextval(pg_get_serial_sequence('cases', 'id'))")
    return int(found[0][0])
