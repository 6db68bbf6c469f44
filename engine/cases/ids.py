"""Numbers of what is about to be written: of a case, before its rows are; of a sealed one's mail, to tell nothing."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from engine.database import driver_rows
from engine.sessions import dialect_name

_FIRST_SEALED = 2**52  # up to 2**53, which a page can still count with


def new_case_id(session: Session) -> int:
    """The next number of ``cases``; on SQLite under the write lock this transaction holds."""
    if dialect_name(session) == "sqlite":
        found = driver_rows(session, "SELECT coalesce(max(id), 0) + 1 FROM cases WHERE id < ?", (_FIRST_SEALED,))
    else:
        found = driver_rows(session, "SELECT nextval(pg_get_serial_sequence('cases', 'id'))")
    return int(found[0][0])


def new_sealed_case_id() -> int:
    """A random number far above the ordinary ones: a gap among those, between two moments everybody sees, would tell
    that a report came, and when."""
    return _FIRST_SEALED + secrets.randbelow(_FIRST_SEALED)


def new_mail_id() -> int:
    """A random number below zero for a constant mail of sealed cases: one counted with the others would stand, in the
    table and in the mail's own Message-ID, between two mails whose moment is known, and so tell when a reporter acted.
    Below zero neither database counts on from it."""
    return -1 - secrets.randbelow(_FIRST_SEALED)
