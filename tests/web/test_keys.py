"""One's key in the browser: made, asked for where a sealed case is, recovered by custodians; T27, T33 and T40."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config import Settings
from engine.audit.models import AuditEntry
from engine.cases.open_sealed import OpenedSealed, open_sealed
from engine.database import Database, open_database
from engine.disclosure import officers, passed_on
from engine.disclosure.budget import MIB, OF_THIS_PROCESS
from engine.disclosure.ceremony import escrow_state, hold_ceremony
from engine.disclosure.leaving import leave
from engine.disclosure.models import OfficerKey
from engine.organisation import accounts
from engine.organisation.models import Account, Group, GroupMember, Person, Region, SignInSession
from engine.organisation.recorded import Author
from tests.conftest import FrozenClock
from tests.sealed_type import publish_both
from tests.web.conftest import BEGINNING, Browser
from tests.web.region import PASSWORD, Regency

KEY, CEREMONY = "/profile/key", "/key-ceremony"
STORY = "Kas pasar dibawa pulang"
NEW = "sore-hari-di-pantai"


@dataclass
class Office:
    """The regency after its ceremony: Sari and Gita hold keys, and one sealed case is Sari's."""

    database: Database
    regency: Regency
    clock: FrozenClock
    sheets: tuple[str, ...]
    case: str

    def state(self, name: str) -> officers.KeyState:
        with self.database.reading() as session:
            return officers.key_state(session, self.regency.people[name])

    def reset(self, name: str) -> str:
        """An administrator sets a password, which has been changed to NEW at once."""
        person = self.regency.people[name]
        given = accounts.reset_password(self.database, person, by=self.regency.people["admin"],
                                        now=self.clock.advance(minutes=1))  # fmt: skip
        accounts.change_password(self.database, person, given, NEW, keep=None, now=self.clock.advance(minutes=1))
        return NEW


@pytest.fixture(scope="module")
def office_file(
    regency_file: tuple[Path, Regency], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, tuple[str, ...], str]:
    """A database with the office in it, to be copied; the sheets; the address of Sari's case."""
    place = tmp_path_factory.mktemp("keys") / "office.sqlite"
    shutil.copyfile(regency_file[0], place)
    database, regency = open_database(f"sqlite:///{place}"), regency_file[1]
    with database.writing.begin() as session:
        sheets = hold_ceremony(session, regency.id, 2, 3, seen="", by=None, now=BEGINNING).sheets
        publish_both(session, BEGINNING)
    for name in ("sari", "gita"):
        officers.make_key(database, regency.people[name], PASSWORD, requires_factor=False, now=BEGINNING)
    with database.writing.begin() as session:
        opened = open_sealed(
            session, region_id=regency.id, case_type="report", answers={"story": STORY},
            initiator=regency.people["sari"], now=BEGINNING,
        )  # fmt: skip
    assert isinstance(opened, OpenedSealed), opened
    database.close()
    return place, sheets, f"/case/{opened.case_id}"


@pytest.fixture
def office(
    office_file: tuple[Path, tuple[str, ...], str], pages_database: Database, regency: Regency, clock: FrozenClock
) -> Office:
    shutil.copyfile(office_file[0], str(pages_database.engine.url.database))  # nobody has connected to it yet
    return Office(pages_database, regency, clock, *office_file[1:])


@pytest.fixture
def signed_in(web_app: Flask) -> Callable[..., Browser]:
    """``signed_in("sari")`` went through the sign-in page, so the key is open if there is one."""

    def sign_in(username: str, password: str = PASSWORD) -> Browser:
        browser = Browser(web_app.test_client())
        answer = browser.post("/sign-in", {"username": username, "password": password})
        assert answer.status_code == 303, answer.text
        return browser

    return sign_in


# -- unlocking ---------------------------------------------------------------------------------------------------------


def test_signing_in_opens_sealed_cases_and_signing_out_shuts_them(
    office: Office, signed_in: Callable[..., Browser]
) -> None:
    sari = signed_in("sari")
    assert STORY in sari.get(office.case).text
    sari.post("/sign-out")
    with office.database.reading() as session:
        assert session.scalars(select(SignInSession.sealed_key)).all() == []


