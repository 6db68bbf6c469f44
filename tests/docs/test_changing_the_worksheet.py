"""How-tos of the worksheet: every file and command of each page, in its order, with what it says there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.sakip import sakip
from commands.sakip_check import lint_command, vectors_command
from config import ROOT
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
