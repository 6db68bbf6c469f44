"""That a reporter's files came is an act of the case's history, with their digests, locked as all of it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases.fire import TRIES, perform
from engine.cases.stored import read_case
from engine.changes import HistoryEntry, Plan
from engine.disclosure.sealed_files import FileView
from engine.errors import Conflict
from engine.facts import REPORTER


def note_files(session: Session, case_id: int, files: Iterable[FileView], at: datetime) -> None:
    """One entry a file: name, size, digest of the cleaned copy and of what was sent. ``at`` is at day grain. Raises
    Conflict when others move the case all the time."""
    entries = tuple(
        HistoryEntry(at, REPORTER, None, None, "attach", None, (), (), details=_details(file)) for file in files
    )
    if not entries:
        return
    for attempt in range(TRIES):
        stored = read_case(session, case_id, at, is_locked=attempt > 0)
        state = stored.facts.state
        try:
            perform(session, stored, Plan(state, state, stored.facts.answers, None, entries), at)
        except Conflict:
            continue
        return
    raise Conflict("Somebody else is working on this report.")


def _details(file: FileView) -> dict[str, object]:
    return {
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "original_sha256": file.original_sha256,
        "file": file.id,
    }
