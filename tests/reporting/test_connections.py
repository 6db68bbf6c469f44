"""Connections to the database: a request holds one at a time, or many at once would wait for each other's second."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import TimeoutError as NoConnection

from engine.database import Database
from tests.reporting.conftest import Reporter
from tests.reporting.test_evidence import a_photo


def test_no_page_holds_two_connections_at_once(
    a_reporter: Callable[..., Reporter], reports_database: Database, clock: Callable[..., object]
) -> None:
    held, most = set(), [0]

    def taken(_dbapi: object, record: object, _proxy: object) -> None:
        held.add(id(record))
        most[0] = max(most[0], len(held))

    event.listen(reports_database.engine, "checkout", taken)
    event.listen(reports_database.engine, "checkin", lambda _dbapi, record: held.discard(id(record)))
    reporter = a_reporter()
    for page in ("", "limits", "way", "open"):
        reporter.get(page)
    reporter.write()
    reporter.get("ask/evidence")
    reporter.follow(reporter.post("ask/evidence/file", {"file": (io.BytesIO(a_photo()), "pasar.jpg")}))
    code = reporter.follow(reporter.post("send"))
    assert code.status_code == 200
    reporter.get("proof")
    reporter.follow(reporter.post("proof", {"do": "skip"}))
    clock.advance(minutes=2)  # type: ignore[attr-defined]  # now each page is also noted as seen
    reporter.get("next")
    reporter.get("mine")
    reporter.post("mine/say", {"text": "Ada lagi yang saya lihat di pasar"})
    reporter.post("left")
    assert (held, most[0]) == (set(), 1)


def test_when_no_connection_is_to_be_had_the_page_says_when_to_try_again(
    reports: Flask, reporter: Reporter, caplog: pytest.LogCaptureFixture
) -> None:
    @reports.get("/crowded")
    def crowded() -> str:
        raise NoConnection("rahasia")

    answer = reporter.get("/crowded")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    assert "Coba lagi dalam 2 menit" in answer.text and "rahasia" not in caplog.text
