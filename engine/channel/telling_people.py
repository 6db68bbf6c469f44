"""Officers hear that a reporter did something outside of a step, as they hear of everything: by the constant mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases.catching_up import tell
from engine.cases.key_copies import holders_of, people_among
from engine.cases.stored import read_case


def tell_people(session: Session, case_id: int, now: datetime) -> None:
    """The constant mail for everybody who can open the case, because the reporter did something outside of a step."""
    people = people_among(holders_of(session, case_id))
    tell(session, read_case(session, case_id, now), people, now, is_from_outside=True)
