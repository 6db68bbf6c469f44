"""Two-step verification in a real browser: set up from the key on the page, signed in with, turned off."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from engine.cases.fire import Fired, fire
from engine.facts import Command
from engine.organisation import second_factor, sessions
from engine.organisation.sealing import Seal
from tests.journeys.axe import serious
from tests.journeys.conftest import DESK, PHONE, Site
from tests.web.region import PASSWORD
from tests.web.signing import a_letter

SEAL = Seal("k" * 40)  # of the application the server runs


def _is_good(page: Page) -> None:
    """Nothing serious for axe, one heading, and nothing sideways on a desk or a telephone."""
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_count(1)
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        assert serious(page) == [], width


@pytest.mark.parametrize(("username", "language", "dark"), [("sari", "id", False), ("budi", "en", True)])
def test_a_second_step_is_set_up_used_and_turned_off(
    page_of: Callable[..., Page], site: Site, username: str, language: str, dark: bool
) -> None:
    page = page_of(username, language=language, dark=dark)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto("/profile")
    page.locator("#two-steps a").click()
    _is_good(page)
    page.fill("#password", PASSWORD)
    page.click("#set-up button")
    _is_good(page)
    box = page.locator("svg.scan").bounding_box()
    assert box is not None
    assert box["width"] == box["height"] > 200
    telephone = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", "").strip())
    page.fill("#one_time_code", telephone.at(site.clock()))
    page.click("#confirm button")
    _is_good(page)
    expect(page.locator(".codes li")).to_have_count(10)
    page.click("#codes a.btn-primary")
    _is_good(page)
    assert said == []

    visitor = page_of(None, language=language, dark=dark)
    site.clock.advance(minutes=1)
    visitor.goto("/sign-in?next=/profile/second-factor")
    visitor.fill("#username", username)
    visitor.fill("#password", PASSWORD)
    visitor.click("form button[type=submit].btn-primary")
    _is_good(visitor)
    visitor.fill("#one_time_code", telephone.at(site.clock()))
    visitor.click("form button[type=submit].btn-primary")
    visitor.wait_for_url("**/profile/second-factor")

    site.clock.advance(minutes=1)
    visitor.fill("#password", PASSWORD)
    visitor.fill("#one_time_code", telephone.at(site.clock()))
    visitor.click("#turn-off button")
    visitor.wait_for_selector("#set-up")


def test_a_decision_that_requires_a_code_asks_for_it_accessibly(page_of: Callable[..., Page], site: Site) -> None:
    now, person = site.clock(), site.regency.people["budi"]
    case_id = a_letter(site.database, site.regency, now)
    with site.database.writing.begin() as session:
        assert isinstance(fire(session, case_id, Command("submit", site.regency.people["sari"]), now=now), Fired)
    page = page_of("budi", scripts=False)
    page.goto(f"/case/{case_id}")
    ways = page.locator("#decision .cannot a").all()
    assert {way.get_attribute("href") for way in ways} == {"/profile/second-factor"}
    begun = second_factor.begin(site.database, person, PASSWORD, SEAL, now)
    telephone = pyotp.TOTP(begun.secret.replace(" ", ""))
    here = sessions.token_hash(next(one["value"] for one in page.context.cookies() if one["name"] == "alur"))
    second_factor.confirm(site.database, person, telephone.at(now), SEAL, keep=here, now=now)
    site.clock.advance(minutes=1)
    watched = page_of("budi")
    watched.goto(f"/case/{case_id}")
    _is_good(watched)
    page.goto(f"/case/{case_id}")
    page.fill("#comment", "Sudah saya baca")
    page.fill("#one_time_code", "12345")
    page.click("#decision button[value^='sign|']")
    assert page.locator("#comment").input_value() == "Sudah saya baca"
    assert page.locator("#one_time_code").get_attribute("aria-invalid") == "true"
    page.fill("#one_time_code", telephone.at(site.clock()))
    page.click("#decision button[value^='sign|']")
    assert "Penomoran" in page.locator(".said-after").inner_text()
