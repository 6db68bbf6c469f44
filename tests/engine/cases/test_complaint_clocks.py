"""The clocks of a complaint as it is stored: working days, pauses, promises that stay, reminders that come once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.catching_up import catch_up
from engine.cases.escalate import run_due_timers
from engine.cases.models import History
from engine.cases.stored import read_case
from engine.changes import Refusal
from engine.database import Database
from engine.disclosure.keyring import hold
from engine.outbox.models import Message
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from engine.timers.models import TimerRow
from engine.vocabulary import load
from tests.sealed_office import COMPLAINT, ROOT, SealedOffice, a_sealed_office

FRIDAY_EVENING = datetime(2026, 3, 13, 13, 0, tzinfo=UTC)  # 20.00 in Jakarta, 22.00 in Jayapura


def promised(office: SealedOffice, sla: str) -> date | None:
    """The day by which a promise has to be kept, in the region's own time; None while its clock stands still."""
    office.at_work("irma")
    due = read_case(office.session, office.case_id, office.now).facts.state.slas[sla].due_at
    return None if due is None else (due.astimezone(office.zone) - timedelta(seconds=1)).date()


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_t65_working_days_pass_over_weekends_holidays_and_joint_leave(session: Session, zone: str) -> None:
    """Friday evening, then a weekend, two working days, joint leave, Nyepi and Idul Fitri until Wednesday the 25th: the
    same promise in all three time zones, where a region's calendar has its own; none of them has summer time."""
    office = a_sealed_office(session, FRIDAY_EVENING, publishes=False)
    office.region.timezone = zone
    office.region.organisation_revision += 1
    session.flush()
    gathered, loaded = gather(ROOT / f"workflows/{COMPLAINT}.yaml", ROOT, ROOT / "delivery" / "templates", load())
    assert gathered is not None, loaded.problems
    files = {name: text.replace("timezone: Asia/Jakarta", f"timezone: {zone}") for name, text in gathered.files.items()}
    publish(session, files, COMPLAINT, reason="Uji", by=None, region=office.region.id, vocabulary=load(),
            now=FRIDAY_EVENING - timedelta(days=1), prove=lambda definition: ())  # fmt: skip
    assert not isinstance(office.report(), Refusal)
    assert promised(office, "acknowledgement") == date(2026, 3, 24)
    office.now = datetime(2026, 3, 16, 3, tzinfo=UTC)
    assert not isinstance(office.report(), Refusal)
    assert promised(office, "acknowledgement") == date(2026, 3, 25)


def test_t65_the_clock_stands_still_while_the_reporter_is_asked(session: Session, now: datetime) -> None:
    office = a_sealed_office(session, now)
    office.report()
    assert office.do("ida", "register") is None
    assert office.do("vina", "complete", verification_note="Lengkap") is None
    before = promised(office, "feedback")
    assert before is not None
    assert office.do("rani", "ask_reporter", "Siapa saksinya") is None
    assert promised(office, "feedback") is None
    office.now += timedelta(days=4)  # Friday of the same week
    assert office.do("reporter", "provide") is None
    after = promised(office, "feedback")
    assert after is not None and 0 < (after - before).days <= 7


def test_t66_acknowledging_twice_or_later_moves_no_promise(session: Session, now: datetime) -> None:
    office = a_sealed_office(session, now)
    office.report()
    due = promised(office, "acknowledgement")
    office.now += timedelta(days=1)
    assert office.do("ida", "register") is None
    assert promised(office, "acknowledgement") == due
    office.now += timedelta(days=1)
    office.at_work("vina")
    assert office.do("vina", "register") is not None
    assert promised(office, "acknowledgement") == due
    at = session.scalars(select(History.at).where(History.case_id == office.case_id).order_by(History.seq)).all()
    assert at == sorted(at)  # nothing on record is dated before what was there


def test_t67_three_workers_and_one_more_after_a_restart_remind_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        office = a_sealed_office(session, now)
        assert not isinstance(office.report(), Refusal)
        hold(session, None)
        session.commit()
        people = {name: person.id for name, person in office.people.items()}
    later = now + timedelta(days=7)
    start = threading.Barrier(3)

    def work(name: str) -> None:
        start.wait()
        with database.writing() as session:
            run_due_timers(session, later, name)
            session.commit()

    workers = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with database.writing() as session:
        assert run_due_timers(session, later + timedelta(minutes=1), "worker-after-restart") == 0
        session.commit()
    with database.reading() as session:
        told = [row.person_id for row in session.scalars(select(Message).where(Message.created_at > later))]
        assert sorted(told) == sorted([people["ida"], people["irma"]])
    with database.writing() as session:
        office = replace(office, session=session)
        for name, done in (("ida", 1), ("irma", 0)):
            office.at_work(name)
            assert catch_up(session, people[name], later) == done
        history = session.scalars(select(History.action).where(History.case_id == office.case_id)).all()
        assert len([action for action in history if action not in ("open", "reoffer")]) == 1
        assert session.get(TimerRow, (office.case_id, "intake.late")) is None
        session.commit()
