"""§2.4: `to_confirm` on every map of the shipped files is a reminder each, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from engine.definitions.problems import Problems
from engine.definitions.source import read
from sakip.lint import lint
from tests.sakip.linting import MEASUREMENT, Desk

FILES = [path.name for path in sorted((ROOT / "sakip_config").glob("*.yaml")) if path.name != "vectors.yaml"]
WORDS = {"id": "Belum pasti", "en": "Not sure"}


def unsure(value: Any, key: str = "") -> Any:
    """The value with the reminder on each of its maps but titles and the reasons of seals."""
    if isinstance(value, list):
        return [unsure(each) for each in value]
    if not isinstance(value, dict) or key == "sealed_nodes" or (value and set(value) <= {"id", "en"}):
        return value
    return {**{name: unsure(each, name) for name, each in value.items()}, "to_confirm": WORDS}


@pytest.mark.parametrize("name", FILES)
def test_on_every_map_it_is_a_reminder_and_nothing_else(name: str, tmp_path: Path):
    root = read((ROOT / "sakip_config" / name).read_bytes(), name, Problems())
    assert root is not None
    for other in FILES:
        (tmp_path / other).write_bytes((ROOT / "sakip_config" / other).read_bytes())
    text = json.dumps(unsure(root.plain()), default=float, indent=1)
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = [each for each in lint([tmp_path]) if Path(each.file).name == name]
    assert {each.code for each in found} == {"WF230"}
    assert len(found) == text.count('"to_confirm"')


OWN = "{{id: {0}, en: {0}}}"
HERE = f"regions/kota/{MEASUREMENT}"


@pytest.mark.parametrize("words", ["Belum pasti", "Not sure"])
def test_a_region_s_own_doubt_is_told_where_the_base_has_one_on_the_same_map(tmp_path: Path, words: str):
    desk = Desk(tmp_path)
    desk.change(MEASUREMENT, "rounding: {", f"rounding: {{to_confirm: {OWN.format('Belum pasti')}, ")
    desk.overlay(MEASUREMENT, f"  rounding:\n    places: 1\n    to_confirm:\n      id: {words}\n      en: {words}\n")
    found = [each for each in desk.found() if each.code == "WF230"]
    assert [Path(each.file).parent.name for each in found] == ["sakip_config", "kota"]
    assert (found[1].line, found[1].column) == (8, 5)
    assert words in found[1].message.en


def test_a_district_s_own_doubt_is_told_where_its_province_has_one(tmp_path: Path):
    desk = Desk(tmp_path)
    doubt = f"  rounding: {{places: 1, to_confirm: {OWN.format('Belum pasti')}}}\n"
    desk.overlay(MEASUREMENT, doubt, "provinsi")
    desk.overlay(MEASUREMENT, doubt, extends="regional.provinsi")
    assert desk.told() == [f"{HERE}:6 WF230", f"regions/provinsi/{MEASUREMENT}:6 WF230"]


def test_a_doubt_about_parameters_alone_is_told(tmp_path: Path):
    desk = Desk(tmp_path)
    desk.change(MEASUREMENT, "years:", "parameters: {days: {type: integer, default: 3, title: Hari}}\nyears:")
    desk.overlay(MEASUREMENT, "")
    path = f"sakip_config/{HERE}"
    text = (tmp_path / path).read_text(encoding="utf-8").replace("patch:\n", "")
    desk.write(path, f"{text}parameters: {{days: 5}}\nto_confirm: {OWN.format('Belum pasti')}\n")
    assert desk.told() == [f"{HERE}:6 WF230"]
