"""Due timers on the store: each fires once, whoever looks and however often."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Thread

from sqlalchemy import func, select

from engine.cases.escalate import is_any_due, run_due_timers
from engine.cases.models import Case, History, Incident
from engine.cases.queue_page import queue_page
from engine.database import Database
from engine.outbox.models import Message
from engine.publishing.publish import publish
from engine.timers.models import TimerRow
from engine.vocabulary import load
from tests.office import FILES, ROOT, an_office
from tests.publishers import publishers
from tests.shadow import check_all


def fire_all(database: Database, now: datetime, worker: str = "w") -> int:
    fired = 0
    while True:
        with database.writing() as session:
            count = run_due_timers(session, now, worker)
            session.commit()
        fired += count
        if count == 0:
            return fired


def timers_told(database: Database) -> list[str]:
    with database.reading() as session:
        rows = session.scalars(select(History.details).where(History.action == "timer").order_by(History.seq))
        return [row["timer"] for row in rows]


def test_a_reviewer_is_reminded_then_the_superior_is_asked_too(database: Database, now: datetime) -> None:
    with database.writing() as session:
        office = an_office(session, now)
        case_id = office.open(session, now).case_id
        office.act(session, case_id, "sari", "submit", now)
        session.commit()
    assert fire_all(database, now + timedelta(hours=23)) == 0
    assert fire_all(database, now + timedelta(days=1)) == 1
    assert fire_all(database, now + timedelta(days=1)) == 0
    late = now + timedelta(days=3)
    assert fire_all(database, late) == 1
    assert timers_told(database) == ["section_review.remind", "section_review.escalate"]
    with database.reading() as session:
        assert [row.case_id for row in queue_page(session, office.dewi.id, late).rows] == [case_id]
        reasons = session.execute(select(Message.reason, Message.audience).order_by(Message.id)).all()
        check_all(session, late)
    positions = {name: f"position:{row.id}" for name, row in office.positions.items()}
    assert [tuple(row) for row in reasons] == [
        ("assigned", positions["budi"]),
        ("reminder", positions["budi"]),
        ("escalated", positions["budi"]),
        ("escalated", positions["dewi"]),
    ]


def test_deadlines_of_one_moment_fire_in_the_order_they_are_written(database: Database, now: datetime) -> None:
    with database.writing() as session:
        office = an_office(session, now)
        hurried = {path: (ROOT / path).read_text(encoding="utf-8") for path in FILES}
        hurried[FILES[0]] = hurried[FILES[0]].replace("default: 3", "default: 1", 1)  # remind, escalate after one day
        publish(session, hurried, "performance_agreement", reason="Uji", region=None, vocabulary=load(), now=now,
                prove=lambda definition: (), **publishers(session, office.region.id))  # fmt: skip
        case_id = office.open(session, now).case_id
        office.act(session, case_id, "sari", "submit", now)
        session.commit()
    assert fire_all(database, now + timedelta(days=1)) >= 2
    assert timers_told(database) == ["section_review.remind", "section_review.escalate"]


def test_workers_side_by_side_fire_each_timer_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        office = an_office(session, now)
        for _ in range(12):
            case_id = office.open(session, now).case_id
            office.act(session, case_id, "sari", "submit", now)
        session.commit()
    due = now + timedelta(days=1)
    threads = [Thread(target=fire_all, args=(database, due, f"w{number}")) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fire_all(database, due)  # what was locked while all four looked
    assert timers_told(database) == ["section_review.remind"] * 12
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Incident)) == 0
        check_all(session, due)


def test_an_act_and_a_timer_at_once_never_wait_for_each_other(database: Database, now: datetime) -> None:
    with database.writing() as session:
        office = an_office(session, now)
        cases = []
        for _ in range(10):
            cases.append(office.open(session, now).case_id)
            office.act(session, cases[-1], "sari", "submit", now)
        session.commit()
    due = now + timedelta(days=1)
    failures: list[BaseException] = []

    def approve() -> None:
        try:
            for case_id in reversed(cases):
                with database.writing() as session:
                    office.act(session, case_id, "budi", "approve", due)
                    session.commit()
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=approve), Thread(target=fire_all, args=(database, due))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as session:
        check_all(session, due)
        assert set(session.scalars(select(Case.state)).all()[0]["a"]) == {"approval_chain", "division_review"}


def test_a_paused_case_keeps_its_timers_waiting(database: Database, now: datetime) -> None:
    with database.writing() as session:
        office = an_office(session, now)
        case_id = office.open(session, now).case_id
        office.act(session, case_id, "sari", "submit", now)
        session.get_one(Case, case_id).is_suspended = True
        session.commit()
    due = now + timedelta(days=1)
    assert fire_all(database, due) == 0
    with database.writing() as session:
        assert not is_any_due(session, due)
        session.get_one(Case, case_id).is_suspended = False
        session.commit()
    assert fire_all(database, due) == 1


def test_a_timer_that_cannot_fire_is_told_and_tried_again_later(database: Database, now: datetime) -> None:
    with database.writing() as session:
        office = an_office(session, now)
        case_id, other = office.open(session, now).case_id, office.open(session, now).case_id
        for each in (case_id, other):
            office.act(session, each, "sari", "submit", now)
        session.get_one(Case, case_id).state = {"a": {"no_such_state": 1}, "i": [["no_such_state.remind", 1, 0, 0]]}
        row = session.get_one(TimerRow, (case_id, "section_review.remind"))
        session.delete(row)
        session.flush()
        session.add(TimerRow(case_id=case_id, key="no_such_state.remind", entry=1, count=0, due_at=now))
        session.commit()
    due = now + timedelta(days=1)
    assert fire_all(database, due) == 2
    with database.reading() as session:
        assert session.scalars(select(Incident.code)).all() == ["timer_failed"]
        waiting = session.get_one(TimerRow, (case_id, "no_such_state.remind"))
        assert waiting.attempts == 1 and waiting.lease_until is not None and waiting.lease_until > due
    assert timers_told(database) == ["section_review.remind"]  # the other case's was not held up
