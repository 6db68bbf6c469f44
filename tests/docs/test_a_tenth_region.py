"""docs/how-to/a-tenth-region.md: every command of the page, in its order, with what it says there."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import create_app
from config import Settings

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "how-to" / "a-tenth-region.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"Save as `([^`]+)`:\s*\Z")
CHANGED = re.compile(r"`([^`]+)`\s+instead\s+of\s+`([^`]+)`")
IN_FILE = re.compile(r"In `([^`]+)` write")


def pieces(page: str) -> Iterator[tuple[str, str, str]]:
    """The prose before each fenced block, the block's language and its text."""
    end = 0
    for fence in FENCE.finditer(page):
        yield page[end : fence.start()], fence[1], fence[2]
        end = fence.end()


def commands(block: str) -> Iterator[tuple[list[str], list[str], int]]:
    """Each command with the lines expected of it and its exit code."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *lines = part.splitlines()
        codes = [int(line[6:-1]) for line in lines if line.startswith("[exit ")]
        words = shlex.split(command)
        assert words[0] == "flask", command
        yield words[1:], [line for line in lines if line and not line.startswith("[exit ")], (codes or [0])[0]


def says(output: str, expected: list[str]) -> None:
    """The lines stand in the output in this order; the page's dots are whatever comes."""
    at = 0
    for line in expected:
        pattern = ".*".join(re.escape(part) for part in line.split("…"))
        found = re.compile(pattern).search(output, at)
        assert found, f"{line!r} is not in:\n{output}"
        at = found.end()


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
