"""What a stranger can make the service do before there is a report: slow hashes, rows and files have a limit each."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from engine.database import Database
from engine.disclosure.models import ReporterCount, ReporterDraft
from tests.conftest import FrozenClock
from tests.reporting.conftest import STORY, Reporter

OUTSIDE = {"REMOTE_ADDR": "203.0.113.7"}
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.1"}


def test_a_code_is_made_for_nobody_who_writes_no_draft(reporter: Reporter, reports_database: Database) -> None:
    reporter.get("way")
    answer = reporter.post("ask/what", {"summary": STORY, "do": "later"}, environ_overrides=OUTSIDE)
    assert answer.status_code >= 400
    with reports_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReporterCount)) == 0


def test_a_draft_that_has_its_code_costs_no_second_one(reporter: Reporter, reports_database: Database) -> None:
    def counted() -> int:
        with reports_database.reading() as session:
            return session.scalar(select(func.coalesce(func.sum(ReporterCount.count), 0))) or 0

    reporter.begin()
    reporter.post("ask/what", {"summary": STORY, "do": "later"}, environ_overrides=OUTSIDE)
    assert counted() == 1
    answer = reporter.post("ask/what", {"summary": STORY, "do": "later"}, environ_overrides=OUTSIDE)
    assert answer.status_code == 303 and counted() == 1


def test_one_network_makes_codes_and_drafts_up_to_a_number_and_keeps_nobody_else_out(
    a_reporter: Callable[..., Reporter], reports_database: Database, clock: FrozenClock
) -> None:
    statuses = []
    for _number in range(21):
        stranger = a_reporter()
        stranger.get("way")
        statuses.append(stranger.post("way", {"way": "anonymous"}, environ_overrides=OUTSIDE).status_code)
    assert statuses == [303] * 20 + [429]
    with reports_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReporterDraft)) == 20
    other = a_reporter()
    other.get("way")
    assert other.post("way", {"way": "anonymous"}, environ_overrides=ELSEWHERE).status_code == 303
    clock.advance(minutes=16)
    again = a_reporter()
    again.get("way")
    assert again.post("way", {"way": "anonymous"}, environ_overrides=OUTSIDE).status_code == 303


def test_new_codes_for_one_report_have_a_limit_too(reporter: Reporter) -> None:
    code = reporter.report()
    reporter.get("proof")
    reporter.post("proof", {"last": code[-4:]})
    reporter.follow(reporter.open(code))
    for number in range(21):
        answer = reporter.post("mine/code", environ_overrides=OUTSIDE)
        assert answer.status_code == (303 if number < 20 else 429)
        reporter.follow(answer) if number < 20 else None
        reporter.post("proof", {"do": "skip"})
    assert "Coba lagi dalam" in answer.text
