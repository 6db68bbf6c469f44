"""SQLite is told how its tables fill, so that it chooses the index that narrows most; PostgreSQL looks by itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.sessions import dialect_name, driver_cursor

LEAST = 16 * 2**20  # bytes: a smaller database is searched quickly whatever the order, and soon stands otherwise
SAMPLED = 400  # entries of an index that are looked at: what SQLite's own manual recommends


def count_tables(session: Session, least: int = LEAST) -> bool:
    """Let SQLite count what its indexes hold, when the database is at least ``least`` bytes long; the caller commits.
    Returns whether it was counted.

    Where SQLite was built to keep samples beside the counts (STAT4) nothing is done: a sample would outlive the row it
    was taken from, which somebody may have had destroyed.
    """
    if dialect_name(session) != "sqlite":
        return False
    with driver_cursor(session) as cursor:
        (pages,), (size,) = (cursor.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
        keeps_samples = ("ENABLE_STAT4",) in cursor.execute("PRAGMA compile_options").fetchall()
        if keeps_samples or pages * size < least:
            return False
        cursor.execute(f"PRAGMA analysis_limit = {SAMPLED}")
        cursor.execute("ANALYZE")
        return True
