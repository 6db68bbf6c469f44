"""A new case: the draft is kept from the first letter, and opening and sending are one press."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.cases.models import Case
from engine.database import Database
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency
from tests.web.signing import a_letter

START = "/cases/new/performance_agreement"
BASICS = {"period": "2026", "level": "individual", "stage": "original"}
PARTIES = {
    "first_party_name": "Sari Wulandari",
    "first_party_position": "Analis",
    "second_party_name": "Ratna Sulistyo",
    "second_party_position": "Kepala Dinas",
}
ANNEX = {
    "goals.#": "1",
    "goals.0.code": "S1",
    "goals.0.statement": "Meningkatnya kualitas",
    "goals.0.indicators.#": "1",
    "goals.0.indicators.0.code": "S1.1",
    "goals.0.indicators.0.statement": "Indeks",
    "goals.0.indicators.0.unit": "index",
    "goals.0.indicators.0.target": "70",
}


@pytest.fixture
def sari(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("sari")


@pytest.fixture
def cases(pages_database: Database) -> Callable[[], int]:
    def count() -> int:
        with pages_database.reading() as session:
            return int(session.scalar(select(func.count()).select_from(Case)) or 0)

    return count


def fill_in(browser: Browser, **sections: dict[str, Any]) -> None:
    for section, answers in sections.items():
        browser.get(f"{START}?section={section}")
        assert browser.post(f"{START}?section={section}", {**answers, "op": "save:"}).status_code == 303


def test_the_kinds_of_case_are_offered_in_words(sari: Browser) -> None:
    page = sari.get("/cases/new")
    assert "Perjanjian kinerja" in page.text
    assert f'href="{START}"' in page.text


def test_the_kinds_of_case_stand_in_the_order_of_what_the_reader_calls_them(
    sari: Browser, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    a_letter(pages_database, regency, clock())  # in front of the agreement by its key and its English title
    headings = re.compile(r'<h2 id="kind-\d+">(.*?)</h2>')
    assert headings.findall(sari.get("/cases/new").text) == ["Perjanjian kinerja", "Surat keputusan"]
    sari.post("/language", {"language": "en"})
    assert headings.findall(sari.get("/cases/new").text) == ["Decree", "Performance agreement"]


def test_a_form_begun_is_there_again_and_can_be_discarded(sari: Browser, cases: Callable[[], int]) -> None:
    fill_in(sari, basics=BASICS)
    assert "Sudah dimulai. Draf Anda tersimpan 2 Mar, 09.00." in sari.get("/cases/new").text
    assert 'value="2026"' in sari.get(START).text
    assert cases() == 0
    sari.get("/cases/new")
    assert sari.post(f"{START}/discard").status_code == 303
    assert 'value="2026"' not in sari.get(START).text


def test_a_table_that_must_have_rows_begins_with_one(sari: Browser) -> None:
    page = sari.get(f"{START}?section=annex")
    assert 'name="goals.0.indicators.0.statement"' in page.text


def test_opening_and_sending_are_one_press(sari: Browser, cases: Callable[[], int]) -> None:
    fill_in(sari, basics=BASICS, parties=PARTIES, annex=ANNEX)
    sari.get(f"{START}?section=-send")
    answer = sari.post(f"{START}?section=-send", {"act": "submit", "#title": "PK 2026 Sari"})
    assert answer.status_code == 303
    page = sari.get(answer.location)
    assert "<h1>PK 2026 Sari" in page.text
    assert "sudah dibuka dan diajukan" in page.text
    assert "Telaah kepala seksi" in page.text
    assert cases() == 1
    assert "Sudah dimulai" not in sari.get("/cases/new").text


def test_an_incomplete_one_can_be_opened_but_not_sent(sari: Browser, cases: Callable[[], int]) -> None:
    fill_in(sari, basics=BASICS)
    sari.get(f"{START}?section=-send")
    answer = sari.post(f"{START}?section=-send", {"act": "submit"})
    assert answer.location.endswith("section=-send")
    assert cases() == 0
    answer = sari.post(f"{START}?section=-send", {"act": "open"})
    assert cases() == 1
    assert "sudah dibuka" in sari.get(answer.location).text


def test_what_cannot_be_read_opens_nothing_and_stays(sari: Browser, cases: Callable[[], int]) -> None:
    fill_in(sari, basics={**BASICS, "period": "dua ribu"})
    sari.get(f"{START}?section=-send")
    answer = sari.post(f"{START}?section=-send", {"act": "open"})
    page = sari.get(answer.location)
    assert "<title>Kesalahan:" in page.text
    assert "Tahun: " in page.text
    assert cases() == 0
    assert 'value="dua ribu"' in sari.get(START).text


@pytest.mark.parametrize("address", ["/cases/new/nothing", "/cases/new/../../etc", "/cases/new/%00"])
def test_a_kind_of_case_there_is_not_is_not_found(address: str, sari: Browser) -> None:
    assert sari.get(address).status_code == 404


def test_a_title_far_too_long_is_cut_and_never_an_error(sari: Browser, cases: Callable[[], int]) -> None:
    fill_in(sari, basics=BASICS)
    sari.get(f"{START}?section=-send")
    assert sari.post(f"{START}?section=-send", {"act": "open", "#title": "x" * 5000}).status_code == 303
    assert cases() == 1
