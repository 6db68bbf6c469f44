"""The shipped agreement travels through the store, on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.verify import verify
from engine.cases.models import Case, Document, History
from engine.cases.open import Opened, open_case
from engine.cases.pages import case_page
from engine.cases.queue_page import queue_page
from engine.cases.why import why
from engine.changes import Refusal
from engine.errors import InvalidInput, NotFound
from engine.outbox.models import Message
from engine.tasks.models import Offer, Task
from engine.timers.models import TimerRow
from tests.office import ANSWERS, ROAD, Office, an_office
from tests.shadow import check_case


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return an_office(session, now)


def test_an_agreement_travels_from_draft_to_in_force(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    for who, action in ROAD:
        fired = office.act(session, opened.case_id, who, action, now)
    assert fired.states == ("in_force",) and fired.is_ended
    case = session.get_one(Case, opened.case_id)
    assert case.closed_at == now and case.revision == len(ROAD) + 1
    assert session.scalars(select(Offer)).all() == []
    assert session.scalars(select(TimerRow)).all() == []
    assert session.scalars(select(Task).where(Task.closed_at.is_(None))).all() == []
    assert session.scalars(select(Document.field)).all() == ["signed_document"]
    assert verify(session) == []


def test_every_act_is_told_in_a_sentence_of_both_languages(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    office.act(session, opened.case_id, "sari", "submit", now)
    office.act(session, opened.case_id, "budi", "return", now, comment="Target belum jelas")
    page = case_page(session, office.sari.id, opened.case_id, now)
    assert [line.sentence.id for line in page.history] == [
        "Sari membuka kasus ini. Berikutnya: Penyusunan.",
        "Sari memilih “Ajukan untuk ditelaah” pada Penyusunan. Berikutnya: Telaah kepala seksi.",
        "Budi memilih “Kembalikan untuk perbaikan” pada Telaah kepala seksi. Berikutnya: Perbaikan.",
    ]
    assert page.history[2].sentence.en == (
        "Budi chose “Return for improvement” in Section head's review. Next: Improvement."
    )
    assert page.history[2].comment == "Target belum jelas"


def test_the_page_shows_what_changed_since_it_was_returned(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    office.act(session, opened.case_id, "sari", "submit", now)
    office.act(session, opened.case_id, "budi", "return", now, comment="Naikkan target S1.2")
    goals = [dict(ANSWERS["goals"][0])]
    goals[0]["indicators"] = [dict(row) for row in goals[0]["indicators"]]
    goals[0]["indicators"][1]["target"] = 98
    office.act(session, opened.case_id, "sari", "resubmit", now, answers={"goals": goals})
    back = case_page(session, office.budi.id, opened.case_id, now).changed_since_return
    assert back is not None and back.note == "Naikkan target S1.2" and back.by == "Budi"
    assert [(change.path, str(change.old), str(change.new)) for change in back.changes] == [
        ("goals.0.indicators.1.target", "95", "98")
    ]


def test_a_case_sent_back_is_counted_and_an_approval_is_not(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    office.act(session, opened.case_id, "sari", "submit", now)
    office.act(session, opened.case_id, "budi", "approve", now)
    office.act(session, opened.case_id, "dewi", "return", now, comment="Lengkapi")
    office.act(session, opened.case_id, "sari", "resubmit", now)
    row = queue_page(session, office.dewi.id, now).rows[0]
    assert row.returned_count == 1 and row.from_name == "Sari"


def test_somebody_outside_does_not_learn_that_the_case_exists(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    elsewhere = an_office(session, now)
    for ask in (
        lambda: case_page(session, office.wati.id, opened.case_id, now),
        lambda: case_page(session, elsewhere.fitri.id, opened.case_id, now),
        lambda: elsewhere.attempt(session, opened.case_id, "fitri", "approve", now),
        lambda: office.attempt(session, opened.case_id, "wati", "approve", now),
        lambda: case_page(session, office.sari.id, opened.case_id + 999, now),
    ):
        with pytest.raises(NotFound, match="There is no such case"):
            ask()


def test_the_heads_of_the_case_s_unit_and_above_see_it(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    for name in ("budi", "dewi", "fitri", "gatot"):
        assert case_page(session, office.people[name].id, opened.case_id, now).number == opened.number


def test_a_refused_act_writes_nothing(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    office.act(session, opened.case_id, "sari", "submit", now)
    before = session.scalar(select(func.count()).select_from(History))
    refused = office.attempt(session, opened.case_id, "budi", "return", now)
    assert isinstance(refused, Refusal) and refused.code == "comment_required"
    assert session.scalar(select(func.count()).select_from(History)) == before


def test_a_refused_opening_leaves_no_gap_in_the_numbers(session: Session, office: Office, now: datetime) -> None:
    first = office.open(session, now)
    refused = open_case(
        session, region_id=office.region.id, case_type="performance_agreement", person_id=office.sari.id,
        answers={"period": "bukan tahun"}, now=now,
    )  # fmt: skip
    assert isinstance(refused, Refusal) and refused.code == "field_invalid"
    second = office.open(session, now)
    assert first.number.endswith("/0001") and second.number.endswith("/0002")


def test_numbers_are_counted_per_unit_and_region(session: Session, office: Office, now: datetime) -> None:
    other = an_office(session, now)
    numbers = [office.open(session, now).number, other.open(session, now).number]
    assert all(number.endswith("/0001") for number in numbers) and len(set(numbers)) == 2
    key = office.unit.key
    assert numbers[0] == f"PK/2026/{key}/0001"


def test_a_case_can_only_be_opened_where_one_belongs(session: Session, office: Office, now: datetime) -> None:
    other = an_office(session, now)
    values = {"case_type": "performance_agreement", "answers": {}, "now": now}
    with pytest.raises(NotFound):
        open_case(session, region_id=office.region.id, person_id=other.sari.id, **values)
    with pytest.raises(NotFound):
        open_case(session, region_id=office.region.id, person_id=office.sari.id, unit_id=other.unit.id, **values)
    with pytest.raises(NotFound):
        open_case(
            session, region_id=office.region.id, person_id=office.sari.id, **{**values, "case_type": "no_such_type"}
        )
    with pytest.raises(InvalidInput):
        open_case(session, region_id=office.region.id, person_id=office.sari.id, title="x" * 301, **values)


def test_an_old_revision_is_answered_with_who_and_when(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    office.act(session, opened.case_id, "sari", "submit", now)
    office.act(session, opened.case_id, "budi", "approve", now, revision=2)
    refused = office.attempt(session, opened.case_id, "budi", "approve", now, revision=2, state="section_review")
    assert isinstance(refused, Refusal) and refused.code == "stale_revision"
    assert "Budi" in refused.sentence.id and "pukul 09.00" in refused.sentence.id
    assert "Setujui dan teruskan" in refused.sentence.id and "Budi was faster" in refused.sentence.en


def test_a_step_s_mails_are_one_a_person(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    for who, action in ROAD[:3]:
        office.act(session, opened.case_id, who, action, now)
    rows = session.execute(
        select(Message.audience, Message.reason).where(Message.revision == 4).order_by(Message.audience)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("group:finance", "assigned"), ("group:personnel", "assigned"), ("group:planning", "assigned")
    ]  # fmt: skip


def test_an_opened_case_is_pinned_to_its_version(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    assert isinstance(opened, Opened)
    page = case_page(session, office.sari.id, opened.case_id, now)
    assert page.definition.digest == session.get_one(Case, opened.case_id).digest


def test_a_step_taken_back_stands_as_before(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    office.act(session, opened.case_id, "sari", "submit", now)
    office.act(session, opened.case_id, "sari", "recall", now)
    check_case(session, opened.case_id, now)
    assert [row.case_id for row in queue_page(session, office.sari.id, now).rows] == [opened.case_id]
    assert queue_page(session, office.budi.id, now).rows == ()
    for who, action in ROAD:
        office.act(session, opened.case_id, who, action, now)
    check_case(session, opened.case_id, now)
    assert verify(session) == []


def test_why_answers_with_the_refusals_of_the_acts(session: Session, office: Office, now: datetime) -> None:
    opened = office.open(session, now)
    office.act(session, opened.case_id, "sari", "submit", now)
    for who, action in (("sari", "withdraw"), ("sari", "approve"), ("budi", "approve"), ("budi", "no_such_action")):
        (view,) = why(session, office.people[who].id, opened.case_id, action, now=now)
        outcome = office.attempt(session, opened.case_id, who, action, now, comment="Alasan") if view.refusal else None
        assert outcome is None or (isinstance(outcome, Refusal) and outcome.code == view.refusal.code)
    with pytest.raises(NotFound):
        why(session, office.wati.id, opened.case_id, now=now)
