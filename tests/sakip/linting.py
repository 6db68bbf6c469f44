"""A folder of small files that are without a finding, to change one thing and see what is told."""

from __future__ import annotations

from pathlib import Path

from commands.reference_codes import FIELD_EXAMPLES, listings
from engine.definitions.problems import Problem
from sakip.lint import lint

NEAREST = {code: listings(FIELD_EXAMPLES)[code]["nearest"] for code in ("WF202", "WF210", "WF228")}
LEVELS, MEASUREMENT, EVALUATION, WHATIF = "levels.yaml", "measurement.yaml", "lke_2025.yaml", "whatif.yaml"
_WHATIF = listings(FIELD_EXAMPLES)["WF241"]["nearest"]
HEADS = {
    LEVELS: ("sakip-levels/1", "tree", "regional"),
    MEASUREMENT: ("sakip-measurement/1", "measurement", "regional"),
    EVALUATION: ("sakip-evaluation/1", "evaluation", "lke_2025"),
    WHATIF: ("sakip-whatif/1", "whatif", "cheapest_way"),
}


class Desk:
    """``sakip_config/`` in a folder of its own, with the four small files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for files in (*NEAREST.values(), _WHATIF):
            for path, text in files.items():
                self.write(path, text)

    def write(self, path: str, text: str) -> None:
        """A file, by its path in the tree."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """One thing in one of the four files."""
        file = self.folder / "sakip_config" / name
        text = file.read_text(encoding="utf-8")
        assert old in text, old
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def overlay(self, name: str, patch: str, region: str = "kota", extends: str | None = None) -> None:
        """A region's file on one of the four; ``patch`` is the text below ``patch:``, from line 6 on."""
        schema, kind, key = HEADS[name]
        below = f"{kind}: {key}" if extends is None else f"overlay: {extends}"
        head = f"schema: {schema}\noverlay: {key}.{region}\nextends: {{{below}, version: ^1.0}}\nregion: {region}\n"
        self.write(f"sakip_config/regions/{region}/{name}", f"{head}patch:\n{patch}")

    def found(self) -> list[Problem]:
        """Everything that is told."""
        return lint([], self.folder)

    def told(self) -> list[str]:
        """Everything that is told: file (within ``sakip_config/``), line, code."""
        return [f"{one.file.removeprefix('sakip_config/')}:{one.line} {one.code}" for one in self.found()]
