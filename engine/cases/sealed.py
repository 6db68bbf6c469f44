"""Sealed case types are not kept yet: without the sealed store their answers would lie open in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.stored import definition_of
from engine.changes import Refusal
from engine.definitions.model import Definition, Text
from engine.errors import DefinitionError, NotFound, SealedNotKept
from engine.organisation.directory import snapshot
from engine.organisation.models import Person
from engine.publishing import library

CODE = "sealed_store_missing"


def sentence(definition: Definition) -> Text:
    """Why no case of this sealed case type can be opened."""
    title = definition.title
    return Text(
        f"'{title.id}' bersifat tersegel, dan penyimpanan tersegel belum tersedia di sini. Kasusnya belum dapat "
        "dibuka; tidak ada yang disimpan.",
        f"'{title.en}' is sealed, and there is no sealed store here yet. No case of it can be opened; nothing was "
        "kept.",
    )


def refusal(definition: Definition) -> Refusal | None:
    """The refusal to open a stored case of a sealed case type; None for any other. On paper such a case runs."""
    return Refusal(CODE, sentence(definition)) if definition.is_sealed else None


def require_kept(definition: Definition) -> None:
    """Raises SealedNotKept for a sealed case type: nothing somebody types for it may be taken."""
    if definition.is_sealed:
        raise SealedNotKept(CODE, sentence(definition))


def require_new_kept(session: Session, person_id: int, case_type: str, now: datetime) -> None:
    """The same for a case of this type the person begins. Raises SealedNotKept."""
    region_id = session.scalar(select(Person.region_id).where(Person.id == person_id))
    if region_id is None:
        return
    day = snapshot(session, region_id, now).day(now)
    try:
        digest = library.newest(session, region_id, case_type, day)
    except NotFound:
        return
    require_kept(definition_of(session, digest))


def openable(session: Session, region_id: int, now: datetime) -> dict[str, library.PublishedVersion]:
    """What a person of the region may open a case of today, by case type: sealed ones are not among them, nor one
    whose text this program can no longer read."""
    day = snapshot(session, region_id, now).day(now)
    found = library.newest_of_all(session, region_id, day)
    return {key: version for key, version in found.items() if _is_kept(session, version.digest)}


def _is_kept(session: Session, digest: str) -> bool:
    try:
        return not definition_of(session, digest).is_sealed
    except DefinitionError:
        return False
