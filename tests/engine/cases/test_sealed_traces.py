"""What the order and the numbers of rows could tell of a sealed case, and does not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.cases.open_sealed import open_sealed
from engine.cases.outgoing import claim_due
from engine.errors import NotFound
from engine.outbox.models import Message
from tests.sealed_office import a_sealed_office


def test_t62_the_number_of_a_sealed_mail_does_not_stand_between_others(session: Session, now: datetime) -> None:
    """Numbers count on, and a mail's Message-ID shows its own: between two ordinary ones it would date a report."""
    office = a_sealed_office(session, now)

    def an_ordinary_mail(revision: int) -> int:
        row = Message(
            region_id=office.region.id, case_id=1, revision=revision, task=0, notification="n", reason="assigned",
            audience="person:1", person_id=1, content={}, is_urgent=False, created_at=now, not_before=now,
            state="sent",
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id

    before = an_ordinary_mail(1)
    office.report()
    office.do("ida", "register")
    assert an_ordinary_mail(2) == before + 1  # no gap either
    sealed = session.scalars(select(Message.id).where(Message.case_id == 0)).all()
    assert len(sealed) > 1 and all(number < 0 for number in sealed)
    due = claim_due(session, now + timedelta(days=7), "w", 50)
    assert due and {one.message_id for one in due} <= {f"m{number}" for number in sealed}


def test_t50_a_fault_of_the_database_does_not_quote_what_was_typed(session: Session) -> None:
    """Such faults are logged, with what was sent along."""
    with pytest.raises(DBAPIError) as raised, session.begin_nested():
        session.execute(text("SELECT nowhere FROM cases WHERE number = :typed"), {"typed": "Penanda-rahasia"})
    assert "Penanda-rahasia" not in str(raised.value)


def test_a_case_type_published_anew_as_an_open_one_takes_no_report(session: Session, now: datetime) -> None:
    office = a_sealed_office(session, now)
    office.publish("performance_agreement")
    with pytest.raises(NotFound):
        open_sealed(
            session, region_id=office.region.id, case_type="performance_agreement", answers={},
            receipt_public=office.receipt.public, now=now,
        )  # fmt: skip
