"""Chromium without scripts: a report with two photos, the code proven, back again, a question answered, the outcome."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from engine.cases.models import Case
from engine.channel import receipts
from engine.database import Database, open_database
from engine.disclosure.primitives import Cost
from reporting import create_reporting_app
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.journeys.axe import serious
from tests.journeys.served import served
from tests.reporting.conftest import BEGINNING, HERE, STORY, open_channel, settings_at
from tests.reporting.test_evidence import a_photo
from tests.sealed_office import SealedOffice, a_sealed_office

WIDTHS = (320, 360, 1280)
NEUTRAL = "https://www.bmkg.go.id/"
SLOW = {"offline": False, "latency": 800, "downloadThroughput": 50_000 / 8, "uploadThroughput": 50_000 / 8}  # 2G
# What a finger meets, links within a sentence left out: what is under 44 pixels high, and fields under 16 pixels.
TOO_SMALL = """() => {
  const targets = "button, a.button, a.back, summary, select, textarea, label.pick, .foot a, .places a, .errors a, "
    + ".facts a, input:not([type=hidden], [type=radio], [type=checkbox])"
  const seen = [...document.querySelectorAll(targets)].filter((one) => one.getClientRects().length)
  const low = seen.filter((one) => one.getBoundingClientRect().height < 43.5)
  const fields = [...document.querySelectorAll("input, textarea, select, p, li, dd, label")]
  const small = fields.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 14
    || (one.matches("input, textarea, select") && parseFloat(getComputedStyle(one).fontSize) < 16))
  return [...low, ...small].map((one) => one.outerHTML.slice(0, 120))
}"""


@dataclass
class Service:
    """The reporting pages on a port of their own, and the office behind them."""

    address: str
    database: Database
    office: SealedOffice
    clock: FrozenClock

    def act(self, name: str, action: str, comment: str = "", **answers: object) -> None:
        """One act of an officer on the newest case, with their key."""
        self.clock.advance(hours=1)
        with self.database.writing.begin() as session:
            case_id = session.scalars(select(Case.id).order_by(Case.opened_at.desc(), Case.id.desc())).first()
            assert case_id is not None
            office = replace(self.office, session=session, now=self.clock(), case_id=case_id)
            assert office.do(name, action, comment, **answers) is None  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def service(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder, url = tmp_path_factory.mktemp("service"), sqlite_files.new()
    database = open_database(url)
    with database.writing.begin() as session:
        office = a_sealed_office(session, BEGINNING, HERE)
        open_channel(office)
    clock = FrozenClock(BEGINNING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "_cost", Cost(1, 64 * 1024))
        app = create_reporting_app(settings_at(folder), database=database, clock=clock)
        with served(app, is_silent=True) as address:
            yield Service(address, database, office, clock)
    database.close()
    sqlite_files.drop(url)
    shutil.rmtree(folder)


@pytest.fixture
def visitor(chromium: Browser, service: Service) -> Iterator[Callable[..., Page]]:
    """``visitor()`` is a tab of a new browser; with ``looks`` scripts may run, for the test's own eyes."""
    contexts = []

    def open_tab(width: int = 360, *, looks: bool = False) -> Page:
        context = chromium.new_context(
            base_url=service.address, viewport={"width": width, "height": 800}, java_script_enabled=looks,
            bypass_csp=looks,
        )  # fmt: skip
        contexts.append(context)
        context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="<h1>Cuaca</h1>", content_type="text/html"))
        context.route("https://www.bmkg.go.id", lambda route: route.fulfill(body="<h1>Cuaca</h1>"))
        return context.new_page()

    yield open_tab
    for context in contexts:
        context.close()


def _press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def _add_photo(page: Page, name: str) -> None:
    page.get_by_label("Pilih satu berkas").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": a_photo()}
    )  # fmt: skip
    _press(page, "Unggah berkas ini")
    expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()


def _code(page: Page) -> str:
    expect(page.locator(".receipt span")).not_to_have_count(0)  # a press comes back before the page it leads to
    return "-".join(page.locator(".receipt span").all_inner_texts())


def _written(page: Page) -> None:
    """From the first page to the check."""
    page.get_by_role("link", name="Mulai melapor").click()
    _press(page, "Saya mengerti, lanjut")
    page.get_by_label("Anonim").check()
    _press(page, "Lanjut")
    page.get_by_label("Apa yang terjadi?").fill(STORY)
    _press(page, "Simpan dan lanjut")
    page.get_by_label("Di mana terjadi").fill("Pasar Baru")
    page.get_by_label("Kapan terjadi").fill("sekitar Maret 2026")
    _press(page, "Simpan dan lanjut")
    page.locator(".rows input").first.fill("Badu, kepala pasar")
    _press(page, "Tambah baris")
    page.locator(".rows input").nth(1).fill("Orang kedua")
    _press(page, "Simpan dan lanjut")
    _press(page, "Lewati")


