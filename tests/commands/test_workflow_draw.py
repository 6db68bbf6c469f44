"""``flask workflow draw``: a picture, its text twin, BPMN; what has findings is drawn as far as it can be read."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from config import ROOT
from tests.commands.conftest import Terminal
from tests.engine.definitions.journey import JOURNEY, JOURNEY_FORM

AGREEMENT = ROOT / "workflows" / "performance_agreement.yaml"


def write(folder: Path, **files: str) -> Path:
    for section, text in (*files.items(), ("forms_config", JOURNEY_FORM)):
        (folder / section).mkdir(parents=True, exist_ok=True)
        (folder / section / "journey.yaml").write_text(text, encoding="utf-8")
    return folder / "workflows" / "journey.yaml"


def test_every_form_is_well_made(terminal: Terminal) -> None:
    for language, title in (("id", "Penandatanganan"), ("en", "Signing")):
        svg = terminal.run("workflow", "draw", AGREEMENT, "--lang", language)
        assert (svg.code, svg.err) == (0, "")
        assert ElementTree.fromstring(svg.out).tag == "{http://www.w3.org/2000/svg}svg"
        assert title in svg.out
        text = terminal.run("workflow", "draw", AGREEMENT, "--format", "text", "--lang", language)
        assert (text.code, text.err) == (0, "")
        assert title in text.out
        bpmn = terminal.run("workflow", "draw", AGREEMENT, "--format", "bpmn", "--lang", language)
        assert (bpmn.code, bpmn.err) == (0, "")
        assert ElementTree.fromstring(bpmn.out).tag.endswith("}definitions")


def test_a_definition_with_findings_is_drawn_with_the_unreachable_marked(terminal: Terminal, tmp_path: Path) -> None:
    path = write(tmp_path, workflows=JOURNEY.replace("slow: {order: 20, to: signing}", "slow: {order: 20, to: done}"))
    said = terminal.run("workflow", "draw", path, "--format", "text", "--lang", "en")
    assert said.code == 0
    assert "Signing · Section head + Secretary + Finance · due 5 working days [unreachable]" in said.out
    assert said.err.count("WF021") == 2
    svg = terminal.run("workflow", "draw", path)
    assert svg.code == 0
    assert "tidak terjangkau" in svg.out
    assert terminal.run("workflow", "draw", path, "--format", "bpmn").code == 0


def test_an_arrow_to_nowhere_does_not_stop_the_picture(terminal: Terminal, tmp_path: Path) -> None:
    path = write(tmp_path, workflows=JOURNEY.replace("return: {to: draft,", "return: {to: drift,"))
    said = terminal.run("workflow", "draw", path, "--format", "text", "--lang", "en")
    assert said.code == 0
    assert "    Return → nowhere" in said.out
    for form in ("svg", "bpmn"):
        assert terminal.run("workflow", "draw", path, "--format", form).code == 0


def test_changes_against_another_definition_are_marked(terminal: Terminal, tmp_path: Path) -> None:
    old = write(tmp_path / "old", workflows=JOURNEY)
    new = write(tmp_path / "new", workflows=JOURNEY.replace("completion: {quorum: 2}", "completion: all"))
    said = terminal.run("workflow", "draw", new, "--against", old, "--format", "text", "--lang", "en")
    assert said.code == 0
    assert "Signing · Section head + Secretary + Finance · due 5 working days [changed]" in said.out
    assert said.out.count("[changed]") == 2
    same = terminal.run("workflow", "draw", new, "--against", new, "--format", "text")
    assert "[berubah]" not in same.out


def test_an_overlay_is_drawn_merged(terminal: Terminal) -> None:
    overlays = sorted(ROOT.glob("workflows/regions/*/performance_agreement.yaml"))
    for path in overlays[:2]:
        said = terminal.run("workflow", "draw", path, "--against", AGREEMENT)
        assert said.code == 0
        assert said.out.startswith("<svg")


def test_yaml_that_cannot_be_read_is_a_finding_and_a_missing_file_a_wrong_use(
    terminal: Terminal, tmp_path: Path
) -> None:
    path = write(tmp_path, workflows="a: [")
    said = terminal.run("workflow", "draw", path)
    assert (said.code, said.out) == (1, "")
    assert "WF001" in said.err
    for arguments in (("none.yaml",), (AGREEMENT, "--against", "none.yaml"), (AGREEMENT, "--format", "png"),
                      (AGREEMENT, "--against", AGREEMENT, "--format", "bpmn")):  # fmt: skip
        missing = terminal.run("workflow", "draw", *arguments)
        assert (missing.code, missing.out) == (2, "")
