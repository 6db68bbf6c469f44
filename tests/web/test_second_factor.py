"""A second factor in the browser: set up in one's settings, asked for at sign-in, given with an act of a case."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pyotp
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.cases.fire import Fired, fire
from engine.cases.models import Attachment, History
from engine.database import Database
from engine.facts import Command
from engine.organisation import second_factor
from engine.organisation.sealing import Seal
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import PASSWORD, Regency
from tests.web.signing import a_letter

SEAL = Seal("k" * 40)  # of the application these pages run in
PLACE = "/profile/second-factor"
STEP = timedelta(seconds=30)


class Telephone:
    """Somebody's telephone with the secret in it, and the recovery codes they kept."""

    def __init__(self, uri: str, clock: FrozenClock, recovery_codes: tuple[str, ...] = ()) -> None:
        learnt = pyotp.parse_uri(uri)
        assert isinstance(learnt, pyotp.TOTP)
        self._learnt, self._clock, self.recovery_codes = learnt, clock, recovery_codes

    @property
    def code(self) -> str:
        """What it shows now."""
        return self._learnt.at(self._clock())

    @property
    def wrong_code(self) -> str:
        """Something it does not show at any moment near now."""
        near = {self._learnt.at(self._clock() + step * STEP) for step in range(-3, 4)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


@pytest.fixture
def telephone_of(pages_database: Database, regency: Regency, clock: FrozenClock) -> Callable[[str], Telephone]:
    """``telephone_of("sari")`` sets one up, and half a minute and more goes by."""

    def set_up(username: str) -> Telephone:
        person = regency.people[username]
        begun = second_factor.begin(pages_database, person, PASSWORD, SEAL, clock())
        codes = second_factor.confirm(
            pages_database, person, Telephone(begun.uri, clock).code, SEAL, keep=None, now=clock()
        )
        clock.advance(minutes=1)
        return Telephone(begun.uri, clock, codes)

    return set_up


# -- setting up --------------------------------------------------------------------------------------------------------


def _uri(page: str) -> str:
    found = re.search(r'href="(otpauth://[^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def test_setting_up_shows_the_secret_until_the_first_code_then_recovery_codes_once(
    browser_of: Callable[..., Browser], clock: FrozenClock
) -> None:
    browser = browser_of("sari")
    assert "Pasang verifikasi dua langkah" in browser.get("/profile").text
    browser.get(PLACE)
    assert browser.post(f"{PLACE}/begin", {"password": PASSWORD}).location == PLACE
    page = browser.get(PLACE).text
    telephone = Telephone(_uri(page), clock)
    assert '<svg role="img" aria-label="Kode untuk dipindai"' in page
    wrong = browser.post(f"{PLACE}/confirm", {"one_time_code": telephone.wrong_code})
    assert wrong.status_code == 422
    assert _uri(wrong.text) == _uri(page)
    assert 'href="#one_time_code"' in wrong.text
    done = browser.post(f"{PLACE}/confirm", {"one_time_code": telephone.code})
    assert done.status_code == 200
    assert len(re.findall(r"<li><code>[0-9A-Z-]{14}</code></li>", done.text)) == 10
    after = browser.get(PLACE).text
    assert "Verifikasi dua langkah aktif." in after
    assert "Tersisa 10 dari 10 kode cadangan." in after
    assert "otpauth" not in after
    assert "Aktif sejak" in browser.get("/profile").text


def test_setting_up_needs_the_password(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("sari")
    browser.get(PLACE)
    answer = browser.post(f"{PLACE}/begin", {"password": "salah-sekali"})
    assert answer.status_code == 422
    assert "Kata sandi sekarang tidak benar." in answer.text
    for _ in range(4):
        browser.post(f"{PLACE}/begin", {"password": "salah-sekali"})
    stopped = browser.post(f"{PLACE}/begin", {"password": PASSWORD})
    assert stopped.status_code == 429
    assert "Coba lagi setelah pukul 09.15" in stopped.text


def test_confirming_what_was_never_begun_leads_back(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("sari")
    browser.get(PLACE)
    assert browser.post(f"{PLACE}/confirm", {"one_time_code": "123456"}).location == PLACE


def test_turning_it_off_needs_the_password_and_a_code(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone]
) -> None:
    telephone = telephone_of("sari")
    browser = browser_of("sari")
    browser.get(PLACE)
    for password, code, words in (
        ("salah-sekali", telephone.code, "Kata sandi sekarang tidak benar."),
        (PASSWORD, telephone.wrong_code, "Kode verifikasi tidak cocok"),
    ):
        answer = browser.post(f"{PLACE}/remove", {"password": password, "one_time_code": code})
        assert answer.status_code == 422
        assert words in answer.text
    gone = browser.post(f"{PLACE}/remove", {"password": PASSWORD, "one_time_code": telephone.code})
    assert gone.location == PLACE
    assert "Verifikasi dua langkah mati." in browser.get(PLACE).text


def test_the_pages_speak_english_as_well(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone]
) -> None:
    assert "Set up" in browser_of("sari", "en").get(PLACE).text
    telephone_of("sari")
    page = browser_of("sari", "en").get(PLACE).text
    assert "10 of 10 recovery codes are left." in page
    for word in ("Verifikasi", "kode", "Matikan"):
        assert word not in page


# -- signing in --------------------------------------------------------------------------------------------------------


def _give_password(visitor: Browser, password: str = PASSWORD, **more: str) -> object:
    visitor.get("/sign-in")
    return visitor.post("/sign-in", {"username": "sari", "password": password, **more})


def test_the_code_is_asked_for_after_the_right_password_and_opens_the_session(
    visitor: Browser, telephone_of: Callable[[str], Telephone]
) -> None:
    telephone = telephone_of("sari")
    asked = _give_password(visitor, next="/cases?q=PK")
    assert asked.location == "/sign-in/code?next=/cases?q%3DPK"
    assert not any(value.startswith("alur=") for value in asked.headers.getlist("Set-Cookie"))
    assert visitor.get("/queue").status_code == 303
    page = visitor.get(asked.location).text
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    wrong = visitor.post("/sign-in/code", {"one_time_code": telephone.wrong_code, "next": "/cases?q=PK"})
    assert wrong.status_code == 401
    assert telephone.wrong_code not in wrong.text
    right = visitor.post("/sign-in/code", {"one_time_code": telephone.code, "next": "/cases?q=PK"})
    assert (right.status_code, right.location) == (303, "/cases?q=PK")
    assert visitor.get("/queue").status_code == 200


def test_a_wrong_password_answers_as_for_an_account_without_a_second_factor(
    visitor: Browser, telephone_of: Callable[[str], Telephone]
) -> None:
    telephone_of("sari")
    with_factor = _give_password(visitor, "salah-sekali")
    assert with_factor.status_code == 401
    assert "one_time_code" not in with_factor.text
    assert not any(value.startswith("alur_code") for value in with_factor.headers.getlist("Set-Cookie"))


def test_a_code_opens_one_session_and_no_second(
    web_app: object, visitor: Browser, telephone_of: Callable[[str], Telephone]
) -> None:
    telephone = telephone_of("sari")
    other = Browser(web_app.test_client())  # type: ignore[attr-defined]
    for browser in (visitor, other):
        _give_password(browser)
        browser.get("/sign-in/code")
    assert visitor.post("/sign-in/code", {"one_time_code": telephone.code}).status_code == 303
    assert other.post("/sign-in/code", {"one_time_code": telephone.code}).status_code == 401


def test_a_recovery_code_signs_in_once(visitor: Browser, telephone_of: Callable[[str], Telephone]) -> None:
    code = telephone_of("sari").recovery_codes[0]
    _give_password(visitor)
    visitor.get("/sign-in/code")
    assert visitor.post("/sign-in/code", {"one_time_code": code}).status_code == 303
    visitor.get("/queue")
    visitor.post("/sign-out")
    _give_password(visitor)
    visitor.get("/sign-in/code")
    assert visitor.post("/sign-in/code", {"one_time_code": code}).status_code == 401


def test_guessing_codes_is_stopped_and_the_page_says_until_when(
    visitor: Browser, telephone_of: Callable[[str], Telephone]
) -> None:
    telephone = telephone_of("sari")
    _give_password(visitor)
    visitor.get("/sign-in/code")
    for _ in range(5):
        assert visitor.post("/sign-in/code", {"one_time_code": telephone.wrong_code}).status_code == 401
    stopped = visitor.post("/sign-in/code", {"one_time_code": telephone.code})
    assert stopped.status_code == 429
    assert "Coba lagi setelah pukul 09.15" in stopped.text


def test_who_waits_too_long_begins_again(
    visitor: Browser, telephone_of: Callable[[str], Telephone], clock: FrozenClock
) -> None:
    telephone = telephone_of("sari")
    _give_password(visitor)
    visitor.get("/sign-in/code")
    clock.advance(minutes=6)
    late = visitor.post("/sign-in/code", {"one_time_code": telephone.code})
    assert late.status_code == 401
    assert "Terlalu lama. Silakan ulangi dari awal." in late.text


def test_without_a_right_password_the_page_of_the_code_leads_away(visitor: Browser) -> None:
    assert visitor.get("/sign-in/code").location == "/queue"
    visitor.get("/sign-in")
    assert visitor.post("/sign-in/code", {"one_time_code": "123456"}).status_code == 401


def test_what_was_typed_before_a_session_ended_comes_along_to_the_code(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone], clock: FrozenClock, case_id: int
) -> None:
    telephone = telephone_of("sari")
    browser = browser_of("sari")
    browser.get(f"/case/{case_id}")
    clock.advance(hours=3)
    typed = {"act": "submit|drafting|", "comment": "Mohon ditelaah", "one_time_code": telephone.code}
    refused = browser.post(f"/case/{case_id}/act", typed)
    assert telephone.code not in refused.text
    asked = browser.post("/sign-in", {"username": "sari", "password": PASSWORD, **_hidden(refused.text)})
    assert asked.status_code == 200
    again = browser.post("/sign-in/code", {"one_time_code": telephone.code, **_hidden(asked.text)})
    assert again.status_code == 200
    assert "Mohon ditelaah" in again.text
    assert browser.post(f"/case/{case_id}/act", _hidden(again.text)).status_code == 303


