"""``flask workflow``: findings, scenarios, pictures and walks without a database; publishing with a dry run first."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from engine.database import Database
from tests.commands.conftest import Terminal

AGREEMENT = ROOT / "workflows" / "performance_agreement.yaml"
TWO = ("--by", "admin", "--approved-by", "slamet")  # an administrator and a supervisor


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of two of the shipped definitions, in a folder somebody works in."""
    for folder in ("workflows", "forms_config"):
        (tmp_path / "tree" / folder).mkdir(parents=True)
        for name in ("performance_agreement.yaml", "sakip_document.yaml"):
            shutil.copyfile(ROOT / folder / name, tmp_path / "tree" / folder / name)
    monkeypatch.chdir(tmp_path / "tree")
    return tmp_path / "tree"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_shipped_definitions_are_clean_and_pass(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert terminal.run("workflow", "lint").code == 0
    said = terminal.run("workflow", "test", "--format", "json")
    assert said.code == 0
    assert said.json
    for row in said.json:
        assert set(row) == {"file", "scenario", "passed", "step", "expected", "actual"}
        assert row["passed"] is True
        assert row["file"].startswith("workflows/")


def test_findings_are_told_in_every_form(terminal: Terminal, tree: Path) -> None:
    path = tree / "workflows" / "performance_agreement.yaml"
    change(path, "initial: section_review", "initial: section_revue")
    said = terminal.run("workflow", "lint", "workflows", "forms_config", "--lang", "en")
    assert said.code == 1
    line = next(one for one in said.out.splitlines() if "section_revue" in one)
    assert line.startswith("workflows/performance_agreement.yaml:")
    found = terminal.run("workflow", "lint", "--format", "json").json
    assert {tuple(one) for one in found} == {("file", "line", "column", "code", "level", "message", "suggestion")}
    github = terminal.run("workflow", "lint", "--format", "github").out
    assert github.startswith("::error file=workflows/performance_agreement.yaml,line=")
    sarif = terminal.run("workflow", "lint", "--format", "sarif").json
    assert sarif["version"] == "2.1.0"
    assert terminal.run("workflow", "test").code == 1


def test_a_path_that_is_not_there_is_a_wrong_use(terminal: Terminal, tree: Path) -> None:
    for arguments in (("lint", "workflows/none.yaml"), ("test", "none"), ("draw", "none.yaml"), ("try", "none.yaml"),
                      ("test", "--scenario", "no such scenario"),
                      ("try", str(AGREEMENT), "--fixture", "none")):  # fmt: skip
        said = terminal.run("workflow", *arguments)
        assert said.code == 2, arguments
        assert said.out == ""


def test_a_scenario_that_fails_says_what_was_expected(terminal: Terminal, tree: Path) -> None:
    path = tree / "workflows" / "performance_agreement.yaml"
    change(path, "{as: sari, do: sign, refused: already_decided}", "{as: sari, do: sign, refused: not_candidate}")
    said = terminal.run("workflow", "test", path, "--scenario", "straight_through", "--format", "json")
    assert said.code == 1
    assert said.json == [
        {
            "file": "workflows/performance_agreement.yaml",
            "scenario": "straight_through",
            "passed": False,
            "step": 4,
            "expected": said.json[0]["expected"],
            "actual": said.json[0]["actual"],
        }
    ]
    assert "already_decided" in str(said.json[0]["actual"])
    told = terminal.run("workflow", "test", path, "--scenario", "straight_through")
    assert told.code == 1
    assert told.out.splitlines()[-1] == "0 passed, 1 failed"


def test_a_definition_is_drawn_and_told(terminal: Terminal) -> None:
    svg = terminal.run("workflow", "draw", AGREEMENT)
    assert svg.code == 0
    assert svg.out.lstrip().startswith("<svg")
    twin = terminal.run("workflow", "draw", AGREEMENT, "--format", "text", "--lang", "en")
    assert "→" in twin.out
    assert "<" not in twin.out


def test_a_walk_answers_each_line_with_one(terminal: Terminal, tmp_path: Path) -> None:
    steps = tmp_path / "steps.jsonl"
    first = {"as": "nobody_of_this_fixture", "do": "submit"}
    steps.write_text(json.dumps(first) + "\nnot json\n", encoding="utf-8")
    said = terminal.run("workflow", "try", AGREEMENT, "--commands", steps)
    assert said.code == 0
    answers = [json.loads(line) for line in said.out.splitlines()]
    assert {"refused", "states", "candidates", "ended", "fired", "incident", "mails", "on_behalf_of", "data"} <= set(
        answers[0]
    )
    assert any("error" in one for one in answers)
    typed = terminal.run("workflow", "try", AGREEMENT, "--commands", "-", typed="")
    assert typed.code == 0


def test_publishing_is_a_dry_run_until_it_is_told_otherwise(terminal: Terminal, database: Database, tree: Path) -> None:
    path = tree / "workflows" / "performance_agreement.yaml"
    change(path, "version: ", "version: 9")
    dry = terminal.run("workflow", "publish", path, "--lang", "en")
    assert dry.code == 0
    assert "would become version 2" in dry.out
    assert dry.err.splitlines()[-1] == "Nothing was written; to publish: --reason --by --approved-by --yes"
    assert terminal.run("workflow", "publish", path, "--yes").code == 2
    done = terminal.run("workflow", "publish", path, "--reason", "Batas waktu baru", "--yes", *TWO, "--lang", "en")
    assert done.code == 0, done
    assert done.out.startswith("performance_agreement version 2 (")
    again = terminal.run("workflow", "publish", path, "--reason", "Lagi", "--yes", "--lang", "en")
    assert again.code == 0
    assert "counts already" in again.err
    assert terminal.run("audit", "verify").code == 0


def test_a_new_rule_is_for_new_cases_and_a_new_title_for_all(
    terminal: Terminal, database: Database, tree: Path, answers: Path
) -> None:
    old = terminal.run("case", "open", "performance_agreement", "--as", "sari", "--answers", answers).out.strip()
    path = tree / "workflows" / "performance_agreement.yaml"
    change(path, "version: ", "version: 9")
    change(path, "title: {id: Penyusunan", "title: {id: Perancangan")
    shelve = "shelve: {to: discarded, answers: incomplete, title: {id: Simpan, en: Shelve}}"
    change(path, "        submit:\n", f"        {shelve}\n        submit:\n")
    assert terminal.run("workflow", "publish", path, "--reason", "Kata yang lebih jelas", "--yes", *TWO).code == 0
    new = terminal.run("case", "open", "performance_agreement", "--as", "sari", "--answers", answers).out.strip()
    for number in (old, new):
        assert "Perancangan" in terminal.run("case", "show", number).out
    assert "unknown_event" in terminal.run("case", "do", old, "shelve", "--as", "sari", "--format", "json").out
    assert terminal.run("case", "do", new, "shelve", "--as", "sari").code == 0


def test_publishing_tells_first_what_was_taken_away_and_what_reaches_cases(
    terminal: Terminal, database: Database, tree: Path
) -> None:
    path = tree / "workflows" / "performance_agreement.yaml"
    assert terminal.run("workflow", "publish", path, "--reason", "Mulai", "--yes", *TWO).code == 0
    change(path, "version: ", "version: 9")
    change(path, "title: {id: Penyusunan", "title: {id: Perancangan")
    text = path.read_text(encoding="utf-8")
    fewer = re.sub(r"  only_the_drafter_submits:\n(?:    .*\n)+", "", text, count=1)
    assert fewer != text
    path.write_text(fewer, encoding="utf-8")
    said = terminal.run("workflow", "publish", path, "--lang", "en")
    assert said.code == 0
    assert said.out.splitlines()[:2] == [
        "Taken away or loosened since what counts now:",
        "  - Scenario 'only_the_drafter_submits' removed",
    ]
    reached = said.out.partition("Reaches running cases at once:\n")[2]
    assert reached.startswith("  - lifecycle.states.drafting.title\nNothing else changes for a case.\n")


def test_lint_tells_which_roles_nobody_holds_in_a_region(terminal: Terminal, database: Database, tree: Path) -> None:
    said = terminal.run("workflow", "lint", "--region", "kab_contoh", "--format", "json", "--lang", "en")
    assert said.code == 0
    found = [each for each in said.json if each["code"] == "WF030"]
    assert found
    assert {each["level"] for each in found} == {"warning"}
    assert all(each["message"].startswith("Nobody holds the role") for each in found)
    assert terminal.run("workflow", "lint", "--region", "nowhere").code == 1
    assert "WF030" not in terminal.run("workflow", "lint", "--format", "json").out


def test_overlays_are_told_with_their_three_sides(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = ROOT / "tests" / "engine" / "definitions" / "examples"
    shutil.copytree(examples, tmp_path / "region")
    monkeypatch.chdir(tmp_path / "region")
    overlay = "workflows/regions/jabar/performance_agreement.yaml"
    said = terminal.run("workflow", "overlays")
    assert (said.code, said.out.splitlines()[-1]) == (0, f"{overlay}: clean")
    assert terminal.run("workflow", "overlays", "workflows/performance_agreement.yaml").out == f"{overlay}: clean\n"
    assert terminal.run("workflow", "overlays", "workflows/sakip_document.yaml").out == ""
    newer = tmp_path / "newer.yaml"
    shutil.copyfile("workflows/performance_agreement.yaml", newer)
    change(newer, "review_days:  {type: integer, default: 3", "review_days:  {type: integer, default: 4")
    change(newer, "fired: [section_review.escalate], ", "")
    change(newer, "candidates: [budi, dewi]}", "state: section_review}")
    said = terminal.run("workflow", "overlays", "--base", newer, "--lang", "en")
    assert said.code == 1
    told = said.out[said.out.index(f"{overlay}: needs a look") :]
    assert f"{overlay}:7:14: parameters.review_days" in told
    sides = [line.strip() for line in told.splitlines() if line.startswith("    ") and line[4] != " "]
    assert sides == ["old base (workflows/performance_agreement.yaml:10):", "new base (../newer.yaml:10):", "overlay:"]
    (row,) = [each for each in terminal.run("workflow", "overlays", "--base", newer, "--format", "json").json
              if each["file"] == overlay]  # fmt: skip
    assert (row["status"], row["region"], row["base"]) == ("needs a look", "jabar", "performance_agreement")
    assert [(each["path"], each["line"]) for each in row["touched"]] == [("parameters.review_days", 7)]
    assert (row["touched"][0]["old"]["default"], row["touched"][0]["new"]["default"]) == (3, 4)
    assert row["touched"][0]["overlay"] == 2
    shutil.copytree(tmp_path / "region", tmp_path / "next", ignore=shutil.ignore_patterns("regions"))
    shutil.copyfile(newer, tmp_path / "next" / "workflows" / "performance_agreement.yaml")
    assert terminal.run("workflow", "overlays", overlay, "--base", "../next").out.startswith(f"{overlay}: needs a look")
    assert terminal.run("workflow", "overlays", "--base", "workflows/sakip_document.yaml").code == 2
    assert terminal.run("workflow", "overlays", "no/such").code == 2
    change(newer, "version: 2.0.0", "version: 3.0.0")
    said = terminal.run("workflow", "overlays", overlay, "--base", newer)
    assert (said.code, said.out.splitlines()[0]) == (1, f"{overlay}: broken")
    assert "WF110" in said.out


def test_a_definition_with_errors_is_not_published(terminal: Terminal, database: Database, tree: Path) -> None:
    path = tree / "workflows" / "performance_agreement.yaml"
    change(path, "initial: section_review", "initial: section_revue")
    said = terminal.run("workflow", "publish", path, "--reason", "Salah", "--yes")
    assert said.code == 1
    assert "section_revue" in said.err
    assert terminal.run("workflow", "publish", tree / "none.yaml").code == 2


def test_publishing_tells_failing_scenarios_as_test_does(terminal: Terminal, database: Database, tree: Path) -> None:
    path = tree / "workflows" / "performance_agreement.yaml"
    change(path, "{as: sari, do: sign, refused: already_decided}", "{as: sari, do: sign, refused: not_candidate}")
    tested = terminal.run("workflow", "test", path)
    told = next(line for line in tested.out.splitlines() if "WF121" in line)
    for options in ((), ("--reason", "Uji", "--yes", *TWO)):
        said = terminal.run("workflow", "publish", path, *options)
        assert said.code == 1
        assert told in said.out.splitlines()


def test_publishing_speaks_one_language_and_asks_for_what_is_missing(
    terminal: Terminal, database: Database, tree: Path
) -> None:
    path = tree / "workflows" / "performance_agreement.yaml"
    change(path, "version: ", "version: 9")
    said = terminal.run("workflow", "publish", path, "--reason", "Uji", "--by", "admin")
    assert said.out.splitlines()[-1].endswith("kasus berjalan tetap pada aturannya")
    assert said.err.splitlines()[-1] == "Belum ada yang ditulis; untuk menerbitkan: --approved-by --yes"
    done = terminal.run("workflow", "publish", path, "--reason", "Uji", "--yes", *TWO)
    assert done.out.startswith("performance_agreement versi 2 (")
    again = terminal.run("workflow", "publish", path)
    assert again.out.splitlines()[-1] == "performance_agreement: teks ini sudah berlaku sebagai versi 2"


def test_checking_needs_no_database(terminal: Terminal, tree: Path, tmp_path: Path) -> None:
    terminal.run("workflow", "lint")
    terminal.run("workflow", "test")
    assert not (tmp_path / "missing.sqlite").exists()


def test_checking_starts_where_no_database_can_be(tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ALUR_DATABASE_URL", "sqlite:////no/such/folder/alur.sqlite")
    flask = str(Path(sys.executable).with_name("flask"))
    said = subprocess.run([flask, "workflow", "lint"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    said = subprocess.run([flask, "audit", "verify"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 4
    assert len(said.stderr.strip().splitlines()) == 1


def test_a_path_names_what_is_tested_and_a_region_is_merged_in_where_it_is_an_overlay(
    terminal: Terminal, tree: Path
) -> None:
    overlay = tree / "workflows" / "regions" / "sergai" / "sakip_document.yaml"
    overlay.parent.mkdir(parents=True)
    overlay.write_text(
        "schema: casework/1\noverlay: sakip_document.sergai\nregion: sergai\n"
        "extends: {case_type: sakip_document, version: ^1.0}\npatch: {scenarios: {empty_is_refused: null}}\n"
    )
    for path in ("workflows/sakip_document.yaml", "workflows/regions/sergai/sakip_document.yaml"):
        rows = terminal.run("workflow", "test", path, "--format", "json").json
        assert {row["file"] for row in rows} == {path}
        assert ("empty_is_refused" in {row["scenario"] for row in rows}) is (path == "workflows/sakip_document.yaml")
    assert terminal.run("workflow", "test", "forms_config/sakip_document.yaml", "--format", "json").json


def test_a_line_of_bytes_that_are_no_text_is_answered_and_the_walk_goes_on(terminal: Terminal, tree: Path) -> None:
    steps = tree / "steps.jsonl"
    steps.write_bytes(
        b'\xef\xbb\xbf{"advance": {"days": 0}}\r\n{"as": "\xff", "do": "submit"}\n{"advance": {"days": 0}}'
    )
    said = terminal.run("workflow", "try", "workflows/sakip_document.yaml", "--commands", str(steps))
    assert said.code == 0
    assert ["error" in json.loads(line) for line in said.out.splitlines()] == [False, True, False]


def test_trees_side_by_side_may_have_case_types_of_the_same_name(
    terminal: Terminal, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tree, tree.parent / "other")
    monkeypatch.chdir(tree.parent)
    rows = terminal.run("workflow", "test", ".", "--format", "json").json
    assert {row["file"].partition("/")[0] for row in rows} == {"tree", "other"}
    assert sum(row["file"].startswith("tree/") for row in rows) * 2 == len(rows)


def test_publishing_a_folder_says_what_to_name(terminal: Terminal, database: Database, tree: Path) -> None:
    said = terminal.run("workflow", "publish", tree / "workflows", "--reason", "Baru", "--yes")
    assert said.code != 0
    assert "is a folder" in said.err
