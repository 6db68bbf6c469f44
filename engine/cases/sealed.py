"""Sealed case types at their doors: what a person may begin, what is kept of what they type, who could read it."""

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

NO_KEY_HOLDER = "no_key_holder"
NO_DRAFT = "sealed_draft"


def no_key_holder(definition: Definition) -> Refusal:
    """Why no case of this sealed case type can be opened: nobody it is for could ever read it."""
    title = definition.title
    sentence = Text(
        f"'{title.id}' bersifat tersegel, dan belum ada petugas yang memegang kunci untuk menerimanya. Tidak ada yang "
        "disimpan.",
        f"'{title.en}' is sealed, and no officer who would receive it holds a key yet. Nothing was kept.",
    )
    return Refusal(NO_KEY_HOLDER, sentence)


def not_moved(definition: Definition) -> Text:
    """Why a running ordinary case does not become a sealed one, nor a sealed one moves without its key."""
    title = definition.title
    return Text(
        f"'{title.id}' bersifat tersegel: kasus yang sudah berjalan tidak dapat dipindahkan ke sana.",
        f"'{title.en}' is sealed: a case that runs already cannot be moved there.",
    )


def require_kept(definition: Definition) -> None:
    """Raises SealedNotKept for a sealed case type: a draft of a new case would lie open in the database."""
    if definition.is_sealed:
        title = definition.title
        sentence = Text(
            f"'{title.id}' bersifat tersegel. Konsep kasus baru tidak disimpan; kirim atau tutup halaman ini.",
            f"'{title.en}' is sealed. Drafts of a new case are not kept; send it or close this page.",
        )
        raise SealedNotKept(NO_DRAFT, sentence)


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
    return {case_type: version for case_type, version in found.items() if _is_open(session, version.digest)}


def _is_open(session: Session, digest: str) -> bool:
    try:
        return not definition_of(session, digest).is_sealed
    except DefinitionError:
        return False
