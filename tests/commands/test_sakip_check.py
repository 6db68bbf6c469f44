"""``flask sakip lint`` and ``flask sakip vectors``: exit codes, JSON, and no database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Terminal
from tests.sakip.linting import EVALUATION, LEVELS, Desk

VECTORS = """schema: sakip-vectors/1
vectors:
  half:
    kind: achievement
    given: {method: maximise, target: 10, realisation: 5}
    expect: {value: "50.00", band: below}
  best: {kind: predicate, given: {score: "100"}, expect: {score: "100.00", predicate: high, next: null}}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    return desk


def test_clean_files_and_warnings_end_well_and_errors_do_not(terminal: Terminal, desk: Desk) -> None:
    assert terminal.run("sakip", "lint").code == 0
    desk.change(LEVELS, "title: Misi,", "title: Misi, to_confirm: {id: Belum pasti, en: Not sure},")
    said = terminal.run("sakip", "lint", "--lang", "en")
    assert (said.code, said.out) == (
        0,
        "sakip_config/levels.yaml:9:40: WF230 warning: Still to be confirmed: Not sure.\n",
    )
    desk.change(LEVELS, "under: [vision]", "under: [visoin]")
    assert terminal.run("sakip", "lint").code == 1


def test_a_finding_as_json_is_that_of_the_workflow_commands(terminal: Terminal, desk: Desk) -> None:
    desk.change(EVALUATION, "tier: final}", "tier: finale}")
    said = terminal.run("sakip", "lint", "--format", "json", "--lang", "en", f"sakip_config/{EVALUATION}")
    assert said.code == 1
    assert said.json == [{
        "file": "sakip_config/lke_2025.yaml", "line": 39, "column": 26, "code": "WF202", "level": "error",
        "message": 'There is no tier "finale". Did you mean "final"?', "suggestion": "final",
    }]  # fmt: skip


def test_a_path_that_is_not_there_is_a_wrong_use(terminal: Terminal, desk: Desk) -> None:
    assert terminal.run("sakip", "lint", "nowhere.yaml").code == 2


def test_vectors_pass_against_the_folder_beside_them_or_the_one_that_is_named(terminal: Terminal, desk: Desk) -> None:
    desk.write("sakip_config/vectors.yaml", VECTORS)
    said = terminal.run("sakip", "vectors", "sakip_config/vectors.yaml")
    assert (said.code, said.out) == (0, "2 passed, 0 failed\n")
    desk.write("elsewhere/vectors.yaml", VECTORS)
    for more in ([], ["--config", "sakip_config"]):
        assert terminal.run("sakip", "vectors", "elsewhere/vectors.yaml", *more).code == 0
    (desk.folder / "sakip_config").rename(desk.folder / "set_aside")
    assert terminal.run("sakip", "vectors", "elsewhere/vectors.yaml").code == 2
    assert terminal.run("sakip", "vectors", "elsewhere/vectors.yaml", "--config", "set_aside").code == 0


def test_a_vector_that_fails_says_what_was_expected_and_what_came(terminal: Terminal, desk: Desk) -> None:
    desk.write("v.yaml", VECTORS.replace('"50.00"', '"60.00"'))
    said = terminal.run("sakip", "vectors", "v.yaml", "--format", "json")
    assert said.code == 1
    assert said.json == [
        {"vector": "half", "passed": False, "expected": {"value": "60.00", "band": "below"},
         "actual": {"value": "50.00", "band": "below"}},
        {"vector": "best", "passed": True, "expected": {"score": "100.00", "predicate": "high", "next": None},
         "actual": {"score": "100.00", "predicate": "high", "next": None}},
    ]  # fmt: skip
    text = terminal.run("sakip", "vectors", "v.yaml")
    assert text.out == "half: value: expected 60.00, was 50.00\n1 passed, 1 failed\n"


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_a_file_without_a_vector_proves_nothing(terminal: Terminal, desk: Desk, text: str) -> None:
    desk.write("empty.yaml", text)
    ran = terminal.run("sakip", "vectors", desk.folder / "empty.yaml", "--config", desk.folder / "sakip_config")
    assert ran.code == 1 and "WF011" in ran.out + ran.err


def test_a_vector_that_cannot_be_run_has_not_passed(terminal: Terminal, desk: Desk) -> None:
    desk.write("v.yaml", VECTORS.replace("method: maximise", "region: nowhere, method: maximise"))
    said = terminal.run("sakip", "vectors", "v.yaml", "--lang", "en")
    assert said.code == 1
    assert 'half: There is no region "nowhere".' in said.err
