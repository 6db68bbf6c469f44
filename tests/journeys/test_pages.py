"""Every page, in both languages, on a phone and on a desk: nothing serious for axe, nothing sideways, no console."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from engine.cases.fire import Fired, fire
from engine.facts import Command
from tests.journeys.axe import serious
from tests.journeys.conftest import DESK, PHONE, Site
from tests.web.region import an_agreement

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


def look(page: Page, address: str, *widths: int, colours: bool = True) -> None:
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", hear)
    page.goto(address)
    page.remove_listener("console", hear)
    said = [text for text in said if "status of 404" not in text]
    assert said == []
    expect(page.locator("h1")).to_have_count(1)
    # What is folded away has to be good as well; menus lie over the page and have a test of their own.
    page.evaluate("document.querySelectorAll('details:not(.who):not(.menu)').forEach((one) => { one.open = true })")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"sideways at {width}"
        assert serious(page, colours=colours) == [], f"at {width}"


def title_of(page: Page, address: str) -> str:
    """The title a page comes with, asked for by this tab without showing it."""
    (title,) = re.findall("<title>(.+?)</title>", page.request.get(address).text(), re.DOTALL)
    return html.unescape(str(title)).strip()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("username", "address"), PLACES)
def test_a_page_is_accessible_and_fits(
    tab_of: Callable[..., Page], cases: dict[str, int], username: str | None, address: str, language: str
) -> None:
    page = tab_of(username, language=language)
    look(page, address.format(**cases), DESK, PHONE, colours=language == "id")
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize(("username", "address"), [PLACES[0], PLACES[4], PLACES[7], PLACES[12]])
def test_a_page_is_accessible_in_the_dark(
    tab_of: Callable[..., Page], cases: dict[str, int], username: str, address: str
) -> None:
    look(tab_of(username, dark=True), address.format(**cases), DESK, PHONE)


def test_a_case_can_be_printed_by_its_button(tab_of: Callable[..., Page], cases: dict[str, int]) -> None:
    page = tab_of("sari")
    page.goto(f"/case/{cases['draft']}")
    expect(page.get_by_role("button", name="Cetak")).to_be_visible()


@pytest.mark.parametrize("address", ["/queue", "/case/{reviewed}", "/cases", "/profile"])
def test_no_page_scrolls_sideways_at_any_width(
    tab_of: Callable[..., Page], cases: dict[str, int], address: str
) -> None:
    page = tab_of("dewi")
    page.goto(address.format(**cases))
    for width in (320, 768, 1000, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_place_one_is_at_is_wholly_in_sight_in_the_bar_of_a_phone(
    tab_of: Callable[..., Page], cases: dict[str, int], language: str
) -> None:
    page = tab_of("slamet", width=PHONE, language=language)
    page.goto("/performance")
    bar, here = (page.locator(one).bounding_box() for one in (".bar nav", ".bar nav [aria-current]"))
    assert bar is not None and here is not None
    assert bar["x"] <= here["x"] and here["x"] + here["width"] <= bar["x"] + bar["width"]


@pytest.mark.parametrize("menu", [".who", ".menu"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_open_menu_is_accessible(tab_of: Callable[..., Page], cases: dict[str, int], menu: str, width: int) -> None:
    page = tab_of("dewi", width=width)
    page.goto("/queue")
    page.locator(f"{menu} > summary").first.click()
    assert serious(page, menu) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_titles_are_unique(tab_of: Callable[..., Page], cases: dict[str, int]) -> None:
    titles = {}
    for username, address in PLACES:
        titles[address] = title_of(tab_of(username), address.format(**cases))
    different = {address for address in titles if "?q=" not in address}
    assert len({titles[address] for address in different}) == len(different), titles
