"""The house stays easy to see: where imports point, how long files are, which words do not belong."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
# Each longer file has its reason here, so that the next one is a decision and not an accident.
LONGER_FOR_A_REASON: dict[str, str] = {
    "engine/definitions/model.py": "the one picture of what an author may write; split, it could not be seen at once",
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


def tracked(*patterns: str) -> list[Path]:
    found = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in found.stdout.splitlines() if (ROOT / line).is_file()]


def test_imports_point_one_way() -> None:
    # a process of its own: the linter silences every logger that exists, also for the tests after this one
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_no_file_is_longer_than_one_idea() -> None:
    long = {}
    for path in tracked("*.py", "*.js", "*.html"):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(("tests/", "migrations/versions/")) or name in LONGER_FOR_A_REASON:
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST:
            long[name] = lines
    assert long == {}


def test_file_names_say_what_is_inside() -> None:
    empty = [path for path in tracked("*.py", "*.html", "*.js") if path.stem in EMPTY_NAMES]
    assert empty == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in tracked("*.py")
        if path.name != "__init__.py" and path.read_text(encoding="utf-8").strip() and not _begins_with_docstring(path)
    ]
    assert silent == []


def _begins_with_docstring(path: Path) -> bool:
    text = re.sub(r"\A(#[^\n]*\n|\s)*", "", path.read_text(encoding="utf-8"))
    return text.startswith(('"""', 'r"""'))


def test_nothing_is_left_open() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b")
    open_ends = [
        f"{path.relative_to(ROOT).as_posix()}:{number}"
        for path in tracked("*.py", "*.html", "*.js", "*.yaml", "*.css")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]
    assert open_ends == []


def test_third_party_code_comes_from_lock_files_only() -> None:
    assert tracked("web/static/vendor/*", "node_modules/*") == []
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-frontend.txt", "package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert '"resolved"' not in text and "registry" not in text and "index-url" not in text
