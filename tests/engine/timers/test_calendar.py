"""Working days and hours (reference §8.8): the same time of day on the nth working day after, in its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.model import CalendarSpec, Duration, Hours
from engine.timers.calendar import WorkingCalendar, calendar_of, national_days_off

JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
WEEK = frozenset({0, 1, 2, 3, 4})


def spec(zone="Asia/Jakarta", holidays=(), hours=None, national=False, removed=(), days=WEEK):
    return CalendarSpec("office", zone, days, hours or {}, frozenset(holidays), national, frozenset(removed))


def at(text, zone=JAKARTA):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02T10:30", 1, "2026-03-03T10:30"),
        ("2026-03-06T10:30", 1, "2026-03-09T10:30"),
        ("2026-03-07T10:30", 1, "2026-03-09T10:30"),
        ("2026-03-08T00:00", 1, "2026-03-09T00:00"),
        ("2026-03-02T10:30", 0, "2026-03-02T10:30"),
        ("2026-03-02T23:59", 20, "2026-03-30T23:59"),
    ],
)
def test_working_days_keep_the_time_of_day(start, days, due):
    calendar = WorkingCalendar(spec())
    assert calendar.add(at(start), Duration("working_days", days)) == at(due)


def test_the_zone_decides_which_day_it_is():
    monday_evening = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)  # Tuesday 01:00 in Jayapura, Monday 23:00 in Jakarta
    assert WorkingCalendar(spec("Asia/Jayapura")).today(monday_evening) == date(2026, 3, 3)
    assert WorkingCalendar(spec()).today(monday_evening) == date(2026, 3, 2)
    assert WorkingCalendar(spec("Asia/Jayapura")).midnight(date(2026, 3, 3)) == datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def test_days_follow_the_clock_on_the_wall_where_summer_time_begins():
    calendar = WorkingCalendar(spec("Europe/Amsterdam"))
    start = at("2026-03-28T12:00", ZoneInfo("Europe/Amsterdam"))
    begin = start.astimezone(UTC)
    assert calendar.add(start, Duration("days", 1)) - begin == timedelta(hours=23)
    assert calendar.add(start, Duration("hours", 24)) - begin == timedelta(hours=24)


def test_listed_holidays_are_exactly_those_and_national_ones_include_joint_leave():
    nyepi = date(2026, 3, 19)
    assert WorkingCalendar(spec()).is_working_day(nyepi)
    assert not WorkingCalendar(spec(holidays=[nyepi])).is_working_day(nyepi)
    national = WorkingCalendar(spec(national=True))
    assert not national.is_working_day(nyepi)
    assert not national.is_working_day(date(2026, 3, 24))  # joint leave
    assert date(2026, 8, 17) in national_days_off(2026)
    assert WorkingCalendar(spec(national=True, removed=[nyepi])).is_working_day(nyepi)
    assert not WorkingCalendar(None).is_working_day(nyepi)


def test_a_region_s_own_table_wins():
    own = {date(2026, 3, 4): True, date(2026, 3, 7): False, date(2026, 3, 19): False}
    for calendar in (
        WorkingCalendar(spec(national=True), own),
        WorkingCalendar(spec(holidays=[date(2026, 3, 19)]), own),
    ):
        assert not calendar.is_working_day(date(2026, 3, 4))
        assert calendar.is_working_day(date(2026, 3, 7))
        assert calendar.is_working_day(date(2026, 3, 19))


OFFICE = {day: Hours(480, 960, (720, 780)) for day in range(5)}


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-02T09:00", 2, "2026-03-02T11:00"),
        ("2026-03-02T11:00", 2, "2026-03-02T14:00"),
        ("2026-03-02T15:00", 1, "2026-03-02T16:00"),
        ("2026-03-02T15:30", 1, "2026-03-03T08:30"),
        ("2026-03-02T05:00", 7, "2026-03-02T16:00"),
        ("2026-03-06T17:00", 1, "2026-03-09T09:00"),
        ("2026-03-02T12:30", 1, "2026-03-02T14:00"),
        ("2026-03-02T08:00", 14, "2026-03-03T16:00"),
    ],
)
def test_working_hours_run_only_while_offices_are_open(start, hours, due):
    calendar = WorkingCalendar(spec(hours=OFFICE))
    assert calendar.add(at(start), Duration("working_hours", hours)) == at(due)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-60, 400))
def test_adding_and_counting_working_days_agree(start, days):
    calendar = calendar_of(None)
    end = calendar.add_working_days(start, days)
    if days:
        assert calendar.is_working_day(end)
    if days > 0:
        assert calendar.working_days_between(start, end) == days
        assert calendar.working_days_between(end, start) == -days
    slow, left = start, days
    while left > 0:
        slow += timedelta(days=1)
        left -= calendar.is_working_day(slow)
    if days > 0:
        assert slow == end


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 50), st.integers(0, 50))
def test_two_spans_after_each_other_are_one_span(start, first, second):
    calendar = calendar_of(None)
    there = calendar.add_working_days(calendar.add_working_days(start, first), second)
    assert there == calendar.add_working_days(start, first + second)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)), st.integers(0, 80))
def test_working_hours_added_are_the_minutes_between(start, hours):
    calendar = WorkingCalendar(spec(hours=OFFICE))
    begin = start.replace(second=0, microsecond=0, tzinfo=JAKARTA)
    end = calendar.add(begin, Duration("working_hours", hours))
    assert calendar.working_minutes_between(begin, end) == hours * 60


def test_a_calendar_is_kept_while_its_two_sources_are_the_same_objects():
    one, own = spec(), {date(2026, 3, 4): True}
    assert calendar_of(one, own) is calendar_of(one, own)
    assert calendar_of(one, dict(own)) is not calendar_of(one, own)


def test_a_calendar_without_working_days_says_so_instead_of_counting_for_ever():
    with pytest.raises(OverflowError):
        WorkingCalendar(spec(days=frozenset())).add_working_days(date(2026, 1, 1), 1)
