"""The day of the newest content of a sealed case: for some days after it, the case is not destroyed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.disclosure.models import SealedCase


def note_new(session: Session, case_id: int, on: date) -> None:
    """Something was written or brought on this day of the region."""
    later = update(SealedCase).where(SealedCase.case_id == case_id, SealedCase.last_new_on < on)
    session.execute(later.values(last_new_on=on).execution_options(synchronize_session=False))
