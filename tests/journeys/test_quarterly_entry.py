"""A quarter's entry in a real browser: without scripts on a phone, with them at a desk, nothing serious for axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.axe import serious
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.held import HeldBack
from tests.journeys.served import served, signed_in
from tests.sakip.measuring_office import reported
from tests.web.entry_pages import report_pages
from tests.web.evaluation_pages import Built, Pages


@pytest.fixture(scope="module")
def pages(entry_file: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    found = report_pages(entry_file, tmp_path_factory.mktemp("entry"))
    yield found
    found.database.close()


@pytest.fixture(scope="module")
def address(pages: Pages) -> Iterator[str]:
    with served(pages.app) as address:
        yield address


def test_on_a_phone_without_scripts_a_report_is_opened_checked_and_refused_with_its_rows(
    chromium: Browser, pages: Pages, address: str
) -> None:
    with signed_in(chromium, pages, address, "sari", PHONE, scripts=False) as context:
        page = context.new_page()
        page.goto("/performance/reports?year=2026")
        page.get_by_role("button", name="Buka laporan Triwulan III").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Triwulan III 2026")
        page.get_by_label("Realisasi served").fill("34.49")
        page.get_by_role("button", name="Periksa", exact=True).last.click()
        page.get_by_role("button", name="Ganti dengan 34,49").click()
        expect(page.get_by_label("Realisasi served")).to_have_value("34,49")
        page.get_by_role("checkbox", name="Belum terbit permits").check()
        page.get_by_role("button", name="Laporkan Triwulan III").click()
        page.get_by_role("link", name="Bukti kurang").click()
        assert page.url.endswith("#row-served-evidence")
        expect(page.get_by_label("Realisasi served")).to_have_value("34,49")


def test_at_a_desk_results_follow_while_one_types_and_axe_finds_nothing_serious(
    chromium: Browser, pages: Pages, address: str
) -> None:
    with signed_in(chromium, pages, address, "sari", DESK, scripts=True) as context:
        page = context.new_page()
        place = f"/performance/reports/{pages.cases['open']}"
        page.goto(place)
        page.get_by_label("Realisasi served").fill("50")
        expect(page.locator("#row-served-result")).to_contain_text("52,63 % Di bawah target")
        expect(page.get_by_label("Faktor pendorong served")).to_be_visible()
        expect(page.locator("#filled")).to_have_text("1 dari 5 terisi")
        page.get_by_label("Realisasi served").fill("5.0")
        expect(page.get_by_role("button", name="Ganti dengan 5,0")).to_be_visible()
        page.route(f"**{place}", lambda route: route.abort())  # the line is down
        page.get_by_label("Realisasi served").fill("51")
        expect(page.locator("#saved")).to_have_text("Isian terakhir belum tersimpan. Tekan Simpan draf.")
        page.unroute(f"**{place}")
        page.get_by_label("Realisasi served").fill("52")
        expect(page.locator("#saved")).to_contain_text("Draf tersimpan")
        for where in (place, f"/performance/reports/{pages.cases['back']}", "/performance/reports?year=2026"):
            _look(page, where)


def test_a_button_waits_for_what_the_entry_has_asked(chromium: Browser, pages: Pages, address: str) -> None:
    with signed_in(chromium, pages, address, "sari", DESK, scripts=True) as context:
        page = context.new_page()
        place = f"/performance/reports/{pages.cases['open']}"
        page.goto(place)
        held = HeldBack(page)
        with page.expect_request(lambda request: request.method == "POST"):
            page.get_by_label("Realisasi served").fill("61")
        page.get_by_label("Realisasi permits").fill("900")
        button = page.get_by_role("button", name="Simpan draf").last
        button.click()
        expect(button).to_have_attribute("aria-busy", "true")
        with page.expect_navigation():
            held.let_go()
        assert held.order.index("button") == len(held.order) - 1
        page.goto(place)
        expect(page.get_by_label("Realisasi served")).to_have_value("61")
        expect(page.get_by_label("Realisasi permits")).to_have_value("900")


def test_a_number_of_25_digits_moves_no_page_sideways(chromium: Browser, pages: Pages, address: str) -> None:
    with signed_in(chromium, pages, address, "sari", PHONE, scripts=False) as context:
        page = context.new_page()
        page.goto(f"/performance/reports/{pages.cases['open']}")
        page.get_by_label("Realisasi served").fill("9" * 25)
        page.get_by_role("button", name="Periksa", exact=True).last.click()
        expect(page.locator("#row-served-result")).to_contain_text("10.526.315.789.473")
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_a_verifier_returns_a_row_on_a_phone_without_scripts_and_sees_the_count_follow_with_them(
    chromium: Browser, pages: Pages, address: str
) -> None:
    with pages.office() as office:
        first, second = (reported(office, permits="1.250", served="95,5") for _ in range(2))
    with signed_in(chromium, pages, address, "vina", PHONE, scripts=False) as context:
        page = context.new_page()
        page.goto(f"/performance/reports/{first}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Verifikasi Triwulan I 2026")
        page.get_by_role("button", name="Terima semua yang tidak melonjak").click()
        page.locator('[name="decision:permits"][value="returned"]').check()
        page.get_by_label("Catatan permits").fill("Sebutkan sumbernya")
        page.get_by_label("Catatan untuk perangkat daerah").fill("Satu baris")
        page.get_by_role("button", name="Simpan draf").click()
        expect(page.get_by_text("1 diterima, 1 dikembalikan")).to_be_visible()
        expect(page.get_by_role("link", name="Sahkan")).to_be_visible()
        page.get_by_role("button", name="Kembalikan ke perangkat daerah").click()
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Verifikasi")
    with signed_in(chromium, pages, address, "vina", DESK, scripts=True) as context:
        page = context.new_page()
        page.goto(f"/performance/verifications/{second}")
        for key in ("permits", "served"):
            page.locator(f'[name="decision:{key}"][value="accepted"]').check()
        expect(page.locator("#counted")).to_have_text("2 diterima, 0 dikembalikan")
        expect(page.get_by_role("button", name="Sahkan")).to_be_visible()
        piece = page.get_by_role("link", name="Riwayat Berita acara").first.get_attribute("href") or ""
        for where in (f"/performance/verifications/{second}", "/performance/evidence", piece):
            _look(page, where)
        page.goto(f"/performance/verifications/{second}")
        page.get_by_role("button", name="Sahkan").click()
        expect(page.get_by_text("Sahkan: selesai").first).to_be_visible()


def _look(page: Page, where: str) -> None:
    page.goto(where)
    page.evaluate("document.querySelectorAll('details:not(.who):not(.menu)').forEach((one) => { one.open = true })")
    # What the bar at the bottom covers comes into sight by scrolling; axe does not scroll.
    page.evaluate("document.querySelectorAll('.dock').forEach((one) => { one.style.position = 'static' })")
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (where, width)
        assert serious(page) == [], (where, width)
