"""How-tos of the worksheet: every file and command of each page, in its order, with what it says there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.sakip import sakip
from commands.sakip_check import lint_command, vectors_command
from config import ROOT
from engine.cases.simulate import run_scenario
from engine.definitions.lint import load
from engine.vocabulary import load as vocabulary
from tests.docs.test_a_tenth_region import CHANGED, IN_FILE, SAVED, commands, pieces

PAGES = {"one-grade-a-sub-component": 3, "change-the-worksheet": 4}  # with the commands each runs


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_says_what_the_page_says(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copytree(ROOT / "sakip_config", tmp_path / "sakip_config")
    monkeypatch.chdir(tmp_path)
    assert {lint_command, vectors_command} <= set(sakip.commands.values())
    ran = 0
    for prose, language, block in pieces((ROOT / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")):
        named = IN_FILE.search(prose)
        for new, old in CHANGED.findall(prose) if named else ():
            file = tmp_path / named[1]
            text = file.read_text(encoding="utf-8")
            assert text.count(old) == 1, old
            file.write_text(text.replace(old, new), encoding="utf-8")
        if language == "yaml":
            file = tmp_path / SAVED.search(prose)[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block, encoding="utf-8")
            continue
        for words, expected, code in commands(block):
            assert words[0] == "sakip"
            outcome = CliRunner().invoke(sakip, words[1:])
            assert (outcome.exit_code, outcome.output.splitlines()) == (code, expected), outcome.output
            ran += 1
    assert ran == PAGES[page]


def test_the_step_of_a_new_tier_fits_the_worksheet_and_its_scenarios_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "sakip_config", tmp_path / "sakip_config", ignore=shutil.ignore_patterns("regions"))
    for folder in ("workflows", "forms_config"):
        (tmp_path / folder).mkdir()
        for case_type in ("lke_evaluation", "follow_up"):
            shutil.copy(ROOT / folder / f"{case_type}.yaml", tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "how-to" / "change-the-worksheet.md").read_text(encoding="utf-8")
    ours = Path("sakip_config/regions/kab_contoh/lke_2025.yaml")
    for prose, language, block in pieces(text):
        for new, old in CHANGED.findall(prose) if IN_FILE.search(prose) else ():
            ours.write_text(ours.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        if language == "yaml" and "vectors" not in block:
            file = Path(SAVED.search(prose)[1])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block, encoding="utf-8")
    loaded = load([Path("workflows"), Path("forms_config")], vocabulary(), tmp_path)
    assert [problem for problem in loaded.problems if "regions" in problem.file] == []
    definition = loaded.definitions["lke_evaluation.kab_contoh"]
    assert all(run_scenario(definition, one).passed for one in definition.scenarios.values())
    told = CliRunner().invoke(sakip, ["lint", "sakip_config/regions/kab_contoh"])
    assert (told.exit_code, told.output) == (0, "")