def test_a_report_from_the_first_page_to_the_outcome_without_a_script(
    visitor: Callable[..., Page], service: Service
) -> None:
    page = visitor()
    page.goto(f"/{HERE}/")
    _written(page)
    _add_photo(page, "pasar.jpg")
    _add_photo(page, "kas.jpg")
    _press(page, "Lanjut")
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa laporan Anda")
    expect(page.get_by_text("Orang kedua")).to_be_visible()
    _press(page, "Kirim laporan")
    code = _code(page)
    page.reload()
    assert _code(page) == code
    page.get_by_role("link", name="Saya sudah menyimpan kode").click()
    page.get_by_label("Ketik 4 karakter terakhir").fill("0000")
    _press(page, "Periksa")
    expect(page.locator(".errors")).to_contain_text("Belum cocok. Periksa kode Anda.")
    expect(page).to_have_title("Kesalahan: Ketik 4 karakter terakhir")
    page.get_by_label("Ketik 4 karakter terakhir").fill(code[-4:])
    _press(page, "Periksa")
    expect(page.get_by_role("heading", level=1)).to_have_text("Apa yang terjadi selanjutnya")
    _press(page, "Selesai dan keluar")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anda sudah keluar")

    service.act("ida", "register")
    service.act("vina", "ask_reporter", "Apakah Anda tahu nama penyedianya?")
    page = visitor()
    _come_back(page, code.lower().replace("-", " "))
    expect(page.get_by_text("Ada pertanyaan untuk Anda.")).to_be_visible()
    expect(page.locator(".talk")).to_contain_text("Apakah Anda tahu nama penyedianya?")
    act = page.locator("form").filter(has=page.get_by_role("button", name="Kirim keterangan"))
    act.get_by_label("Tulisan Anda").fill("Namanya saya tidak tahu.")
    act.get_by_text("Lengkapi isian laporan").click()
    act.get_by_label("Kapan terjadi").fill("Jumat, 6 Maret 2026")
    act.get_by_role("button", name="Kirim keterangan").click()
    expect(page.get_by_role("status")).to_have_text("Selesai.")
    expect(page.locator(".talk .me")).to_contain_text("Namanya saya tidak tahu.")
    page.get_by_label("Pesan Anda").fill("Lain kali saya tulis lagi.")
    _press(page, "Kirim pesan")
    expect(page.locator(".talk .me").last).to_contain_text("Lain kali saya tulis lagi.")
    page.locator(".talk .me button").last.click()
    expect(page.locator(".talk .me")).to_have_count(1)

    service.act("vina", "archive", "Tidak cukup bukti")
    service.act("susi", "confirm", "Setuju", answer="Hari itu pasar tutup.")
    page = visitor()
    _come_back(page, code)
    expect(page.get_by_role("heading", level=1)).to_have_text("Laporan Anda: Tidak dapat ditindaklanjuti")
    expect(page.get_by_text("Hari itu pasar tutup.")).to_be_visible()
    expect(page.get_by_text("Pesan Anda tetap dibaca.")).to_be_visible()


def _come_back(page: Page, code: str) -> None:
    page.goto(f"/{HERE}/")
    page.get_by_role("link", name="Cek laporan saya").click()
    page.get_by_label("Ketik kode Anda").fill(code)
    _press(page, "Buka")


def test_the_quick_way_out_ends_the_session_and_lands_on_the_neutral_site(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto(f"/{HERE}/way")
    page.get_by_label("Anonim").check()
    _press(page, "Lanjut")
    kept = page.context.cookies()
    _press(page, "Keluar cepat")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cuaca")
    assert page.context.cookies() == []
    page.context.add_cookies(kept)  # type: ignore[arg-type]
    page.goto(f"/{HERE}/ask/what")
    expect(page.get_by_role("heading", level=1)).to_have_text("Waktu habis")


def test_on_a_slow_telephone_the_first_page_is_there_within_ten_seconds(visitor: Callable[..., Page]) -> None:
    page = visitor()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    page.goto(f"/{HERE}/", timeout=10_000, wait_until="load")
    expect(page.get_by_role("link", name="Mulai melapor")).to_be_visible()


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_screen_is_good_for_axe_and_never_sideways(
    visitor: Callable[..., Page], service: Service, language: str
) -> None:
    page = visitor(looks=True)
    begin = f"/{HERE}" if language == "id" else f"/en/{HERE}"
    for address in ("/", "/before", "/limits", "/traces", "/open", "/left", "/nothing"):
        page.goto(begin + address)
        _look(page)
    page.goto(f"{begin}/way")
    _next(page)
    _look(page)
    page.locator("input[value=confidential]").check()
    _next(page)
    _look(page)
    page.goto(f"{begin}/way")
    page.locator("input[value=anonymous]").check()
    _next(page)
    _look(page)
    _next(page)
    _look(page)
    page.locator("textarea").first.fill(STORY)
    for _question in ("where_and_when", "who", "why_and_how", "evidence"):
        _next(page)
        _look(page)
    page.locator("form[enctype] button").click()
    _look(page)
    _next(page)
    _look(page)
    _next(page)
    _look(page)
    code = _code(page)
    page.emulate_media(media="print")
    assert "-".join(page.locator("body").inner_text().split()) == code, "the sheet holds the code and nothing else"
    page.emulate_media(media="screen")
    page.locator("a.go").click()
    _look(page)
    page.locator("#last").fill(code[-4:])
    _next(page)
    _look(page)
    page.goto(f"{begin}/open")
    page.locator("#code").fill(code)
    _next(page)
    page.locator("#text").fill("Halo")
    page.locator("form[action$='/say'] button").click()
    _look(page)
    page.locator("button[value=ask]").click()
    _look(page)
    page.locator("button.end").click()
    _look(page)


def _next(page: Page) -> None:
    page.locator("main button.go").first.click()


def _look(page: Page) -> None:
    """In English the pages are the same but for their words: axe reads those where most of them are."""
    expect(page.locator("h1")).to_have_count(1)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth", timeout=3000)
        assert page.evaluate(TOO_SMALL) == [], (page.url, width)
    is_english = "/en/" in page.url
    if is_english and not page.url.endswith(("/way", "/ask/what", "/check", "/mine", "/limits", "/say")):
        return
    assert serious(page, colours=not is_english) == [], page.url
