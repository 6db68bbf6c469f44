"""The agreement's form in a real browser: with scripts and without, on a phone and on a desk, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.axe import serious
from tests.journeys.conftest import DESK, PHONE, Site
from tests.journeys.held import HeldBack
from tests.web.region import an_agreement

SECTIONS = ("basics", "parties", "annex", "budget", "-send")
START = "/cases/new/performance_agreement"


@pytest.fixture
def draft(site: Site) -> int:
    return an_agreement(site.database, site.regency, site.clock())


@pytest.fixture(scope="module")
def faulty(site: Site, tab_of: Callable[..., Page]) -> int:
    """A case whose form was left full of mistakes."""
    case_id = an_agreement(site.database, site.regency, site.clock())
    page = tab_of("sari")
    page.goto(f"/case/{case_id}/edit?section=annex")
    cell(page, "goals.0.statement").fill("")
    cell(page, "goals.0.indicators.0.target").fill("banyak sekali")
    with page.expect_navigation():
        press(page, "save:")
    return case_id


def cell(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]:not([type="hidden"])')


def press(page: Page, value: str) -> None:
    page.locator(f'button[name="op"][value="{value}"]:visible:not(.visually-hidden)').first.click()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_newcomer_fills_in_an_agreement_and_sends_it(page_of: Callable[..., Page], scripts: bool, width: int) -> None:
    page = page_of("sari", width=width, scripts=scripts)
    page.goto("/cases/new")
    page.get_by_role("link", name="Mulai").or_(page.get_by_role("link", name="Lanjutkan")).first.click()
    page.get_by_label("Tahun").fill("2026")
    page.get_by_label("Pelaksana atau pejabat fungsional").check()
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Para pihak")
    page.get_by_label("Nama pihak kesatu").fill("Sari Wulandari")
    page.get_by_label("Jabatan pihak kesatu").fill("Analis Informasi Publik")
    page.get_by_label("Nama pihak kedua").fill("Ratna Sulistyo")
    page.get_by_label("Jabatan pihak kedua").fill("Kepala Dinas")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sasaran dan indikator")
    cell(page, "goals.0.statement").fill("Meningkatnya kualitas komunikasi publik")
    cell(page, "goals.0.indicators.0.statement").fill("Indeks Keterbukaan Informasi Publik")
    cell(page, "goals.0.indicators.0.unit").select_option("index")
    cell(page, "goals.0.indicators.0.target").fill("70,5")
    press(page, "add:goals.0.indicators")
    cell(page, "goals.0.indicators.1.statement").fill("Permohonan dijawab tepat waktu")
    cell(page, "goals.0.indicators.1.unit").select_option("percent")
    cell(page, "goals.0.indicators.1.target").fill("95")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Program dan anggaran")
    press(page, "add:programmes")
    cell(page, "programmes.0.code").fill("2.16.02")
    cell(page, "programmes.0.name").fill("Informasi dan komunikasi publik")
    cell(page, "programmes.0.budget").fill("2.721.236.800")
    page.get_by_role("button", name="Simpan dan periksa").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa dan ajukan")
    expect(page.locator("main")).to_contain_text("70,50")
    expect(page.locator("main")).to_contain_text("Rp2.721.236.800")
    page.get_by_role("button", name="Ajukan untuk ditelaah").click()
    expect(page.get_by_role("status").first).to_contain_text("sudah dibuka dan diajukan")
    expect(page.locator("main")).to_contain_text("Telaah kepala seksi")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_full_of_mistakes_is_accessible_and_fits(
    tab_of: Callable[..., Page], faulty: int, section: str, language: str
) -> None:
    page = tab_of("sari", language=language)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(f"/case/{faulty}/edit?section={section}&check=1")
    expect(page.locator("h1")).to_have_count(1)
    if section == "annex":
        expect(cell(page, "goals.0.indicators.0.target")).to_have_value("banyak sekali")
        expect(page.locator(".errors")).to_be_visible()
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"sideways at {width}"
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        # At the end of the page the bar that saves lies in its own place and covers nothing.
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        assert serious(page, colours=language == "id") == [], f"at {width}"
    assert said == []


def test_mistakes_stand_on_top_with_the_focus_and_lead_to_their_place(page_of: Callable[..., Page], draft: int) -> None:
    page = page_of("sari")
    page.goto(f"/case/{draft}/edit?section=annex")
    cell(page, "goals.0.indicators.1.target").fill("banyak")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page).to_have_title(
        "Kesalahan: Sasaran dan indikator, Perjanjian Kinerja 2026 Sari Wulandari · Penyusunan · Alur"
    )
    page.get_by_role("link", name="S1.2, Target:").click()
    expect(cell(page, "goals.0.indicators.1.target")).to_be_focused()
    expect(cell(page, "goals.0.indicators.1.target")).to_have_value("banyak")


def test_the_draft_keeps_itself_and_totals_follow(page_of: Callable[..., Page], draft: int) -> None:
    page = page_of("sari")
    page.goto(f"/case/{draft}/edit?section=budget")
    cell(page, "programmes.0.budget").fill("1.500.000")
    expect(page.locator('[data-total="budget_total"]')).to_have_text("Rp1.500.000")
    expect(page.locator("#saved")).to_contain_text("Draf tersimpan 09.00 WIB")
    page.goto("/queue")
    page.goto(f"/case/{draft}/edit?section=budget")
    expect(cell(page, "programmes.0.budget")).to_have_value("1.500.000")


def test_a_question_that_is_not_asked_is_hidden_until_it_is(page_of: Callable[..., Page], draft: int) -> None:
    page = page_of("sari")
    page.goto(f"/case/{draft}/edit?section=basics")
    expect(page.get_by_label("Menggantikan")).to_be_hidden()
    page.get_by_label("Perubahan", exact=True).check()
    expect(page.get_by_label("Menggantikan")).to_be_visible()
    without = page_of("sari", scripts=False)
    without.goto(f"/case/{draft}/edit?section=basics")
    expect(without.get_by_label("Menggantikan")).to_be_visible()


def test_rows_are_worked_on_with_the_keyboard(page_of: Callable[..., Page], draft: int) -> None:
    page = page_of("sari")
    page.goto(f"/case/{draft}/edit?section=annex")
    cell(page, "goals.0.indicators.0.statement").focus()
    page.keyboard.press("Enter")
    expect(cell(page, "goals.0.indicators.1.statement")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page, "goals.0.indicators.0.statement")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(cell(page, "goals.0.indicators.1.statement")).to_have_value("Indeks Keterbukaan Informasi Publik")
    expect(cell(page, "goals.0.indicators.1.statement")).to_be_focused()
    press(page, "remove:goals.0.indicators.0")
    expect(page.locator("#answers")).to_contain_text("S1.2 sudah dihapus.")
    press(page, "undo:")
    expect(cell(page, "goals.0.indicators.0.code")).to_have_value("S1.2")


PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(paste);
}"""


