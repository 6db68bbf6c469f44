"""The engine and its pages know nothing of the field: what is left runs without it (reference of the field, §1)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT

LEFT_OUT = {".git", ".venv", "node_modules", "var", "tests", "docs", "benchmarks", "demo", ".hypothesis",
            ".import_linter_cache", ".mypy_cache", ".ruff_cache"}  # fmt: skip  # what is compiled stays
THE_FIELD = (
    "sakip",
    "sakip_config",
    "web/performance",
    *(f"commands/{name}.py" for name in ("of_parts", "demonstration", "reference_sakip")),
    "commands/sakip.py",
)
VISIT = """
from app import create_app
app = create_app()
terminal = app.test_cli_runner()
made = terminal.invoke(args=["db", "upgrade"])
assert made.exit_code == 0, made.output
assert terminal.invoke(args=["sakip", "--help"]).exit_code == 2
client = app.test_client()
for path, status in (("/sign-in", 200), ("/queue", 303), ("/static/css/theme.css", 200)):
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
from worker import Worker
from config import read_settings
Worker(read_settings()).run(once=True)
print("it runs")
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program without the field, and without the case types that call it."""
    copy = tmp_path_factory.mktemp("without") / "alur"
    shutil.copytree(ROOT, copy, ignore=lambda folder, names: LEFT_OUT & set(names))
    for name in (*THE_FIELD, *(path.relative_to(copy) for path in copy.glob("commands/sakip_*.py"))):
        path = copy / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    definitions = [*copy.glob("workflows/**/*.yaml"), *copy.glob("forms_config/**/*.yaml")]
    calling = {path.stem for path in definitions if "sakip." in path.read_text(encoding="utf-8")}
    for path in definitions:
        if path.stem in calling or path.parent.name in calling:
            path.unlink()
    return copy


def run(house: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "ALUR_DATABASE_URL": f"sqlite:///{house}/alur.sqlite", "ALUR_SECRET_KEY": "k" * 40,
        "ALUR_ENV": "test", "FLASK_APP": "app", "PYTHONPATH": str(house),
    }  # fmt: skip
    return subprocess.run([sys.executable, *command], cwd=house, env=environment, capture_output=True, text=True)


def test_pages_worker_and_definitions_work_without_the_field(house: Path) -> None:
    visited = run(house, "-c", VISIT)
    assert visited.stdout.strip().endswith("it runs"), visited.stderr
    proved = run(house, "-m", "flask", "workflow", "test")
    assert proved.returncode == 0, proved.stdout[-2000:] + proved.stderr[-2000:]
