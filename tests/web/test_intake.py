"""A report that an officer writes down: who may, what is asked, and the receipt that is shown this once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import Settings
from engine.cases.models import Case, Draft
from engine.channel import receipts
from engine.channel.receipts import cost_today
from engine.disclosure.models import CaseKey, DisclosureRegion, ReceiptRow, SealedCase
from engine.disclosure.primitives import Cost
from engine.disclosure.receipt import derived, normalised
from engine.organisation.models import Region
from reporting import create_reporting_app
from tests.reporting.conftest import Reporter
from tests.sealed_type import rows_with
from tests.web.sealed_pages import NAME, SealedPages

STORY = "Uang retribusi dibawa pulang kepala pasar"


@pytest.fixture
def pages(sealed_pages: SealedPages, monkeypatch: pytest.MonkeyPatch) -> SealedPages:
    monkeypatch.setattr(receipts, "_cost", Cost(1, 64 * 1024))  # what a code costs is measured elsewhere
    with sealed_pages.database.writing.begin() as session:
        session.add(
            DisclosureRegion(
                region_id=sealed_pages.kept.region_id, salt=b"s" * 16, escrow_public=b"e" * 32, keys_revision=0
            )
        )
    return sealed_pages


def posted(page: str, **more: str) -> dict[str, str]:
    (once,) = re.findall(r'name="once" value="([0-9a-f]{32})"', page)
    told = {"once": once, "came_by": "letter", "way": "confidential", "identity.name": NAME, "summary": STORY}
    return {**told, "category": "corruption", **more}


def receipt_of(page: str) -> str:
    (found,) = re.findall(r"<code>([0-9A-Z-]{20})</code>", page)
    return found


def count(pages: SealedPages, table: type) -> int:
    with pages.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_who_receives_reports_writes_one_down_and_hands_over_a_receipt_that_opens_it(pages: SealedPages) -> None:
    ida = pages.browser("ida")
    assert "/intake" in ida.get("/cases/new").text
    assert " Anda " not in ida.get("/intake").text.partition("<form")[2], "it speaks to an officer, not to the reporter"
    answer = ida.post("/intake", posted(ida.get("/intake").text))
    assert answer.status_code == 200 and "Diterima oleh Ida" in answer.text
    assert (
        "Tanda terima paling lambat Kamis, 5 Maret 2026" in answer.text and "Paling lama 60 hari kerja" in answer.text
    )
    assert "no-store" in answer.headers["Cache-Control"]
    receipt = receipt_of(answer.text)
    assert normalised(receipt)
    lookup = derived(receipt, b"s" * 16, b"p" * 40, cost=cost_today()).lookup.hex()
    with pages.database.reading() as session:
        row = session.get_one(ReceiptRow, lookup)
        assert session.get_one(Case, row.case_id).is_sealed
        held = set(session.scalars(select(CaseKey.holder).where(CaseKey.case_id == row.case_id)))
        assert "receipt" in held and f"officer:{pages.kept.people['ida']}" in held
        for marker in (STORY, NAME, receipt, receipt.replace("-", "")):
            assert rows_with(session, marker) == []
    page = ida.get(f"/case/{row.case_id}").text
    assert STORY in page and "Surat" in page and NAME not in page and receipt not in page


@pytest.mark.parametrize(
    ("road", "said"),
    [("letter", "Surat"), ("desk", "Loket"), ("telephone", "Telepon"), ("box", "Kotak pengaduan"),
     ("forwarded", "Diteruskan lembaga lain")],
)  # fmt: skip
def test_whoever_came_otherwise_reads_on_by_the_receipt_as_every_reporter_does(
    pages: SealedPages, tmp_path: Path, road: str, said: str
) -> None:
    ida = pages.browser("ida")
    code = receipt_of(ida.post("/intake", posted(ida.get("/intake").text, came_by=road)).text)
    with pages.database.reading() as session:
        region = session.get_one(Region, pages.kept.region_id).key
        (case_id,) = set(session.scalars(select(SealedCase.case_id))) - {pages.kept.case_id}
    assert said in ida.get(f"/case/{case_id}").text
    settings = Settings(
        environment="test", secret_key="k" * 40, receipt_pepper="p" * 40, sealed_dir=tmp_path / "sealed"
    )
    outside = create_reporting_app(settings, database=pages.database, clock=pages.clock)
    reporter = Reporter(outside.test_client(), region)
    page = reporter.follow(reporter.open(code)).text
    assert re.search(r"<h1[^>]*>\s*Laporan Anda: Diterima\s*</h1>", page) and STORY in page


def test_T20_the_receipt_is_shown_once_and_sending_the_page_again_writes_nothing_down(pages: SealedPages) -> None:
    ida = pages.browser("ida")
    sent = posted(ida.get("/intake").text)
    ida.post("/intake", sent)
    before = count(pages, SealedCase)
    answer = ida.post("/intake", sent)
    assert answer.status_code == 422 and "sudah dicatat" in answer.text and "<code>" not in answer.text
    assert count(pages, SealedCase) == before


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"came_by": ""}, "Pilih bagaimana"),
        ({"way": ""}, "Pilih apakah"),
        ({"identity.name": ""}, "Nama: wajib diisi"),
        ({"summary": ""}, "Apa yang terjadi"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(pages: SealedPages, missing, told) -> None:
    ida = pages.browser("ida")
    answer = ida.post("/intake", {**posted(ida.get("/intake").text), "reason": "Kurang diawasi", **missing})
    assert answer.status_code == 422 and told in answer.text and "Kurang diawasi" in answer.text
    assert count(pages, SealedCase) == 1 and count(pages, Draft) == 0


def test_the_summary_counts_and_names_what_is_missing_in_the_order_of_the_page(pages: SealedPages) -> None:
    ida = pages.browser("ida")
    empty = {"came_by": "", "way": "", "identity.name": "", "summary": ""}
    page = ida.post("/intake", posted(ida.get("/intake").text, **empty)).text
    box = page[page.index('class="errors"') :].partition("</ul>")[0]
    assert "Ada 3 isian yang perlu diperbaiki" in box
    assert re.findall(r'href="#([^"]+)"', box) == ["came_by", "way", "summary"], "no name before a way is chosen"


@pytest.mark.parametrize("name", ["vina", "irma", "umar", "udin", "admin", "kiki"])
def test_who_does_not_receive_reports_finds_no_such_page(pages: SealedPages, name: str) -> None:
    browser = pages.browser(name)
    assert browser.get("/intake").status_code == 404
    assert browser.post("/intake", {"summary": STORY}).status_code == 404
    assert "/intake" not in browser.get("/cases/new").text


def test_a_report_is_kept_by_its_day_alone(pages: SealedPages) -> None:
    ida = pages.browser("ida")
    ida.post("/intake", posted(ida.get("/intake").text))
    with pages.database.reading() as session:
        opened = session.scalars(select(Case.opened_at).order_by(Case.id.desc())).first()
    assert opened.strftime("%H:%M:%S") == "17:00:00"  # midnight at Jakarta
