"""``flask workflow strength``: the JSON of the reference, the scenario to write, exit codes, overlays; WF122."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from tests.commands.conftest import Terminal
from tests.engine.cases.proving import text_of
from tests.engine.cases.test_strength import REVIEW
from tests.engine.cases.written import FORM

SAMPLE = "workflows/sample.yaml"
GUARDED = "a: {given: {uses: people}, steps: [{as: ani, do: submit, refused: guard}]}"
OVERLAY = """schema: casework/1
overlay: sample.here
extends: {case_type: sample, version: ^1.0}
region: here
patch:
  lifecycle:
    states:
      review:
        transitions:
          refuse: {to: dropped, requires: [attachment]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with one case type whose scenarios look at one guard."""
    root = tmp_path / "somewhere"
    for name, text in ((SAMPLE, text_of(REVIEW, GUARDED)), ("forms_config/sample.yaml", FORM)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


def line_of(folder: Path, words: str) -> int:
    lines = (folder / SAMPLE).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_json_has_the_keys_of_the_reference(terminal: Terminal, folder: Path) -> None:
    rows = terminal.run("workflow", "strength", SAMPLE, "--format", "json", "--lang", "en").json
    assert [list(row) for row in rows] == [["file", "changes", "caught", "survivors"]]
    row = rows[0]
    assert row["file"] == SAMPLE
    assert row["changes"] - row["caught"] == len(row["survivors"]) > 0
    assert all(list(survivor) == ["line", "change"] for survivor in row["survivors"])
    lines = (folder / SAMPLE).read_text(encoding="utf-8").splitlines()
    comment = next(
        each for each in row["survivors"] if each["change"] == '"return" in "review" does not require comment'
    )
    assert "requires: [comment]" in lines[comment["line"] - 1]
    assert not any("no guard" in each["change"] for each in row["survivors"])


def test_text_names_line_change_and_the_scenario_to_write(terminal: Terminal, folder: Path) -> None:
    said = terminal.run("workflow", "strength", "--lang", "en")
    assert said.code == 0  # survivors are warnings (WF122), and warnings alone exit 0
    assert said.err == ""
    assert said.out.startswith(f"{SAMPLE}: ")
    assert f'{SAMPLE}:{line_of(folder, "waive:")}: there is no "waive" in "draft"' in said.out
    assert "  write this scenario:" in said.out
    assert "asked for at publishing: no scenario takes" in said.out
    indonesian = terminal.run("workflow", "strength").out
    assert "perubahan tertangkap" in indonesian
    assert "changes" not in indonesian


def test_a_script_may_ask_for_a_percentage(terminal: Terminal, folder: Path) -> None:
    assert terminal.run("workflow", "strength", "--at-least", "10").code == 0
    assert terminal.run("workflow", "strength", "--at-least", "95").code == 1
    assert terminal.run("workflow", "strength", "--at-least", "101").code == 2


def test_scenarios_that_fail_are_told_and_count_for_nothing(terminal: Terminal, folder: Path) -> None:
    path = folder / SAMPLE
    path.write_text(path.read_text(encoding="utf-8").replace("refused: guard", "refused: excluded"), encoding="utf-8")
    said = terminal.run("workflow", "strength", "--format", "json", "--lang", "en")
    assert said.code == 1
    assert said.err == f"{SAMPLE}: a: fails without any change\n"
    assert any("no guard" in each["change"] for each in said.json[0]["survivors"])


def test_a_definition_with_errors_is_not_measured(terminal: Terminal, folder: Path) -> None:
    path = folder / SAMPLE
    path.write_text(path.read_text(encoding="utf-8").replace("to: review,", "to: nowhere,"), encoding="utf-8")
    said = terminal.run("workflow", "strength", "--format", "json")
    assert said.code == 1
    assert said.json == []
    assert "WF020" in said.err
    assert terminal.run("workflow", "strength", "no-such-file.yaml").code == 2


def test_what_an_overlay_says_is_told_in_its_own_file(terminal: Terminal, folder: Path) -> None:
    own = "workflows/regions/here/sample.yaml"
    (folder / own).parent.mkdir(parents=True)
    (folder / own).write_text(OVERLAY, encoding="utf-8")
    [row] = terminal.run("workflow", "strength", own, "--format", "json", "--lang", "en").json
    assert row["file"] == own
    mine = [each for each in row["survivors"] if "file" not in each]
    inherited = [each for each in row["survivors"] if "file" in each]
    assert {each["line"] for each in mine} == {10}
    assert '"refuse" in "review" does not require attachment' in [each["change"] for each in mine]
    assert {each["file"] for each in inherited} == {SAMPLE}
    whole = terminal.run("workflow", "strength", "--format", "json").json
    assert [each["file"] for each in whole] == [SAMPLE, own]


def test_progress_is_for_terminals_only(tmp_path: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), "workflow", "strength", SAMPLE]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_publish_report_shows_the_score_and_what_no_scenario_tests(office: Terminal, folder: Path) -> None:
    said = office.run("workflow", "publish", SAMPLE, "--lang", "en")
    assert said.code == 0
    assert "changes caught (" in said.out
    assert "WF122 warning: No scenario would notice that" in said.out
    assert f"{SAMPLE}:{line_of(folder, 'waive:')}:" in said.out
    assert "would become version" in said.out


def test_lint_does_not_ask_for_strength(terminal: Terminal, folder: Path) -> None:
    assert "WF122" not in terminal.run("workflow", "lint").out


def test_a_shipped_definition_and_a_region_s_are_measured_where_they_stand(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How strong each of them is: tests/house/test_shipped_definitions.py."""
    monkeypatch.chdir(ROOT)
    shipped = ["workflows/follow_up.yaml", "workflows/regions/kab_kerinci/performance_agreement.yaml"]
    said = terminal.run("workflow", "strength", *shipped, "--format", "json", "--at-least", "95")
    assert {row["file"]: row["survivors"] for row in json.loads(said.out)} == {file: [] for file in shipped}
    assert said.code == 0


def test_two_trees_with_a_case_type_of_one_name_are_measured_each(terminal: Terminal, folder: Path) -> None:
    other = folder / "other"
    shutil.copytree(folder / "workflows", other / "workflows")
    shutil.copytree(folder / "forms_config", other / "forms_config")
    (other / SAMPLE).write_text(text_of(REVIEW), encoding="utf-8")
    rows = terminal.run("workflow", "strength", SAMPLE, f"other/{SAMPLE}", "--format", "json").json
    assert [row["file"] for row in rows] == [SAMPLE, f"other/{SAMPLE}"]
    assert rows[0]["caught"] > rows[1]["caught"]
