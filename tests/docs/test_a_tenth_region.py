"""docs/how-to/a-tenth-region.md: every command of the page, in its order, with what it says there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from app import create_app
from config import Settings
from tests.docs.pages import CHANGED, IN_FILE, SAVED, commands, pieces, says

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "how-to" / "a-tenth-region.md"


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shipped definitions and no database yet."""
    for tree in ("workflows", "forms_config"):
        shutil.copytree(ROOT / tree, tmp_path / tree)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALUR_DATABASE_URL", f"sqlite:///{tmp_path}/alur.sqlite")
    return tmp_path


def test_every_command_of_the_page_says_what_the_page_says(installation: Path) -> None:
    url = f"sqlite:///{installation}/alur.sqlite"
    runner = create_app(Settings(environment="test", database_url=url)).test_cli_runner()
    ran = 0
    due: list[str] = []  # as the case is shown each time, an ISO day and an hour
    for prose, language, block in pieces(PAGE.read_text(encoding="utf-8")):
        named = IN_FILE.search(prose)
        for new, old in CHANGED.findall(prose) if named else ():
            file = installation / named[1]
            text = file.read_text(encoding="utf-8")
            assert text.count(old) == 1, old
            file.write_text(text.replace(old, new), encoding="utf-8")
        if language == "yaml":
            saved = SAVED.search(prose)
            assert saved, prose[-80:]
            file = installation / saved[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block, encoding="utf-8")
            continue
        for words, expected, code in commands(block):
            outcome = runner.invoke(args=words)
            assert outcome.exit_code == code, f"{words}: {outcome.output}"
            says(outcome.output, expected)
            due += re.findall(r"Nadia Putri · (.+)", outcome.output)
            ran += 1
    assert ran > 25
    at_first, later, of_the_second = due
    assert at_first == later < of_the_second
