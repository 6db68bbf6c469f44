"""``flask sakip publish``: what is measured counts when it is proved, and changes only by two people."""

from __future__ import annotations

import shutil
from pathlib import Path

from config import ROOT
from tests.commands.conftest import Terminal

FOLDER = ROOT / "sakip_config"
GRADED = "measurement.yaml"


def copied(folder: Path) -> Path:
    target = folder / "sakip_config"
    shutil.copytree(FOLDER, target, ignore=shutil.ignore_patterns("demo", "regions"))
    (target / "vectors.yaml").unlink()
    return target


def test_nothing_is_written_without_yes_and_a_reason_is_asked(office: Terminal) -> None:
    assert office.run("sakip", "publish", FOLDER, "--yes").code == 2
    dry = office.run("sakip", "publish", FOLDER, "--reason", "Awal", "--lang", "en")
    assert dry.code == 0 and "Nothing was written" in dry.err
    assert "regional@2025: counts as version number 1" in dry.out
    first = office.run("sakip", "publish", FOLDER, "--reason", "Awal", "--yes", "--lang", "en")
    assert (first.code, first.out.count("counts as version number 1")) == (0, 4)
    again = office.run("sakip", "publish", FOLDER, "--reason", "Awal", "--yes", "--lang", "en")
    assert (again.code, again.out.count("counts already")) == (0, 4)
    dry = office.run("sakip", "publish", FOLDER, "--reason", "Awal", "--lang", "en")
    assert (dry.code, dry.out.count("counts already")) == (0, 4)
    assert "--yes" not in dry.err  # it would write nothing either


def test_a_change_takes_a_second_person_and_a_fault_is_told_by_line(office: Terminal, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert office.run("sakip", "publish", folder, "--reason", "Awal", "--yes").code == 0
    file = folder / GRADED
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("rounding: {places: 2", "rounding: {places: 1"), encoding="utf-8")
    alone = office.run("sakip", "publish", folder, "--reason", "Satu desimal", "--yes", "--by", "admin")
    assert alone.code == 3 and "dua orang" in alone.err
    file.write_text(text.replace("rounding: {places: 2", "rounding: {plaices: 2"), encoding="utf-8")
    faulty = office.run("sakip", "publish", folder, "--reason", "Salah", "--yes")
    assert faulty.code == 1 and "measurement.yaml:" in faulty.out and "WF010" in faulty.out
    assert office.run("sakip", "publish", folder, "--region", "nowhere", "--reason", "x").code == 2
