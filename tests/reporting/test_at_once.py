"""Several posts at the same moment, on both databases: one browser sends one report, many browsers lose none."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from engine.cases.models import Case
from engine.database import Database
from reporting import create_reporting_app
from tests.conftest import FrozenClock
from tests.reporting.conftest import BEGINNING, HERE, Reporter, code_of, open_channel, settings_at
from tests.sealed_office import a_sealed_office


@pytest.fixture
def service(database: Database, clock: FrozenClock, tmp_path: Path) -> Iterator[Flask]:
    with database.writing.begin() as session:
        open_channel(a_sealed_office(session, BEGINNING, HERE))
    yield create_reporting_app(settings_at(tmp_path), database=database, clock=clock)


def test_one_browser_that_sends_eight_times_at_once_makes_one_report_with_one_code(
    service: Flask, database: Database
) -> None:
    reporter = Reporter(service.test_client())
    reporter.write()
    cookie = reporter.cookie()
    assert cookie is not None

    def send(_number: int) -> tuple[int, str | None]:
        twin = Reporter(service.test_client(), token=reporter.token)
        twin.client.set_cookie("s", cookie)
        answer = twin.post("send")
        return answer.status_code, answer.location

    with ThreadPoolExecutor(8) as at_once:
        outcomes = set(at_once.map(send, range(8)))
    assert outcomes == {(303, f"/{HERE}/keep")}
    assert code_of(reporter.get("keep"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_many_reporters_at_once_each_get_a_code_that_opens_their_own_report(service: Flask, database: Database) -> None:
    def report(number: int) -> tuple[int, str]:
        return number, Reporter(service.test_client()).report(place=f"Tempat {number}")

    with ThreadPoolExecutor(8) as at_once:
        codes = dict(at_once.map(report, range(12)))
    assert len(set(codes.values())) == 12
    for number in (0, 11):
        reader = Reporter(service.test_client())
        assert f"Tempat {number}" in reader.follow(reader.open(codes[number])).text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 12
