"""A button that opens a case, pressed twice: the second press leads to the case the first one opened."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.cases.open import Opened
from engine.organisation.models import Person

MOST = 50  # of the newest open cases that are looked at: in a moment not more are opened
SAME_PRESS = timedelta(seconds=10)  # nobody looks at a page, goes back and means another case within it


def just_opened(session: Session, person_id: int, case_type: str, title: str, now: datetime) -> Opened | None:
    """The case of this type and title that a person opened a moment before ``now`` (aware) and nobody has touched
    since, None where there is none. A press in the same instant is waited for: until the step ends, this person opens
    nothing else this way."""
    region_id = session.scalars(
        select(Person.region_id).where(Person.id == person_id).with_for_update(key_share=True)
    ).one()
    newest = (
        select(Case.id, Case.number, Case.revision, Case.title, Case.initiator_id, Case.opened_at)
        .where(Case.region_id == region_id, Case.case_type == case_type, Case.closed_at.is_(None))
        .order_by(Case.id.desc())
        .limit(MOST)
    )
    called = " ".join(title.split())
    for case_id, number, revision, stored, initiator, opened_at in session.execute(newest):
        is_same = (stored, initiator, revision) == (called, person_id, 1)
        if is_same and opened_at > now - SAME_PRESS:
            return Opened(case_id, number, revision)
    return None
