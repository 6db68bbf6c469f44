"""The queue and the search: order, filters in the address, pages by key, taking, and the file for a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.cases.fire import fire
from engine.database import Database
from engine.facts import Command
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency, an_agreement
from web.officer.listing import csv_file


@pytest.fixture
def three_reviews(pages_database: Database, regency: Regency, clock: FrozenClock) -> list[int]:
    """Three agreements at the joint review: overdue, due today and due later; the clock stands at the last."""
    cases = []
    for title in ("Pertama", "Kedua", "Ketiga"):
        case_id = an_agreement(pages_database, regency, clock(), title=title)
        for username, action in (("sari", "submit"), ("budi", "approve"), ("dewi", "approve")):
            with pages_database.writing.begin() as session:
                command = Command(action=action, actor=regency.people[username])
                fire(session, case_id, command, now=clock())
        cases.append(case_id)
        clock.advance(days=1, hours=-1)
    clock.advance(days=1)
    return cases


def test_one_task_beside_the_queue_is_said_in_the_singular(
    browser_of: Callable[..., Browser], pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    told = re.compile(r'<span class="count">(\d+)<span class="visually-hidden"> (\w+)</span>')
    sari = browser_of("sari")
    sari.post("/language", {"language": "en"})
    an_agreement(pages_database, regency, clock(), title="Pertama")
    assert told.findall(sari.get("/queue").text) == [("1", "task")]
    budi = browser_of("budi")
    budi.post("/language", {"language": "en"})
    assert "New tasks also come by e-mail. Your unit still has 1 task." in budi.get("/queue").text
    an_agreement(pages_database, regency, clock(), title="Kedua")
    assert told.findall(sari.get("/queue").text) == [("2", "tasks")]


def test_overdue_comes_first_then_today_then_the_rest(
    browser_of: Callable[..., Browser], three_reviews: list[int]
) -> None:
    page = browser_of("gita").get("/queue").text
    assert [page.index(word) for word in ("Pertama", "Kedua", "Ketiga")] == sorted(
        page.index(word) for word in ("Pertama", "Kedua", "Ketiga")
    )
    assert "Lewat batas · 1" in page
    assert "1 lewat batas" in page


def test_every_deadline_is_told_in_words(browser_of: Callable[..., Browser], three_reviews: list[int]) -> None:
    page = browser_of("gita").get("/queue").text
    badges = re.findall(r'<span class="due[^"]*">.*?</svg>([^<]+)</span>', page)
    assert len(badges) == 3
    assert all(re.search(r"Lewat|Hari ini|hari kerja lagi", words) for words in badges)


def test_a_filter_stands_in_the_address_and_can_be_taken_away(
    browser_of: Callable[..., Browser], three_reviews: list[int]
) -> None:
    browser = browser_of("gita")
    page = browser.get("/queue?due=overdue").text
    assert "Pertama" in page
    assert "Ketiga" not in page
    chip = re.search(r'<a class="chip" href="([^"]+)">', page)
    assert chip
    assert chip[1] == "/queue"
    assert browser.get("/queue?due=overdue").text.count('class="item"') == page.count('class="item"')


def test_the_search_finds_by_subject_number_and_name(
    browser_of: Callable[..., Browser], three_reviews: list[int]
) -> None:
    browser = browser_of("gita")
    assert browser.get("/queue?q=kedua").text.count('class="item"') == 1
    assert browser.get("/queue?q=Sari").text.count('class="item"') == 3
    nothing = browser.get("/queue?q=tidak-ada").text
    assert "Tidak ada yang cocok" in nothing
    assert "Hapus semua saringan" in nothing
    assert browser.get("/cases?q=0002").text.count('class="item"') == 1


def test_page_two_says_so_in_its_title_and_a_filter_returns_to_page_one(
    browser_of: Callable[..., Browser], pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    for number in range(27):
        an_agreement(pages_database, regency, clock(), title=f"Perjanjian {number}")
    browser = browser_of("sari")
    first = browser.get("/queue").text
    assert first.count('class="item"') == 25
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = browser.get(following[1].replace("&amp;", "&")).text
    assert "halaman 2" in re.search(r"<title>(.*?)</title>", second, re.S)[1]  # type: ignore[index]
    assert second.count('class="item"') == 2
    assert "after=" not in re.search(r'<form class="search".*?</form>', second, re.S)[0]  # type: ignore[index]


def test_taking_a_task_from_the_queue(browser_of: Callable[..., Browser], three_reviews: list[int]) -> None:
    gita, rina = browser_of("gita"), browser_of("rina")
    page, seen = gita.get("/queue").text, rina.get("/queue").text
    claim = re.search(r'name="claim" value="([^"]+)"', page)
    assert claim
    taken = gita.post("/queue/claim", {"claim": claim[1]})
    assert taken.location == f"/case/{three_reviews[0]}"
    assert claim[1] in seen
    late = rina.post("/queue/claim", {"claim": claim[1]})
    assert late.status_code == 409
    assert "Gita Permata" in late.text
    assert "<b>Anda</b>" in gita.get("/queue").text


def test_an_empty_queue_says_why_and_offers_a_way_on(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("hadi").get("/queue").text
    assert "Tidak ada tugas untuk Anda" in page
    assert "Buka kasus baru" in page


def test_the_file_for_a_spreadsheet_has_every_row_and_no_formula(
    browser_of: Callable[..., Browser], pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    an_agreement(pages_database, regency, clock(), title='=HYPERLINK("http://evil.example")')
    answer = browser_of("sari").get("/queue.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="alur-mine.csv"'
    assert ";'=HYPERLINK" in answer.text.replace('"', "")
    assert answer.text.startswith("\ufeffNomor;Perihal;")


def test_a_file_neutralises_what_looks_like_a_formula_and_leaves_numbers_alone() -> None:
    answer = csv_file("alur", ("a", "b", "c", "d"), [("-5,25", -3, " =1+1", "-1+2")])
    assert answer.get_data(as_text=True).splitlines()[1] == "-5,25;-3;' =1+1;'-1+2"


def test_the_search_shows_only_what_one_may_see(
    browser_of: Callable[..., Browser], pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    an_agreement(pages_database, regency, clock(), title="Perjanjian rahasia")
    assert "Perjanjian rahasia" in browser_of("sari").get("/cases?q=rahasia").text
    assert "Perjanjian rahasia" in browser_of("ratna").get("/cases?q=rahasia").text
    for username in ("indra", "asing", "admin"):
        assert "Perjanjian rahasia" not in browser_of(username).get("/cases?q=rahasia").text


@pytest.mark.parametrize("claim", ["", "x", "9" * 30 + "::", "9" * 5_000 + "::", "²::"])
def test_taking_what_is_no_task_is_refused(claim: str, browser_of: Callable[..., Browser]) -> None:
    gita = browser_of("gita")
    gita.get("/queue")
    assert gita.post("/queue/claim", {"claim": claim}).status_code == 400
