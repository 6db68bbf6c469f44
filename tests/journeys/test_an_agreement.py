"""A person's way through the pages: sign in, take, decide, be refused, and the same without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.cases.fire import fire
from engine.facts import Command
from tests.journeys.conftest import PHONE, Site
from tests.web.region import PASSWORD, an_agreement


@pytest.fixture
def submitted(site: Site) -> int:
    case_id = an_agreement(site.database, site.regency, site.clock())
    with site.database.writing.begin() as session:
        fire(session, case_id, Command(action="submit", actor=site.regency.people["sari"]), now=site.clock())
    return case_id


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [PHONE, 1280])
def test_an_officer_signs_in_finds_the_task_and_decides(
    page_of: Callable[..., Page], submitted: int, scripts: bool, width: int
) -> None:
    page = page_of(None, width=width, scripts=scripts)
    page.goto("/queue")
    page.get_by_label("Nama pengguna").fill("budi")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Antrean saya")
    page.locator(f'a[href="/case/{submitted}"]').click()
    page.get_by_role("button", name="Kembalikan untuk perbaikan").click()
    expect(page.get_by_role("alert")).to_contain_text("Tulis alasan")
    if scripts:
        expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("textbox", name="Catatan").fill("Target S1.1 belum sesuai renstra.")
    page.get_by_role("button", name="Kembalikan untuk perbaikan").click()
    expect(page.get_by_role("status")).to_contain_text("Kasus kini pada langkah Perbaikan.")
    expect(page.locator("#history")).to_contain_text("Target S1.1 belum sesuai renstra.")


def test_the_skip_link_comes_first_and_works(page_of: Callable[..., Page], submitted: int) -> None:
    page = page_of("budi")
    page.goto(f"/case/{submitted}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_menus_open_and_close_by_keyboard(page_of: Callable[..., Page]) -> None:
    page = page_of("dewi")
    page.goto("/queue")
    summary = page.locator(".who summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="English")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="English")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_language_is_one_press_away_and_stays(page_of: Callable[..., Page], submitted: int) -> None:
    page = page_of("slamet", scripts=False)
    page.goto(f"/case/{submitted}")
    page.locator(".who summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.goto("/cases")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")


def test_every_target_of_a_finger_is_large_enough(page_of: Callable[..., Page], submitted: int) -> None:
    page = page_of("budi", width=PHONE)
    for address in ("/queue", f"/case/{submitted}"):
        page.goto(address)
        small = page.evaluate(
            """[...document.querySelectorAll('main button, main .btn, main summary, nav a')]
               .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 40)
               .map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert small == []


def test_a_note_survives_a_reload_of_the_tab(page_of: Callable[..., Page], submitted: int) -> None:
    page = page_of("budi")
    page.goto(f"/case/{submitted}")
    page.get_by_role("textbox", name="Catatan").fill("Belum selesai saya tulis")
    page.reload()
    expect(page.get_by_role("textbox", name="Catatan")).to_have_value("Belum selesai saya tulis")


def test_an_agreement_travels_from_a_draft_to_a_signed_document(page_of: Callable[..., Page], site: Site) -> None:
    case_id = an_agreement(site.database, site.regency, site.clock(), title="Perjanjian Kinerja 2026 yang berjalan")
    road = (
        ("sari", "Ajukan untuk ditelaah", "Telaah kepala seksi"),
        ("budi", "Setujui dan teruskan", "Telaah kepala bidang"),
        ("dewi", "Setujui dan teruskan", "Reviu bersama"),
        ("gita", "Setujui", "Reviu bersama"),
        ("hadi", "Setujui", "Telaah sekretaris"),
        ("eko", "Setujui dan teruskan", "Penandatanganan"),
        ("sari", "Tanda tangani", "Penandatanganan"),
        ("ratna", "Tanda tangani", "Berlaku"),
    )
    for username, words, lands_in in road:
        page = page_of(username)
        page.goto("/queue")
        page.get_by_role("link", name="Perjanjian Kinerja 2026 yang berjalan").first.click()
        page.locator("#decision").get_by_role("button", name=words, exact=True).click()
        expect(page.get_by_role("status")).to_contain_text(f"Kasus kini pada langkah {lands_in}.")
    page = page_of("sari")
    page.goto(f"/case/{case_id}")
    expect(page.get_by_role("heading", name="Kasus ini sudah berakhir")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Dokumen bertanda tangan (PDF)").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
