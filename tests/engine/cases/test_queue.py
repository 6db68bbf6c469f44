"""The queue: what it shows to whom, its filters, its pages, and who never sees a task."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.follow import follow, unfollow
from engine.cases.models import Case, Incident
from engine.cases.queue_page import queue_page
from engine.cases.reoffer import reoffer_changed
from engine.cases.search import search
from engine.errors import InvalidInput, NotFound
from engine.organisation.models import Group, GroupMember, Holder
from engine.tasks.models import Offer
from engine.tasks.views import QueueFilters
from tests.factories import a_holder
from tests.office import Office, an_office
from tests.shadow import check_case


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return an_office(session, now)


def submitted(session: Session, office: Office, now: datetime, **answers: object) -> int:
    case_id = office.open(session, now, **answers).case_id
    office.act(session, case_id, "sari", "submit", now)
    return case_id


def joined(session: Session, office: Office, now: datetime, **answers: object) -> int:
    case_id = submitted(session, office, now, **answers)
    for who in ("budi", "dewi"):
        office.act(session, case_id, who, "approve", now)
    return case_id


def add_to_group(session: Session, office: Office, key: str, who: str) -> None:
    group = session.scalars(select(Group).where(Group.region_id == office.region.id, Group.key == key)).one()
    session.add(GroupMember(group_id=group.id, person_id=office.people[who].id))
    session.flush()


def numbers(session: Session, office: Office, who: str, now: datetime, **options: object) -> list[int]:
    return [row.case_id for row in queue_page(session, office.people[who].id, now, **options).rows]  # type: ignore[arg-type]


def test_pages_follow_one_another_without_gap_or_repetition(session: Session, office: Office, now: datetime) -> None:
    cases = [submitted(session, office, now + timedelta(minutes=index % 3)) for index in range(11)]
    seen: list[int] = []
    after, pages = None, 0
    while True:
        page = queue_page(session, office.budi.id, now, after=after, limit=4)
        seen += [row.case_id for row in page.rows]
        after, pages = page.next_key, pages + 1
        if after is None:
            break
    assert pages == 3 and sorted(seen) == sorted(cases) and len(set(seen)) == 11
    assert str(page.counts["mine"]) == "11"


def test_the_most_urgent_comes_first_and_is_told_in_words(session: Session, office: Office, now: datetime) -> None:
    later = submitted(session, office, now)
    earlier = submitted(session, office, now - timedelta(days=6))
    page = queue_page(session, office.budi.id, now)
    assert [row.case_id for row in page.rows] == [earlier, later]
    assert [row.deadline for row in page.rows] == ["overdue", "next"]
    assert queue_page(session, office.budi.id, now + timedelta(days=3, hours=-1)).rows[1].deadline == "today"


def test_filters_narrow_the_queue(session: Session, office: Office, now: datetime) -> None:
    late = submitted(session, office, now - timedelta(days=6))
    fresh = submitted(session, office, now)
    returned = submitted(session, office, now)
    office.act(session, returned, "budi", "return", now, comment="Lengkapi")
    office.act(session, returned, "sari", "resubmit", now)
    ask = {
        "overdue": (QueueFilters(deadline="overdue"), [late]),
        "next": (QueueFilters(deadline="next"), [fresh, returned]),
        "none": (QueueFilters(deadline="none"), []),
        "returned": (QueueFilters(returned=1), [returned]),
        "step": (QueueFilters(state="section_review"), [late, fresh, returned]),
        "other step": (QueueFilters(state="division_review"), []),
        "unit": (QueueFilters(unit_id=office.unit.id), [late, fresh, returned]),
        "type": (QueueFilters(case_type="other"), []),
        "person": (QueueFilters(text="SARI"), [late, fresh, returned]),
        "wildcards are letters": (QueueFilters(text="%"), []),
        "both": (QueueFilters(deadline="next", returned=1), [returned]),
    }
    for filters, expected in ask.values():
        assert sorted(numbers(session, office, "budi", now, filters=filters)) == sorted(expected), filters


def test_a_value_no_list_knows_is_refused(session: Session, office: Office, now: datetime) -> None:
    for options in (
        {"tab": "all"}, {"after": "1.2"}, {"after": "1.2.3; DROP TABLE cases"}, {"after": "9" * 40 + ".1.1"},
        {"limit": 0}, {"limit": 100_000}, {"filters": QueueFilters(deadline="soon")},
        {"filters": QueueFilters(assignee="x")},
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            queue_page(session, office.budi.id, now, **options)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        queue_page(session, 999_999, now)


def test_a_claimed_task_is_its_holder_s_alone(session: Session, office: Office, now: datetime) -> None:
    add_to_group(session, office, "planning", "wati")
    case_id = joined(session, office, now)
    assert numbers(session, office, "gita", now) == numbers(session, office, "wati", now) == [case_id]
    assert queue_page(session, office.gita.id, now).rows[0].may_claim
    office.act(session, case_id, "gita", "claim", now)
    assert numbers(session, office, "wati", now) == []
    row = queue_page(session, office.gita.id, now).rows[0]
    assert row.is_mine and row.assignee_name == "Gita" and not row.may_claim
    office.act(session, case_id, "gita", "release", now)
    assert numbers(session, office, "wati", now) == [case_id]


def test_excluded_people_never_see_the_task(session: Session, office: Office, now: datetime) -> None:
    add_to_group(session, office, "planning", "sari")
    add_to_group(session, office, "planning", "wati")
    case_id = joined(session, office, now, first_party=office.wati.id)
    assert numbers(session, office, "gita", now) == [case_id]
    for who in ("sari", "wati"):  # the drafter; a party, by separation of duties
        page = queue_page(session, office.people[who].id, now)
        assert page.rows == () and page.counts["mine"].number == 0
    assert search(session, office.wati.id, "", now).rows == ()
    assert [row.case_id for row in search(session, office.sari.id, "", now).rows] == [case_id]  # her own case


def test_a_stand_in_sees_only_what_they_may_do(session: Session, office: Office, now: datetime) -> None:
    a_holder(session, office.positions["fitri"], office.joko, "plh", date(2026, 2, 1), date(2026, 4, 1))
    a_holder(session, office.positions["eko"], office.joko, "plh", date(2026, 2, 1), date(2026, 4, 1))
    case_id = joined(session, office, now)
    for who in ("gita", "indra"):
        office.act(session, case_id, who, "approve", now)
    assert numbers(session, office, "joko", now) == [case_id]  # a daily executor may approve for the secretary
    fired = office.act(session, case_id, "joko", "approve", now)
    assert fired.entries[0].principal == office.eko.id and fired.entries[0].kind == "daily_executor"
    assert numbers(session, office, "joko", now) == []  # but not sign for the head


def test_a_new_holder_has_the_queue_at_once(session: Session, office: Office, now: datetime) -> None:
    case_id = submitted(session, office, now)
    holder = session.scalars(select(Holder).where(Holder.person_id == office.budi.id)).one()
    holder.ends_on = date(2026, 3, 1)
    session.flush()
    a_holder(session, office.positions["budi"], office.wati, starts_on=date(2026, 3, 2))
    assert numbers(session, office, "wati", now) == [case_id]
    assert numbers(session, office, "budi", now) == []
    office.act(session, case_id, "wati", "approve", now)


def test_a_step_whose_only_holder_has_left_becomes_an_incident_once(
    session: Session, office: Office, now: datetime
) -> None:
    case_id = submitted(session, office, now)
    holder = session.scalars(select(Holder).where(Holder.person_id == office.budi.id)).one()
    holder.ends_on = date(2026, 3, 1)
    session.flush()
    for later in (1, 2):
        reoffer_changed(session, now + timedelta(days=later))
    raised = session.scalars(select(Incident).where(Incident.case_id == case_id)).all()
    assert [(incident.code, incident.state) for incident in raised] == [("no_candidate", "section_review")]


def test_open_tasks_follow_a_unit_that_moves(session: Session, office: Office, now: datetime) -> None:
    case_id = submitted(session, office, now)
    while reoffer_changed(session, now):
        pass
    before = session.scalars(select(Offer.audience)).all()
    office.positions["budi"].valid_to = date(2026, 3, 1)
    session.flush()
    while reoffer_changed(session, now):
        pass
    assert before != session.scalars(select(Offer.audience)).all()
    assert numbers(session, office, "budi", now) == []
    check_case(session, case_id, now)
    assert reoffer_changed(session, now) == 0  # nothing is looked at twice


def test_the_unit_s_tab_shows_what_waits_in_its_cases(session: Session, office: Office, now: datetime) -> None:
    case_id = joined(session, office, now)
    assert numbers(session, office, "budi", now, tab="unit") == [case_id] * 3  # three bureaus are asked
    assert numbers(session, office, "gita", now, tab="unit") == []
    assert queue_page(session, office.fitri.id, now, tab="unit").counts["unit"].number == 3


def test_cases_followed_and_done_are_listed_newest_first(session: Session, office: Office, now: datetime) -> None:
    first, second = submitted(session, office, now), submitted(session, office, now)
    for case_id in (first, second):
        office.act(session, case_id, "budi", "approve", now)
        follow(session, case_id, office.budi.id, now)
    assert numbers(session, office, "budi", now, tab="done") == [second, first]
    assert numbers(session, office, "budi", now, tab="follow") == [second, first]
    page = queue_page(session, office.budi.id, now, tab="done", limit=1)
    assert page.rows[0].state_title.id == "Telaah kepala bidang"
    assert [row.case_id for row in queue_page(session, office.budi.id, now, tab="done", after=page.next_key).rows] == [
        first
    ]
    assert unfollow(session, first, office.budi.id, now)
    assert numbers(session, office, "budi", now, tab="follow") == [second]
    with pytest.raises(NotFound):
        follow(session, first, office.wati.id, now)
    with pytest.raises(NotFound):
        unfollow(session, first, office.wati.id, now)


def test_search_finds_by_number_title_person_and_unit(session: Session, office: Office, now: datetime) -> None:
    elsewhere = an_office(session, now)
    hidden = elsewhere.open(session, now)
    case_id = submitted(session, office, now)
    number = session.get_one(Case, case_id).number
    for text in (number, number.lower(), "sari", "kinerja SARI", office.unit.name, ""):
        assert [row.case_id for row in search(session, office.gatot.id, text, now).rows] == [case_id], text
    for text in ("xyz", "%", "__", hidden.number, "' OR 1=1 --"):
        assert search(session, office.gatot.id, text, now).rows == (), text
    assert search(session, office.wati.id, "sari", now).rows == ()
    with pytest.raises(InvalidInput):
        search(session, office.gatot.id, "", now, after="x")


def test_nothing_of_a_finished_case_stays_in_a_queue(session: Session, office: Office, now: datetime) -> None:
    case_id = submitted(session, office, now)
    office.act(session, case_id, "sari", "withdraw", now, comment="Pindah unit")
    assert session.scalar(select(func.count()).select_from(Offer)) == 0
    assert numbers(session, office, "budi", now) == []


def test_a_delegated_task_is_in_the_delegate_s_queue(session: Session, office: Office, now: datetime) -> None:
    case_id = joined(session, office, now)
    for who in ("gita", "indra"):
        office.act(session, case_id, who, "approve", now)
    until = date(2026, 3, 6)
    office.act(session, case_id, "eko", "delegate", now, to=office.joko.id, comment="Dinas luar", until=until)
    assert numbers(session, office, "joko", now) == [case_id]
    check_case(session, case_id, now)
    fired = office.act(session, case_id, "joko", "approve", now)
    assert fired.entries[0].principal == office.eko.id
    check_case(session, case_id, now)
