"""`to_confirm` may stand on any map (reference §2.4): it is taken out before a file is read, and its place is kept."""

from __future__ import annotations

from engine.definitions.model import Text
from engine.definitions.reading import Reader
from engine.definitions.source import LIST, MAP, NULL, Entry, Node

TO_CONFIRM = "to_confirm"


def take_out(root: Node, reader: Reader) -> tuple[Node, dict[str, Text]]:
    """The file without its `to_confirm`, and their words by the dotted path of the map they stand on ("" the file)."""
    found: dict[str, Text] = {}
    return _without(root, "", found, reader), found


def _without(node: Node, path: str, found: dict[str, Text], reader: Reader) -> Node:
    if node.kind == LIST:
        items = [_without(item, f"{path}.{place}", found, reader) for place, item in enumerate(node.items)]
        return node.with_value(items) if any(a is not b for a, b in zip(items, node.items, strict=True)) else node
    if node.kind != MAP:
        return node
    entries: dict[str, Entry] = {}
    is_changed = False
    for key, entry in node.entries.items():
        if key == TO_CONFIRM:
            is_changed = True
            told = reader.optional_title(entry) if entry.value.kind != NULL else None
            if told is not None:
                found[path] = told
            continue
        value = _without(entry.value, f"{path}.{key}" if path else key, found, reader)
        is_changed = is_changed or value is not entry.value
        entries[key] = entry if value is entry.value else Entry(entry.key, value)
    return node.with_value(entries) if is_changed else node


def at_own_keys(merged: Node, patch: Node | None) -> Node:
    """The merged file with each `to_confirm` that ``patch`` writes at the patch's own key: a doubt that somebody has
    about a change stands there, also where the map had one of its own below."""
    if patch is None or patch.kind != MAP or merged.kind != MAP:
        return merged
    changed: dict[str, Entry] = {}
    for key, entry in patch.entries.items():
        there = merged.entries.get(key)
        if there is None:
            continue
        if key == TO_CONFIRM:
            changed[key] = Entry(entry.key, there.value)
        elif (value := at_own_keys(there.value, entry.value)) is not there.value:
            changed[key] = Entry(there.key, value)
    return merged.with_value({**merged.entries, **changed}) if changed else merged
