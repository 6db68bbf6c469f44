"""On the store, on both databases: who gets a task, until when, in which window, and what a promise does (§2, §4)."""

# ruff: noqa: E501 - YAML as authors write it
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.audit.models import AuditEntry
from engine.cases.extensions import extend_schedule, extensions_of
from engine.errors import InvalidInput, NotFound
from engine.tasks.models import Task
from engine.timers.models import TimerRow
from tests.engine.cases.written import ROLES
from tests.factories import a_holiday
from tests.kept import Kept

ALLOCATED = """
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [clerk], allocate: HOW, auto_release: {hours: 4}}
      transitions: {finish: {to: over}, next: {to: work}}
    over: {type: final}
"""


def holders(kept: Kept) -> list[str]:
    rows = kept.session.scalars(select(Task.assignee_id).where(Task.closed_at.is_(None)).order_by(Task.case_id))
    return [name for each in rows for name in kept.names([each] if each else [])]


def test_the_least_loaded_gets_the_next_task(kept: Kept) -> None:
    kept.publish(ALLOCATED.replace("HOW", "least_loaded"))
    cases = [kept.open() for _ in range(4)]
    assert sorted(holders(kept)) == ["carla", "carla", "cici", "cici"]
    for each, name in zip(cases, holders(kept), strict=True):
        if name == "cici":
            kept.case_id = each
            assert kept.do("cici", "finish") is None
    kept.open()
    kept.open()
    assert sorted(holders(kept)) == ["carla", "carla", "cici", "cici"]


def test_round_robin_gives_the_tasks_of_a_case_in_turn(kept: Kept) -> None:
    kept.publish(ALLOCATED.replace("HOW", "round_robin"))
    kept.open()
    seen = []
    for _ in range(4):
        seen += holders(kept)
        assert kept.do(seen[-1], "next") is None
    assert seen[0] != seen[1] and seen == [seen[0], seen[1]] * 2


def test_an_allocated_task_is_in_its_holders_queue_only_until_it_is_released_by_time(kept: Kept) -> None:
    kept.publish(ALLOCATED.replace("HOW", "least_loaded"))
    kept.open()
    (holder,) = holders(kept)
    other = {"carla": "cici", "cici": "carla"}[holder]
    assert (len(kept.queue(holder)), kept.queue(other)) == (1, [])
    assert kept.do(other, "finish") == "claimed_by_other"
    kept.advance(hours=4)
    assert holders(kept) == []
    assert len(kept.queue(other)) == 1
    assert kept.do(other, "finish") is None


CLAIMED = ALLOCATED.replace("allocate: HOW, ", "")


def test_a_claim_is_given_back_by_time_and_the_timer_goes_with_a_release(kept: Kept) -> None:
    kept.publish(CLAIMED)
    kept.open()
    assert kept.do("carla", "claim") is None
    assert kept.session.scalars(select(TimerRow.key)).all() == ["task.1.auto_release"]
    assert kept.do("cici", "finish") == "claimed_by_other"
    assert kept.do("carla", "release") is None
    assert kept.session.scalars(select(TimerRow.key)).all() == []
    assert kept.do("cici", "claim") is None
    kept.advance(hours=4)
    assert kept.session.scalars(select(TimerRow.key)).all() == []
    assert kept.do("carla", "finish") is None


WINDOW = """
schedules:
  setting: {title: {id: Penetapan, en: Setting}, from: "date(year(today), 1, 2)", to: "date(year(today), 1, 31)", extendable_by: [planning, chief]}
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter]}, transitions: {submit: {to: over, window: setting}}}
    over: {type: final}
"""
CHIEF = "  chief: {title: {id: Kepala, en: Chief}, resolve: {position: head, level: section}}\n"


def in_a_window(kept: Kept) -> None:
    kept.publish(WINDOW, roles=ROLES + CHIEF)
    kept.open()


def test_a_step_outside_its_window_is_refused_with_the_days_of_the_window(kept: Kept) -> None:
    in_a_window(kept)
    assert kept.do("ani", "submit") == "outside_schedule"
    assert kept.refusal is not None
    assert kept.refusal.sentence.id == "Penetapan dibuka 2 Januari 2026 sampai 31 Januari 2026."
    kept.now = datetime(2027, 1, 31, 16, 59, tzinfo=UTC)  # 23.59 in Jakarta on the last day
    assert kept.do("ani", "submit") is None


def test_more_time_for_a_unit_is_a_record_with_a_reason_and_opens_the_window_there_and_below(kept: Kept) -> None:
    in_a_window(kept)
    until = date(2026, 3, 10)
    pia, section, other = kept.people["pia"].id, kept.units["section"].id, kept.units["other"].id
    extend_schedule(kept.session, pia, "sample", "setting", other, until, "pagu berubah", kept.now)
    assert kept.do("ani", "submit") == "outside_schedule"  # another unit
    extend_schedule(kept.session, pia, "sample", "setting", kept.units["top"].id, until, "pagu berubah", kept.now)
    kept.now = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)  # the day after, in Jakarta
    assert kept.do("ani", "submit") == "outside_schedule"
    extend_schedule(
        kept.session, kept.people["dedi"].id, "sample", "setting", section, date(2026, 3, 12), "x", kept.now
    )
    assert kept.do("ani", "submit") is None
    newest = extensions_of(kept.session, pia, "sample", kept.now)[0]
    assert (newest.reason, newest.granted_by, newest.unit_id) == ("x", kept.people["dedi"].id, section)
    told = kept.session.scalars(select(AuditEntry).where(AuditEntry.event == "schedule_extended")).all()
    assert len(told) == 3 and told[0].new["reason"] == "pagu berubah"


