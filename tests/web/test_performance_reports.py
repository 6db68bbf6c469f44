"""Performance reports on their pages: figures, documents to download, what changed since, and what everybody reads."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

import docx
import pypdf
import pytest
from sqlalchemy import select

from engine.organisation.models import Region
from tests.databases import SqliteFiles
from tests.sakip.measured import YEAR
from tests.sakip.reporting_office import FEBRUARY, reached
from tests.web.browser import Browser
from tests.web.evaluation_pages import Pages
from tests.web.report_pages import build, report_pages


@pytest.fixture(scope="module")
def pages(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """One application for all; only the last test changes anything."""
    built = build(sqlite_files.new())
    found = report_pages(built, tmp_path_factory.mktemp("reports"))
    yield found
    found.database.close()
    sqlite_files.drop(built.url)


def document(pages: Pages, case: str, ending: str) -> str:
    return f"/case/{pages.cases[case]}/document/report_document.{ending}"


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_10_a_report_s_page_shows_its_figures_and_what_is_still_a_proposal(pages: Pages) -> None:
    sari = pages.browser("sari")
    assert "Lihat angka laporannya" in sari.get(f"/case/{pages.cases['proposed']}").text
    page = sari.get(f"/performance/annual-reports/{pages.cases['proposed']}").text
    for words in ("Layanan digital merata", "90,25", "95,00 %", "Hampir tercapai", "nilai belum terbit", "cara lain"):
        assert words in page, words
    assert "3 indikator masih memuat usulan" in page and "135.000.000" in page
    browser = pages.browser("sari", "en")
    english = browser.get(f"/performance/annual-reports/{pages.cases['proposed']}").text
    browser.post("/language", {"language": "id"})
    assert "still stand at 3 of its indicators" in english and "Nearly reached" in english
    empty = pages.browser("wati").get(f"/performance/annual-reports/{pages.cases['draft']}").text
    assert "Belum ada sasaran dengan indikator" in empty


def test_10_its_document_comes_as_pdf_and_as_word_for_those_who_may_read_the_case(pages: Pages) -> None:
    sari = pages.browser("sari")
    page = sari.get(f"/performance/annual-reports/{pages.cases['published']}").text
    assert document(pages, "published", "docx") in page and document(pages, "published", "pdf") in page
    answer = sari.get(document(pages, "published", "pdf"))
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/pdf"
    text = pdf_text(answer.data)
    assert "Nomor 050/12/2027" in text and "Fitri" in text and "Draf" not in text
    word = sari.get(document(pages, "published", "docx"))
    said = [one.text for one in docx.Document(io.BytesIO(word.data)).paragraphs]
    assert "Bab III. Akuntabilitas kinerja" in said and "Fitri" in said
    assert "Draf, belum berlaku" in pdf_text(sari.get(document(pages, "proposed", "pdf")).data)
    for stranger in ("wati",):
        assert pages.browser(stranger).get(document(pages, "published", "docx")).status_code == 404
        assert pages.browser(stranger).get(f"/performance/annual-reports/{pages.cases['published']}").status_code == 404
    assert sari.get("/case/1/document/nothing.docx").status_code == 404
    assert sari.get("/performance/annual-reports/999999").status_code == 404


def test_10_everybody_may_download_a_published_report_without_a_name(pages: Pages) -> None:
    visitor = Browser(pages.app.test_client())
    with pages.database.reading() as session:
        region = session.scalars(select(Region.key)).one()
    page = visitor.get(f"/public/performance/{region}?year={YEAR}").text
    address = f"/public/performance/{region}/reports/{YEAR}/kominfo.pdf"
    assert address in page
    answer = visitor.get(address)
    assert answer.status_code == 200 and "LKjIP-2026-kominfo.pdf" in answer.headers["Content-Disposition"]
    text = pdf_text(answer.data)
    assert "Nomor 050/12/2027" in text and "Fitri" not in text and "Sari" not in text
    assert visitor.get(address).data == answer.data
    for other in (f"{region}/reports/2025/kominfo", f"{region}/reports/2026/dinkes", f"{region}/reports/2026/-",
                  "none/reports/2026/kominfo"):  # fmt: skip
        assert visitor.get(f"/public/performance/{other}.pdf").status_code == 404, other


def test_11_the_page_of_a_published_report_says_what_changed_since_and_keeps_its_figures(pages: Pages) -> None:
    address = f"/performance/annual-reports/{pages.cases['published']}"
    sari = pages.browser("sari")
    assert "Datanya sejak itu tidak berubah." in sari.get(address).text
    before = sari.get(document(pages, "published", "pdf")).data
    with pages.office() as office:
        office.now += timedelta(days=10)
        reached(office, YEAR, served=Fraction(95))
    page = pages.browser("sari").get(address).text
    assert "Sejak terbit, data 1 indikator berubah" in page and "100,00 %" in page and "90,25" in page
    assert pages.browser("sari").get(document(pages, "published", "pdf")).data == before


def test_6_a_missing_number_says_the_same_on_page_file_document_and_command_line(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALUR_DATABASE_URL", pages.database.engine.url.render_as_string())
    pages.clock.moment = FEBRUARY
    fitri, told = pages.browser("fitri"), "nilai belum terbit"
    runner, case = pages.app.test_cli_runner(), pages.cases["published"]
    with pages.database.reading() as session:
        about = ("--region", session.get_one(Region, pages.region_id).key, "--year", str(YEAR))
    asked = f"year={YEAR}&span=year&unit=kominfo"
    outputs = {
        "page": fitri.get(f"/performance/indicator/grade?{asked}").text,
        "list": fitri.get(f"/performance/list/unit_parts?{asked}").text,
        "csv": fitri.get(f"/performance/list/unit_parts.csv?{asked}").text,
        "report's page": fitri.get(f"/performance/annual-reports/{case}").text,
        "pdf": " ".join(pdf_text(fitri.get(document(pages, "published", "pdf")).data).split()),
        "command line": runner.invoke(args=["sakip", "measure", *about, "--span", "year"]).output,
    }
    assert [name for name, text in outputs.items() if told not in text] == [], outputs["command line"]
    exported = runner.invoke(args=["sakip", "export", "results", *about, "--format", "json"])
    codes = {(row["subject"], row["span"]): row["reason"] for row in json.loads(exported.stdout)}
    assert codes[("grade", "year")] == "not_issued"
