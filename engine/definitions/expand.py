"""Before a case type is read: state templates are merged into their states, parameters replace ``${name}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.definitions.merge import merge
from engine.definitions.problems import closest
from engine.definitions.reading import Reader
from engine.definitions.source import BOOLEAN, DECIMAL, INTEGER, LIST, MAP, NULL, TEXT, Entry, Node

_WHOLE = re.compile(r"\$\{([^{}]*)\}\Z")
_INSIDE = re.compile(r"\$\{[^{}]*\}")
MAXIMUM_ADDED = 100_000  # nodes that templates may add to a file
_KINDS: Mapping[type, str] = {bool: BOOLEAN, int: INTEGER, str: TEXT, type(None): NULL}


class _Templates:
    """The templates of a file, and how much using them has added to it."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries
        self.sizes = {name: sum(1 for _ in entry.value.walk()) for name, entry in entries.items()}
        self.added = 0


def expand_templates(root: Node, reader: Reader) -> Node:
    """The file with every ``uses`` of a state replaced by the template's keys under the state's own."""
    templates = root.get("state_templates")
    lifecycle = root.entries.get("lifecycle")
    if lifecycle is None or lifecycle.value.kind != MAP:
        return root
    known = _Templates(templates.entries if templates is not None else {})
    states = _with_states(lifecycle.value, known, reader)
    return _replaced(root, lifecycle, states)


def _with_states(owner: Node, templates: _Templates, reader: Reader) -> Node:
    """A lifecycle, state or region whose ``states`` are expanded."""
    states = owner.entries.get("states")
    if states is None or states.value.kind != MAP:
        return owner
    expanded = {
        name: Entry(entry.key, _expanded(entry.value, templates, reader))
        for name, entry in states.value.entries.items()
    }
    return _replaced(owner, states, states.value.with_value(expanded))


def _expanded(state: Node, templates: _Templates, reader: Reader) -> Node:
    uses = state.entries.get("uses")
    if uses is not None:
        own = state.with_value({name: entry for name, entry in state.entries.items() if name != "uses"})
        state = _with_template(own, uses, templates, reader)
    state = _with_states(state, templates, reader)
    regions = state.entries.get("regions")
    if regions is None or regions.value.kind != MAP:
        return state
    inner = {
        name: Entry(entry.key, _with_states(entry.value, templates, reader))
        for name, entry in regions.value.entries.items()
    }
    return _replaced(state, regions, regions.value.with_value(inner))


def _with_template(own: Node, uses: Entry, templates: _Templates, reader: Reader) -> Node:
    if uses.value.kind != TEXT:
        reader.wrong_kind(uses.value, TEXT)
        return own
    name: str | None = uses.value.value
    if name not in templates.entries:
        reader.unknown("WF027", uses.value, "Tidak ada pola langkah", "There is no state template", templates.entries)
        name = closest(uses.value.value, templates.entries)  # what was meant, so that the rest of the state is told
    if name is None or templates.entries[name].value.kind != MAP:
        return own
    templates.added += templates.sizes[name]
    if templates.added > MAXIMUM_ADDED:
        reader.problems.add(
            "WF005",
            uses.value,
            "Terlalu besar: pola langkah dipakai terlalu sering.",
            "Too large: state templates are used too often.",
        )
        return own
    merged = merge(templates.entries[name].value, own, own_keys=True)
    return Node(MAP, merged.value, own.position)


def _replaced(owner: Node, old: Entry, value: Node) -> Node:
    if value is old.value:
        return owner
    entries = dict(owner.entries)
    entries[old.name] = Entry(old.key, value)
    return owner.with_value(entries)


def substitute(root: Node, values: Mapping[str, Any], known: Mapping[str, Entry], reader: Reader) -> Node:
    """The file with each whole value ``${name}`` replaced; ``values`` holds the parameters that can be used."""

    def inner(node: Node) -> Node:
        if node.kind == TEXT:
            return _filled(node, values, known, reader) if "${" in node.value else node
        if node.kind == MAP:
            entries = {}
            is_changed = False
            for name, entry in node.entries.items():
                value = inner(entry.value)
                is_changed = is_changed or value is not entry.value
                entries[name] = entry if value is entry.value else Entry(entry.key, value)
            return node.with_value(entries) if is_changed else node
        if node.kind == LIST:
            items = [inner(item) for item in node.items]
            return node.with_value(items) if any(a is not b for a, b in zip(items, node.items, strict=True)) else node
        return node

    entries = {
        name: entry if name == "parameters" else Entry(entry.key, inner(entry.value))
        for name, entry in root.entries.items()
    }
    return root.with_value(entries)


def _filled(node: Node, values: Mapping[str, Any], known: Mapping[str, Entry], reader: Reader) -> Node:
    whole = _WHOLE.match(node.value)
    if whole is None:
        if _INSIDE.search(node.value):
            reader.wrong(
                node,
                "Parameter hanya boleh menjadi seluruh nilai, tidak di dalam teks.",
                "A parameter may only be the whole value, not part of a text.",
            )
        return node
    name = whole.group(1)
    if name not in known:
        reader.unknown("WF027", node, "Tidak ada parameter", "There is no parameter", known, name)
    value = values.get(name)
    return Node(_KINDS.get(type(value), DECIMAL), value, node.position)
