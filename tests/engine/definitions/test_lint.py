"""What the command line shows: which files are read, how findings look, in which order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import vocabulary
from engine.definitions.findings import exit_code, formatted
from engine.definitions.lint import lint
from engine.definitions.model import Text
from engine.definitions.problems import Problem
from tests.engine.definitions.leave import FORM, WORKFLOW


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder in ("workflows", "forms_config"):
        (tmp_path / folder).mkdir()
    (tmp_path / "workflows/leave.yaml").write_text(WORKFLOW.replace("approve: {to: granted}", "approve: {to: grantd}"))
    (tmp_path / "forms_config/leave.yaml").write_text(FORM.replace("title: Reason", "title: {id: Alasan}"))
    return tmp_path


def findings(*paths: str, cwd: Path) -> list[Problem]:
    return lint([Path(path) for path in paths], vocabulary.load(), cwd)


def test_without_paths_both_folders_of_the_current_one_are_read(tree: Path) -> None:
    found = findings(cwd=tree)
    assert [(each.file, each.code) for each in found] == [
        ("forms_config/leave.yaml", "WF060"),
        ("workflows/leave.yaml", "WF020"),
        ("workflows/leave.yaml", "WF021"),
    ]
    assert found == sorted(found, key=lambda each: (each.file, each.line, each.column))


def test_one_file_is_read_with_its_tree_and_reported_alone(tree: Path) -> None:
    assert {each.file for each in findings("workflows/leave.yaml", cwd=tree)} == {"workflows/leave.yaml"}
    assert {each.code for each in findings("workflows/leave.yaml", cwd=tree)} == {"WF020", "WF021"}
    assert {each.code for each in findings("forms_config", cwd=tree)} == {"WF060"}


def test_a_folder_with_trees_in_it_keeps_them_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        for folder in ("workflows", "forms_config"):
            (tmp_path / name / folder).mkdir(parents=True)
        (tmp_path / name / "workflows/leave.yaml").write_text(WORKFLOW)
    (tmp_path / "one/forms_config/leave.yaml").write_text(FORM)
    found = findings(".", cwd=tmp_path)
    assert {(each.file, each.code) for each in found} >= {("two/workflows/leave.yaml", "WF026")}
    assert not [each for each in found if each.file.startswith("one/")]


def test_other_folders_of_a_tree_are_not_read(tree: Path) -> None:
    (tree / "notes").mkdir()
    (tree / "notes/plan.yaml").write_text("a: [")
    (tree / "workflows/history/leave").mkdir(parents=True)
    (tree / "workflows/history/leave/0.9.0.yaml").write_text("a: 1")
    assert not [each for each in findings("workflows", "forms_config", cwd=tree) if "history" in each.file]
    assert not [each for each in findings(cwd=tree) if "notes" in each.file]
    assert not [each for each in findings(".", cwd=tree) if "notes" in each.file]


def test_a_tree_elsewhere_is_shown_relative_to_the_current_folder(tree: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    assert {each.file for each in findings("../workflows", cwd=here)} == {"../workflows/leave.yaml"}


def test_a_path_that_is_not_there_is_named(tree: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        findings("nowhere", cwd=tree)


def test_text_is_one_line_a_finding(tree: Path) -> None:
    found = [each for each in findings(cwd=tree) if each.code == "WF020"]
    text = formatted(found, "text", "en")
    assert text == 'workflows/leave.yaml:28:23: WF020 error: There is no state "grantd". Did you mean "granted"?'
    assert formatted(found, "text", "id").startswith("workflows/leave.yaml:28:23: WF020 ")
    assert 'Maksud Anda "granted"?' in formatted(found, "text", "id")


def test_json_has_the_keys_of_the_reference(tree: Path) -> None:
    plain = json.loads(formatted(findings(cwd=tree), "json", "id"))
    assert {tuple(each) for each in plain} == {
        ("file", "line", "column", "code", "level", "message", "suggestion"),
    }
    assert json.loads(formatted([], "json")) == []


def test_annotations_escape_what_they_must() -> None:
    from_text = Problem("a,b.yaml", 1, 2, "WF010", Text("50 %\nx", "50 %\nx"))
    assert formatted([from_text], "github") == "::error file=a%2Cb.yaml,line=1,col=2,title=WF010::WF010 50 %25%0Ax"


def test_sarif_names_every_rule_and_place(tree: Path) -> None:
    log = json.loads(formatted(findings(cwd=tree), "sarif"))
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert log["version"] == "2.1.0"
    assert rules == ["WF020", "WF021", "WF060"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] >= 1 and region["startColumn"] >= 1


def test_warnings_alone_are_no_failure(tree: Path) -> None:
    found = findings(cwd=tree)
    assert exit_code(found) == 1
    assert exit_code([each for each in found if each.level == "warning"]) == 0
