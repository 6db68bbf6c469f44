"""What was typed for a new case while its type was an open one is thrown away when the type becomes sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.database import driver_rows
from engine.definitions.vocabulary_protocol import VocabularyLike
from engine.errors import DefinitionError, NotFound
from engine.organisation.directory import snapshot
from engine.publishing import library

_NEW = "new:"  # as ``cases/drafts.py`` writes the subject of a draft for a case not yet opened
_KEPT = (
    "SELECT DISTINCT d.subject, p.region_id FROM drafts d JOIN people p ON p.id = d.person_id"
    " WHERE d.subject LIKE 'new:%'"
)
_DROP = "DELETE FROM drafts WHERE subject = ? AND person_id IN (SELECT id FROM people WHERE region_id = ?)"


def drop_sealed_drafts(session: Session, now: datetime, vocabulary: VocabularyLike) -> int:
    """Throw away the drafts of new cases whose type is sealed in their region today: they lie open in the database,
    and a new one would not be kept. Of how many types and regions; the caller commits.

    Asked when a sealed version is published, and by the worker for one that counts from a later day.
    """
    found = [
        (subject, region_id)
        for subject, region_id in driver_rows(session, _KEPT)
        if _is_sealed(session, region_id, subject.removeprefix(_NEW), now, vocabulary)
    ]
    for kept in found:
        driver_rows(session, _DROP, kept)
    return len(found)


def _is_sealed(session: Session, region_id: int, case_type: str, now: datetime, vocabulary: VocabularyLike) -> bool:
    day = snapshot(session, region_id, now).day(now)
    try:
        digest = library.newest(session, region_id, case_type, day)
        return library.definition(session, digest, vocabulary).is_sealed
    except (NotFound, DefinitionError):  # nobody can open one
        return False
