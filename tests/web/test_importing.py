"""Bringing files in from a page: a preview first, every misfit with its place, nobody else's units, nothing lost."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from config import Settings
from engine.database import Database, open_database
from engine.organisation import sessions
from engine.organisation.models import Account, GroupMember, Person, Unit
from sakip.exchange import kept
from sakip.exchange.agreements import AGREEMENT
from sakip.exchange.bringing import KINDS
from sakip.exchange.kept import LOOKED_AT, write_waiting
from sakip.exchange.models import ImportRow
from sakip.exchange.reading import read
from sakip.facts.budget_models import BudgetRow
from sakip.facts.models import RealisationRow
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.factories import a_group, a_holder, a_person, a_position, a_unit
from tests.sakip.measured import Measured, a_measured_region
from tests.sakip.workbooks import Formula, workbook
from tests.web.browser import Browser
from web.performance import importing
from web.performance.importing_view import KIND_WORDS

BEGINNING = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
HEAD = ("Indikator", "Periode", "Realisasi")
PLACE = "/performance/import"


class Office:
    """An application over a region with two agencies, and browsers of its people."""

    def __init__(self, app: Flask, database: Database, people: dict[str, int]) -> None:
        self.app, self.database, self.people = app, database, people

    def browser(self, who: str, language: str = "id") -> Browser:
        with self.database.writing.begin() as session:
            token = sessions.open_session(session, self.people[who], browser="", network="127.0.0.0/24", now=BEGINNING)
        browser = Browser(self.app.test_client())
        browser.set_cookie("alur", token)
        browser.post("/language", {"language": language})  # it stays with the person
        browser.get(PLACE)
        return browser

    def rows(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(RealisationRow)) or 0


@pytest.fixture(scope="module")
def office(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    url = sqlite_files.new()
    database = open_database(url)
    with database.writing.begin() as session:
        year = a_measured_region(session, BEGINNING)
        people = _people(year)
        for key in ("served", "shared", "built"):
            year.node(f"n-{key}")
            year.indicator(key, f"n-{key}", consolidation="sum")
            year.aim(key, year=Fraction(100))
        other = a_unit(session, year.region, "agency", year.top, name="Dinas Lain")
        year.node("n-theirs", other)
        year.indicator("theirs", "n-theirs", other)
        for who, person in people.items():
            account = Account(person_id=person.id, username=who, password_hash="-", password_changed_at=BEGINNING)
            session.add(account)
        ids = {who: person.id for who, person in people.items()}
    folder: Path = tmp_path_factory.mktemp("importing")
    settings = Settings(environment="test", secret_key="k" * 40, files_dir=folder, demo=True)
    yield Office(create_app(settings, database=database, clock=FrozenClock(BEGINNING)), database, ids)
    database.close()
    sqlite_files.drop(url)


def _people(year: Measured) -> dict[str, Person]:
    session = year.session
    found = {"bureau": a_person(session, year.top, "Budi"), "operator": a_person(session, year.agency, "Oni")}
    found["bupati"] = a_person(session, year.top, "Bupati")
    a_holder(session, a_position(session, year.top, "head"), found["bupati"])
    found["stranger"] = a_person(session, None, "Asing", region_id=year.region.id)
    found["mover"] = a_person(session, year.agency, "Mira")
    a_group(session, year.region, "organisation_bureau", found["bureau"], found["mover"])
    return found


def sent(browser: Browser, content: bytes, name: str = "tw1.xlsx", **form: Any) -> Any:
    data = {"year": "2026", "decimal": "comma", **form, "file": (io.BytesIO(content), name)}
    return browser.post(PLACE, data, content_type="multipart/form-data")


def looked(browser: Browser, content: bytes, name: str = "tw1.xlsx", **form: Any) -> tuple[str, str]:
    """The address and the page of the preview."""
    answer = sent(browser, content, name, **form)
    assert answer.status_code == 303, answer.text[:2_000]
    return answer.headers["Location"], browser.get(answer.headers["Location"]).text


def decided(browser: Browser, address: str, page: str, act: str) -> str:
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    answer = browser.post(address, {"act": act, "digest": digest[1] if digest else ""})
    assert answer.status_code == 303, answer.status_code
    return browser.get(answer.headers["Location"]).text


def test_a_file_is_shown_before_it_is_written_and_changes_nothing_the_second_time(office: Office) -> None:
    browser, before = office.browser("bureau"), office.rows()
    content = workbook(HEAD, ("served", "TW I", "8,5"), ("served", "TW II", None))
    address, page = looked(browser, content)
    assert "Belum ada yang ditulis" in page and "Bawa masuk 1 baris" in page and "8,5" in page
    assert office.rows() == before
    assert "1 baris masuk." in decided(browser, address, page, "write")
    assert office.rows() == before + 1
    _, again = looked(browser, content)
    assert "tidak mengubah apa pun" in again and "Bawa masuk 1" not in again
    _, changed = looked(browser, workbook(HEAD, ("served", "1", 9)))
    assert ">Triwulan I</td>" in changed  # what the cell was understood as
    assert "sebelumnya 8,5" in changed
    assert "tw1.xlsx" in browser.get(PLACE).text


def test_who_waits_for_a_long_file_is_told_how_far_it_is(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "WRITTEN_AT_ONCE", 0)
    browser = office.browser("bureau")
    address, page = looked(browser, workbook(HEAD, ("built", "TW I", 4)))
    waiting = decided(browser, address, page, "write")
    assert "sedang dimasukkan" in waiting and "1 baris menunggu giliran." in waiting
    with office.database.writing.begin() as session:
        row = session.get_one(ImportRow, int(address.rpartition("/")[2]))
        row.outcome = row.outcome | {"read": 10_000, LOOKED_AT: 4_200}
    answer = browser.get(address)
    assert "4.200 dari 10.000 baris dibaca." in answer.text and answer.headers["Refresh"]
    assert '<span class="said">10.000 baris</span>' in answer.text
    assert "4,200 of 10,000 rows read." in office.browser("bureau", "en").get(address).text
    assert write_waiting(office.database, BEGINNING) == 1
    assert "1 row was brought in." in browser.get(address).text


def test_each_misfit_is_named_with_its_place_in_the_readers_language(office: Office) -> None:
    rows = [("shared", "TW I", 8), ("shared", "TW II", "34.49"), ("sharedd", "TW I", Formula("SUM(A1)", 3))]
    browser, before = office.browser("bureau", "en"), office.rows()
    address, page = looked(browser, workbook(HEAD, *rows))
    assert "2 things need to be corrected" in page and "3 rows, 1 without a mistake" in page
    assert "Realisasi!C3" in page and "<code>not_a_number</code>" in page and "Did you mean" in page
    assert "Bawa" not in page and "Bring the 1 right row in" in page
    after = decided(browser, address, page, "skip_bad")
    assert "1 row was brought in." in after and office.rows() == before + 1


def test_who_works_in_a_unit_brings_in_its_reported_realisations_and_nothing_else(office: Office) -> None:
    browser = office.browser("operator")
    assert 'name="kind"' not in browser.get(PLACE).text
    _, foreign = looked(browser, workbook(HEAD, ("theirs", "TW I", 8)))
    assert "<code>other_unit</code>" in foreign and "Tidak ada yang dimasukkan" in foreign
    _, verified = looked(browser, workbook((*HEAD, "Keadaan"), ("built", "TW I", 8, "disahkan")))
    assert "<code>unknown_state</code>" in verified
    tree = workbook(("Kunci", "Jenjang", "Pernyataan"), ("n1", "agency_goal", "Sasaran"))
    assert "<code>unknown_kind</code>" in looked(browser, tree)[1]
    address, page = looked(browser, workbook(HEAD, ("built", "TW I", 8)))
    assert "1 baris masuk." in decided(browser, address, page, "write")
    assert sent(browser, b"x", "a.csv", unit="dinas_lain").status_code == 404


def test_nobody_else_has_the_pages_and_nobody_sees_anothers_file(office: Office) -> None:
    for who in ("bupati", "stranger"):
        browser = office.browser(who)
        assert browser.get(PLACE).status_code == 404, who
        assert sent(browser, b"x").status_code == 404, who
        assert "Masukkan berkas" not in browser.get("/performance").text
    bureau, operator = office.browser("bureau"), office.browser("operator")
    address, page = looked(bureau, workbook(HEAD, ("shared", "TW III", 8)))
    assert operator.get(address).status_code == 404
    assert operator.post(address, {"act": "write"}).status_code == 404
    assert bureau.post(address, {"act": "write", "digest": "0" * 64}).status_code == 404
    assert bureau.post(address, {"act": "write", "csrf_token": "no"}).status_code == 400
    seen = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert seen is not None and bureau.post(address, {"digest": seen[1]}).status_code == 400  # no button was pressed
    assert "tidak dimasukkan" in decided(bureau, address, page, "drop")
    assert "Masukkan berkas" in operator.get("/performance").text


def test_who_has_left_the_bureau_no_longer_writes_what_only_the_bureau_may(office: Office) -> None:
    browser = office.browser("mover")
    keys = re.findall(r'<option value="([^"]+)"', browser.get(PLACE).text)
    with office.database.reading() as session:
        unit = session.get_one(Unit, session.get_one(Person, office.people["mover"]).unit_id)
    assert unit.key in keys
    budget = workbook(("Kode program", "Anggaran"), ("1.01", 500))
    address, page = looked(browser, budget, unit=unit.key)
    assert "Bawa masuk 1 baris" in page
    with office.database.writing.begin() as session:
        membership = select(GroupMember).where(GroupMember.person_id == office.people["mover"])
        session.scalars(membership).one().ends_on = BEGINNING.date() - timedelta(days=1)
    seen = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert seen is not None
    assert browser.post(address, {"act": "write", "digest": seen[1]}).status_code == 404
    with office.database.reading() as session:
        assert session.scalars(select(BudgetRow)).all() == []


def _zip(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls", "old_format"),
    "a bomb": (lambda: _zip("[Content_Types].xml", b"\0" * 80_000_000), "a.xlsx", ""),
    "nothing": (lambda: b"  ", "a.csv", "empty_file"),
    "a picture": (lambda: b"\x89PNG\r\n", "a.png", "unknown_format"),
    "other headings": (lambda: workbook(("Nama", "Umur"), ("x", 1)), "a.xlsx", "unknown_kind"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_in_words(office: Office, what: str) -> None:
    make, name, code = REFUSED[what]
    _, page = looked(office.browser("bureau"), make(), name)
    assert "Tidak ada yang dimasukkan" in page and f"<code>{code}" in page
    assert 'value="write"' not in page


def test_what_the_form_lacks_is_said_and_what_was_typed_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    browser = office.browser("bureau")
    answer = browser.post(PLACE, {"year": "26", "on": "31-01", "reason": "Perubahan renstra", "kind": "tree"})
    assert answer.status_code == 422 and "empat angka" in sent(browser, b"x", year="020260").text
    assert "Pilih berkas" in answer.text and "empat angka" in answer.text and "2026-01-31" in answer.text
    assert "Perubahan renstra" in answer.text and '<option value="tree" selected>' in answer.text
    monkeypatch.setattr(importing, "MOST_BYTES", 5_000)
    assert "lebih dari 5 MB" in sent(browser, b"x" * 5_001).text


def test_the_template_of_each_kind_is_read_as_that_kind(office: Office) -> None:
    browser = office.browser("bureau", "en")
    assert set(KIND_WORDS) == {*KINDS, AGREEMENT}
    for kind in KINDS:
        answer = browser.get(f"{PLACE}/template/{kind}.xlsx")
        assert answer.status_code == 200
        head = next(iter(read("a.xlsx", answer.data)[0].rows))
        known = KINDS[kind][0]
        assert [known.named(str(cell)) for cell in head.cells.values()][: len(known.required)] != []
        assert all(column in [known.named(str(cell)) for cell in head.cells.values()] for column in known.required)
        assert "unknown_kind" not in looked(browser, answer.data, f"{kind}.xlsx")[1]
    assert browser.get(f"{PLACE}/template/agreement.xlsx").status_code == 404
    assert office.browser("operator").get(f"{PLACE}/template/tree.xlsx").status_code == 404
