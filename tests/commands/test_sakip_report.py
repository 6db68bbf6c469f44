"""``flask sakip report lkjip`` and ``lhe``: values on stdout, pages and Word documents in files, and exit codes."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pypdf
import pytest

from engine.database import open_database
from tests.commands.conftest import Terminal
from tests.web.report_pages import build

WHOSE = ("--unit", "kominfo", "--year", "2026")


@pytest.fixture
def reporting(terminal: Terminal, environment: pytest.MonkeyPatch, sqlite_url: str) -> Terminal:
    """A terminal with the office whose report of 2026 is published, that of Dinkes a draft."""
    build(sqlite_url)
    environment.setenv("ALUR_DATABASE_URL", sqlite_url)
    open_database(sqlite_url).close()
    return terminal


def test_12_a_performance_report_comes_as_values_pages_and_word_document(reporting: Terminal, tmp_path: Path) -> None:
    said = reporting.run("sakip", "report", "lkjip", *WHOSE, "--format", "json")
    assert said.code == 0
    assert (said.json["unit"], said.json["number"], said.json["data_per"]) == (
        "kominfo", "050/12/2027", "2027-02-01",
    )  # fmt: skip
    assert said.json["budget"]["percent"] == "90.00"
    assert reporting.run("sakip", "report", "lkjip", *WHOSE).json == said.json
    pages, word = tmp_path / "lkjip.pdf", tmp_path / "lkjip.docx"
    for target in (pages, word):
        told = reporting.run("sakip", "report", "lkjip", *WHOSE, "--format", target.suffix[1:], "--out", target)
        assert (told.code, told.out) == (0, "") and "written" in told.err
    assert "Nomor 050/12/2027" in pypdf.PdfReader(io.BytesIO(pages.read_bytes())).pages[0].extract_text()
    headings = [one.text for one in docx.Document(str(word)).paragraphs if one.text.startswith("Bab ")]
    assert [one.partition(".")[0] for one in headings] == ["Bab I", "Bab II", "Bab III", "Bab IV"]
    empty = reporting.run("sakip", "report", "lkjip", "--unit", "dinkes", "--year", "2026", "--format", "json")
    assert (empty.code, empty.json["objectives"], empty.json["case"]) == (1, [], "LKJIP/2027/dinkes/0001")
    assert reporting.run("sakip", "report", "lkjip", *WHOSE, "--format", "docx").out.startswith("PK")
    assert reporting.run("sakip", "report", "lkjip", "--unit", "kominfo").code == 2
    assert reporting.run("sakip", "report", "lkjip", "--unit", "nowhere", "--year", "2026").code == 2
    assert reporting.run("sakip", "report", "lkjip", "--year", "2026").code == 1  # the region has no tree of its own
