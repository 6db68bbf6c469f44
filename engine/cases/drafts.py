"""What a person has typed and not yet sent: kept per person and case, gone with the act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.cases.access import reader_of, require_visible
from engine.cases.models import Draft
from engine.cases.sealed import require_new_kept
from engine.database import insert_or, json_text
from engine.disclosure.seals import SEALED, CaseSeal, is_sealed, locked_in, seal_of
from engine.errors import InvalidInput

_NEW, _CASE = "new:", "case:"
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
    return f"{_CASE}{case_id}"


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
    """Keep what was typed, in place of what was kept before; in a sealed case under its key. Raises InvalidInput when
    it is far too long, NotFound for a case the person may not see, KeyNeeded without the key of one they may, and
    SealedNotKept for a new case of a sealed case type."""
    case_id = _case_of(subject)
    if case_id is None:
        require_new_kept(session, person_id, subject.removeprefix(_NEW), now)
    else:
        require_visible(session, reader_of(session, person_id, now), case_id)
    values = {
        "form": form,
        "answers": dict(answers),
        "comment": comment,
        "revision": revision,
        "updated_at": now,
    }
    if len(json_text(values["answers"])) + len(comment) > LARGEST_DRAFT:
        raise InvalidInput("The draft is too long to be kept.")
    seal = None if case_id is None else _seal(session, case_id)
    if seal is not None:
        locked = seal.lock_json(_place(person_id), {"answers": values["answers"], "comment": comment})
        values |= {"answers": {SEALED: locked}, "comment": ""}
    insert = insert_or(session, Draft).values(person_id=person_id, subject=subject, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["person_id", "subject"], set_=values))


def load(session: Session, person_id: int, subject: str) -> SavedDraft | None:
    """What this person has typed there, if anything. Raises KeyNeeded in a sealed case whose key is not at hand."""
    row = session.get(Draft, (person_id, subject), populate_existing=True)
    return None if row is None else _saved(session, row)


def of_person(session: Session, person_id: int) -> tuple[SavedDraft, ...]:
    """All a person's drafts that lie in the open, newest first."""
    rows = session.scalars(select(Draft).where(Draft.person_id == person_id).order_by(Draft.updated_at.desc()))
    return tuple(_saved(session, row) for row in rows if locked_in(row.answers) is None)


def discard(session: Session, person_id: int, subject: str) -> None:
    """Throw the draft away; no complaint when there is none."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.subject == subject))


def _saved(session: Session, row: Draft) -> SavedDraft:
    locked, answers, comment = locked_in(row.answers), row.answers, row.comment
    if locked is not None:
        case_id = int(row.subject.removeprefix(_CASE))
        kept = seal_of(session, case_id).unlock_json(_place(row.person_id), locked)
        answers, comment = kept["answers"], kept["comment"]
    return SavedDraft(row.subject, row.form, answers, comment, row.revision, row.updated_at)


def _case_of(subject: str) -> int | None:
    return int(subject.removeprefix(_CASE)) if subject.startswith(_CASE) else None


def _seal(session: Session, case_id: int) -> CaseSeal | None:
    return seal_of(session, case_id) if is_sealed(session, case_id) else None


def _place(person_id: int) -> str:
    return f"draft:{person_id}"
