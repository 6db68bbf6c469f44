"""Signing in and out, and what happens to what was typed when a session is over."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.database import Database
from engine.organisation import sessions
from engine.organisation.models import Account
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import PASSWORD, Regency


def _sign_in(browser: Browser, username: str = "sari", password: str = PASSWORD, **more: str) -> object:
    browser.get("/sign-in")
    return browser.post("/sign-in", {"username": username, "password": password, **more})


def test_the_right_password_leads_to_the_queue(visitor: Browser) -> None:
    answer = _sign_in(visitor)
    assert (answer.status_code, answer.location) == (303, "/queue")
    assert "Antrean saya" in visitor.get("/queue").text


def test_signing_in_leads_to_the_page_that_was_asked_for(visitor: Browser) -> None:
    asked = visitor.get("/cases?q=PK")
    assert asked.location == "/sign-in?next=/cases?q%3DPK"
    assert _sign_in(visitor, next="/cases?q=PK").location == "/cases?q=PK"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_off_the_site(visitor: Browser, elsewhere: str) -> None:
    assert _sign_in(visitor, next=elsewhere).location == "/queue"


@pytest.mark.parametrize(("username", "password"), [("sari", "salah-sekali"), ("tidakada", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(visitor: Browser, username: str, password: str) -> None:
    answer = _sign_in(visitor, username, password)
    assert answer.status_code == 401
    assert "Nama pengguna dan kata sandi tidak cocok." in answer.text
    assert "<title>Kesalahan:" in answer.text
    assert visitor.get("/queue").status_code == 303


def test_guessing_is_stopped_after_ten_tries_and_the_page_says_until_when(visitor: Browser) -> None:
    for _ in range(10):
        assert _sign_in(visitor, "sari", "tebakan").status_code == 401
    answer = _sign_in(visitor, "sari", PASSWORD)
    assert answer.status_code == 429
    assert "Coba lagi setelah pukul 09.15" in answer.text


def test_the_cookie_holds_only_a_token_and_scripts_cannot_read_it(visitor: Browser) -> None:
    answer = _sign_in(visitor)
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("alur="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "sari" not in cookie


def test_signing_out_ends_the_session_on_the_server(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("sari")
    browser.get("/queue")
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/queue").status_code == 303


def test_a_session_ends_after_two_idle_hours(browser_of: Callable[..., Browser], clock: FrozenClock) -> None:
    browser = browser_of("sari")
    clock.advance(hours=1, minutes=50)
    assert browser.get("/queue").status_code == 200
    clock.advance(hours=2)
    assert browser.get("/queue").status_code == 303
    assert "Sesi Anda berakhir." in browser.get("/sign-in").text


def test_what_was_typed_survives_an_ended_session(
    browser_of: Callable[..., Browser], clock: FrozenClock, case_id: int
) -> None:
    browser = browser_of("sari")
    browser.get(f"/case/{case_id}")
    clock.advance(hours=3)
    typed = {"act": "submit|drafting|", "comment": "Mohon ditelaah", "revision": "1"}
    refused = browser.post(f"/case/{case_id}/act", typed)
    assert refused.status_code == 401
    assert "Masuk lagi untuk melanjutkan. Tulisan Anda tetap tersimpan." in refused.text
    again = browser.post("/sign-in", {"username": "sari", "password": PASSWORD, **_hidden(refused.text)})
    assert again.status_code == 200
    assert "Mohon ditelaah" in again.text
    assert "Belum ada yang terkirim" in again.text
    sent = browser.post(f"/case/{case_id}/act", _hidden(again.text))
    assert sent.status_code == 303
    assert "Mohon ditelaah" in browser.get(f"/case/{case_id}").text


def test_a_wrong_password_does_not_lose_what_was_typed(
    browser_of: Callable[..., Browser], clock: FrozenClock, case_id: int
) -> None:
    browser = browser_of("sari")
    browser.get(f"/case/{case_id}")
    clock.advance(hours=3)
    refused = browser.post(f"/case/{case_id}/act", {"act": "submit|drafting|", "comment": "Mohon ditelaah"})
    again = browser.post("/sign-in", {"username": "sari", "password": "salah", **_hidden(refused.text)})
    assert again.status_code == 401
    assert 'value="Mohon ditelaah"' in again.text


def test_an_account_with_a_given_password_has_to_choose_its_own(
    browser_of: Callable[..., Browser], pages_database: Database, regency: Regency
) -> None:
    with pages_database.writing.begin() as session:
        session.get_one(Account, regency.people["sari"]).must_change_password = True
    browser = browser_of("sari")
    assert browser.get("/queue").location == "/profile"
    assert "Buat kata sandi Anda sendiri lebih dahulu." in browser.get("/profile").text


def test_changing_the_password_signs_out_the_other_browsers(
    browser_of: Callable[..., Browser], regency: Regency, pages_database: Database, clock: FrozenClock
) -> None:
    here, there = browser_of("sari"), browser_of("sari")
    here.get("/profile")
    new = "sore-di-tepi-laut"
    changed = here.post("/profile/password", {"password": PASSWORD, "new_password": new, "new_password_again": new})
    assert changed.status_code == 303
    assert here.get("/queue").status_code == 200
    assert there.get("/queue").status_code == 303
    with pages_database.reading() as session:
        assert len(sessions.sessions_of(session, regency.people["sari"], clock())) == 1


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("salah", "sore-di-tepi-laut", "sore-di-tepi-laut", "Ini bukan kata sandi Anda sekarang."),
        (PASSWORD, "pendek", "pendek", "Pakai 10 huruf atau lebih"),
        (PASSWORD, "sore-di-tepi-laut", "sore-di-tepi-kali", "Kedua kata sandi baru berbeda."),
    ],
)
def test_a_password_that_cannot_be_taken_says_why(
    browser_of: Callable[..., Browser], old: str, new: str, again: str, words: str
) -> None:
    browser = browser_of("sari")
    browser.get("/profile")
    answer = browser.post("/profile/password", {"password": old, "new_password": new, "new_password_again": again})
    assert answer.status_code == 422
    assert words in answer.text
    assert PASSWORD not in answer.text


def test_another_browser_can_be_signed_out_from_the_profile(browser_of: Callable[..., Browser]) -> None:
    here, there = browser_of("sari"), browser_of("sari")
    here.get("/profile")
    here.post("/profile/sessions/end", {})
    assert there.get("/queue").status_code == 303
    assert here.get("/queue").status_code == 200


def _hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name not in ("next", "language")}
