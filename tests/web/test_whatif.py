"""The page of the cheapest way: what its address asks it answers, to those who may read, and to nobody else."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.cases.stored import read_case
from engine.database import Database, open_database
from tests.web.browser import Browser
from tests.web.conftest import BEGINNING
from tests.web.evaluated import AT_B, FOLDER, answered, publish_case_type, publish_field
from tests.web.region import Regency

Opener = Callable[..., Browser]
HERE = "/performance/whatif/diskominfo"


@pytest.fixture(scope="module")
def at_b(regency_file: tuple[Path, Regency], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database where the agency's self-assessment is locked at 66.25."""
    place = tmp_path_factory.mktemp("evaluated") / "at_b.sqlite"
    shutil.copyfile(regency_file[0], place)
    database = open_database(f"sqlite:///{place}")
    publish_field(database, BEGINNING)
    answered(database, regency_file[1], "diskominfo", AT_B, BEGINNING)
    database.close()
    return place


@pytest.fixture
def pages_database(at_b: Path, tmp_path: Path) -> Iterator[Database]:
    place = tmp_path / "pages.sqlite"
    shutil.copyfile(at_b, place)
    database = open_database(f"sqlite:///{place}")
    yield database
    database.close()


def test_the_heading_is_the_answer_and_every_step_says_who_from_where_to_where(browser_of: Opener) -> None:
    page = browser_of("ratna").get(f"{HERE}?year=2025&weeks=40").text
    assert "<h1>Jalan terhemat dari B (66,25) ke BB: upaya 19, selesai paling cepat " in page
    assert "66,25" in page and "70,08" in page
    assert "bukan janji predikat" in page and "Lihat sebagai tabel" in page
    assert "Bukti yang belum ada:" in page and "Kepala perangkat daerah" in page
    assert "2 jalan lain" in page
    english = browser_of("ratna", "en").get(f"{HERE}?year=2025&weeks=40").text
    assert "<h1>Cheapest way from B (66.25) to BB: effort 19, done in " in english


def test_what_cannot_be_reached_says_how_far_it_goes_and_what_holds_it(browser_of: Opener) -> None:
    page = browser_of("ratna").get(f"{HERE}?to=aa&weeks=4").text
    assert "AA tidak terjangkau: paling jauh " in page and "dalam 4 minggu" in page
    assert "Perlu waktu lebih lama daripada yang tersisa: " in page
    until = browser_of("ratna").get(f"{HERE}?to=aa&fixed=planning.use&fixed=measurement.use").text
    assert "Ditandai tidak dapat diubah: " in until and "31 Desember 2026" in until


def test_what_was_asked_stands_in_the_form_again(browser_of: Opener) -> None:
    page = browser_of("ratna").get(f"{HERE}?to=a&weeks=30&margin=1,5&fixed=planning.use.plan_monitored").text
    assert '<option value="a" selected>' in page
    assert 'value="30"' in page and 'value="1,5"' in page
    assert 'value="planning.use.plan_monitored" checked' in page
    wrong = browser_of("ratna").get(f"{HERE}?weeks=empat&margin=x")
    assert wrong.status_code == 422
    assert 'value="empat"' in wrong.text and "Tulis jumlah minggu, bilangan bulat dari 0 sampai 520." in wrong.text
    pointed = browser_of("ratna").get(f"{HERE}?margin=1.5")
    assert pointed.status_code == 422 and "1.5 bukan angka; maksudnya 1,5?" in pointed.text


def test_the_file_has_every_step_of_every_way_and_numbers_have_a_point(browser_of: Opener) -> None:
    answer = browser_of("ratna").get(f"{HERE}.csv?year=2025&weeks=40")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert rows[0][0] == "Jalan" and answer.mimetype == "text/csv"
    assert sum(int(row[7]) for row in rows[1:] if row[0] == "1") == 19
    assert {row[0] for row in rows[1:]} == {"1", "2", "3"}
    adds = [row[6] for row in rows[1:]]
    assert any("." in one for one in adds) and not any("," in one for one in adds)


