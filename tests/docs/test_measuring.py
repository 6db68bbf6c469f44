"""docs/how-to/change-how-achievement-is-measured.md: files and commands do what it says, its new kind works."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app
from config import Settings
from tests.docs.pages import CHANGED, IN_FILE, SAVED, commands, pieces, says

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "how-to" / "change-how-achievement-is-measured.md").read_text(encoding="utf-8")
TRIED = """
import sys, types
module = types.ModuleType("sakip.methods.all_or_nothing")
module.__doc__, text = sys.argv[1].split('\"\"\"')[1], sys.argv[1]
sys.modules[module.__name__] = module
exec(compile(text, "page", "exec"), module.__dict__)
from sakip.methods import METHODS, Compared
from fractions import Fraction
compute = METHODS.values()["all_or_nothing"].compute
print(*(compute(Compared(Fraction(10), Fraction(value), {}, False)) for value in (9, 10, 11)))
"""


def test_the_files_and_commands_of_the_page_do_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "sakip_config", tmp_path / "sakip_config")
    monkeypatch.chdir(tmp_path)
    runner = create_app(Settings(environment="test", database_url="sqlite://")).test_cli_runner()
    ran = 0
    for prose, language, block in pieces(PAGE):
        named = IN_FILE.search(prose)
        for new, old in CHANGED.findall(prose) if named else ():
            text = (tmp_path / named[1]).read_text(encoding="utf-8")
            assert text.count(old) == 1, old
            (tmp_path / named[1]).write_text(text.replace(old, new), encoding="utf-8")
        saved = SAVED.search(prose)
        if saved:
            (tmp_path / saved[1]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / saved[1]).write_text(block, encoding="utf-8")
        for words, expected, code in commands(block) if language == "console" else ():
            outcome = runner.invoke(args=words)
            assert outcome.exit_code == code, f"{words}: {outcome.output}"
            says(outcome.output, expected)
            assert expected or not outcome.output
            ran += 1
    assert ran == 3


def test_the_kind_of_method_on_the_page_is_one_file_that_works() -> None:
    (text,) = [block for _, language, block in pieces(PAGE) if language == "python"]
    tried = subprocess.run([sys.executable, "-c", TRIED, text], cwd=ROOT, capture_output=True, text=True, check=False)
    assert tried.stdout.split() == ["0", "100", "100"], tried.stderr
