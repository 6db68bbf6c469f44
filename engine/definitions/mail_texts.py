"""The folders of mail texts a definition may name, and the variables each of them uses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.definitions.patterns import variables


def template_variables(folder: Path) -> Mapping[str, frozenset[str]]:
    """The variables of every mail text below ``folder`` by the text's name; nothing where there is no folder."""
    if not folder.is_dir():
        return {}
    return {inner.name: _variables(inner) for inner in sorted(folder.iterdir()) if inner.is_dir()}


def _variables(folder: Path) -> frozenset[str]:
    found: set[str] = set()
    for path in folder.glob("*.txt"):
        found.update(variables(path.read_text("utf-8", "replace")))
    return frozenset(found)
