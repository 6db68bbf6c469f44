"""Quiet hours: which mails wait, and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from delivery.quiet import waits_until
from engine.errors import InvalidInput

WITA = ZoneInfo("Asia/Makassar")
OVERNIGHT = {"quiet_hours": {"from": "18:00", "to": "07:00"}}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def until(now: str, settings: dict[str, object] = OVERNIGHT, holidays: dict[date, bool] | None = None) -> str | None:
    found = waits_until(local(now).astimezone(UTC), settings, WITA, holidays or {})
    return None if found is None else f"{found.astimezone(WITA):%Y-%m-%d %H:%M}"


def test_without_the_setting_nothing_waits() -> None:
    assert until("2026-03-07T03:00", {}) is None


@pytest.mark.parametrize("now", ["2026-03-02T07:00", "2026-03-02T12:00", "2026-03-02T17:59"])
def test_in_office_hours_mails_leave_at_once(now: str) -> None:
    assert until(now) is None


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-03-02T18:00", "2026-03-03 07:00"),  # Monday evening
        ("2026-03-03T00:10", "2026-03-03 07:00"),  # after midnight: the same morning
        ("2026-03-06T19:00", "2026-03-09 07:00"),  # Friday evening
        ("2026-03-07T12:00", "2026-03-09 07:00"),  # Saturday is quiet as a whole
        ("2026-03-18T19:00", "2026-03-25 07:00"),  # before Nyepi and Idul Fitri with its joint leave
    ],
)
def test_the_rest_waits_for_the_morning_of_a_working_day(now: str, morning: str) -> None:
    assert until(now) == morning


def test_a_regions_own_calendar_wins() -> None:
    assert until("2026-03-02T19:00", holidays={date(2026, 3, 3): True}) == "2026-03-04 07:00"
    assert until("2026-03-06T19:00", holidays={date(2026, 3, 7): False}) == "2026-03-07 07:00"


def test_a_window_inside_one_day_is_possible() -> None:
    noon = {"quiet_hours": {"from": "12:00", "to": "13:00"}}
    assert until("2026-03-02T12:30", noon) == "2026-03-02 13:00"
    assert until("2026-03-02T19:00", noon) is None


@pytest.mark.parametrize(
    "window", [{"from": "18"}, {"from": "25:00", "to": "07:00"}, {"to": "07:00"}, {"from": [], "to": 7}]
)
def test_a_window_that_is_none_is_refused(window: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        until("2026-03-02T19:00", {"quiet_hours": window})
