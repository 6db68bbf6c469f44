"""A fault in the officers' pages shows nothing of the inside, and its log quotes nobody who works with an open key."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.sealed_pages import SealedPages, app_of
from web import protection

WORDS = "Penanda-rahasia-keterangan saksi"


@pytest.fixture
def broken(sealed_pages: SealedPages, tmp_path: Path) -> SealedPages:
    """An application of its own with a page that quotes what it could not read, as libraries do."""
    app = app_of(sealed_pages.database, sealed_pages.clock, tmp_path)

    @app.get("/broken")
    def break_down() -> str:
        try:
            return str(int(WORDS))
        except ValueError as fault:
            raise RuntimeError(WORDS) from fault

    protection.declare(app, "break_down", protection.ANYBODY)
    return replace(sealed_pages, app=app)


def test_t50_a_fault_shows_no_stack_path_or_message(broken: SealedPages) -> None:
    answer = broken.browser("vina").get("/broken")
    assert answer.status_code == 500 and "Ada gangguan di pihak kami" in answer.text
    assert "Tulisan Anda" not in answer.text  # there is none: nothing was sent
    assert [word for word in (WORDS, "Traceback", "RuntimeError", ".py", "line ") if word in answer.text] == []


def test_t21_t50_the_log_of_a_fault_quotes_nothing_that_was_read_with_an_open_key(
    broken: SealedPages, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    broken.browser("vina").get("/broken")
    assert WORDS not in caplog.text and "invalid literal" not in caplog.text
    assert "RuntimeError" in caplog.text and "test_sealed_faults.py" in caplog.text  # enough to find it by
    caplog.clear()
    broken.browser("sam", is_open=False).get("/broken")
    assert "Traceback" in caplog.text  # who reads nothing sealed leaves the whole of it