def test_where_the_key_is_locked_the_password_is_asked_and_one_is_back_where_one_was(
    office: Office, signed_in: Callable[..., Browser], clock: FrozenClock
) -> None:
    sari = signed_in("sari")
    clock.advance(minutes=31)
    asked = sari.get(office.case)
    assert (asked.status_code, asked.location) == (303, f"{KEY}/unlock?next={office.case}")
    assert "Buka kunci" in sari.get(asked.location).text
    wrong = sari.post(f"{KEY}/unlock", {"next": office.case, "password": "bukan-kata-sandi"})
    assert wrong.status_code == 422 and f'value="{office.case}"' in wrong.text
    back = sari.post(f"{KEY}/unlock", {"next": office.case, "password": PASSWORD})
    assert (back.status_code, back.location) == (303, office.case)
    assert STORY in sari.get(office.case).text


def test_what_was_sent_while_the_key_was_locked_is_carried_through_the_unlocking(
    office: Office, signed_in: Callable[..., Browser], clock: FrozenClock
) -> None:
    sari = signed_in("sari")
    sari.get(office.case)
    clock.advance(minutes=31)
    asked = sari.post(f"{office.case}/act", {"act": "submit|writing|", "comment": "Sudah saya periksa"})
    assert asked.status_code == 401 and "Sudah saya periksa" in asked.text
    carried = dict(re.findall(r'name="(carried[^"]*)" value="([^"]*)"', asked.text))
    resumed = sari.post(f"{KEY}/unlock", {**carried, "password": PASSWORD})
    assert resumed.status_code == 200 and f'action="{office.case}/act"' in resumed.text
    assert "Kunci Anda terkunci sebelum ini terkirim" in resumed.text


