# ruff: noqa: E501 - a case a line is easier to read and to add to
"""§15 The command line: exit codes, streams, formats, which files are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from commands import COMMANDS
from tests.engine.definitions.leave import FORM, WORKFLOW, changed

OVERLAY = "schema: casework/1\noverlay: leave.kota\nextends: {case_type: leave, version: ^1.0}\nregion: kota\npatch:\n  roles: {head: {title: Lurah}}\n"
WORKFLOW_GROUP = next(command for command in COMMANDS if command.name == "workflow")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clean case type with a region, in a folder somebody works in; no database anywhere near."""
    for path, text in (
        ("workflows/leave.yaml", WORKFLOW),
        ("forms_config/leave.yaml", FORM),
        ("workflows/regions/kota/leave.yaml", OVERLAY),
    ):
        put(tmp_path / path, text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALUR_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    return tmp_path


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def flask(*arguments: Any, typed: str | bytes | None = None) -> Result:
    said = CliRunner().invoke(WORKFLOW_GROUP, [str(one) for one in arguments], input=typed)
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
    return said


@pytest.mark.parametrize("command", ["lint", "test", "overlays"])
def test_15_zero_is_ok_and_needs_no_database(tree, command):
    assert flask(command).exit_code == 0


@pytest.mark.parametrize("command", ["lint", "test"])
def test_15_one_is_findings_or_failures(tree, command):
    put(
        tree / "workflows/leave.yaml",
        changed(
            WORKFLOW,
            ("{state: granted, ended: true}", "{state: draft}"),
            ("approve: {to: granted}", "approve: {to: grantd}"),
        ),
    )
    assert flask(command).exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("lint", "nothing.yaml"),
        ("lint", "--format", "word"),
        ("test", "--scenario", "none"),
        ("draw",),
        ("diff", "workflows/leave.yaml"),
        ("try", "workflows/leave.yaml", "--fixture", "none"),
        ("explode",),
    ],
)
def test_15_two_is_a_wrong_use(tree, arguments):
    said = flask(*arguments)
    assert said.exit_code == 2 and said.stdout == ""


def test_15_warnings_alone_are_no_failure(tree):
    put(tree / "workflows/leave.yaml", changed(WORKFLOW, ("legal_basis: [PP 11/2017]\n", "")))
    said = flask("lint", "--format", "json")
    assert said.exit_code == 0 and [each["code"] for each in json.loads(said.stdout)] == ["WF100"]


def test_15_a_finding_is_one_line_of_text(tree):
    put(tree / "workflows/leave.yaml", changed(WORKFLOW, ("return: {to: draft,", "return: {to: drft,")))
    said = flask("lint", "--lang", "en")
    assert said.stdout.splitlines() == [
        'workflows/leave.yaml:29:22: WF020 error: There is no state "drft". Did you mean "draft"?'
    ]


def test_15_a_finding_is_told_in_indonesian_or_english(tree):
    put(tree / "workflows/leave.yaml", changed(WORKFLOW, ("return: {to: draft,", "return: {to: drft,")))
    assert "Tidak ada langkah" in flask("lint", "--lang", "id").stdout
    assert "There is no state" in flask("lint", "--lang", "en").stdout


def test_15_findings_as_json_have_these_keys(tree):
    put(tree / "workflows/leave.yaml", changed(WORKFLOW, ("return: {to: draft,", "return: {to: drft,")))
    (finding,) = json.loads(flask("lint", "--format", "json").stdout)
    assert list(finding) == ["file", "line", "column", "code", "level", "message", "suggestion"]
    assert (finding["line"], finding["code"], finding["level"], finding["suggestion"]) == (
        29,
        "WF020",
        "error",
        "draft",
    )


def test_15_no_findings_are_an_empty_list(tree):
    assert json.loads(flask("lint", "--format", "json").stdout) == []


def test_15_findings_as_annotations_and_as_sarif(tree):
    put(tree / "workflows/leave.yaml", changed(WORKFLOW, ("return: {to: draft,", "return: {to: drft,")))
    assert flask("lint", "--format", "github").stdout.startswith("::error file=workflows/leave.yaml,line=29,col=22")
    assert json.loads(flask("lint", "--format", "sarif").stdout)["runs"][0]["results"][0]["ruleId"] == "WF020"


def test_15_scenarios_as_json_have_these_keys(tree):
    rows = json.loads(flask("test", "--format", "json").stdout)
    assert [(each["file"], each["scenario"], each["passed"]) for each in rows] == [
        ("workflows/leave.yaml", "granted", True),
        ("workflows/regions/kota/leave.yaml", "granted", True),
    ]
    assert list(rows[0]) == ["file", "scenario", "passed", "step", "expected", "actual"]


def test_15_an_inherited_scenario_is_reported_with_the_overlay_s_file(tree):
    rows = json.loads(flask("test", "workflows/regions/kota/leave.yaml", "--format", "json").stdout)
    assert [each["file"] for each in rows] == ["workflows/regions/kota/leave.yaml"]


def test_15_a_scenario_may_be_named(tree):
    assert flask("test", "--scenario", "granted").exit_code == 0


def test_15_results_go_to_stdout_and_progress_to_stderr(tree):
    said = flask("lint", "nothing.yaml")
    assert said.stdout == "" and "nothing.yaml" in said.stderr


def test_15_there_are_no_colours_without_a_terminal(tree):
    put(tree / "workflows/leave.yaml", changed(WORKFLOW, ("return: {to: draft,", "return: {to: drft,")))
    for command in ("lint", "test"):
        assert "\x1b" not in flask(command).output


