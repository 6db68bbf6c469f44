"""Messages of cases: addressed when they fall due, once a person, and left out when nobody needs them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.escalate import run_due_timers
from engine.cases.models import Incident
from engine.cases.outgoing import claim_due, mark_failed, waiting
from engine.errors import NotFound
from engine.organisation.models import Group, GroupMember, Holder
from engine.outbox.messages import LEASE, PAUSES, mark_sent, postpone, retry
from engine.outbox.models import Message
from tests.factories import a_holder
from tests.office import Office, an_office


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return an_office(session, now)


@pytest.fixture
def case_id(session: Session, office: Office, now: datetime) -> int:
    opened = office.open(session, now)
    office.act(session, opened.case_id, "sari", "submit", now)
    return opened.case_id


def due(session: Session, now: datetime, worker: str = "w") -> list[tuple[int, str]]:
    return [(message.person_id, message.reason) for message in claim_due(session, now, worker)]


@pytest.mark.usefixtures("case_id")
def test_nobody_is_told_what_they_gave_themselves_to_do(session: Session, office: Office, now: datetime) -> None:
    assert due(session, now) == [(office.budi.id, "assigned")]


@pytest.mark.usefixtures("case_id")
def test_a_message_for_a_position_goes_to_whoever_holds_it_when_it_leaves(
    session: Session, office: Office, now: datetime
) -> None:
    holder = session.scalars(select(Holder).where(Holder.person_id == office.budi.id)).one()
    holder.ends_on = date(2026, 3, 1)
    session.flush()
    a_holder(session, office.positions["budi"], office.wati, starts_on=date(2026, 3, 2))
    a_holder(session, office.positions["budi"], office.joko, "plt", date(2026, 1, 1), date(2026, 12, 31))
    assert sorted(due(session, now)) == sorted([(office.wati.id, "assigned"), (office.joko.id, "assigned")])


def test_a_group_is_told_one_mail_a_person_and_the_excluded_nothing(
    session: Session, office: Office, case_id: int, now: datetime
) -> None:
    group = session.scalars(select(Group).where(Group.region_id == office.region.id, Group.key == "planning")).one()
    for person in (office.sari, office.wati):
        session.add(GroupMember(group_id=group.id, person_id=person.id))
    session.flush()
    for who in ("budi", "dewi"):
        office.act(session, case_id, who, "approve", now)
    told = sorted(person for person, _ in due(session, now))
    assert told == sorted([office.gita.id, office.wati.id, office.hadi.id, office.indra.id])
    assert due(session, now) == []


def test_what_asks_for_an_act_already_done_is_cancelled(
    session: Session, office: Office, case_id: int, now: datetime
) -> None:
    later = now + timedelta(days=1)
    assert run_due_timers(session, later, "w") == 1  # the reminder waits in the outbox
    office.act(session, case_id, "budi", "approve", later)
    assert due(session, later) == [(office.dewi.id, "assigned")]
    states = session.execute(select(Message.reason, Message.state).where(Message.person_id == office.budi.id)).all()
    assert {tuple(row) for row in states} == {("assigned", "cancelled"), ("reminder", "cancelled")}


@pytest.mark.usefixtures("case_id")
def test_a_lease_keeps_others_away_until_it_runs_out(session: Session, office: Office, now: datetime) -> None:
    first = claim_due(session, now, "one")
    assert len(first) == 1 and due(session, now, "two") == []
    again = claim_due(session, now + LEASE + timedelta(seconds=1), "two")
    assert [message.id for message in again] == [first[0].id] and again[0].attempts == 2
    assert mark_sent(session, first[0].id, now, "budi@daerah.example")
    assert not mark_sent(session, first[0].id, now, "budi@daerah.example")  # told once
    assert waiting(session)[0] == 0


@pytest.mark.usefixtures("case_id")
def test_a_failure_is_tried_again_ever_later_and_given_up_in_the_end(
    session: Session, office: Office, now: datetime
) -> None:
    moment = now
    for pause in PAUSES:
        (message,) = claim_due(session, moment, "w")
        assert not mark_failed(session, message.id, moment, "451 try later")
        assert claim_due(session, moment + pause - timedelta(seconds=1), "w") == []
        moment += pause
    (message,) = claim_due(session, moment, "w")
    assert mark_failed(session, message.id, moment, "451 try later")
    assert session.scalars(select(Incident.code)).all() == ["message_failed"]
    retry(session, message.id, moment)
    (again,) = claim_due(session, moment, "w")
    assert again.id == message.id and again.person_id == office.budi.id
    with pytest.raises(NotFound):
        retry(session, message.id, moment)


@pytest.mark.usefixtures("case_id")
def test_waiting_for_the_morning_is_no_attempt(session: Session, now: datetime) -> None:
    (message,) = claim_due(session, now, "w")
    postpone(session, message.id, now + timedelta(hours=8))
    assert claim_due(session, now, "w") == []
    (again,) = claim_due(session, now + timedelta(hours=8), "w")
    assert again.attempts == 1
