"""A tree of goals revised in a real browser without scripts, and its pages before axe on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import violations
from tests.journeys.conftest import DESK, PHONE, Site
from tests.web.trees.grove import grow


@pytest.fixture(scope="module")
def grown(site: Site) -> Site:
    grow(site.database, site.regency.id, site.clock())
    return site


def test_a_tree_is_revised_without_scripts_and_its_pages_please_axe(grown: Site, page_of: Callable[..., Page]) -> None:
    page = page_of("eko", scripts=False)
    page.goto("/performance/trees/diskominfo?node=d.o")
    page.get_by_role("button", name="Mulai revisi").click()
    draft = page.url.partition("#")[0].removeprefix(grown.address)
    page.goto(f"{draft}?node=d.o")
    page.get_by_role("link", name="Tambah di bawahnya").click()
    page.get_by_label("Jenjang").select_option(label="Hasil program")
    page.get_by_label("Pernyataan").fill("Kanal digital dikelola")
    page.get_by_role("button", name="Tambahkan ke rancangan").click()
    page.get_by_role("button", name="Tambah indikator").click()
    page.get_by_label("Indikator", exact=True).fill("Pengunjung kanal")
    page.locator("[name='nodes.0.owner']").select_option(label="Kepala Dinas Komunikasi dan Informatika")
    page.locator("[name='nodes.0.indicators.0.unit']").select_option(label="Indeks")
    page.get_by_label("Arah").select_option(label="Makin tinggi makin baik")
    page.get_by_role("group", name="Target tahunan rencana").get_by_label("2026").fill("71,5")
    page.get_by_role("button", name="Simpan ke rancangan").click()
    page.wait_for_url(lambda url: "?node=" in url)  # the page before says the same of the draft
    expect(page.get_by_text("Rancangan revisi: 1 perubahan")).to_be_visible()
    page.get_by_role("link", name="Alasan, dasar hukum, dan tanggal").click()
    page.get_by_label("Alasan perubahan").fill("Renstra diubah")
    page.get_by_label("Dasar hukum").fill("Perbup 12/2026")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    _please_axe(grown, page_of, draft)  # whoever looks at it last reads English, and so does this page from then on
    page.goto(draft)
    page.get_by_role("button", name="Submit the revision").click()
    expect(page.get_by_text("Review by the head of agency").first).to_be_visible()


def _please_axe(grown: Site, page_of: Callable[..., Page], draft: str) -> None:
    tree = "/performance/trees/diskominfo"
    looks = (
        (DESK, "id", (f"{tree}?node=d.o", f"{tree}?view=picture", f"{draft}?node=d.o", "/performance/units")),
        (
            PHONE,
            "en",
            (
                f"{tree}?node=d.o",
                f"{tree}?view=table&columns=all",
                draft,
                f"{draft}/nodes/d.o",
                "/performance/trees/region/copy",
            ),
        ),
    )
    told = []
    for width, language, addresses in looks:
        page = page_of("eko", width=width, language=language)
        for address in addresses:
            page.goto(address)
            told += [(address, width, one["id"], one["nodes"][0]["html"]) for one in violations(page)]
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                told.append((address, width, "sideways", ""))
    assert told == []


def test_the_words_of_a_picture_stay_in_their_boxes_in_the_font_of_this_machine(
    grown: Site, page_of: Callable[..., Page]
) -> None:
    for language in ("id", "en"):
        page = page_of("eko", language=language)
        page.goto("/performance/trees/diskominfo?view=picture")
        outside = page.evaluate("""() => [...document.querySelectorAll('.tree-picture a')].flatMap((box) => {
          const edge = box.querySelector('rect').getBoundingClientRect().right
          return [...box.querySelectorAll('text')].filter((line) => line.getBoundingClientRect().right > edge)
            .map((line) => line.textContent)})""")
        assert outside == []
        assert page.locator(".tree-picture rect").count() > 3
