"""Where a difference stands: its path in a definition becomes the file and the line on each side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.definitions.diff.values import Difference
from engine.definitions.parse import CaseType
from engine.definitions.problems import Position
from engine.definitions.source import Node


def placed(found: Iterable[Difference], old: CaseType | None, new: CaseType | None) -> tuple[Difference, ...]:
    """The differences with ``old_at`` and ``new_at``, as far as the nodes of each side are known.

    A thing that is missing on one side stands, there, in the nearest thing around it that both have; sections of a
    file are too large to point at.
    """
    return tuple(replace(each, old_at=_position(each.path, old), new_at=_position(each.path, new)) for each in found)


def _position(path: str, case_type: CaseType | None) -> Position | None:
    if case_type is None:
        return None
    keys = path.split(".")
    if keys[:2] == ["lifecycle", "states"] and len(keys) > 2:
        entry = case_type.outline.entries.get(keys[2])
        if entry is None:
            return None
        return _down(entry.value, keys[3:], entry.key.position)
    if keys[0] == "forms" and len(keys) > 1:
        form = case_type.forms.get(keys[1])
        return _inside(form, keys[2:]) if form is not None and keys[1] in case_type.definition.forms else None
    return _inside(case_type.root, keys)


def _inside(root: Node, keys: list[str]) -> Position | None:
    """A place in a file; None where not even its second level is there."""
    entry = root.entries.get(keys[0]) if keys else None
    if entry is None:
        return root.position if not keys else None
    at = _down(entry.value, keys[1:], entry.key.position)
    return None if len(keys) > 1 and at == entry.key.position else at


def _down(node: Node, keys: list[str], at: Position) -> Position:
    """The key at the end of a path; what another file says inside it when an overlay changed it."""
    for key in keys:
        entry = node.entries.get(key)
        if entry is None:
            return at
        node, at = entry.value, entry.key.position
    return next((each.position for each in node.walk() if each.file != at.file), at)
