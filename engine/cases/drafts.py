"""What a person has typed and not yet sent: kept per person and case, gone with the act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.cases.models import Draft
from engine.cases.sealed import require_new_kept
from engine.database import insert_or, json_text
from engine.errors import InvalidInput

_NEW = "new:"
LARGEST_DRAFT = 1_000_000  # characters of JSON


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """``answers`` are raw, as typed; ``revision`` is the one the person saw, None for a new case."""

    subject: str
    form: str | None
    answers: Mapping[str, Any]
    comment: str
    revision: int | None
    updated_at: datetime


def of_case(case_id: int) -> str:
    """The subject of a draft for an act in a case."""
    return f"case:{case_id}"


def of_new(case_type: str) -> str:
    """The subject of a draft for a case not yet opened."""
    return f"{_NEW}{case_type}"


def save(
    session: Session,
    person_id: int,
    subject: str,
    *,
    form: str | None,
    answers: Mapping[str, Any],
    now: datetime,
    comment: str = "",
    revision: int | None = None,
) -> None:
    """Keep what was typed, in place of what was kept before. Raises InvalidInput when it is far too long, and
    SealedNotKept for a new case of a sealed case type."""
    if subject.startswith(_NEW):
        require_new_kept(session, person_id, subject.removeprefix(_NEW), now)
    values = {
        "form": form,
        "answers": dict(answers),
        "comment": comment,
        "revision": revision,
        "updated_at": now,
    }
    if len(json_text(values["answers"])) + len(comment) > LARGEST_DRAFT:
        raise InvalidInput("The draft is too long to be kept.")
    insert = insert_or(session, Draft).values(person_id=person_id, subject=subject, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["person_id", "subject"], set_=values))


def load(session: Session, person_id: int, subject: str) -> SavedDraft | None:
    """What this person has typed there, if anything."""
    row = session.get(Draft, (person_id, subject), populate_existing=True)
    return None if row is None else _saved(row)


def of_person(session: Session, person_id: int) -> tuple[SavedDraft, ...]:
    """All a person's drafts, newest first."""
    rows = session.scalars(select(Draft).where(Draft.person_id == person_id).order_by(Draft.updated_at.desc()))
    return tuple(_saved(row) for row in rows)


def discard(session: Session, person_id: int, subject: str) -> None:
    """Throw the draft away; no complaint when there is none."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.subject == subject))


def _saved(row: Draft) -> SavedDraft:
    return SavedDraft(row.subject, row.form, row.answers, row.comment, row.revision, row.updated_at)