def test_15_a_path_is_a_file_or_a_folder(tree):
    put(tree / "workflows/leave.yaml", changed(WORKFLOW, ("return: {to: draft,", "return: {to: drft,")))
    for path in ("workflows/leave.yaml", "workflows", ".", tree):
        assert "workflows/leave.yaml" in [
            each["file"] for each in json.loads(flask("lint", path, "--format", "json").stdout)
        ]


def test_15_files_are_told_relative_to_the_current_folder_with_forward_slashes(tree, monkeypatch):
    put(tree / "workflows/leave.yaml", changed(WORKFLOW, ("return: {to: draft,", "return: {to: drft,")))
    monkeypatch.chdir(tree / "workflows")
    assert [each["file"] for each in json.loads(flask("lint", "leave.yaml", "--format", "json").stdout)] == [
        "leave.yaml"
    ]
    monkeypatch.chdir(tree.parent)
    assert [each["file"] for each in json.loads(flask("lint", tree, "--format", "json").stdout)] == [
        f"{tree.name}/workflows/leave.yaml"
    ]


def test_15_a_folder_with_workflows_is_a_tree_of_its_own(tree):
    put(tree / "other/workflows/leave.yaml", WORKFLOW)
    found = json.loads(flask("lint", "other", "--format", "json").stdout)
    assert {each["code"] for each in found} == {"WF026"}  # its form is not looked for in another tree


def test_15_of_a_tree_only_workflows_and_forms_are_read(tree):
    put(tree / "notes/broken.yaml", "a: [")
    assert flask("lint", ".").exit_code == 0


def test_15_older_versions_are_not_reported(tree):
    put(
        tree / "workflows/history/leave/0.9.0.yaml",
        WORKFLOW.replace("1.0.0", "0.9.0").replace("to: granted", "to: nowhere"),
    )
    assert flask("lint").exit_code == 0


def test_15_a_difference_exits_1_and_none_exits_0(tree):
    other = put(tree / "other.yaml", changed(WORKFLOW, ("working_days: 1}", "working_days: 4}")))
    put(tree / "copy/workflows/leave.yaml", WORKFLOW)
    put(tree / "copy/forms_config/leave.yaml", FORM)
    put(tree / "changed/workflows/leave.yaml", other.read_text())
    put(tree / "changed/forms_config/leave.yaml", FORM)
    assert flask("diff", "workflows/leave.yaml", "copy/workflows/leave.yaml").exit_code == 0
    said = flask("diff", "workflows/leave.yaml", "changed/workflows/leave.yaml")
    assert said.exit_code == 1 and said.stdout.strip()


@pytest.mark.parametrize(("form", "begins"), [("svg", "<svg"), ("text", ""), ("bpmn", "<?xml")])
def test_15_a_definition_is_drawn_as_a_picture_as_text_and_as_bpmn(tree, form, begins):
    said = flask("draw", "workflows/leave.yaml", "--format", form)
    assert said.exit_code == 0 and said.stdout.lstrip().startswith(begins)


ANSWER = {"refused", "states", "candidates", "ended", "fired", "incident", "mails", "on_behalf_of", "data"}


def test_15_a_walk_answers_each_line_with_one(tree):
    lines = [{"as": "sari", "do": "submit"}, {"as": "sari", "do": "approve"}, {"as": "budi", "do": "approve"}]
    said = flask("try", "workflows/leave.yaml", "--commands", "-", typed="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in said.stdout.splitlines()]
    assert all(set(each) == ANSWER for each in answers)
    assert [each["states"] for each in answers] == [["review"], ["review"], ["granted"]]
    assert [each["refused"] for each in answers] == [None, "not_candidate", None]


def test_15_the_first_line_of_a_walk_may_say_what_is_given(tree):
    lines = [
        {"given": {"initiator": "ana", "users": {"head": ["bayu"]}, "clock": "2026-03-02"}},
        {"as": "ana", "do": "discard"},
    ]
    answers = [
        json.loads(line)
        for line in flask(
            "try", "workflows/leave.yaml", "--commands", "-", typed="\n".join(map(json.dumps, lines))
        ).stdout.splitlines()
    ]
    assert [each["states"] for each in answers] == [["dropped"]] and answers[0]["ended"]


def test_15_steps_may_stand_in_a_file(tree):
    steps = put(tree / "steps.jsonl", json.dumps({"as": "sari", "do": "discard"}) + "\n")
    said = flask("try", "workflows/leave.yaml", "--commands", steps)
    assert json.loads(said.stdout)["ended"] is True


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "{}",
        '{"do": 5}',
        '{"as": "sari"}',
        '{"advance": {"days": -1}}',
        '{"advance": {"days": 1e99}}',
        "\x00",
        '{"as": "sari", "do": "submit", "with": []}',
    ],
)
def test_15_a_line_that_cannot_be_read_is_answered_and_the_walk_goes_on(tree, line):
    said = flask(
        "try",
        "workflows/leave.yaml",
        "--commands",
        "-",
        typed=line + "\n" + json.dumps({"as": "sari", "do": "discard"}) + "\n",
    )
    answers = [json.loads(each) for each in said.stdout.splitlines()]
    assert len(answers) == 2 and answers[1]["ended"] is True and said.exit_code == 0


def test_15_overlays_says_how_each_stands(tree):
    said = flask("overlays", "--format", "json")
    assert said.exit_code == 0 and "kota" in said.stdout
    put(tree / "workflows/regions/kota/leave.yaml", OVERLAY.replace("head: {title: Lurah}", "haed: null"))
    said = flask("overlays")
    assert said.exit_code == 1 and "kota" in said.stdout
