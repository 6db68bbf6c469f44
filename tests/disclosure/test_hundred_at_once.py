"""A hundred reporters who press *send* at the same moment, by HTTP, on both databases: T76."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from engine.cases.models import Case
from engine.channel import receipts
from engine.database import Database
from engine.disclosure.models import ReceiptRow, ReporterDraft
from engine.disclosure.primitives import Cost
from reporting import create_reporting_app
from tests.conftest import FrozenClock
from tests.disclosure.scene import PREFIX
from tests.reporting.conftest import HERE, Reporter, code_of, open_channel, settings_at
from tests.sealed_office import a_sealed_office

REPORTERS, AT_ONCE = 100, 25


@pytest.fixture
def pages(database: Database, clock: FrozenClock, tmp_path: Path) -> Iterator[Flask]:
    with database.writing.begin() as session:
        open_channel(a_sealed_office(session, clock(), HERE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "_cost", Cost(1, 64 * 1024))  # what the hash costs has tests of its own
        yield create_reporting_app(settings_at(tmp_path), database=database, clock=clock)


def ready(pages: Flask, number: int) -> Reporter:
    """As far as the button; each from a network of their own."""
    client = pages.test_client()
    client.environ_base["REMOTE_ADDR"] = f"10.{number}.7.1"
    reporter = Reporter(client)
    reporter.begin()
    told = reporter.post("ask/what", {"summary": f"{PREFIX}cerita nomor {number} tentang retribusi"})
    assert told.status_code == 303
    return reporter


def test_t76_a_hundred_who_press_send_at_once_are_a_hundred_reports_and_no_fault(
    pages: Flask, database: Database
) -> None:
    reporters = [ready(pages, number) for number in range(REPORTERS)]

    def send(reporter: Reporter) -> tuple[int, str]:
        answer = reporter.post("send")
        return answer.status_code, code_of(reporter.follow(answer)) if answer.status_code == 303 else answer.text

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(send, reporters))
    assert [answer for answer in answers if answer[0] != 303] == []
    codes = [code for _, code in answers]
    assert len(set(codes)) == REPORTERS
    with database.reading() as session:
        numbers = session.scalars(select(Case.number).where(Case.is_sealed)).all()
        assert len(numbers) == len(set(numbers)) == REPORTERS
        assert session.scalar(select(func.count()).select_from(ReceiptRow)) == REPORTERS
        assert session.scalar(select(func.count()).select_from(ReporterDraft)) == 0
    for number in random.Random(76).sample(range(REPORTERS), 6):
        again = Reporter(pages.test_client())
        assert f"cerita nomor {number} tentang" in again.follow(again.open(codes[number])).text
