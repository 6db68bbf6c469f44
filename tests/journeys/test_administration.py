"""The administration in a real browser: accessible, never sideways, and usable without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.axe import serious
from tests.journeys.conftest import DESK, PHONE, Site
from tests.journeys.test_pages import look, title_of
from tests.web.region import an_agreement

PLACES = (
    "people/", "people/?q=tidak-ada", "people/new/", "people/edit/?id={sari}", "units/", "units/new/", "positions/",
    "holders/", "holders/new/", "mandates/", "groups/", "members/", "holidays/", "region/", "region/edit/?id={region}",
    "cases/", "outbox/", "audit/",
)  # fmt: skip


@pytest.fixture(scope="module")
def here(site: Site) -> dict[str, int]:
    """A case, and the ids addresses need."""
    an_agreement(site.database, site.regency, site.clock())
    return {"sari": site.regency.people["sari"], "region": site.regency.id}


# The words differ between the languages, the pages' parts do not: every kind of page once more in English.
IN_ENGLISH = ("people/", "people/edit/?id={sari}", "holders/new/", "region/edit/?id={region}", "outbox/", "audit/")


@pytest.mark.parametrize(("address", "language"), [(one, "id") for one in PLACES] + [(one, "en") for one in IN_ENGLISH])
def test_a_page_of_the_administration_is_accessible_and_fits(
    tab_of: Callable[..., Page], here: dict[str, int], address: str, language: str
) -> None:
    page = tab_of("admin", language=language)
    look(page, "/admin/" + address.format(**here), DESK, PHONE, 320)
    assert page.locator("html").get_attribute("lang") == language


def test_it_is_accessible_in_the_dark_and_with_its_filters_open(
    tab_of: Callable[..., Page], here: dict[str, int]
) -> None:
    page = tab_of("admin", dark=True)
    look(page, "/admin/people/", DESK, PHONE)
    page.locator(".menu > summary").click()
    assert serious(page, ".menu") == []


def test_titles_tell_the_pages_apart(tab_of: Callable[..., Page], here: dict[str, int]) -> None:
    page = tab_of("admin")
    titles = {title_of(page, "/admin/" + address.format(**here)) for address in PLACES}
    assert len(titles) >= len(PLACES) - 1  # a search has the title of its list


def test_a_person_gets_an_account_and_stands_in_for_somebody_without_scripts(
    page_of: Callable[..., Page], here: dict[str, int], site: Site
) -> None:
    page = page_of("admin", width=PHONE, scripts=False)
    page.goto("/queue")
    page.get_by_role("link", name="Administrasi").click()
    page.get_by_role("link", name="Tambah orang").click()
    page.get_by_label("NIP").fill("199001012015032001")
    page.get_by_label("Unit", exact=True).fill("Badan Perencanaan")
    page.get_by_label("Nama akun").fill("rani")
    page.get_by_role("button", name="Simpan").click()
    assert page.title().startswith("Kesalahan:")
    page.locator(".errors").get_by_role("link").first.click()
    assert page.get_by_label("NIP").input_value() == "199001012015032001"
    page.get_by_label("Nama", exact=True).fill("Rani Utami")
    page.get_by_role("button", name="Simpan").click()
    password = page.locator("dd.code").nth(1).inner_text()
    page.get_by_role("link", name="Kembali ke daftar").click()
    assert password not in page.content()

    page.get_by_role("link", name="Pemangku jabatan").click()
    page.get_by_role("link", name="Tetapkan").click()
    page.get_by_label("Jabatan", exact=True).fill("Sekretaris Dinas")
    page.get_by_label("Orang", exact=True).fill("Rani Utami")
    page.locator("#kind").select_option("plh")
    page.locator("#starts_on").fill("2026-03-02")
    page.locator("#ends_on").fill("2026-03-13")
    page.get_by_role("button", name="Simpan").click()
    assert "Rani Utami" in page.locator("table").inner_text()

    page.get_by_role("link", name="Audit").click()
    assert "Sekretaris Dinas" in page.locator("tbody tr").first.inner_text()

    visitor = page_of(None, scripts=False)
    visitor.goto("/sign-in")
    visitor.locator("[name=username]").fill("rani")
    visitor.locator("[name=password]").fill(password)
    visitor.locator("form button.btn-primary").click()
    assert "/profile" in visitor.url
