"""One map over another by JSON Merge Patch (RFC 7386), every node keeping the file and line it came from."""

from __future__ import annotations

from collections.abc import Callable

from engine.definitions.source import MAP, NULL, Entry, Node

Missing = Callable[[Entry, Node], None]


def merge(base: Node, patch: Node, on_missing: Missing | None = None, own_keys: bool = False) -> Node:
    """``patch`` over ``base``: maps merge, null removes, everything else is replaced whole.

    A merged map stands where ``base`` stands, or with ``own_keys`` where ``patch`` does. ``on_missing`` is told of
    every null that removes nothing, with the map it was meant for.
    """
    if patch.kind != MAP:
        return patch
    entries: dict[str, Entry] = dict(base.entries)
    for name, entry in patch.entries.items():
        present = entries.get(name)
        if entry.value.kind == NULL:
            if present is None and on_missing is not None:
                on_missing(entry, base)
            entries.pop(name, None)
        elif present is None:
            entries[name] = Entry(entry.key, without_nulls(entry.value, on_missing))
        elif present.value.kind == MAP and entry.value.kind == MAP:
            key = entry.key if own_keys else present.key
            entries[name] = Entry(key, merge(present.value, entry.value, on_missing, own_keys))
        else:
            entries[name] = Entry(entry.key, without_nulls(entry.value, on_missing))
    place = patch if own_keys or base.kind != MAP else base
    return Node(MAP, entries, place.position)


def without_nulls(node: Node, on_missing: Missing | None = None) -> Node:
    """A patch where nothing was: its own nulls remove nothing."""
    if node.kind != MAP:
        return node
    entries = {}
    for name, entry in node.entries.items():
        if entry.value.kind == NULL:
            if on_missing is not None:
                on_missing(entry, node)
            continue
        entries[name] = Entry(entry.key, without_nulls(entry.value, on_missing))
    return node.with_value(entries)