def _hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name not in ("next", "language")}


# -- an act that requires it -------------------------------------------------------------------------------------------


@pytest.fixture
def letter(pages_database: Database, regency: Regency, clock: FrozenClock) -> int:
    """Sari's letter, waiting for budi's signature."""
    case_id = a_letter(pages_database, regency, clock())
    with pages_database.writing.begin() as session:
        command = Command("submit", regency.people["sari"])
        assert isinstance(fire(session, case_id, command, now=clock()), Fired)
    return case_id


def _sign(browser: Browser, case_id: int, code: str = "", act: str = "sign|signing|", **more: object) -> TestResponse:
    page = browser.get(f"/case/{case_id}").text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    seen = revision[1] if revision else ""
    data = {"act": act, "one_time_code": code, "revision": seen, **more}
    return browser.post(f"/case/{case_id}/act", data)


def test_somebody_without_a_factor_reads_why_and_is_led_to_their_settings(
    browser_of: Callable[..., Browser], letter: int
) -> None:
    browser = browser_of("budi")
    page = browser.get(f"/case/{letter}").text
    box = page[page.index('id="decision"') : page.index('id="steps"')]
    assert 'name="one_time_code"' not in box
    assert 'value="sign|' not in box
    assert "verifikasi dua langkah Anda belum dipasang" in box
    assert f'href="{PLACE}"' in box
    assert 'value="return|' in box
    refused = _sign(browser, letter, "123456")
    assert refused.status_code == 422
    assert "belum dipasang" in refused.text