def test_only_who_the_case_type_names_extends_a_schedule_and_never_without_a_reason(kept: Kept) -> None:
    in_a_window(kept)
    section, until = kept.units["section"].id, date(2026, 3, 10)

    def extend(who: str, schedule: str = "setting", unit: int = section, until: date = until, why: str = "x") -> None:
        extend_schedule(kept.session, kept.people[who].id, "sample", schedule, unit, until, why, kept.now)

    for refused in (
        lambda: extend("ani"),
        lambda: extend("hana"),
        lambda: extend("dedi", unit=kept.units["other"].id),  # head of another section
        lambda: extend("pia", "nothing"),
        lambda: extend("pia", unit=999_999),
    ):
        with pytest.raises(NotFound):
            refused()
    for wrong in (lambda: extend("pia", why="  "), lambda: extend("pia", until=date(2026, 3, 1))):
        with pytest.raises(InvalidInput):
            wrong()


PROMISED = """
notifications:
  late: {channel: email, to: [head], template: at_risk}
slas:
  promise: {target: {working_days: 4}, start: work, stop: [over], pause_in: [waiting], at_risk: {at: 0.5, effects: {tell: {notify: late}}}}
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [clerk], due: {working_days: 2}}
      transitions: {wait: {to: waiting}, finish: {to: over}, more: {internal: true, effects: {longer: {extend_sla: {sla: promise, by: {working_days: 2}}}}}}
    waiting: {task: {candidates: [head]}, transitions: {go: {to: work}}}
    over: {type: final}
"""


def due(kept: Kept, key: str = "sla.promise.at_risk") -> datetime | None:
    return kept.session.scalar(select(TimerRow.due_at).where(TimerRow.case_id == kept.case_id, TimerRow.key == key))


def test_a_promise_warns_pauses_goes_on_and_is_extended_on_the_store(kept: Kept) -> None:
    kept.publish(PROMISED)
    kept.open()
    opened = kept.now
    assert due(kept) == opened + timedelta(days=2)
    assert kept.do("carla", "more") is None
    assert due(kept) == opened + timedelta(days=3)  # half of six working days
    kept.advance(days=1)
    assert kept.do("carla", "wait") is None
    assert due(kept) is None
    assert kept.advance(days=7) == []
    assert kept.do("hana", "go") is None
    assert due(kept) == kept.now + timedelta(days=2)
    assert kept.stored.facts.state.slas["promise"].due_at == kept.now + timedelta(days=7)  # five working days
    assert kept.advance(days=2) == ["promise.at_risk"]
    assert kept.advance(days=30) == []  # once a run
    assert kept.do("carla", "finish") is None
    assert due(kept) is None


ZONED = """
calendars:
  office: {timezone: ZONE, working_days: [mon, tue, wed, thu, fri], hours: {from: "08:00", to: "16:00", break: {from: "12:00", to: "13:00"}, fri: {from: "08:00", to: "11:30"}}, holidays: {from: national}}
"""
COUNTED = """
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [clerk], due: {working_days: 1}}
      timers: {soon: {after: {working_hours: 3}, effects: {more: {add_candidate: head}}}}
      transitions: {finish: {to: over}}
    over: {type: final}
"""


@pytest.mark.parametrize(("zone", "hours"), [("Asia/Jakarta", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)])
def test_office_hours_are_those_of_the_zone_in_the_west_the_middle_and_the_east(
    kept: Kept, zone: str, hours: int
) -> None:
    kept.publish(COUNTED, calendar=ZONED.replace("ZONE", zone))
    kept.now = datetime(2026, 3, 2, 11 - hours, 0, tzinfo=UTC)  # Monday at 11.00 there
    kept.open()
    assert due(kept, "work.soon") == datetime(2026, 3, 2, 15 - hours, 0, tzinfo=UTC)  # the break lies between
    kept.now = datetime(2026, 3, 6, 10 - hours, 0, tzinfo=UTC)  # Friday at 10.00: half a day
    kept.open()
    assert due(kept, "work.soon") == datetime(2026, 3, 9, 9 - hours, 30, tzinfo=UTC)


def test_national_holidays_and_joint_leave_are_no_working_days_and_a_regions_own_table_wins(kept: Kept) -> None:
    kept.publish(COUNTED, calendar=ZONED.replace("ZONE", "Asia/Jakarta"))
    # Nyepi is on Thursday 19 March 2026 with joint leave on Wednesday; Idulfitri follows with its joint leave
    kept.now = datetime(2026, 3, 17, 3, 0, tzinfo=UTC)
    kept.open()
    task = kept.session.scalars(select(Task.due_at).where(Task.case_id == kept.case_id)).one()
    assert task == datetime(2026, 3, 25, 3, 0, tzinfo=UTC)
    a_holiday(kept.session, kept.region, date(2026, 3, 18), "Masuk kerja", is_off=False)
    kept.region.organisation_revision += 1
    kept.session.flush()
    kept.open()
    task = kept.session.scalars(select(Task.due_at).where(Task.case_id == kept.case_id)).one()
    assert task == datetime(2026, 3, 18, 3, 0, tzinfo=UTC)
    a_holiday(kept.session, kept.region, date(2026, 4, 1), "Hari jadi", is_off=True)
    kept.region.organisation_revision += 1
    kept.session.flush()
    kept.now = datetime(2026, 3, 31, 3, 0, tzinfo=UTC)
    kept.open()
    task = kept.session.scalars(select(Task.due_at).where(Task.case_id == kept.case_id)).one()
    assert task == datetime(2026, 4, 2, 3, 0, tzinfo=UTC)
