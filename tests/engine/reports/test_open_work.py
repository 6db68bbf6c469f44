"""Open work counted: the numbers by day add up to the lists of tasks and of cases, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from engine.cases.access import reader_of
from engine.reports.open_work import open_cases, open_tasks, open_tasks_by_day
from tests.office import Office, an_office

TYPES = ("performance_agreement",)
JAKARTA = ZoneInfo("Asia/Jakarta")


def an_agreement(session: Session, office: Office, now: datetime, *, is_joint: bool) -> int:
    case_id = office.open(session, now).case_id
    for who, action in (("sari", "submit"), ("budi", "approve"), ("dewi", "approve"))[: 3 if is_joint else 1]:
        office.act(session, case_id, who, action, now)
    return case_id


def test_open_work_by_day_adds_up_to_the_tasks_and_cases_it_counts(session: Session, now: datetime) -> None:
    office = an_office(session, now)
    for days in (0, 0, 3):
        an_agreement(session, office, now + timedelta(days=days), is_joint=False)
    joint = an_agreement(session, office, now, is_joint=True)
    later = (now + timedelta(days=5)).astimezone(JAKARTA)
    reader = reader_of(session, office.gatot.id, later)
    tasks = session.execute(open_tasks(reader, TYPES)).all()
    assert len([one for one in tasks if one.case_id == joint]) > 1, "several decide at once"
    counted = open_tasks_by_day(session, reader, TYPES, None, later)
    assert Counter(one.state for one in tasks) == Counter({
        state: sum(one.tasks for one in counted if one.state == state) for state in {one.state for one in counted}
    })  # fmt: skip
    days = Counter(one.opened_at.astimezone(JAKARTA).date() for one in tasks)
    assert days == Counter({
        day: sum(one.tasks for one in counted if one.day == day) for day in {one.day for one in counted}
    })  # fmt: skip
    late = [one for one in tasks if one.due_key < later.timestamp()]
    assert sum(one.tasks for one in counted if one.are_late) == len(late) > 0
    cases = session.execute(open_cases(reader, TYPES)).all()
    assert len(cases) == 4
    for state in {one.state for one in cases}:
        there = [one for one in cases if one.state == state]
        assert sum(one.cases for one in counted if one.state == state) == len(there)


def test_a_task_opened_late_in_the_evening_counts_for_that_day(session: Session, now: datetime) -> None:
    office = an_office(session, now)
    evening = now.astimezone(JAKARTA).replace(hour=23, minute=59)
    an_agreement(session, office, evening, is_joint=False)
    an_agreement(session, office, evening + timedelta(minutes=2), is_joint=False)
    later = (now + timedelta(days=5)).astimezone(JAKARTA)
    counted = open_tasks_by_day(session, reader_of(session, office.gatot.id, later), TYPES, None, later)
    assert {one.day: one.tasks for one in counted} == {evening.date(): 1, evening.date() + timedelta(days=1): 1}


def test_only_the_units_asked_for_are_counted(session: Session, now: datetime) -> None:
    office = an_office(session, now)
    an_agreement(session, office, now, is_joint=False)
    reader = reader_of(session, office.gatot.id, now)
    asked = [{office.unit.id}, {office.units["top"].id}, set()]
    found = [sum(one.tasks for one in open_tasks_by_day(session, reader, TYPES, units, now)) for units in asked]
    assert found == [1, 0, 0]