def test_an_act_is_done_with_the_right_code_and_the_history_holds_that_it_was_given(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone], letter: int, pages_database: Database
) -> None:
    telephone = telephone_of("budi")
    browser = browser_of("budi")
    page = browser.get(f"/case/{letter}").text
    assert "Masukkan kode verifikasi" in page
    assert "Wajib untuk: Tanda tangani, Tanda tangani dengan lampiran." in page
    assert 'autocomplete="one-time-code" inputmode="numeric"' in page
    assert _sign(browser, letter, telephone.code).status_code == 303
    after = browser.get(f"/case/{letter}").text
    assert "Kasus kini pada langkah Penomoran." in after
    assert "dengan kode verifikasi. Berikutnya: Penomoran." in after
    with pages_database.reading() as session:
        row = session.scalars(select(History).where(History.case_id == letter, History.action == "sign")).one()
        assert row.details["second_factor"] is True
        assert telephone.code not in str(row.details)


@pytest.mark.parametrize("code", ["", "wrong"])
def test_without_the_right_code_the_page_comes_back_with_everything_kept(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone], letter: int, code: str
) -> None:
    telephone = telephone_of("budi")
    browser = browser_of("budi")
    typed = telephone.wrong_code if code else ""
    refused = _sign(browser, letter, typed, comment="Sudah saya baca")
    assert refused.status_code == 422
    assert "Sudah saya baca</textarea>" in refused.text
    assert 'href="#one_time_code"' in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert f'value="{typed}"' not in refused.text or not typed
    assert _sign(browser, letter, telephone.code, comment="Sudah saya baca").status_code == 303


