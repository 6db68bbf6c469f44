"""A sealed case type is not offered, and its address tells why nothing can be begun there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from engine.cases.models import Case, Draft
from engine.database import Database
from tests.conftest import FrozenClock
from tests.sealed_type import SECRET, publish_both, rows_with
from tests.web.conftest import Browser

START = "/cases/new/report"


@pytest.fixture
def sari(browser_of: Callable[..., Browser], pages_database: Database, clock: FrozenClock) -> Browser:
    with pages_database.writing.begin() as session:
        publish_both(session, clock())
    return browser_of("sari")


def test_a_sealed_case_type_is_not_among_the_new_cases(sari: Browser) -> None:
    page = sari.get("/cases/new").text
    assert 'href="/cases/new/request"' in page
    assert START not in page and "Laporan rahasia" not in page


def test_its_address_says_why_with_a_code(sari: Browser) -> None:
    answer = sari.get(START)
    assert answer.status_code == 403
    assert "Konsep kasus baru tidak disimpan" in answer.text and "sealed_draft" in answer.text


@pytest.mark.parametrize(
    "posted",
    [
        {"story": SECRET, "op": "save:"},
        {"story": SECRET, "act": "open"},
        {"story": SECRET, "act": "submit", "#title": SECRET},
        {"story": SECRET, "op": "go:-send"},
    ],
)
def test_nothing_posted_there_is_kept(sari: Browser, pages_database: Database, posted: dict[str, str]) -> None:
    sari.get("/cases/new")
    answer = sari.post(f"{START}?section=all", posted)
    assert answer.status_code == 403 and SECRET not in answer.text
    with pages_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0
        assert session.scalar(select(func.count()).select_from(Draft)) == 0
        assert rows_with(session, SECRET) == []
