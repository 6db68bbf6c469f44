"""What is typed is kept until the act."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from engine.cases import drafts
from engine.cases.follow import comment
from engine.cases.pages import case_page
from engine.errors import InvalidInput, NotFound
from tests.office import Office, an_office


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return an_office(session, now)


def test_a_draft_is_one_person_s_and_gone_with_the_act(session: Session, office: Office, now: datetime) -> None:
    case_id = office.open(session, now).case_id
    office.act(session, case_id, "sari", "submit", now)
    subject = drafts.of_case(case_id)
    for who in ("budi", "dewi"):
        drafts.save(session, office.people[who].id, subject, form=None, answers={"review_note": who}, now=now)
    drafts.save(
        session, office.budi.id, subject, form="f", answers={"review_note": "dua"}, now=now, comment="c", revision=2
    )
    kept = drafts.load(session, office.budi.id, subject)
    assert kept is not None and kept.answers == {"review_note": "dua"} and kept.comment == "c" and kept.revision == 2
    office.attempt(session, case_id, "budi", "return", now)  # refused: nothing typed is lost
    assert drafts.load(session, office.budi.id, subject) is not None
    office.act(session, case_id, "budi", "approve", now)
    assert drafts.load(session, office.budi.id, subject) is None
    assert drafts.load(session, office.dewi.id, subject) is not None


def test_the_draft_of_a_new_case_is_gone_when_it_opens(session: Session, office: Office, now: datetime) -> None:
    subject = drafts.of_new("performance_agreement")
    drafts.save(session, office.sari.id, subject, form=None, answers={"period": "20"}, now=now)
    assert [draft.subject for draft in drafts.of_person(session, office.sari.id)] == [subject]
    office.open(session, now)
    assert drafts.of_person(session, office.sari.id) == ()


def test_a_draft_has_limits_and_can_be_thrown_away(session: Session, office: Office, now: datetime) -> None:
    subject = drafts.of_new("performance_agreement")
    with pytest.raises(InvalidInput):
        drafts.save(session, office.sari.id, subject, form=None, answers={"x": "y" * 1_100_000}, now=now)
    drafts.save(session, office.sari.id, subject, form=None, answers={}, now=now)
    drafts.discard(session, office.sari.id, subject)
    assert drafts.load(session, office.sari.id, subject) is None


def test_a_remark_is_read_by_those_who_see_the_case(session: Session, office: Office, now: datetime) -> None:
    case_id = office.open(session, now).case_id
    comment(session, case_id, office.budi.id, " Mohon dipercepat ", now)
    page = case_page(session, office.sari.id, case_id, now)
    assert [(said.person_name, said.text) for said in page.comments] == [("Budi", "Mohon dipercepat")]
    with pytest.raises(NotFound):
        comment(session, case_id, office.wati.id, "Halo", now)
    for text in ("", "  ", "x" * 5000):
        with pytest.raises(InvalidInput):
            comment(session, case_id, office.budi.id, text, now)
