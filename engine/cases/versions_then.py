"""Which version a case had when: what it did before it went over is told in the words of the older one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from engine.cases.migrating import MIGRATED
from engine.cases.models import History
from engine.cases.stored import StoredCase, definition_of
from engine.definitions.model import Definition
from engine.errors import AlurError

UNDONE = "migrate_undo"


def versions_then(session: Session, stored: StoredCase, rows: Sequence[History]) -> list[Definition]:
    """For each row of a case's history, oldest first, the definition it is told by. One that cannot be read any more is
    told by the version after it."""
    now, found = stored.definition, []
    for row in reversed(rows):
        found.append(now)
        if row.action in (MIGRATED, UNDONE):
            try:
                now = definition_of(session, row.details["from"])
            except AlurError:
                continue
    return found[::-1]
