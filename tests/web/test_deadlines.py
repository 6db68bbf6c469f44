"""Deadlines in words: working days, today, hours; the sign and the tone say the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, g

from web.deadlines import deadline, waiting, working_days

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 09.00 in Jakarta


def _is_working_day(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("due_in", "words", "tone"),
    [
        (timedelta(hours=7), "Hari ini, 16.00", "is-warn"),
        (timedelta(days=1), "1 hari kerja lagi", ""),
        (timedelta(days=2), "2 hari kerja lagi", ""),
        (timedelta(days=7), "5 hari kerja lagi", "plain"),
        (timedelta(hours=-3), "Lewat 3 jam", "is-bad"),
        (timedelta(days=-3), "Lewat 1 hari kerja", "is-bad"),
        (timedelta(days=-6), "Lewat 4 hari kerja", "is-bad"),
    ],
)
def test_a_deadline_is_told_in_working_days(web_app: Flask, due_in: timedelta, words: str, tone: str) -> None:
    with web_app.test_request_context():
        g.person = None
        badge = deadline(MONDAY + due_in, MONDAY, _is_working_day)
    assert (badge.words, badge.tone) == (words, tone)


def test_a_paused_case_and_one_without_a_deadline_say_so(web_app: Flask) -> None:
    with web_app.test_request_context():
        g.person = None
        assert deadline(MONDAY, MONDAY, _is_working_day, is_paused=True).words == "Dijeda"
        assert deadline(None, MONDAY, _is_working_day).words == "Tanpa batas waktu"


def test_waiting_is_told_in_working_days_or_hours(web_app: Flask) -> None:
    with web_app.test_request_context():
        g.person = None
        long = waiting(MONDAY - timedelta(days=7), MONDAY, _is_working_day)
        short = waiting(MONDAY - timedelta(hours=1, minutes=5), MONDAY, _is_working_day)
    assert (long.words, long.since) == ("5 hari kerja", "sejak 23 Feb")
    assert (short.words, short.since) == ("1 jam 5 menit", "sejak 2 Mar, 07.55")


def test_working_days_count_the_last_day_and_not_the_first() -> None:
    assert working_days(date(2026, 3, 6), date(2026, 3, 9), _is_working_day) == 1
    assert working_days(date(2026, 3, 7), date(2026, 3, 8), _is_working_day) == 0
    assert working_days(date(2026, 3, 9), date(2026, 3, 6), _is_working_day) == 0
