"""Looking into nodes without a word: what is of another kind than expected was told when the file was read."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from engine.definitions.source import BOOLEAN, DECIMAL, INTEGER, NULL, TEXT, Entry, Node
from sakip.values import as_text


def entries(root: Node, *path: str) -> Mapping[str, Entry]:
    """The entries of the map at the end of a path without those that are `null`, which is the same as nothing; nothing
    where there is no map."""
    node = root.get(*path)
    return {} if node is None else {key: entry for key, entry in node.entries.items() if entry.value.kind != NULL}


def entry_at(root: Node, *path: str) -> Entry | None:
    """The key with its value at the end of a path, or None."""
    above = root.get(*path[:-1])
    return None if above is None else above.entries.get(path[-1])


def number(node: Node | None) -> Fraction | None:
    """A number, exact, or None."""
    return Fraction(node.value) if node is not None and node.kind in (INTEGER, DECIMAL) else None


def whole(node: Node | None) -> int | None:
    """A whole number, or None."""
    return int(node.value) if node is not None and node.kind == INTEGER else None


def text(node: Node | None) -> str | None:
    """A text, or None."""
    return str(node.value) if node is not None and node.kind == TEXT else None


def names(node: Node | None) -> list[Node]:
    """The texts of a list, as nodes."""
    return [] if node is None else [item for item in node.items if item.kind == TEXT]


def words(node: Node | None) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(str(item.value) for item in names(node))


def truth(node: Node | None, default: bool) -> bool:
    """True or false; ``default`` when it is neither."""
    return bool(node.value) if node is not None and node.kind == BOOLEAN else default


def in_order(things: Mapping[str, Entry]) -> list[tuple[str, Entry]]:
    """Named things by their ``order``; those without one stay behind, as written."""

    def place(thing: tuple[str, Entry]) -> tuple[bool, int]:
        order = whole(thing[1].value.get("order"))
        return (order is None, order or 0)

    return sorted(things.items(), key=place)


def shown(value: Fraction) -> str:
    """A number as an author writes it: ``30``, ``7.5``; what has no end as a fraction."""
    return as_text(value)