def test_a_spreadsheet_pastes_into_a_cell(page_of: Callable[..., Page], draft: int) -> None:
    page = page_of("sari")
    page.goto(f"/case/{draft}/edit?section=annex")
    cell(page, "goals.0.indicators.1.statement").focus()
    page.evaluate(PASTE, "Indeks SPBE\tIndeks\t\t2,65\t\t2,8\t2,8\nNilai SAKIP\tPredikat SAKIP\t\t\t\tBB\tBB")
    expect(cell(page, "goals.0.indicators.2.statement")).to_have_value("Nilai SAKIP")
    expect(cell(page, "goals.0.indicators.2.target")).to_have_value("BB")
    expect(cell(page, "goals.0.indicators.1.unit")).to_have_value("index")
    expect(cell(page, "goals.0.indicators.1.quarter_2")).to_have_value("2,65")


def test_what_is_typed_while_the_server_works_stays(page_of: Callable[..., Page], draft: int) -> None:
    page = page_of("sari")
    page.goto(f"/case/{draft}/edit?section=annex")

    def slowly(route: Route) -> None:
        page.locator('[name="goals.0.statement"]').fill("Diketik sementara menunggu")
        route.continue_()

    page.route("**/edit?section=annex", slowly, times=1)  # the draft saved by itself later is nobody's business here
    press(page, "add:goals.0.indicators")
    expect(cell(page, "goals.0.indicators.2.code")).to_have_value("S1.3")
    expect(cell(page, "goals.0.statement")).to_have_value("Diketik sementara menunggu")


