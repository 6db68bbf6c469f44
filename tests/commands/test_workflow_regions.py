"""``flask workflow regions`` and the page made of it: how many lines each region needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.reference_regions import reference
from config import ROOT
from tests.commands.conftest import Terminal
from tests.engine.definitions.leave import FORM, WORKFLOW

OVERLAY = """\
# A comment is no line, nor is an empty one.

schema: casework/1
overlay: leave.jabar
extends: {case_type: leave, version: ^1.0}
region: jabar
patch:
  title: {id: Cuti, en: Leave}
  legal_basis: null
  scenarios:
    # neither is this
    nothing_happens: {given: {initiator: ani}, steps: []}
"""


def test_lines_of_rules_and_of_proof_are_counted_apart(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, text in {
        "workflows/leave.yaml": WORKFLOW,
        "forms_config/leave.yaml": FORM,
        "workflows/regions/jabar/leave.yaml": OVERLAY,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (pack,) = json.loads(terminal.run("workflow", "regions", "--format", "json").out)
    assert (pack["region"], pack["case_type"]) == ("jabar", "leave")
    assert (pack["rule_lines"], pack["proof_lines"], pack["form_lines"]) == (7, 2, 0)
    assert (pack["own"], pack["has_legal_basis"]) == (1, False)
    said = terminal.run("workflow", "regions", "--lang", "en")
    assert (said.code, said.out.splitlines()[0]) == (0, "jabar: leave (illustrative: no legal basis yet)")
    assert terminal.run("workflow", "regions", "nowhere").code == 2


def test_the_page_of_the_regions_is_what_the_command_counts() -> None:
    """Make it anew: python -m commands.reference_regions > docs/reference/regions.md"""
    assert (ROOT / "docs" / "reference" / "regions.md").read_text(encoding="utf-8") == reference()
