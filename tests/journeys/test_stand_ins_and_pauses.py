"""Somebody names a stand-in who then decides, and a supervisor pauses a case, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.cases.fire import Fired, fire
from engine.facts import Command
from tests.journeys.conftest import DESK, PHONE, Site
from tests.web.region import an_agreement


def _act(site: Site, case_id: int, username: str, action: str) -> None:
    with site.database.writing.begin() as session:
        outcome = fire(session, case_id, Command(action, site.regency.people[username]), now=site.clock())
    assert isinstance(outcome, Fired), outcome


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_who_is_away_names_a_replacement_who_finds_the_task_in_their_queue(
    page_of: Callable[..., Page], site: Site, width: int
) -> None:
    case_id = an_agreement(site.database, site.regency, site.clock(), title=f"Perjanjian {width}")
    _act(site, case_id, "sari", "submit")
    away = page_of("budi", width=width)
    away.goto("/profile")
    away.get_by_role("link", name="Ketidakhadiran dan pengganti").click()
    away.locator("#who").fill("Eko Prasetyo")
    away.get_by_label("Hari terakhir").fill("2026-03-06" if width == PHONE else "2026-03-20")
    if width == DESK:
        away.locator("#starts_on").fill("2026-03-07")
    away.locator("#reason").fill("Cuti tahunan")
    away.get_by_role("button", name="Tetapkan pengganti ini").click()
    expect(away.get_by_text("dapat bertindak atas nama Anda")).to_be_visible()
    expect(away.locator("#given")).to_contain_text("Eko Prasetyo")
    assert away.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if width == PHONE:
        replacement = page_of("eko")
        replacement.goto(f"/case/{case_id}")
        replacement.get_by_role("button", name="Setujui").click()
        expect(replacement.locator("#history")).to_contain_text("Pengganti sementara")


def test_a_supervisor_pauses_a_case_and_lets_it_go_on(page_of: Callable[..., Page], site: Site) -> None:
    case_id = an_agreement(site.database, site.regency, site.clock(), title="Perjanjian yang dijeda")
    page = page_of("slamet", width=PHONE)
    page.goto(f"/case/{case_id}")
    page.get_by_text("Jeda kasus ini").click()
    page.locator("#pause-reason").fill("Menunggu perubahan pagu")
    page.get_by_role("button", name="Jeda", exact=True).click()
    expect(page.get_by_text("Dijeda sejak")).to_be_visible()
    drafter = page_of("sari")
    drafter.goto(f"/case/{case_id}")
    expect(drafter.locator("#decision")).to_contain_text("Kasus dijeda 2 Maret 2026: Menunggu perubahan pagu.")
    page.get_by_role("button", name="Lanjutkan kasus").click()
    expect(page.get_by_text("Dijeda sejak")).to_have_count(0)
    drafter.reload()
    expect(drafter.get_by_role("button", name="Ajukan")).to_be_visible()
