"""The dashboards in three regions: every number opens a list of as many lines, and nobody sees more than is theirs."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app import create_app
from config import ROOT, Settings
from engine import vocabulary
from engine.cases.fire import fire
from engine.cases.open import Opened, open_case
from engine.database import Database, open_database
from engine.facts import Command
from engine.organisation import sessions
from engine.organisation.models import Account, Region, Unit
from engine.publishing.publish import publish
from engine.tasks.models import Task
from sakip.facts.models import ResultRow
from sakip.publish_folder import publish_folder
from sakip.tree.models import UnitSuccession
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.publishers import publishers
from tests.sakip.facts_factories import a_performing_region, fill
from tests.web.browser import Browser
from tests.web.region import ANSWERS, CASE_TYPE, FILES

BEGINNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
REGIONS = ("kab_contoh", "kota_bandung", "kab_tasikmalaya")
NUMBER = re.compile(r'<a [^>]*?href="([^"]+)" data-number="(\d+)"')
PEOPLE = ("bupati", "sekda", "bureau", "inspector", "head", "staff")
People = dict[tuple[str, str], int]


@pytest.fixture(scope="module")
def dashboards_file(sqlite_files: SqliteFiles) -> Iterator[tuple[Path, People]]:
    """A database file with three regions that have results of every kind, and one that has none."""
    url = sqlite_files.new()
    database = open_database(url)
    people: People = {}
    with database.writing.begin() as session:
        for offset, key in enumerate((*REGIONS, "kab_kosong")):
            found = a_performing_region(session, BEGINNING, key)
            people |= {(key, who): person.id for who, person in found.people.items()}
            for who, person in found.people.items():
                account = Account(person_id=person.id, username=f"{who}-{key}", password_hash="-")
                account.password_changed_at = BEGINNING
                session.add(account)
            chosen = {"region": None} if not offset else {"region": found.region.id}
            list(publish_folder(session, ROOT / "sakip_config", reason="Berlaku", now=BEGINNING, **chosen,
                                **publishers(session, found.region.id)))  # fmt: skip
            if key != "kab_kosong":
                fill(found, offset)  # after the rules: publishing them computes anew
        files = {name: (ROOT / name).read_text(encoding="utf-8") for name in FILES}
        publish(session, files, CASE_TYPE, reason="Baru", by=None, region=None, vocabulary=vocabulary.load(),
                now=BEGINNING, prove=lambda _: ())  # fmt: skip
    for key in REGIONS:
        _agreements(database, people[(key, "staff")], key)
    database.close()
    yield Path(str(make_url(url).database)), people
    sqlite_files.drop(url)


def _agreements(database: Database, person: int, key: str) -> None:
    """Two agreements of the region: a late draft, and one sent for review."""
    with database.writing.begin() as session:
        for number in range(2):
            opened = open_case(
                session, region_id=_region(session, key), case_type=CASE_TYPE, person_id=person, answers=dict(ANSWERS),
                title=f"=Perjanjian {number} {key}", now=BEGINNING,
            )  # fmt: skip
            assert isinstance(opened, Opened), opened
            if number:
                fire(session, opened.case_id, Command("submit", person), now=BEGINNING)
            session.execute(update(Task).where(Task.case_id == opened.case_id).values(due_key=1_000_000))


def _region(session: Session, key: str) -> int:
    return session.scalars(select(Region.id).where(Region.key == key)).one()


class Pages:
    """The application over a copy of the file, and browsers of its people."""

    def __init__(self, app: Flask, database: Database, people: People, clock: FrozenClock) -> None:
        self.app, self.database, self.people, self.clock = app, database, people, clock

    def browser(self, region: str, who: str, language: str = "id") -> Browser:
        with self.database.writing.begin() as session:
            token = sessions.open_session(
                session, self.people[(region, who)], browser="Tes", network="127.0.0.0/24", now=self.clock()
            )
        browser = Browser(self.app.test_client())
        browser.set_cookie("alur", token)
        if language != "id":
            browser.post("/language", {"language": language})
        return browser


@pytest.fixture
def pages(dashboards_file: tuple[Path, People], tmp_path: Path, clock: FrozenClock) -> Iterator[Pages]:
    place = tmp_path / "dashboards.sqlite"
    shutil.copyfile(dashboards_file[0], place)
    database = open_database(f"sqlite:///{place}")
    settings = Settings(environment="test", secret_key="k" * 40, files_dir=tmp_path / "files", demo=True)
    app = create_app(settings, database=database, clock=clock)
    yield Pages(app, database, dashboards_file[1], clock)
    database.close()


def rows_of(browser: Browser, address: str) -> list[list[str]]:
    """The lines of the list behind an address, by its file."""
    path, _, query = address.partition("?")
    answer = browser.get(f"{path}.csv?{query}")
    assert answer.status_code == 200, address
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))[1:]


@pytest.mark.parametrize("region", REGIONS)
def test_every_number_of_every_dashboard_opens_the_list_that_adds_up_to_it(pages: Pages, region: str) -> None:
    for who in PEOPLE:
        browser, walked = pages.browser(region, who), 0
        page = browser.get("/performance")
        assert page.status_code == 200, (who, page.text[:500])
        for href, number in NUMBER.findall(page.text):
            rows = rows_of(browser, unescape(href))
            assert len(rows) == int(number), (who, href, number, rows)
            walked += 1
        assert walked >= 8, (who, walked)
        head = browser.get(unescape(NUMBER.findall(page.text)[0][0]))
        assert re.search(rf"<h1>{NUMBER.findall(page.text)[0][1]} ", head.text), who


def test_the_points_of_a_score_add_up_to_it_and_the_items_of_a_unit_to_its_mean(pages: Pages) -> None:
    browser = pages.browser("kab_contoh", "bupati")
    page = browser.get("/performance").text
    parts = rows_of(browser, "/performance/list/score_parts?source=self_assessment&year=2025")
    assert sum(float(row[2]) for row in parts) == 66.25
    for who, whose in (("bupati", "kab_contoh"), ("head", "DINAS-1")):
        way = f"/performance/whatif/{whose}?year=2025"
        is_led = way in pages.browser("kab_contoh", who).get("/performance").text
        assert is_led == (who == "bupati"), who  # of the unit no predicate is known
        assert pages.browser("kab_contoh", who).get(way).status_code == 200
    assert ">83,8</a>" in page
    items = rows_of(browser, "/performance/list/unit_parts?unit=DINAS-1&year=2025&span=to_q4")
    assert sum(float(row[1]) for row in items) / len(items) == 83.75


def test_budget_and_achievement_are_drawn_and_told_without_a_judgement(pages: Pages) -> None:
    page = pages.browser("kab_contoh", "bupati").get("/performance?year=2025&span=to_q4").text
    part = page[page.index('id="budget-title"') :].partition("</section>")[0]
    assert "Serapan anggaran dan capaian 2 dari" in part
    assert part.count('<circle class="dot"') == 3  # one of them explains the others
    assert "Indikator a1: serapan 62,50 %, capaian 105,00 %" in part
    table = page.partition('id="units-title"')[2].partition("</table>")[0]
    assert set(re.findall('class="word">(.*?)<', table)) == {"hampir tercapai"}  # as the region calls it
    assert "serapan anggaran belum diisi" in part and "tanpa anggaran" not in part
    behind = pages.browser("kab_contoh", "head").get("/performance/indicator/a1?year=2025&span=to_q4").text
    for told in ("2.16.02 Program 2.16.02", "400.000.000", "250.000.000", "62,50 %"):
        assert told in behind, told
    assert "Efisiensi" not in behind  # the region does not tell it
    english = pages.browser("kab_contoh", "bureau", "en").get("/performance?year=2025&span=to_q4").text
    assert "Spending and achievement of 2 of" in english and "Picture of 2 indicators:" in english
    for text in (part, english):
        assert "efisien" not in text.casefold() and "efficien" not in text.casefold()


def test_the_bar_of_bands_is_told_in_whole_sentences(pages: Pages) -> None:
    with pages.database.writing.begin() as session:
        wanted = (ResultRow.subject == "a2", ResultRow.figure == "achievement", ResultRow.span == "to_q4")
        session.execute(update(ResultRow).where(*wanted).values(shown=None, reason="no_realisation"))
    page = pages.browser("kab_contoh", "bupati").get("/performance?year=2025&span=to_q4").text
    told = re.search('<title id="indicators-bar">(.*?)</title>', page)
    assert told is not None and ". Belum diisi: 1." in told[1]


def test_a_picture_of_one_indicator_is_said_in_the_singular(pages: Pages) -> None:
    with pages.database.writing.begin() as session:
        wanted = (ResultRow.subject == "a2", ResultRow.figure == "achievement", ResultRow.span == "to_q4")
        session.execute(update(ResultRow).where(*wanted).values(shown=None, reason="no_realisation"))
    page = pages.browser("kab_contoh", "bureau", "en").get("/performance?year=2025&span=to_q4&unit=DINAS-1").text
    assert re.findall("Picture of .*?:", page) == ["Picture of 1 indicator:"]


def test_the_number_that_waits_for_somebody_is_their_queue_s(pages: Pages) -> None:
    browser = pages.browser("kab_contoh", "staff")
    assert "1 hal menunggu Anda" in browser.get("/performance").text
    english = pages.browser("kab_contoh", "staff", "en").get("/performance").text
    assert "1 thing waits for you" in english and "All my tasks (1)" in english
    assert "=Perjanjian 0 kab_contoh" in browser.get("/queue").text


def test_each_role_has_its_own_first_screen_in_the_order_of_the_reference(pages: Pages) -> None:
    headings = {}
    for who in PEOPLE:
        page = pages.browser("kab_contoh", who).get("/performance").text
        headings[who] = re.findall(r'<h2 id="([a-z-]+)-title">', page)
    leaders = ["waiting", "predicate", "indicators", "below", "approvals", "agreements", "units"]
    assert headings["bupati"] == headings["sekda"] == [*leaders, "not-reporting", "recommendations", "budget"]
    assert headings["bureau"] == [
        *leaders, "unverified", "integrity", "not-reporting", "recommendations", "budget",
    ]  # fmt: skip
    assert headings["inspector"][2:5] == ["refused", "worksheets", "scores"]
    own = [*leaders, "unverified", "not-reporting", "recommendations", "budget", "refused"]
    assert headings["head"] == headings["staff"] == own


def test_a_unit_reads_nothing_of_its_neighbour(pages: Pages) -> None:
    browser = pages.browser("kab_contoh", "head")
    page = browser.get("/performance").text
    assert "Kinerja Dinas 1" in page and "Dinas 2" not in page
    for address in (
        "/performance?unit=DINAS-2", "/performance?role=head", "/performance/list/unit_scores",
        "/performance/list/indicators?unit=DINAS-2", "/performance/indicator/b1", "/performance/list/nothing",
        "/performance?year=99", "/performance?span=q7", "/performance/list/indicators.csv?unit=DINAS-2",
        "/performance/meeting?block=99",
    ):  # fmt: skip
        assert browser.get(address).status_code == 404, address
    assert browser.get("/performance/indicator/a2").status_code == 200
    assert browser.get("/performance/list/indicators?after=zzz").status_code == 400


def test_an_indicators_years_show_where_its_unit_changed(pages: Pages) -> None:
    with pages.database.writing.begin() as session:
        old, new = (session.scalars(select(Unit).where(Unit.region_id == 1, Unit.key == f"DINAS-{n}")).one()
                    for n in (2, 1))  # fmt: skip
        row = session.scalars(select(ResultRow).where(ResultRow.subject == "a1", ResultRow.span == "year")).first()
        assert row is not None
        before = {name: getattr(row, name) for name in ResultRow.__table__.columns.keys() if name != "id"}  # noqa: SIM118
        session.add(ResultRow(**{**before, "year": row.year - 1}))
        session.add(UnitSuccession(region_id=1, unit_id=new.id, predecessor_id=old.id, kind="rename",
                                   on_date=date(row.year, 1, 1)))  # fmt: skip
    page = pages.browser("kab_contoh", "bupati").get("/performance/indicator/a1?year=2025").text
    trend = page.partition('id="trend-title"')[2].partition("</table>")[0]
    assert trend.index("2024") < trend.index("2025") and "Sebelumnya Dinas 2, sampai 1 Jan" in trend
    assert trend.count("105 %") == 2 and "Dinas 2</td>" in trend and "Dinas 1</td>" in trend


def test_another_region_adds_nothing(pages: Pages) -> None:
    page = pages.browser("kab_kosong", "bupati").get("/performance").text
    numbers = {unescape(href): number for href, number in NUMBER.findall(page)}
    assert {number for href, number in numbers.items() if "without_agreement" not in href} == {"0"}
    for told in ("Belum ada indikator yang diukur", "Predikat SAKIP belum ada", "Mulai dari pohon kinerja"):
        assert told in page


def test_an_empty_list_says_its_heading_once(pages: Pages) -> None:
    page = pages.browser("kab_kosong", "bupati").get("/performance/list/below_target").text
    assert page.count("0 indikator di bawah target</h") == 1 and "Tidak ada indikator di bawah target" in page


def test_the_numbers_of_a_dashboard_stand_before_the_ways_to_other_pages(pages: Pages) -> None:
    page = pages.browser("kab_contoh", "bureau").get("/performance").text
    first = page.index("dokumen lewat batas</span>")
    for way in ("/performance/trees", "/performance/reports?", "/performance/evidence", "/performance/monthly"):
        assert page.index(f'href="{way}') > first, way


def test_a_list_as_a_file_has_no_formulas_and_keeps_numbers(pages: Pages) -> None:
    browser = pages.browser("kab_contoh", "staff")
    rows = rows_of(browser, "/performance/list/late_documents?")
    assert rows and all(row[0].startswith("'=Perjanjian") for row in rows)
    answer = browser.get("/performance/list/indicators.xlsx?year=2025&span=to_q4")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>62.5</v>" in sheet and "<f>" not in sheet and ">Indikator a2<" in sheet


def test_a_mean_without_an_end_is_a_number_in_a_file(pages: Pages) -> None:
    with pages.database.writing.begin() as session:
        rows = session.scalars(select(ResultRow).where(ResultRow.subject == "b1", ResultRow.figure == "achievement"))
        for row in rows:
            row.details = {**row.details, "realisation": "250/3"}
    rows = rows_of(pages.browser("kab_contoh", "bureau"), "/performance/list/indicators?year=2025&span=to_q4")
    assert next(row[3] for row in rows if row[0] == "Indikator b1") == "83.333333"


def test_the_meeting_view_shows_one_part_a_page(pages: Pages) -> None:
    browser = pages.browser("kab_contoh", "bupati")
    first = browser.get("/performance/meeting").text
    assert first.count("data-number=") == 4 and "block=2" in first
    second = browser.get("/performance/meeting?block=4").text
    assert re.findall(r'<h2 id="([a-z-]+)-title">', second) == ["indicators"]


def test_how_a_number_is_computed_names_rule_file_basis_and_doubts(pages: Pages) -> None:
    browser = pages.browser("kab_contoh", "bupati")
    page = browser.get("/performance/how/predicates?year=2025").text
    for told in ("Tiga sumber tidak pernah dicampur", "versi 1.0.0", "PermenPANRB 88/2021", "Letak batas 70 dan 80"):
        assert told in page, told
    page = browser.get("/performance/how/predicates?year=2026").text  # the year before is evaluated then
    assert "versi 1.0.0" in page and "PermenPANRB 88/2021" in page
    assert "BB (sangat baik): di atas 70<" in page  # 70 itself is B
    assert "mulai 0<" in page
    english = pages.browser("kab_contoh", "bureau", "en")
    assert "The three sources are never mixed" in english.get("/performance/how/predicates?year=2025").text
    assert "documents late" in english.get("/performance").text


def test_what_narrows_a_list_is_told_in_words_and_never_by_its_key(pages: Pages) -> None:
    chip = re.compile(r'<a class="chip" href="[^"]*">(.*?)\s*<svg')
    asked = [("bureau", f"/performance/list/{one}") for one in (
        "integrity?check=node_without_indicator&severity=warning", "not_reporting?period=q1",
        "refused_evidence?kind=annual_plan",
    )]  # fmt: skip
    for who in PEOPLE:
        dashboard = unescape(pages.browser("kab_contoh", who).get("/performance").text)
        asked += [(who, one) for one in re.findall(r'href="(/performance/list/[^"]*type=[^"]*)"', dashboard)]
    told = [
        words for who, address in asked
        for words in chip.findall(unescape(pages.browser("kab_contoh", who).get(address).text))
    ]  # fmt: skip
    assert {"Temuan: Indikatornya kurang dari yang diminta.", "Tingkat: Peringatan", "Periode: Triwulan I"} <= set(told)
    assert any(one.startswith("Jenis: ") for one in told) and any(one.startswith("Langkah: ") for one in told)
    assert [one for one in told if re.search("[a-z]_[a-z]", one)] == []


def test_the_bar_has_the_entry_for_everybody_signed_in(pages: Pages) -> None:
    assert '<a href="/performance">Kinerja</a>' in pages.browser("kab_contoh", "staff").get("/queue").text


def test_the_public_page_shows_published_indicators_and_nothing_about_people(pages: Pages) -> None:
    visitor = Browser(pages.app.test_client())
    assert "/public/performance/kab_contoh" in visitor.get("/public/performance").text
    page = visitor.get("/public/performance/kab_contoh?year=2025").text
    assert "Indikator a1" in page and "Indikator b1" not in page and "belum diterbitkan" in page
    assert "105,00 %" not in page and ">105 %<" not in page  # nothing is published before its report is
    for name in ("Bupati", "Kepala Dinas 1", "Staf", "Sekda"):
        assert name not in page
    for address in ("kab_kosong", "none", "kab_contoh?year=1", "kab_contoh?year=1999"):
        assert visitor.get(f"/public/performance/{address}").status_code == 404, address


def test_a_published_result_is_public(pages: Pages) -> None:
    with pages.database.writing.begin() as session:
        session.execute(
            update(ResultRow)
            .where(ResultRow.subject.in_(("a1", "DINAS-1")))
            .values(frozen_at=BEGINNING, is_provisional=True)
        )
    page = Browser(pages.app.test_client()).get("/public/performance/kab_contoh?year=2025").text
    assert "Program 2.16.02" not in page and "62,50" not in page and "erapan" not in page  # money is not published
    assert page.count("sementara") == 1  # what nobody verified is told as such
    assert "105,00 %" in page and ">105 %<" in page and "Laporan kinerja 2025" in page
    later = Browser(pages.app.test_client()).get("/public/performance/kab_contoh?year=2026").text
    assert "Laporan kinerja 2025" not in later and "year=2025" in later  # each report stands under its year
    file = Browser(pages.app.test_client()).get("/public/performance/kab_contoh/indicators.csv?year=2025")
    head, *rows = list(csv.reader(io.StringIO(file.text.lstrip("\ufeff")), delimiter=";"))
    assert [row[0] for row in rows] == ["Indikator a1", "Indikator a2"] and len(head) == 8
    assert (
        rows[0][3:7] == ["100", "105", "105.00", "Tercapai"]
        and rows[0][7] == "sementara"
        and rows[1][7] == "belum diterbitkan"
    )
    assert Browser(pages.app.test_client()).get("/public/performance/none/indicators.csv").status_code == 404


def test_of_one_unit_only_its_own_units_are_counted(pages: Pages) -> None:
    page = pages.browser("kab_contoh", "bupati").get("/performance?unit=DINAS-1").text
    assert re.search(r"[01] dari 1 perangkat daerah sudah menetapkan", page)
