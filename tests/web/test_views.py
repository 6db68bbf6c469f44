"""Saved views of the queue: named from the address, one's own or the unit's, taken away by their owner."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Browser

Browsers = Callable[..., Browser]


def _save(browser: Browser, query: str, name: str, **more: str) -> object:
    browser.get(f"/queue/views?{query}")
    return browser.post("/queue/views", {"query": query, "name": name, **more})


def _menu(browser: Browser, address: str = "/queue") -> dict[str, str]:
    page = browser.get(address).text
    links = re.findall(r'<a class="pick" href="(/queue[^"]*)"[^>]*>(?:<svg.*?</svg>|<span></span>)([^<]+)', page)
    return {words.strip(): href for href, words in links}


def test_what_is_shown_is_saved_under_a_name_and_found_in_the_menu(browser_of: Browsers) -> None:
    gita = browser_of("gita")
    assert _menu(gita, "/queue?due=overdue&after=1.2.3&page=2")["Simpan tampilan ini"] == "/queue/views?due=overdue"
    answer = _save(gita, "due=overdue", "Yang terlambat")
    assert answer.status_code == 303 and answer.location == "/queue?due=overdue"
    assert _menu(gita)["Yang terlambat"] == "/queue?due=overdue"
    page = gita.get("/queue?due=overdue").text
    assert re.search(r'href="/queue\?due=overdue" aria-current="true"', page)
    assert "Yang terlambat" not in _menu(browser_of("rina")), "nobody else sees it"


def test_a_shared_view_is_seen_by_the_unit_and_taken_away_by_its_owner_only(browser_of: Browsers) -> None:
    gita, rina = browser_of("gita"), browser_of("rina")
    _save(gita, "tab=unit&returned=2", "Sering kembali", share="yes")
    assert _menu(rina)["Sering kembali"] == "/queue?tab=unit&amp;returned=2"
    assert "Milik bersama, dibuat Gita Permata" in rina.get("/queue").text
    assert "Sering kembali" not in _menu(browser_of("sari")), "another unit"
    view = re.search(r"/queue/views/(\d+)/retire", gita.get("/queue/views").text)
    assert view and "/retire" not in rina.get("/queue/views").text
    assert rina.post(f"/queue/views/{view[1]}/retire").status_code == 404
    assert gita.post(f"/queue/views/{view[1]}/retire").status_code == 303
    assert "Sering kembali" not in _menu(rina)


def test_the_same_name_replaces_ones_own(browser_of: Browsers) -> None:
    gita = browser_of("gita")
    _save(gita, "due=overdue", "Pagi")
    _save(gita, "due=today", "  Pagi ")
    assert _menu(gita)["Pagi"] == "/queue?due=today"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_without_a_good_name_is_refused_and_stays_typed(browser_of: Browsers, name: str) -> None:
    gita = browser_of("gita")
    answer = _save(gita, "due=today", name, share="yes")
    assert answer.status_code == 422
    assert 'value="due=today"' in answer.text and f'value="{name}"' in answer.text and "checked" in answer.text
    assert 'href="#name"' in answer.text


def test_nobody_keeps_more_views_than_a_menu_holds(browser_of: Browsers) -> None:
    gita = browser_of("gita")
    for number in range(30):
        assert _save(gita, "due=today", f"Nomor {number}").status_code == 303
    answer = _save(gita, "due=today", "Satu lagi")
    assert answer.status_code == 422 and "Anda sudah menyimpan 30 tampilan." in answer.text


def test_a_view_keeps_nothing_but_filters(browser_of: Browsers) -> None:
    gita = browser_of("gita")
    _save(gita, "due=today&next=https://evil.example&step=%3Cscript%3E", "Aneh")
    assert _menu(gita)["Aneh"] == "/queue?step=%3Cscript%3E&amp;due=today"


def test_keys_are_off_until_somebody_switches_them_on(browser_of: Browsers) -> None:
    gita = browser_of("gita")
    assert "shortcuts.js" not in gita.get("/queue").text
    assert "Pintasan mati sampai Anda menyalakannya" in gita.get("/help").text
    assert 'href="/performance/monthly"' in gita.get("/profile").text  # what a part lets people choose is found there
    gita.post("/profile/settings", {"language": "id", "shortcuts": "on"})
    assert "shortcuts.js" in gita.get("/queue").text
    assert "Pintasan menyala." in gita.get("/help").text
    assert "shortcuts.js" not in browser_of("rina").get("/queue").text
    gita.post("/profile/settings", {"shortcuts": "off"})
    assert "shortcuts.js" not in gita.get("/queue").text
