"""docs/how-to/begin-e-sakip.md: its commands in a region that has people and nothing else, and the lists it gives."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from app import create_app
from config import ROOT, Settings
from sakip.cycle import CYCLE
from tests.databases import SqliteFiles
from tests.docs.pages import SAVED, commands, pieces, says
from tests.shipped import shipped

PAGE = (ROOT / "docs" / "how-to" / "begin-e-sakip.md").read_text(encoding="utf-8")
PEOPLE = (ROOT / "docs" / "how-to" / "a-tenth-region.md").read_text(encoding="utf-8")
TYPES = [name for name in CYCLE if name != "sakip_document"]  # a document of another kind than those of the year


def test_every_command_of_the_page_says_what_the_page_says(
    sqlite_files: SqliteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "sakip_config", tmp_path / "sakip_config", ignore=shutil.ignore_patterns("regions"))
    monkeypatch.chdir(tmp_path)
    url = sqlite_files.new()
    monkeypatch.setenv("ALUR_DATABASE_URL", url)
    runner = create_app(Settings(environment="test", database_url=url)).test_cli_runner()
    people = next(block for _prose, language, block in pieces(PEOPLE) if language == "yaml")
    Path("teladan.yaml").write_text(people, encoding="utf-8")
    assert runner.invoke(args=["organisation", "import", "teladan.yaml", "--yes"]).exit_code == 0
    ran = 0
    for prose, language, block in pieces(PAGE):
        if (saved := SAVED.search(prose)) is not None:
            Path(saved[1]).parent.mkdir(parents=True, exist_ok=True)
            Path(saved[1]).write_text(block, encoding="utf-8")
        for words, expected, code in commands(block) if language == "console" else ():
            here = [*words, "sakip_config"] if words[:2] == ["sakip", "publish"] else words
            outcome = runner.invoke(args=here)
            assert outcome.exit_code == code, f"{words}: {outcome.output}"
            says(outcome.output, expected)
            ran += 1
    assert ran == 7
    sqlite_files.drop(url)


def test_its_groups_are_those_the_case_types_of_the_year_ask() -> None:
    definitions = [shipped().definitions[name] for name in TYPES]
    roles = [role for definition in definitions for role in definition.roles.values() if role.resolve == "group"]
    asked = {role.options["group"] for role in roles}
    assert asked and asked == set(re.findall(r"^\| `(\w+)` \|", PAGE.split("## 2.")[0], re.MULTILINE))
    (loop,) = re.findall(r"^for type in (.+)$", PAGE, re.MULTILINE)
    assert loop.split() == TYPES
