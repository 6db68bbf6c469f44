"""Every page, in both languages, on a phone and on a desk: nothing serious for axe, nothing sideways, no console."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from engine.cases.fire import Fired, fire
from engine.facts import Command
from tests.journeys.conftest import DESK, PHONE, Site
from tests.web.region import an_agreement

SERIOUS = ("serious", "critical")
STANDARDS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PLACES = (
    ("dewi", "/queue"),
    ("dewi", "/queue?tab=unit"),
    ("hadi", "/queue?q=tidak-ada"),
    ("bupati", "/queue?tab=follow"),
    ("dewi", "/case/{reviewed}"),
    ("gita", "/case/{joint}"),
    ("sari", "/case/{draft}"),
    ("sari", "/case/{draft}/edit"),
    ("sari", "/case/{reviewed}/mails"),
    ("sari", "/cases"),
    ("sari", "/cases/new"),
    ("sari", "/cases/new/performance_agreement"),
    ("bupati", "/performance"),
    ("slamet", "/performance/list/late_documents"),
    ("dewi", "/performance/how/indicators"),
    ("dewi", "/profile"),
    ("dewi", "/profile/second-factor"),
    ("dewi", "/profile/stand-ins"),
    ("slamet", "/case/{joint}"),
    ("dewi", "/help"),
    ("dewi", "/accessibility"),
    ("dewi", "/nothing-here"),
    ("admin", "/admin/people/"),
    ("admin", "/admin/audit/"),
    (None, "/sign-in"),
)


@pytest.fixture(scope="module")
def cases(site: Site) -> Iterator[dict[str, int]]:
    """One agreement returned and sent again, one at the joint review, one being drafted."""
    made = {name: an_agreement(site.database, site.regency, site.clock(), title=f"Perjanjian Kinerja 2026, {name}")
            for name in ("reviewed", "joint", "draft")}  # fmt: skip
    _act(site, made["reviewed"], "sari", "submit", comment="Mohon ditelaah")
    _act(site, made["reviewed"], "budi", "approve")
    _act(site, made["reviewed"], "dewi", "return", comment="Jabatan pihak kesatu belum benar.")
    site.clock.advance(days=1)
    _act(site, made["reviewed"], "sari", "resubmit", answers={"first_party_position": "Analis Muda"})
    for username, action in (("sari", "submit"), ("budi", "approve"), ("dewi", "approve")):
        _act(site, made["joint"], username, action)
    site.clock.advance(hours=2)
    return made


def _act(site: Site, case_id: int, username: str, action: str, **values: object) -> None:
    with site.database.writing.begin() as session:
        command = Command(action=action, actor=site.regency.people[username], **values)  # type: ignore[arg-type]
        outcome = fire(session, case_id, command, now=site.clock())
    assert isinstance(outcome, Fired), outcome


def look(page: Page, address: str, *widths: int) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(address)
    said = [text for text in said if "status of 404" not in text]
    assert said == []
    expect(page.locator("h1")).to_have_count(1)
    # What is folded away has to be good as well; menus lie over the page and have a test of their own.
    page.evaluate("document.querySelectorAll('details:not(.who):not(.menu)').forEach((one) => { one.open = true })")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"sideways at {width}"
        assert _serious(page) == [], f"at {width}"


def _serious(page: Page, part: str | None = None) -> list[tuple[object, ...]]:
    found = Axe().run(page, context=part, options=STANDARDS).response["violations"]
    return [(one["id"], one["impact"], [node["target"] for node in one["nodes"]][:3])
            for one in found if one["impact"] in SERIOUS]  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("username", "address"), PLACES)
def test_a_page_is_accessible_and_fits(
    page_of: Callable[..., Page], cases: dict[str, int], username: str | None, address: str, language: str
) -> None:
    page = page_of(username, language=language)
    look(page, address.format(**cases), DESK, PHONE)
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize(("username", "address"), [PLACES[0], PLACES[4], PLACES[7], PLACES[12]])
def test_a_page_is_accessible_in_the_dark(
    page_of: Callable[..., Page], cases: dict[str, int], username: str, address: str
) -> None:
    look(page_of(username, dark=True), address.format(**cases), DESK, PHONE)


def test_a_case_can_be_printed_by_its_button(page_of: Callable[..., Page], cases: dict[str, int]) -> None:
    page = page_of("sari")
    page.goto(f"/case/{cases['draft']}")
    expect(page.get_by_role("button", name="Cetak")).to_be_visible()


@pytest.mark.parametrize("address", ["/queue", "/case/{reviewed}", "/cases", "/profile"])
def test_no_page_scrolls_sideways_at_any_width(
    page_of: Callable[..., Page], cases: dict[str, int], address: str
) -> None:
    page = page_of("dewi")
    page.goto(address.format(**cases))
    for width in (320, 768, 1000, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


@pytest.mark.parametrize("menu", [".who", ".menu"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_open_menu_is_accessible(page_of: Callable[..., Page], cases: dict[str, int], menu: str, width: int) -> None:
    page = page_of("dewi", width=width)
    page.goto("/queue")
    page.locator(f"{menu} > summary").first.click()
    assert _serious(page, menu) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_titles_are_unique(page_of: Callable[..., Page], cases: dict[str, int]) -> None:
    titles, open_pages = {}, {}
    for username, address in PLACES:
        page = open_pages[username] = open_pages.get(username) or page_of(username)
        page.goto(address.format(**cases))
        titles[address] = page.title()
    different = {address for address in titles if "?q=" not in address}
    assert len({titles[address] for address in different}) == len(different), titles
