"""An evaluation in a real browser, without scripts: rows answered and locked, then the way to the next predicate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.axe import serious
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.served import served, signed_in
from tests.web.evaluation_pages import Built, Pages, pages_of

GUIDELINE = "planning.existence.guideline"


@pytest.fixture(scope="module")
def pages(evaluation_file: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    found = pages_of(evaluation_file, tmp_path_factory.mktemp("evaluation"))
    yield found
    found.database.close()


@pytest.fixture(scope="module")
def address(pages: Pages) -> Iterator[str]:
    with served(pages.app) as address:
        yield address


@pytest.fixture
def opened(chromium: Browser, pages: Pages, address: str) -> Iterator[Callable[..., Page]]:
    """A tab of somebody signed in; addresses may be given without the host."""
    contexts: list[BrowserContext] = []

    def open_tab(name: str, width: int, scripts: bool = False) -> Page:
        contexts.append(signed_in(chromium, pages, address, name, width, scripts=scripts))
        return contexts[-1].new_page()

    yield open_tab
    for context in contexts:
        context.close()


def test_an_assurer_confirms_on_a_phone_and_the_unit_looks_for_its_way(
    opened: Callable[..., Page], pages: Pages
) -> None:
    worksheet = pages.worksheet("assure")
    page = opened("panji", PHONE)
    page.goto(worksheet)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lembar kerja 2025")
    page.get_by_role("button", name="Sama untuk yang belum di sini").first.click()
    expect(page.locator(".leads b").first).to_have_text("5")
    row = page.locator(f"#row-{GUIDELINE.replace('.', '-')}")
    expect(row.get_by_text("sama dengan Penilaian sendiri")).to_be_visible()  # what is the same is folded
    row.get_by_text("sama dengan Penilaian sendiri").click()
    page.locator(f'[name="answer:{GUIDELINE}"][value="c"]').check()
    page.get_by_role("button", name="Simpan draf", exact=True).click()
    expect(page.locator(f'[name="answer:{GUIDELINE}"][value="c"]')).to_be_checked()
    expect(page.get_by_text("perlu: jawabannya berbeda").first).to_be_visible()
    page.get_by_role("link", name="Kunci penjaminan mutu").click()
    expect(page.get_by_role("heading", name="73 baris belum selesai")).to_be_visible()
    with pages.office() as office:
        office.work()
    page = opened("sari", DESK)
    page.goto("/performance/whatif")
    page.get_by_role("link", name="Dinas").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jalan terhemat dari B (66,25) ke BB: upaya 19")
    page.get_by_label("Sisa minggu").fill("4")
    page.get_by_label("Predikat tujuan").select_option("aa")
    page.get_by_role("button", name="Hitung ulang").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("AA tidak terjangkau")
    assert "weeks=4" in page.url and "to=aa" in page.url


def test_nothing_serious_for_axe_and_nothing_sideways(opened: Callable[..., Page], pages: Pages) -> None:
    for name, place in (("sari", "/performance/whatif"), ("eva", f"{pages.worksheet('final')}?component=evaluation")):
        page = opened(name, DESK, scripts=True)
        page.goto(place)
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        assert serious(page) == [], place