def test_a_code_is_used_up_by_the_act_it_was_given_for(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone], letter: int, clock: FrozenClock
) -> None:
    telephone = telephone_of("budi")
    browser = browser_of("budi")
    code = telephone.code
    assert _sign(browser, letter, code).status_code == 303
    browser.get(f"/case/{letter}/edit")
    browser.post(f"/case/{letter}/edit", {"section": "number", "number": "800/1", "op": "next:"})
    replayed = _seal(browser, letter, code)
    assert replayed.status_code == 422
    assert "sudah pernah dipakai" in replayed.text
    clock.advance(seconds=30)
    assert _seal(browser, letter, telephone.code).status_code == 303
    assert "Kasus ini berakhir" in browser.get(f"/case/{letter}").text


def _seal(browser: Browser, case_id: int, code: str) -> TestResponse:
    page = browser.get(f"/case/{case_id}/edit?section=-send").text
    assert "Wajib untuk: Sahkan." in page
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    data = {"act": "seal|numbering|", "section": "-send", "one_time_code": code, "revision": revision[1]}
    return browser.post(f"/case/{case_id}/edit", data)


def test_an_act_refused_for_another_reason_leaves_the_code_good_and_the_try_uncounted(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone], letter: int
) -> None:
    telephone = telephone_of("budi")
    browser = browser_of("budi")
    for _ in range(7):
        assert _sign(browser, letter, telephone.code, revision="1").status_code == 409
    assert _sign(browser, letter, telephone.code).status_code == 303


def test_guessing_at_an_act_is_stopped(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone], letter: int
) -> None:
    telephone = telephone_of("budi")
    browser = browser_of("budi")
    for _ in range(5):
        assert _sign(browser, letter, telephone.wrong_code).status_code == 422
    stopped = _sign(browser, letter, telephone.code)
    assert stopped.status_code == 422
    assert "Coba lagi setelah pukul 09.15" in stopped.text


def test_a_code_that_is_not_required_is_not_looked_at(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone], letter: int
) -> None:
    telephone = telephone_of("budi")
    browser = browser_of("budi")
    act = "return|signing|"
    assert _sign(browser, letter, telephone.wrong_code, act, comment="Perbaiki hal surat").status_code == 303


def test_a_file_sent_with_the_act_hangs_on_the_case_once(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone], letter: int, pages_database: Database
) -> None:
    telephone = telephone_of("budi")
    browser = browser_of("budi")
    act = "sign_with_file|signing|"
    for code, status in ((telephone.wrong_code, 422), (telephone.code, 303)):
        note = (BytesIO(b"Catatan sidang"), "catatan.txt")
        assert _sign(browser, letter, code, act, attachment=note).status_code == status
    assert _sign(browser, letter, act=act, attachment=(BytesIO(b"x"), "x.txt"), revision="1").status_code == 409
    with pages_database.reading() as session:
        kept = session.scalars(select(Attachment).where(Attachment.case_id == letter)).one()
        assert (kept.name, kept.size) == ("catatan.txt", 14)


def test_somebody_elses_code_does_not_count(
    browser_of: Callable[..., Browser], telephone_of: Callable[[str], Telephone], letter: int
) -> None:
    telephone_of("budi")
    other = telephone_of("dewi")
    assert _sign(browser_of("budi"), letter, other.code).status_code == 422
