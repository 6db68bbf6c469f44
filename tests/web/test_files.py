"""Attachments and documents: in only what is safe, out only as a download, for those who may see the case."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from pypdf import PdfReader

from engine.cases.fire import fire
from engine.database import Database
from engine.facts import Command
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _attach(browser: Browser, case_id: int, content: bytes, name: str) -> str:
    browser.get(f"/case/{case_id}")
    answer = browser.post(f"/case/{case_id}/attachments", {"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303
    return browser.get(f"/case/{case_id}").text


def test_an_attachment_is_listed_and_comes_back_as_a_download(browser_of: Callable[..., Browser], case_id: int) -> None:
    browser = browser_of("sari")
    page = _attach(browser, case_id, PDF, "DPPA 001.pdf")
    assert "DPPA 001.pdf sudah terlampir." in page
    assert "SHA-256" in page
    answer = browser.get(f"/case/{case_id}/attachments/1")
    assert answer.data == PDF
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert browser_of("slamet").get(f"/case/{case_id}/attachments/1").status_code == 200
    assert browser_of("asing").get(f"/case/{case_id}/attachments/1").status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "kosong.pdf"), (b"<svg onload=alert(1)>", "gambar.svg"), (b"MZ\x90\x00" + b"\0" * 200, "surat.pdf"),
     (b"<html><script>", "halaman.html"), (PDF, "")],
)  # fmt: skip
def test_a_file_that_is_not_taken_says_why_and_leaves_nothing(
    browser_of: Callable[..., Browser], case_id: int, content: bytes, name: str
) -> None:
    page = _attach(browser_of("sari"), case_id, content, name)
    assert 'class="notice bad"' in page
    assert "/attachments/1" not in page


def test_a_file_over_the_limit_is_refused_with_the_limit(browser_of: Callable[..., Browser], case_id: int) -> None:
    browser = browser_of("sari")
    browser.get(f"/case/{case_id}")
    large = PDF + b"\0" * 21_500_000
    answer = browser.post(f"/case/{case_id}/attachments", {"file": (io.BytesIO(large), "besar.pdf")})
    answer.request.input_stream.close()  # the client's own copy of what it sent
    assert answer.status_code == 413
    assert "20 MB" in answer.text


def test_a_file_up_to_the_limit_that_the_page_tells_is_taken(
    browser_of: Callable[..., Browser], case_id: int, web_app: Flask
) -> None:
    web_app.extensions["alur"].settings = replace(web_app.extensions["alur"].settings, max_upload_megabytes=12)
    browser = browser_of("sari")
    assert "paling besar 12 MB" in browser.get(f"/case/{case_id}").text
    for size, said in ((12_000_001, "lebih besar dari 12 MB"), (12_000_000, "batas.pdf sudah terlampir.")):
        file = io.BytesIO(PDF + b"\0" * (size - len(PDF)))
        answer = browser.post(f"/case/{case_id}/attachments", {"file": (file, "batas.pdf")})
        answer.request.input_stream.close()  # the client's own copy of what it sent
        assert said in browser.get(f"/case/{case_id}").text


def test_the_document_can_be_read_as_a_draft_before_it_is_signed(
    browser_of: Callable[..., Browser], case_id: int
) -> None:
    browser = browser_of("sari")
    assert "Draf: belum ditandatangani" in browser.get(f"/case/{case_id}").text
    answer = browser.get(f"/case/{case_id}/document/signed_document.pdf")
    assert answer.mimetype == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert "Sari Wulandari" in text
    assert browser.get(f"/case/{case_id}/document/nothing.pdf").status_code == 404


def test_the_signed_document_is_on_the_case_when_it_is_in_force(
    browser_of: Callable[..., Browser], case_id: int, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    road = (("sari", "submit"), ("budi", "approve"), ("dewi", "approve"), ("gita", "approve"), ("hadi", "approve"),
            ("eko", "approve"), ("sari", "sign"), ("ratna", "sign"))  # fmt: skip
    for username, action in road:
        with pages_database.writing.begin() as session:
            fire(session, case_id, Command(action=action, actor=regency.people[username]), now=clock())
    browser = browser_of("sari")
    page = browser.get(f"/case/{case_id}").text
    assert "Kasus ini sudah berakhir" in page
    assert "Draf" not in page
    answer = browser.get(f"/case/{case_id}/document/signed_document.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert "Ratna Sulistyo" in text
    assert "DRAF" not in text.upper()