def test_criteria_it_does_not_matter_which_of_are_offered_as_a_choice(browser_of: Opener) -> None:
    page = browser_of("ratna").get(f"{HERE}?year=2025&weeks=40").text
    assert "Dua dari tiga sudah cukup, bebas yang mana" in page and "(dihitung di sini)" in page


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("year=dua", "no_such_year"), ("year=99999", "no_such_year"), ("to=zz", "no_such_goal"),
        ("fixed=planning.use.nothing", "no_such_criterion"), ("fixed=*", "no_such_criterion"),
        ("to=zz&fixed=planning.use", "no_such_goal"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_with_a_code(browser_of: Opener, query: str, code: str) -> None:
    for address in (HERE, f"{HERE}.csv"):
        answer = browser_of("ratna").get(f"{address}?{query}")
        assert answer.status_code == 400 and code in answer.text, address


def test_a_unit_s_own_people_read_its_way_and_others_find_nothing(browser_of: Opener, visitor: Browser) -> None:
    for username in ("ratna", "sari", "bupati"):
        assert browser_of(username).get(HERE).status_code == 200, username
    for username in ("gita", "asing"):
        assert browser_of(username).get(HERE).status_code == 404, username
        assert browser_of(username).get(f"{HERE}.csv").status_code == 404, username
    assert visitor.get(HERE).status_code in (302, 303)
    assert browser_of("ratna").get("/performance/whatif/kab_contoh").status_code == 404
    assert browser_of("bupati").get("/performance/whatif/kab_contoh").status_code == 200


@pytest.fixture
def final_looked_at(pages_database: Database, regency: Regency, tmp_path: Path) -> Callable[[str], None]:
    """The final evaluation has answers, hidden until it is closed; ways start as the file given then says."""

    def start(said: str) -> None:
        folder = tmp_path / "sakip_config"
        shutil.copytree(FOLDER, folder)
        file = folder / "whatif.yaml"
        told = file.read_text()
        assert "start: {tier: self, fallback: null}" in told
        file.write_text(told.replace("start: {tier: self, fallback: null}", f"start: {said}"))
        publish_field(pages_database, BEGINNING, folder)
        answered(pages_database, regency, "diskominfo", AT_B | {"*.use.*": "a"}, BEGINNING, tier="final")

    return start


@pytest.mark.parametrize("start", ["{tier: final, fallback: self}", "{tier: assure, fallback: final}"])
def test_no_way_tells_a_unit_what_is_hidden_from_it_until_the_evaluation_is_closed(
    browser_of: Opener, final_looked_at: Callable[[str], None], start: str
) -> None:
    final_looked_at(start)
    listed, asked = "/performance/whatif?year=2025&ways=1&weeks=40", f"{HERE}?year=2025&weeks=40"
    line = re.compile(r"diskominfo\?.*?</tr>", re.DOTALL)
    above = line.search(browser_of("bupati").get(listed).text)
    assert above is not None and 'data-label="Sesudahnya">A (80,17)' in above[0]
    own = line.search(browser_of("ratna").get(listed).text)
    assert own is not None and "A (" not in own[0] and "73,75" not in own[0], own[0]
    page = browser_of("ratna").get(asked).text
    assert "73,75" not in page
    for told in (own[0], page):  # where the file falls back to what the unit said itself, its way starts there
        assert ("BB (70,08)" in told) == ("fallback: self" in start)


def test_without_answers_the_page_says_which_tier_is_missing(browser_of: Opener) -> None:
    page = browser_of("gita").get("/performance/whatif/bapperida?year=2025")
    assert page.status_code == 200 and "Jalan belum dapat ditampilkan" in page.text and "Penilaian sendiri" in page.text
    assert "2031 tidak dievaluasi" in browser_of("gita").get("/performance/whatif/bapperida?year=2031").text


def test_the_list_names_what_one_may_read_with_where_it_stands(browser_of: Opener) -> None:
    own = browser_of("ratna").get("/performance/whatif?year=2025").text
    assert "B (66,25)" in own and "3,76 poin menuju BB" in own and "Badan Perencanaan" not in own
    assert "Badan Perencanaan" in browser_of("bupati").get("/performance/whatif?year=2025").text


def test_without_action_plans_none_is_offered(browser_of: Opener) -> None:
    browser = browser_of("ratna")
    assert "Jadikan rencana aksi" not in browser.get(f"{HERE}?year=2025&weeks=40").text
    refused = browser.post(f"{HERE}/plan?year=2025&weeks=40")
    assert refused.status_code == 400 and "no_such_plan" in refused.text


def test_a_way_becomes_an_action_plan_with_a_row_a_step(browser_of: Opener, pages_database: Database) -> None:
    publish_case_type(pages_database, "action_plan", BEGINNING)
    browser = browser_of("ratna")
    page = browser.get(f"{HERE}?year=2025&weeks=40").text
    assert "Jadikan rencana aksi" in page
    opened = browser.post(f"{HERE}/plan?year=2025&weeks=40")
    assert opened.status_code == 303 and "/case/" in opened.location
    assert browser.post(f"{HERE}/plan?year=2025&weeks=40").location == opened.location  # a press is pressed twice
    with pages_database.reading() as session:
        answers = read_case(session, int(opened.location.rpartition("/")[2]), BEGINNING).facts.answers
    rows = answers["actions"]
    assert len(rows) == 8 and answers["year"] == 2026
    assert {row["responsible"] for row in rows} == {"Inspektorat", "Kepala perangkat daerah"}
    assert {row["until"] for row in rows} == {date(2026, 3, 30), date(2026, 5, 11), date(2026, 7, 20)}
    assert rows[0]["path"] == "evaluation.existence.guideline" and "dari B: " in rows[0]["activity"]
    plan = browser.get(opened.location).text
    assert "Ada pedoman evaluasi internal (evaluation.existence.guideline)" in plan
    assert browser_of("gita").post(f"{HERE}/plan").status_code == 404


def test_the_list_computes_the_way_of_everything_at_once_when_asked(browser_of: Opener) -> None:
    browser = browser_of("ratna")
    plain = browser.get("/performance/whatif?year=2025").text
    assert "B (66,25)" in plain and "Sesudahnya" not in plain and "Hitung semua jalan" in plain
    asked = browser.get("/performance/whatif?year=2025&ways=1&weeks=40").text
    assert '<td class="num" data-label="Upaya">19</td>' in asked and "BB (memuaskan) (70,08)" in asked.replace(
        "BB (70,08)", "BB (memuaskan) (70,08)"
    )
    assert "/performance/whatif/diskominfo?year=2025&amp;weeks=40" in asked
    held = browser.get("/performance/whatif?year=2025&ways=1&to=aa&weeks=4").text
    assert "paling jauh yang dapat dicapai" in held
    wrong = browser.get("/performance/whatif?ways=1&weeks=empat")
    assert wrong.status_code == 422 and 'value="empat"' in wrong.text
    refused = browser.get("/performance/whatif?ways=1&to=zz")
    assert refused.status_code == 400 and "no_such_goal" in refused.text
