"""The same pages in nine regions: forms, steps and words of each, and no region sees another's case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from config import Settings
from engine.database import Database, open_database
from engine.organisation import sessions
from engine.organisation.models import Person
from tests.conftest import FrozenClock
from tests.factories import an_account
from tests.regions.nine_regions import ROADS, Town, Towns
from tests.web.conftest import Browser

NEW = "/cases/new/performance_agreement"
SECTIONS = ("basics", "parties", "annex", "budget")


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def pages(database: Database, clock: FrozenClock, tmp_path: Path) -> Flask:
    settings = Settings(environment="test", secret_key="k" * 40, files_dir=tmp_path / "files", demo=True)
    return create_app(settings, database=database, clock=clock)


def founded(database: Database, clock: FrozenClock, *keys: str) -> dict[str, Town]:
    with database.writing.begin() as session:
        towns = Towns(session, clock())
        return {key: towns[key] for key in keys}


def browser_of(pages: Flask, database: Database, clock: FrozenClock, person: Person) -> Browser:
    with database.writing.begin() as session:
        an_account(session, person)
        token = sessions.open_session(session, person.id, browser="Tes", network="127.0.0.0/24", now=clock())
    browser = Browser(pages.test_client())
    browser.set_cookie("alur", token)
    return browser


def test_a_new_agreement_asks_what_its_region_asks(pages: Flask, database: Database, clock: FrozenClock) -> None:
    towns = founded(database, clock, "kab_aceh_tengah", "kab_mempawah")
    asked = {}
    for key, town in towns.items():
        sari = browser_of(pages, database, clock, town.people["sari"])
        pages_of_form = [sari.get(f"{NEW}?section={section}") for section in SECTIONS]
        assert {page.status_code for page in pages_of_form} == {200}
        asked[key] = "".join(page.text for page in pages_of_form)
    assert "Reje (kepala kampung)" in asked["kab_aceh_tengah"]
    assert "DPA-SKPK" in asked["kab_aceh_tengah"]
    assert "Pindaian bertanda tangan" in asked["kab_mempawah"]
    assert "Reje" not in asked["kab_mempawah"]
    assert "Misi yang didukung" not in asked["kab_mempawah"]


@pytest.mark.parametrize("key", ROADS)
def test_the_page_of_a_case_opens_in_its_regions_first_step_and_in_force(
    pages: Flask, database: Database, clock: FrozenClock, key: str
) -> None:
    town = founded(database, clock, key)[key]
    sari = browser_of(pages, database, clock, town.people["sari"])
    with database.writing.begin() as session:
        case = town.open(session, clock()).case_id
        town.act(session, case, "sari", "submit", clock())
    assert sari.get(f"/case/{case}").status_code == 200
    with database.writing.begin() as session:
        for who, action in ROADS[key]:
            town.act(session, case, who, action, clock())
    assert "Berlaku" in sari.get(f"/case/{case}").text


def test_a_neighbour_is_told_that_there_is_no_such_case(pages: Flask, database: Database, clock: FrozenClock) -> None:
    towns = founded(database, clock, "kab_kerinci", "kab_sarolangun")
    with database.writing.begin() as session:
        opened = towns["kab_kerinci"].open(session, clock())
    fitri = browser_of(pages, database, clock, towns["kab_sarolangun"].people["fitri"])
    assert fitri.get(f"/case/{opened.case_id}").status_code == 404