def test_a_button_waits_for_the_draft_that_is_keeping_itself(page_of: Callable[..., Page], draft: int) -> None:
    page = page_of("sari")
    page.goto(f"/case/{draft}/edit?section=annex")
    held = HeldBack(page)
    with page.expect_request(lambda request: request.method == "POST"):
        cell(page, "goals.0.statement").fill("Diketik dahulu")
    cell(page, "goals.0.indicators.0.statement").fill("Diketik sesudahnya")
    button = page.locator('button[name="op"][value="save:"]:visible:not(.visually-hidden)').first
    button.click()
    button.click(no_wait_after=True)
    expect(button).to_have_attribute("aria-busy", "true")
    with page.expect_navigation():
        held.let_go()
    assert held.order == ["script", "button"]
    page.goto(f"/case/{draft}/edit?section=annex")
    expect(cell(page, "goals.0.statement")).to_have_value("Diketik dahulu")
    expect(cell(page, "goals.0.indicators.0.statement")).to_have_value("Diketik sesudahnya")


def test_a_field_may_be_called_like_a_part_of_every_form(page_of: Callable[..., Page], draft: int) -> None:
    page = page_of("sari")
    page.goto(f"/case/{draft}/edit?section=annex")
    page.evaluate("""() => ['id', 'action', 'method'].forEach((name) => {
      document.getElementById('answers').append(Object.assign(document.createElement('input'), { name }))
    })""")
    held = HeldBack(page)
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("section=annex")):
        cell(page, "goals.0.statement").fill("Metode dan tindakan")
    press(page, "save:")
    with page.expect_navigation():
        held.let_go()
    expect(cell(page, "goals.0.statement")).to_have_value("Metode dan tindakan")


def test_a_row_whose_short_way_fails_is_sent_once_and_not_with_a_button_that_waited(
    page_of: Callable[..., Page], draft: int
) -> None:
    page = page_of("sari")
    page.goto(f"/case/{draft}/edit?section=annex")
    held = HeldBack(page)
    with page.expect_request(lambda request: request.method == "POST"):
        press(page, "add:goals.0.indicators")
    press(page, "save:")
    with page.expect_navigation():
        held.fail()
    expect(cell(page, "goals.0.indicators.2.code")).to_have_value("S1.3")
    assert held.order == ["button"]


def test_a_session_that_ends_while_typing_loses_nothing(page_of: Callable[..., Page], draft: int) -> None:
    page = page_of("sari", scripts=False)
    page.goto(f"/case/{draft}/edit?section=annex")
    cell(page, "goals.0.statement").fill("Diketik sebelum sesi berakhir")
    page.context.clear_cookies(name="alur")
    press(page, "save:")
    page.get_by_label("Nama pengguna").fill("sari")
    page.get_by_label("Kata sandi").fill("pagi-hari-di-sawah")
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_role("button", name="Kirim sekarang").click()
    expect(cell(page, "goals.0.statement")).to_have_value("Diketik sebelum sesi berakhir")


def test_no_section_scrolls_sideways_at_any_width(page_of: Callable[..., Page], faulty: int) -> None:
    page = page_of("sari")
    for section in SECTIONS:
        page.goto(f"/case/{faulty}/edit?section={section}")
        for width in (320, PHONE, 768, 1000, DESK):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (section, width)


def test_every_target_of_a_finger_is_large_enough(page_of: Callable[..., Page], faulty: int) -> None:
    page = page_of("sari", width=PHONE)
    for section in SECTIONS:
        page.goto(f"/case/{faulty}/edit?section={section}")
        small = page.evaluate(
            """[...document.querySelectorAll('main button, main .btn, main summary, main select, main input')]
               .filter((one) => one.offsetParent && !one.matches('.visually-hidden, [type=radio], [type=checkbox]')
                 && one.checkVisibility({ contentVisibilityAuto: true }) && one.getBoundingClientRect().height < 40)
               .map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert small == [], section