def test_t79_where_too_many_hash_at_once_the_page_says_try_again(
    office: Office, signed_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    sari = signed_in("sari")
    sari.post(f"{KEY}/lock")
    monkeypatch.setattr(OF_THIS_PROCESS, "_wait_seconds", 0.0)
    with OF_THIS_PROCESS.taking(512 * MIB):
        asked = sari.post(f"{KEY}/unlock", {"password": PASSWORD})
        changed = sari.post("/profile/password", {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW})
        new = sari.post(f"{KEY}/replace", {"password": PASSWORD, "agreed": "yes"})
    assert (asked.status_code, changed.status_code) == (503, 503)
    assert new.status_code == 422  # her key alone opens a case, which is found before any hash
    assert sari.post(f"{KEY}/unlock", {"password": PASSWORD}).status_code == 303


def test_unlocking_leads_to_no_address_of_others(office: Office, signed_in: Callable[..., Browser]) -> None:
    sari = signed_in("sari")
    sari.post(f"{KEY}/lock")
    answer = sari.post(f"{KEY}/unlock", {"next": "https://jahat.example/", "password": PASSWORD})
    assert answer.location == KEY


def test_t33_to_who_has_no_copy_the_case_does_not_exist(office: Office, signed_in: Callable[..., Browser]) -> None:
    nothing = signed_in("gita").get("/case/999999")
    for name in ("gita", "admin", "budi", "slamet"):
        answer = signed_in(name).get(office.case)
        assert (answer.status_code, _plain(answer.text)) == (404, _plain(nothing.text)) or name != "gita"
        assert answer.status_code == 404 and STORY not in answer.text


def test_a_browser_without_the_password_of_the_key_reads_nothing(
    office: Office, browser_of: Callable[..., Browser]
) -> None:
    """A session that did not begin with the password: a stolen database row, or a second way in."""
    assert browser_of("sari").get(office.case).status_code == 303


# -- my key ------------------------------------------------------------------------------------------------------------


def test_a_key_is_made_with_the_password_and_opens_at_once(office: Office, signed_in: Callable[..., Browser]) -> None:
    budi = signed_in("budi")
    assert "Buat kunci" in budi.get(KEY).text
    assert budi.post(f"{KEY}/make", {"password": "bukan-kata-sandi"}).status_code == 422
    assert budi.post(f"{KEY}/make", {"password": PASSWORD}).status_code == 303
    page = budi.get(KEY).text
    assert "Kunci Anda terbuka di peramban ini." in page and "0 kasus tersegel" in page
    assert budi.post(f"{KEY}/make", {"password": PASSWORD}).status_code == 422


def test_the_page_says_how_many_cases_the_key_opens(office: Office, signed_in: Callable[..., Browser]) -> None:
    sari = signed_in("sari")
    assert "1 kasus tersegel" in sari.get(KEY).text
    assert "membuka 1 kasus tersegel" in sari.get("/profile").text
    sari.post("/language", {"language": "en"})
    assert "1 sealed case" in sari.get(KEY).text


def test_before_the_ceremony_the_page_says_that_no_key_can_be_made(
    regency: Regency, signed_in: Callable[..., Browser]
) -> None:
    sari = signed_in("sari")
    assert "Kunci belum dapat dibuat" in sari.get(KEY).text
    answer = sari.post(f"{KEY}/make", {"password": PASSWORD})
    assert answer.status_code == 422 and "Upacara kunci daerah ini belum diadakan" in answer.text


def test_outside_a_demonstration_a_key_needs_a_second_factor_first(
    office: Office, signed_in: Callable[..., Browser], web_app: Flask
) -> None:
    web_app.extensions["alur"].settings = _real(web_app)
    budi = signed_in("budi")
    page = budi.get(KEY).text
    assert "Aktifkan verifikasi dua langkah dahulu" in page and f'action="{KEY}/make"' not in page
    answer = budi.post(f"{KEY}/make", {"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/profile/second-factor")


def test_t40_who_holds_keys_and_lost_the_second_factor_reaches_only_the_pages_to_set_one_up(
    office: Office, signed_in: Callable[..., Browser], web_app: Flask
) -> None:
    with office.database.writing.begin() as session:
        session.get_one(Account, office.regency.people["sari"]).needs_second_factor = True
    sari = signed_in("sari")
    for address in ("/queue", "/cases", office.case, KEY, f"{KEY}/unlock", f"{KEY}/recover", "/cases/new"):
        answer = sari.get(address)
        assert (answer.status_code, answer.location) == (303, "/profile/second-factor"), address
    for address in ("/profile", "/profile/second-factor", "/help"):
        assert sari.get(address).status_code == 200, address


def test_t40_a_forced_password_comes_before_any_key(office: Office, signed_in: Callable[..., Browser]) -> None:
    given = accounts.reset_password(office.database, office.regency.people["sari"], by=None,
                                    now=office.clock.advance(minutes=1))  # fmt: skip
    sari = signed_in("sari", given)
    for address in (KEY, office.case, f"{KEY}/recover", "/queue"):
        assert sari.get(address).location == "/profile"


def test_t27_changing_the_password_keeps_the_key_open_here(office: Office, signed_in: Callable[..., Browser]) -> None:
    sari = signed_in("sari")
    sari.get("/profile")
    office.clock.advance(minutes=1)
    changed = sari.post("/profile/password", {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW})
    assert changed.status_code == 303
    assert STORY in sari.get(office.case).text
    assert STORY in signed_in("sari", NEW).get(office.case).text


def test_t33_after_a_reset_the_page_says_what_is_locked_and_three_ways_on(
    office: Office, signed_in: Callable[..., Browser]
) -> None:
    sari = signed_in("sari", office.reset("sari"))
    assert "kata sandi Anda diganti orang lain" in sari.get("/queue").text
    page = sari.get(KEY).text
    for words in ("Kunci Anda terkunci.", "1. Anda masih ingat", "2. Para penjaga kunci", "3. Buat kunci baru"):
        assert words in page
    opened = sari.get(office.case)
    assert opened.status_code == 303
    assert sari.post(f"{KEY}/unlock", {"password": NEW, "next": office.case}).location == KEY


def test_t27_the_password_before_the_reset_opens_the_key_again(
    office: Office, signed_in: Callable[..., Browser]
) -> None:
    sari = signed_in("sari", office.reset("sari"))
    sari.get(KEY)
    wrong = sari.post(f"{KEY}/old-password", {"old_password": "bukan-kata-sandi", "password": NEW})
    assert wrong.status_code == 422 and "tidak membuka kunci" in wrong.text
    assert sari.post(f"{KEY}/old-password", {"old_password": PASSWORD, "password": NEW}).status_code == 303
    assert STORY in sari.get(office.case).text


def test_t27_custodians_recover_a_key_by_typing_one_sheet_after_another(
    office: Office, signed_in: Callable[..., Browser]
) -> None:
    sari = signed_in("sari", office.reset("sari"))
    sari.get(f"{KEY}/recover")
    mistyped = sari.post(f"{KEY}/recover", {"words": office.sheets[0].replace(" ", " x", 1)})
    assert mistyped.status_code == 422 and " ".join(office.sheets[0].split()[5:8]) not in mistyped.text
    one = sari.post(f"{KEY}/recover", {"words": office.sheets[0].upper()})
    assert "1 dari 2 lembar sudah diketik" in one.text
    assert " ".join(office.sheets[0].split()[3:6]) not in one.text.lower()
    again = sari.post(f"{KEY}/recover", {"words": office.sheets[0], "typed": _typed(one.text)})
    assert again.status_code == 422 and "Lembar 1 sudah diketik" in again.text
    two = sari.post(f"{KEY}/recover", {"words": office.sheets[2], "typed": _typed(again.text)})
    assert "Lembar sudah cukup" in two.text
    wrong = sari.post(f"{KEY}/recover", {"password": "bukan-kata-sandi", "typed": _typed(two.text)})
    assert wrong.status_code == 422
    done = sari.post(f"{KEY}/recover", {"password": NEW, "typed": _typed(wrong.text)})
    assert done.status_code == 303
    assert STORY in sari.get(office.case).text


def test_a_new_key_never_gives_up_a_case_for_good(office: Office, signed_in: Callable[..., Browser]) -> None:
    sari = signed_in("sari", office.reset("sari"))
    sari.get(KEY)
    assert sari.post(f"{KEY}/replace", {"password": NEW}).status_code == 422  # not said that it is known
    answer = sari.post(f"{KEY}/replace", {"password": NEW, "agreed": "yes"})
    assert answer.status_code == 422 and "satu-satunya yang membuka 1 kasus" in answer.text
    assert office.state("sari").cases == 1


def test_a_new_key_is_made_where_nothing_is_lost(office: Office, signed_in: Callable[..., Browser]) -> None:
    gita = signed_in("gita", office.reset("gita"))
    gita.get(KEY)
    assert gita.post(f"{KEY}/replace", {"password": NEW, "agreed": "yes"}).status_code == 303
    assert "Kunci Anda terbuka di peramban ini." in gita.get(KEY).text


# -- the ceremony ------------------------------------------------------------------------------------------------------


def test_an_administrator_holds_the_ceremony_and_the_sheets_are_shown_once(
    pages_database: Database, regency: Regency, signed_in: Callable[..., Browser]
) -> None:
    admin = signed_in("admin")
    page = admin.get(CEREMONY).text
    assert "Belum ada" in page
    form = {"needed": "2", "custodians": "3", "agreed": "yes", "password": PASSWORD, "escrow": ""}
    assert admin.post(f"{CEREMONY}/hold", {**form, "agreed": ""}).status_code == 422
    assert admin.post(f"{CEREMONY}/hold", {**form, "password": "bukan-kata-sandi"}).status_code == 422
    assert admin.post(f"{CEREMONY}/hold", {**form, "needed": "1"}).status_code == 422
    held = admin.post(f"{CEREMONY}/hold", form)
    sheets = re.findall(r"<section class=\"panel pad key-sheet\".*?</section>", held.text, re.S)
    assert held.status_code == 200 and len(sheets) == 3
    assert all(len(re.findall(r"<code>(\w+)</code>", sheet)) == 33 for sheet in sheets)
    assert admin.post(f"{CEREMONY}/hold", form).status_code == 409  # a reload makes no second one
    assert admin.get(f"{CEREMONY}/hold").status_code == 303
    with pages_database.reading() as session:
        kept = repr([(entry.old, entry.new) for entry in session.scalars(select(AuditEntry))])
    words = re.findall(r"<code>(\w+)</code>", sheets[0])
    assert " ".join(words[4:7]) not in kept


def test_t33_only_administrators_reach_the_ceremony(office: Office, signed_in: Callable[..., Browser]) -> None:
    sari = signed_in("sari")
    sari.get(KEY)
    assert sari.get(CEREMONY).status_code == 404
    assert sari.post(f"{CEREMONY}/hold", {"needed": "2"}).status_code == 404


def test_the_old_sheets_move_everybody_to_the_new_custodians(office: Office, signed_in: Callable[..., Browser]) -> None:
    admin = signed_in("admin")
    admin.get(CEREMONY)
    form = {"needed": "2", "custodians": "3", "agreed": "yes", "password": PASSWORD, "escrow": _escrow(office)}
    without = admin.post(f"{CEREMONY}/hold", form)
    assert without.status_code == 422 and "Ketik lembar-lembar" in without.text
    one = admin.post(f"{CEREMONY}/sheet", {"words": office.sheets[1]})
    two = admin.post(f"{CEREMONY}/sheet", {"words": office.sheets[0], "typed": _typed(one.text)})
    held = admin.post(f"{CEREMONY}/hold", {**form, "typed": _typed(two.text)})
    assert "Salinan kedua 2 petugas" in held.text


def test_t33_with_the_sheets_said_to_be_lost_every_officer_is_asked_first(
    office: Office, signed_in: Callable[..., Browser]
) -> None:
    admin = signed_in("admin")
    admin.get(CEREMONY)
    form = {"needed": "2", "custodians": "3", "agreed": "yes", "password": PASSWORD, "escrow": _escrow(office)}
    held = admin.post(f"{CEREMONY}/hold", {**form, "lost": "yes"})
    assert "2 petugas dimintai persetujuan" in held.text
    sari = signed_in("sari")
    page = sari.get(KEY).text
    assert "Upacara kunci baru telah diadakan" in page
    with office.database.reading() as session:
        before = session.get_one(OfficerKey, office.regency.people["sari"]).escrow_public
    assert sari.post(f"{KEY}/agree", {"escrow": before.hex()}).status_code == 409
    assert sari.post(f"{KEY}/agree", {"escrow": _escrow(office)}).status_code == 303
    assert "Upacara kunci baru telah diadakan" not in sari.get(KEY).text


def test_the_ceremony_page_names_no_case_and_counts_none(office: Office, signed_in: Callable[..., Browser]) -> None:
    with office.database.writing.begin() as session:
        leave(session, office.regency.people["sari"], on=date(2026, 3, 2), author=Author(None, office.clock()))
    page = signed_in("admin").get(CEREMONY).text
    assert "Ada kasus yang hanya dapat dibuka dengan kunci Sari Wulandari" in page
    assert "Hanya 0 penjaga kunci" in page
    admin = signed_in("admin")
    admin.get(CEREMONY)
    admin.post("/language", {"language": "en"})
    assert "Some cases open only with the key of Sari Wulandari" in admin.get(CEREMONY).text
    assert STORY not in page


def test_t10_the_ceremony_page_tells_that_a_proxy_passes_addresses_of_visitors_on(
    office: Office, signed_in: Callable[..., Browser], web_app: Flask, tmp_path: Path
) -> None:
    web_app.extensions["alur"].settings = replace(web_app.extensions["alur"].settings, sealed_dir=tmp_path / "sealed")
    admin, told = signed_in("admin"), "meneruskan alamat pengunjung ke halaman pelaporan"
    assert told not in admin.get(CEREMONY).text
    passed_on.note(tmp_path / "sealed", office.clock().date())
    assert told in admin.get(CEREMONY).text


def test_an_administrator_who_deactivates_takes_the_key_too(office: Office, signed_in: Callable[..., Browser]) -> None:
    admin, gita = signed_in("admin"), office.regency.people["gita"]
    admin.get(f"/admin/people/edit/?id={gita}")
    assert admin.post("/admin/people/leave", {"id": str(gita), "on": "2026-03-02"}).status_code == 303
    assert not office.state("gita").has_key


# -- parts -------------------------------------------------------------------------------------------------------------


def _plain(page: str) -> str:
    """Without what differs from person to person."""
    return re.sub(r"<header.*?</header>|name=\"csrf_token\" value=\"[^\"]+\"", "", page, flags=re.S)


def _typed(page: str) -> str:
    found = re.search(r'name="typed" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def _escrow(office: Office) -> str:
    with office.database.reading() as session:
        return escrow_state(session, office.regency.id).public


def _real(app: Flask) -> Settings:
    """The same installation, but no demonstration."""
    settings: Settings = app.extensions["alur"].settings
    return replace(settings, demo=False)


# -- vouching ----------------------------------------------------------------------------------------------------------


def test_t33_a_new_key_is_vouched_for_on_the_custodians_page(
    office: Office, signed_in: Callable[..., Browser], clock: FrozenClock
) -> None:
    with office.database.writing.begin() as session:
        author = session.get_one(Person, office.regency.people["gita"])
        group = Group(region_id=author.region_id, key="custodians", title="Penjaga kunci")
        session.add(group)
        session.flush()
        session.add(GroupMember(group_id=group.id, person_id=author.id))
        session.get_one(Region, author.region_id).organisation_revision += 1
    officers.make_key(office.database, office.regency.people["eko"], PASSWORD, requires_factor=False, now=clock())
    eko = signed_in("eko")
    shown = re.search(r'<b class="code">([0-9A-F ]+)</b>', eko.get(KEY).text)
    assert shown is not None and "menunggu penjaga kunci" in eko.get(KEY).text
    assert eko.get(f"{KEY}/waiting").status_code == 404
    gita = signed_in("gita")
    page = gita.get(f"{KEY}/waiting").text
    assert shown[1] in page
    public = re.search(r'name="public" value="([0-9a-f]+)"', page)
    assert public is not None
    place = f"{KEY}/waiting/{office.regency.people['eko']}"
    assert eko.post(place, {"public": public[1]}).status_code == 404
    assert gita.post(place, {"public": public[1]}).status_code == 303
    assert "Tidak ada kunci yang menunggu" in gita.get(f"{KEY}/waiting").text
    assert office.state("eko").is_vouched and "menunggu penjaga kunci" not in eko.get(KEY).text
