"""Performance reports on their pages: figures, documents to download, what changed since, and what everybody reads."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from html import unescape

import docx
import pypdf
import pytest
from sqlalchemy import select

from engine.organisation.models import Holder, Region, Unit
from sakip.facts.models import AgreementRow
from sakip.facts.realisations import REPORTED, VERIFIED, Filled, Origin, write
from sakip.facts.results import recompute
from sakip.tree.models import TreeRevision
from sakip.values import NOT_ISSUED
from tests.databases import SqliteFiles
from tests.sakip.measured import YEAR, Measured
from tests.sakip.reporting_office import FEBRUARY, reached
from tests.sakip.tree_office import Office
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
    case = sari.get(f"/case/{pages.cases['proposed']}").text
    assert "Lihat angka laporannya" in case and '<small class="notes">Faktor pendorong: ' in case  # a text a line
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


def test_a_report_that_does_not_say_its_year_yet_leads_to_no_figures(pages: Pages) -> None:
    with pages.office() as office:
        begun = office.open("performance_report", "sari", {})
    sari = pages.browser("sari")
    assert "Lihat angka laporannya" not in sari.get(f"/case/{begun}").text
    assert sari.get(f"/performance/annual-reports/{begun}").status_code == 404


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


NOBODY_LOOKED = "reported"
# What of an indicator makes its reason: how it is measured, its target and what was reached in the last quarter.
UNCOMPUTABLE = {
    "no_method": ({"direction": None}, Fraction(5), Fraction(5)),
    "wrong_kind": ({"unit": "sakip"}, Fraction(5), Fraction(5)),
    "no_target": ({}, None, Fraction(5)),
    "not_issued": ({}, Fraction(5), NOT_ISSUED),
    "no_realisation": ({}, Fraction(5), None),
    "incomplete": ({"consolidation": "sum", "due_in": ["q2", "q4"]}, Fraction(5), Fraction(5)),
    "unknown_grade": ({"unit": "sakip", "direction": "grade"}, "BB", "ZZ"),
    "target_does_not_fit": ({"direction": "zero"}, Fraction(5), Fraction(5)),
    "negative_value": ({}, Fraction(5), Fraction(-5)),
    "zero_target": ({}, Fraction(0), Fraction(5)),
}


def test_6_every_reason_of_an_indicator_has_one_sentence_wherever_it_is_told(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALUR_DATABASE_URL", pages.database.engine.url.render_as_string())
    with pages.office() as office:
        _uncomputable(office)
        region = office.region.key
    told = pages.app.test_cli_runner().invoke(
        args=["sakip", "measure", "--region", region, "--year", str(YEAR), "--span", "year"]
    )  # fmt: skip
    lines = dict(line.removeprefix("kominfo ").split(": ", 1) for line in told.stdout.splitlines())
    sentences = {key: lines[key] for key in UNCOMPUTABLE}
    assert len(set(sentences.values())) == len(UNCOMPUTABLE), sentences
    fitri = pages.browser("fitri")
    asked = f"year={YEAR}&span=year&unit=kominfo"
    rows = csv.reader(io.StringIO(fitri.get(f"/performance/list/indicators.csv?{asked}").text), delimiter=";")
    listed = {row[0]: row[-1] for row in rows}
    assert {key: listed[key] for key in UNCOMPUTABLE} == sentences
    exported = pages.app.test_cli_runner().invoke(
        args=["sakip", "export", "results", "--region", region, "--year", str(YEAR), "--format", "json"]
    )  # fmt: skip
    codes = {row["subject"]: row["reason"] for row in json.loads(exported.stdout) if row["span"] == "year"}
    assert {key: codes[key] for key in UNCOMPUTABLE} == {key: key for key in UNCOMPUTABLE}
    everywhere = {
        "list": fitri.get(f"/performance/list/indicators?{asked}").text,
        "report": pages.browser("sari").get(f"/performance/annual-reports/{pages.cases['proposed']}").text,
        "pdf": pdf_text(pages.browser("sari").get(document(pages, "proposed", "pdf")).data),
        **{key: fitri.get(f"/performance/indicator/{key}?{asked}").text for key in UNCOMPUTABLE},
    }
    found = {name: " ".join(unescape(text).split()) for name, text in everywhere.items()}
    assert (lines["reported"], listed["reported"]) == ("100,00 Tercapai, sementara", "sementara")
    assert [name for name in ("list", "report", "pdf") if "sementara" not in found[name]] == []
    for key, sentence in sentences.items():
        assert [name for name in ("list", "report", "pdf", key) if sentence not in found[name]] == [], sentence


def _uncomputable(office: Office) -> None:
    """An agreement of the head of Kominfo whose indicators lack something each, and one that nobody verified."""
    session, agency = office.session, office.units["kominfo"]
    seat = session.scalars(select(Holder.position_id).where(Holder.person_id == office.people["fitri"].id)).one()
    revision = session.scalars(select(TreeRevision).where(TreeRevision.unit_id == agency.id)).first()
    assert revision is not None
    top = session.scalars(select(Unit).where(Unit.region_id == office.region.id, Unit.parent_id.is_(None))).one()
    measured = Measured(session, office.region, top, agency, revision)
    filled = []
    measures = {**UNCOMPUTABLE, NOBODY_LOOKED: ({}, Fraction(5), Fraction(5))}
    for place, (key, (content, target, reached_value)) in enumerate(measures.items()):
        measured.indicator(key, "goal", **{"due_in": ["q4"], **content})
        if target is not None:
            measured.aim(key, year=target, q4=target)
        if reached_value is not None:
            filled.append(Filled(key, "q4", reached_value))
        row = AgreementRow(region_id=office.region.id, case_id=7, seq=1, row_key=str(place), year=YEAR, kind="agency")
        row.unit_id, row.position_id, row.indicator_key, row.node_key = agency.id, seat, key, "goal"
        row.in_force_on, row.copied = date(YEAR, 1, 20), {}
        session.add(row)
    session.flush()
    told = [one for one in filled if one.indicator == NOBODY_LOOKED]
    write(session, office.region.id, agency.id, YEAR, told, REPORTED, Origin(office.now, digest="e" * 64))
    told = [one for one in filled if one.indicator != NOBODY_LOOKED]
    write(session, office.region.id, agency.id, YEAR, told, VERIFIED, Origin(office.now, digest="f" * 64))
    recompute(session, office.region.id, None, YEAR, office.now)
