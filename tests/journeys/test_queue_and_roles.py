"""In a real browser: several tasks at once, people for roles, saved views, and keys that were switched on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.cases.fire import Fired, fire
from engine.facts import Command
from engine.organisation.models import Person
from tests.journeys.axe import serious
from tests.journeys.conftest import DESK, PHONE, Site
from tests.journeys.test_pages import look
from tests.web.region import an_inquiry, publish_written

Tabs = Callable[..., Page]


@pytest.fixture(scope="module")
def inquiries(site: Site) -> dict[str, int]:
    """Complaints: several at the intake, one whose team is formed, one with its branches open."""
    publish_written(site.database, "inquiry", "complaint", site.clock())
    made = {name: an_inquiry(site.database, site.regency, site.clock(), title=name)
            for name in ("Satu", "Dua", "Tiga", "Empat", "Membentuk tim", "Bercabang")}  # fmt: skip
    people = site.regency.people
    _act(site, made["Membentuk tim"], "gita", "accept")
    _act(site, made["Bercabang"], "gita", "accept")
    team = {"lead": (people["hadi"],), "member": (people["hadi"], people["indra"])}
    _act(site, made["Bercabang"], "slamet", "start", assign=team)
    return made


def _act(site: Site, case_id: int, username: str, action: str, **values: object) -> None:
    with site.database.writing.begin() as session:
        command = Command(action=action, actor=site.regency.people[username], **values)  # type: ignore[arg-type]
        outcome = fire(session, case_id, command, now=site.clock())
    assert isinstance(outcome, Fired), outcome


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("username", "address"),
    [("gita", "/queue"), ("gita", "/queue/views?due=today"), ("slamet", "/case/{Membentuk tim}"),
     ("hadi", "/case/{Bercabang}"), ("gita", "/help"), ("gita", "/profile")],
)  # fmt: skip
def test_pages_with_boxes_people_and_branches_are_accessible_and_fit(
    page_of: Tabs, inquiries: dict[str, int], username: str, address: str, language: str
) -> None:
    for name, case_id in inquiries.items():
        address = address.replace("{" + name + "}", str(case_id))
    look(page_of(username, language=language), address, DESK, PHONE)


@pytest.mark.parametrize("scripts", [True, False])
def test_chosen_tasks_are_reviewed_confirmed_and_reported(
    page_of: Tabs, inquiries: dict[str, int], scripts: bool
) -> None:
    page = page_of("gita", width=PHONE, scripts=scripts)
    page.goto("/queue")
    for title in ("Satu", "Dua") if scripts else ("Tiga", "Empat"):
        page.get_by_label(f"Pilih {title}", exact=True).check()
    page.get_by_role("button", name="Tinjau yang dipilih").click()
    expect(page.get_by_role("button", name="Terima: 2 kasus")).to_be_visible()
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Terima: 2 kasus").click()
    expect(page.locator("h1")).to_have_text("Hasil: Terima")
    expect(page.get_by_text("2 selesai, 0 dilewati.")).to_be_visible()


@pytest.mark.parametrize("language", ["id", "en"])
def test_review_and_result_are_accessible_and_fit(
    page_of: Tabs, site: Site, inquiries: dict[str, int], language: str
) -> None:
    for title in (f"Ditinjau {language}", f"Tanpa uraian {language}"):
        summary = "" if title.startswith("Tanpa") else "Dana tidak sampai."
        an_inquiry(site.database, site.regency, site.clock(), title=title, summary=summary)
    page = page_of("gita", language=language)
    page.goto(f"/queue?q={language}")
    for box in page.locator("input[name=line]").all():
        box.check()
    page.locator("[formaction]").click()
    _fits(page)
    page.locator("form .btn-primary").click()
    expect(page.locator(".label.is-good")).to_be_visible()
    _fits(page)


def _fits(page: Page) -> None:
    expect(page.locator("h1")).to_have_count(1)
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        assert serious(page) == [], width


@pytest.fixture
def typist(page_of: Tabs, site: Site) -> Page:
    """Rina, who has switched keys on."""
    with site.database.writing.begin() as session:
        session.get_one(Person, site.regency.people["rina"]).page_settings = {"shortcuts": True}
    return page_of("rina")


def test_keys_walk_the_queue_choose_search_and_lead_to_the_review(
    typist: Page, site: Site, inquiries: dict[str, int]
) -> None:
    for title in ("Kunci satu", "Kunci dua"):
        an_inquiry(site.database, site.regency, site.clock(), title=title)
    typist.goto("/queue?q=kunci")
    typist.keyboard.press("j")
    expect(typist.locator(".queue tr.item .what a").first).to_be_focused()
    typist.keyboard.press("x")
    typist.keyboard.press("j")
    typist.keyboard.press("x")
    assert typist.locator("input[name=line]:checked").count() == 2
    typist.keyboard.press("s")
    expect(typist.get_by_role("button", name="Tinjau yang dipilih")).to_be_focused()
    assert "/queue?q=kunci" in typist.url, "a key alone decides nothing"
    typist.keyboard.press("/")
    expect(typist.locator("#q")).to_be_focused()
    typist.keyboard.type("s/jx")
    expect(typist.locator("#q")).to_have_value("s/jx")
    typist.locator("#q").blur()
    typist.keyboard.press("?")
    typist.wait_for_url("**/help#shortcuts")
    typist.keyboard.press("g")
    typist.keyboard.press("i")
    typist.wait_for_url("**/queue")


def test_with_keys_off_nothing_happens(page_of: Tabs, inquiries: dict[str, int]) -> None:
    page = page_of("gita")
    page.goto("/queue")
    for key in ("j", "x", "s", "a", "?"):
        page.keyboard.press(key)
    assert page.url.endswith("/queue") and page.locator("input[name=line]:checked").count() == 0
    expect(page.locator("body")).to_be_focused()
