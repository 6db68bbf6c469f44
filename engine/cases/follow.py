"""Cases a person wants to see under "I follow"; and remarks beside the acts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.cases.access import reader_of, require_visible
from engine.cases.models import Comment, Follow
from engine.cases.sealed_history import remark_place
from engine.database import insert_or
from engine.disclosure.seals import is_sealed, seal_of
from engine.errors import InvalidInput, NotFound

LONGEST_COMMENT = 4000


def follow(session: Session, case_id: int, person_id: int, now: datetime) -> None:
    """Put the case among those the person follows. Raises NotFound when they may not see it."""
    require_visible(session, reader_of(session, person_id, now), case_id)
    session.execute(insert_or(session, Follow).values(person_id=person_id, case_id=case_id).on_conflict_do_nothing())


def unfollow(session: Session, case_id: int, person_id: int, now: datetime) -> bool:
    """Take it out again; whether the person may see it. Raises NotFound for a case they neither see nor follow."""
    gone = delete(Follow).where(Follow.person_id == person_id, Follow.case_id == case_id).returning(Follow.case_id)
    was_followed = session.scalar(gone) is not None
    try:
        require_visible(session, reader_of(session, person_id, now), case_id)
    except NotFound:
        if not was_followed:
            raise
        return False
    return True


def comment(session: Session, case_id: int, person_id: int, text: str, now: datetime) -> None:
    """A remark everybody who sees the case can read. Raises NotFound, InvalidInput for an empty or long one, and
    KeyNeeded in a sealed case whose key is not at hand."""
    reader = reader_of(session, person_id, now)
    require_visible(session, reader, case_id)
    said = text.strip()
    if not said or len(said) > LONGEST_COMMENT:
        raise InvalidInput(f"A comment has between 1 and {LONGEST_COMMENT} characters.")
    if is_sealed(session, case_id):
        said = seal_of(session, case_id).lock(remark_place(person_id, now), said)
    session.add(Comment(case_id=case_id, person_id=person_id, said_at=now, text=said))
    session.flush()
