"""Pages over all sealed cases a person can read: numbers with small ones left out, and which may be destroyed."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from engine.changes import Refusal
from engine.channel.keeping import date_cases
from engine.disclosure.models import SealedCase, Tombstone
from engine.facts import REPORTER
from engine.outbox.models import Message
from tests.web.sealed_pages import STRANGER, SealedPages

PLACES = ("/statistics", "/statistics.csv", "/statistics.pdf", "/retention")


def ended(pages: SealedPages) -> None:
    """The case was taken back by its reporter, and its year is over."""
    assert pages.do(REPORTER, "withdraw_complaint", "Salah paham") is None
    with pages.database.writing.begin() as session:
        date_cases(session)
    pages.clock.advance(days=367)


def reports(pages: SealedPages, number: int) -> None:
    with pages.database.writing.begin() as session:
        office = pages.office(session)
        for _ in range(number):
            assert not isinstance(office.report(), Refusal)


@pytest.mark.parametrize("place", PLACES)
def test_t37_without_a_key_there_is_no_such_page(sealed_pages: SealedPages, place: str) -> None:
    for name in ("admin", STRANGER):
        assert sealed_pages.browser(name, is_open=False).get(place).status_code == 404


def test_t81_statistics_tell_nothing_below_three_and_count_above(sealed_pages: SealedPages) -> None:
    irma = sealed_pages.browser("irma")
    assert "Kasus terlalu sedikit" in irma.get("/statistics").text
    reports(sealed_pages, 5)
    page = irma.get("/statistics").text
    assert "<b>6</b> laporan seluruhnya" in page and "Halaman pelaporan" in page
    table = irma.get("/statistics.csv").text
    assert "2026;Semua laporan;;6" in table and ";1\r\n" not in table and ";2\r\n" not in table
    document = irma.get("/statistics.pdf")
    assert document.data.startswith(b"%PDF") and document.mimetype == "application/pdf"
    assert irma.get("/statistics?year=1999").status_code == 404


def test_t71_two_holders_destroy_a_case_whose_time_is_over(sealed_pages: SealedPages) -> None:
    ended(sealed_pages)
    case_id, number = sealed_pages.kept.case_id, sealed_pages.kept.number
    vina = sealed_pages.browser("vina")
    assert "Waktu berakhir" in vina.get("/retention").text
    assert vina.post(f"/retention/{case_id}/propose").status_code == 303
    assert "Musnahkan</button>" not in vina.get("/retention").text
    irma = sealed_pages.browser("irma")
    assert number in irma.get("/retention").text and "1 usulan menunggu" in irma.get("/statistics").text
    assert vina.post("/retention/proposals/1/confirm").status_code == 303
    assert irma.post("/retention/proposals/1/confirm").status_code == 303
    with sealed_pages.database.reading() as session:
        stone = session.scalars(select(Tombstone)).one()
        people = sealed_pages.kept.people
        assert (stone.asked_by, stone.confirmed_by) == (people["vina"], people["irma"])
    assert number not in irma.get("/retention").text
    assert irma.get(f"/case/{case_id}").status_code == 404
    assert vina.post("/retention/proposals/1/cancel").status_code == 404


def test_a_hold_needs_a_reason_and_keeps_the_case_until_it_is_lifted(sealed_pages: SealedPages) -> None:
    ended(sealed_pages)
    case_id, vina = sealed_pages.kept.case_id, sealed_pages.browser("vina")
    vina.get("/retention")
    refused = vina.post(f"/retention/{case_id}/hold", {"reason": "x"})
    assert refused.status_code == 422 and "Tulis alasannya" in refused.text
    assert vina.post(f"/retention/{case_id}/hold", {"reason": "Diminta pengadilan"}).status_code == 303
    irma = sealed_pages.browser("irma")
    page = irma.get("/retention").text
    assert "Diminta pengadilan" in page and "Ditahan" in page
    irma.post(f"/retention/{case_id}/propose")
    assert "ditahan atas alasan hukum" in irma.get("/retention").text
    irma.post(f"/retention/{case_id}/lift")
    assert "Usulkan pemusnahan" in irma.get("/retention").text


def test_nobody_touches_a_case_whose_key_they_do_not_hold(sealed_pages: SealedPages) -> None:
    ended(sealed_pages)
    case_id = sealed_pages.kept.case_id
    for name in ("umar", STRANGER, "admin"):
        browser = sealed_pages.browser(name, is_open=name == "umar")
        for act in ("propose", "hold", "lift"):
            data = {"reason": "Diminta pengadilan"}
            assert browser.post(f"/retention/{case_id}/{act}", data).status_code == 404, (name, act)
    with sealed_pages.database.reading() as session:
        assert session.get_one(SealedCase, case_id).is_held is False


def test_t37_the_administration_lists_no_sealed_case_and_of_its_mails_those_that_failed(
    sealed_pages: SealedPages,
) -> None:
    admin, kept = sealed_pages.browser("admin", is_open=False), sealed_pages.kept
    assert kept.number not in admin.get("/admin/cases/").text
    assert "pegawai" not in admin.get("/admin/outbox/").text and "Surel tetap" not in admin.get("/admin/outbox/").text
    with sealed_pages.database.writing.begin() as session:
        session.execute(update(Message).where(Message.case_id == 0).values(state="failed", last_error="550"))
    page = admin.get("/admin/outbox/").text
    assert "Surel tetap kasus tersegel" in page and kept.number not in page
