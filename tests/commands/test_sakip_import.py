"""``flask sakip import`` and ``export`` at the terminal: exit codes, JSON, all of it or nothing (§12)."""

from __future__ import annotations

import json
from pathlib import Path

from config import ROOT
from tests.commands.conftest import Terminal
from tests.sakip.workbooks import workbook

HEAD = ("Indikator", "Periode", "Realisasi")
AGREEMENT = ROOT / "tests" / "sakip" / "agreement_2025.yaml"


def test_a_file_that_cannot_be_read_is_told_as_json_and_exits_1(office: Terminal, tmp_path: Path) -> None:
    macros = tmp_path / "m.xlsm"
    macros.write_bytes(workbook(HEAD, parts={"xl/vbaProject.bin": b"x"}))
    said = office.run("sakip", "import", macros, "--as", "sari", "--format", "json", "--lang", "en")
    assert (said.code, said.json["kind"], said.json["written"]) == (1, None, 0)
    (problem,) = said.json["problems"]
    assert problem.keys() == {"sheet", "row", "column", "code", "message"}
    assert (problem["code"], problem["row"]) == ("macros", 0) and "macros" in problem["message"]


def test_a_file_without_an_end_is_read_no_further_than_a_file_may_be_long(office: Terminal) -> None:
    said = office.run("sakip", "import", "/dev/zero", "--as", "sari", "--format", "json")
    assert (said.code, [problem["code"] for problem in said.json["problems"]]) == (1, ["unknown_format"])


def test_cells_are_named_as_spreadsheets_do_and_rows_are_counted_on_stderr(office: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "tw.xlsx"
    file.write_bytes(workbook(HEAD, ("nobody", "q1", 8)))
    said = office.run("sakip", "import", file, "--as", "sari", "--year", "2026")
    assert said.code == 1 and said.out.startswith("tw.xlsx: Realisasi!")
    assert "realisations: 1 baris dibaca, 0 ditulis" in said.out
    assert "1 baris dibaca" in said.err and "--skip-bad" in said.err


def test_an_agreement_opens_its_case_once(office: Terminal) -> None:
    dry = office.run("sakip", "import", AGREEMENT, "--as", "sari", "--dry-run", "--format", "json")
    assert (dry.code, dry.json["kind"], dry.json["written"], dry.json["case"]) == (0, "agreement", 1, None)
    first = office.run("sakip", "import", AGREEMENT, "--as", "sari", "--format", "json")
    assert (first.code, first.json["written"], first.json["unchanged"]) == (0, 1, 0)
    again = office.run("sakip", "import", AGREEMENT, "--as", "sari", "--format", "json")
    assert (again.code, again.json["written"], again.json["unchanged"]) == (0, 0, 1)
    assert again.json["case"] == first.json["case"] is not None


def test_what_does_not_fit_an_agreement_is_told_by_line(office: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "pk.yaml"
    file.write_text(AGREEMENT.read_text(encoding="utf-8").replace("jenis: jpt", "jenis: presiden"), encoding="utf-8")
    said = office.run("sakip", "import", file, "--as", "sari", "--format", "json")
    (problem,) = said.json["problems"]
    assert (said.code, problem["code"], problem["column"]) == (1, "does_not_fit", "agreement.jenis") and problem["row"]
    nameless = office.run("sakip", "import", AGREEMENT, "--region", "kab_contoh", "--format", "json")
    assert (nameless.code, nameless.json["problems"][0]["code"]) == (1, "person_needed")


def test_regions_and_units_nobody_has_are_not_found(office: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "tw.xlsx"
    file.write_bytes(workbook(HEAD, ("i", "q1", 8)))
    assert office.run("sakip", "import", file, "--region", "nowhere").code == 2
    assert office.run("sakip", "import", file, "--as", "nobody").code == 2
    assert office.run("sakip", "import", file, "--as", "sari", "--unit", "nowhere").code == 2
    assert office.run("sakip", "export", "tree", "--region", "kab_contoh", "--unit", "nowhere").code == 2
    assert office.run("sakip", "export", "everything").code == 2


def test_rows_go_to_stdout_or_into_a_file(office: Terminal, tmp_path: Path) -> None:
    region = ("--region", "kab_contoh")
    said = office.run("sakip", "export", "realisations", *region)
    assert (said.code, said.out.splitlines()[0].split(",")[:2]) == (0, ["unit", "indicator"])
    assert json.loads(office.run("sakip", "export", "targets", *region, "--format", "json").out) == []
    file = tmp_path / "results.xlsx"
    assert office.run("sakip", "export", "results", *region, "--format", "xlsx", "--output", file).code == 0
    assert file.read_bytes()[:2] == b"PK"
    assert office.run("sakip", "export", "results", *region, "--output", tmp_path / "no" / "x.csv").code == 2
