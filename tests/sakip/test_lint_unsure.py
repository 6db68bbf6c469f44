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
