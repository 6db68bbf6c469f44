"""Officers hear that a reporter did something outside of a step, as they hear of everything: by the constant mail."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.cases.catching_up import tell
from engine.cases.key_copies import holders_of, people_among
from engine.cases.stored import StoredCase
from engine.disclosure.models import SealedCase


def tell_people(session: Session, stored: StoredCase, now: datetime, today: date) -> None:
    """The constant mail for everybody who can open the case, because the reporter did something outside of a step."""
    people = people_among(holders_of(session, stored.row.id))
    tell(session, stored, people, now, is_from_outside=True)
    newest = update(SealedCase).where(SealedCase.case_id == stored.row.id).values(last_new_on=today)
    session.execute(newest.execution_options(synchronize_session=False))
