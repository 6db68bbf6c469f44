"""Benchmarks are run rarely: each of them still runs, at its smallest, without what the other tests have loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SMALLEST = {
    "definitions": ["--copies", "1"],
    "queue": ["--open", "3000", "--database", "sqlite"],
    "sakip_configuration": ["--runs", "1"],
    "sakip_facts": ["--indicators", "40", "--database", "sqlite"],
    "sakip_import": ["--rows", "20"],
    "sakip_measure": ["--indicators", "40"],
    "sakip_score": ["--units", "2", "--tiers", "1"],
    "sakip_tree": ["--nodes", "60", "--units", "2", "--database", "sqlite"],
    "sakip_whatif": ["--units", "2"],
    "search": ["--cases", "3000", "--database", "sqlite"],
    "step": ["--cases", "1", "--database", "sqlite"],
}
# They build five years of a region, play every scenario many times or press thousands of times, whatever they are told.
ONLY_WHOLE = {"proof", "receipt_timing", "sakip_dashboard"}
HELP = {"__init__", "databases", "raw"}
# In one process, which no test has prepared: what a command needs it has to load itself.
RUN = """
import json, runpy, sys
for name, arguments in json.loads(sys.argv[1]).items():
    print(f"== {name}", flush=True)
    sys.argv = [name, *arguments]
    runpy.run_module(f"benchmarks.{name}", run_name="__main__", alter_sys=False)
"""


def test_every_benchmark_is_run_here_or_has_its_reason() -> None:
    found = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    assert found == SMALLEST.keys() | ONLY_WHOLE | HELP


def test_every_benchmark_runs_at_its_smallest_and_prints_its_figures() -> None:
    command = [sys.executable, "-c", RUN, json.dumps(SMALLEST)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-2000:]
    said = {part.partition("\n")[0]: part.partition("\n")[2] for part in done.stdout.split("== ")[1:]}
    assert said.keys() == SMALLEST.keys()
    assert [name for name, figures in said.items() if not any(sign.isdigit() for sign in figures)] == []
