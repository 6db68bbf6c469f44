"""Pieces of a file that know where they stand: what the parser reads, merges and points at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from engine.definitions.problems import Position
from engine.definitions.scalars import LIST, MAP


class Node:
    """A piece of a file. ``value`` is a ``dict[str, Entry]`` of a map, a list of nodes, or the scalar's value."""

    __slots__ = ("column", "file", "is_plain", "kind", "line", "value")

    def __init__(self, kind: str, value: Any, at: tuple[str, int, int], is_plain: bool = False) -> None:
        self.kind = kind
        self.value = value
        self.file, self.line, self.column = at
        self.is_plain = is_plain

    @property
    def position(self) -> Position:
        """Where it begins."""
        return Position(self.file, self.line, self.column)

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The entries of a map; nothing for any other node."""
        return self.value if self.kind == MAP else {}

    @property
    def items(self) -> list[Node]:
        """The items of a list; nothing for any other node."""
        return self.value if self.kind == LIST else []

    def get(self, *path: str) -> Node | None:
        """The value at the end of a path of keys, or None."""
        node = self
        for key in path:
            entry = node.entries.get(key)
            if entry is None:
                return None
            node = entry.value
        return node

    def with_value(self, value: Any, kind: str | None = None) -> Node:
        """A node in the same place with another value."""
        return Node(kind or self.kind, value, self.position, self.is_plain)

    def plain(self) -> Any:
        """The node as plain Python values: dict, list, str, int, Decimal, bool, None."""
        if self.kind == MAP:
            return {key: entry.value.plain() for key, entry in self.value.items()}
        if self.kind == LIST:
            return [item.plain() for item in self.value]
        return self.value

    def walk(self) -> Iterator[Node]:
        """This node and all below it, keys included."""
        yield self
        if self.kind == MAP:
            for entry in self.value.values():
                yield entry.key
                yield from entry.value.walk()
        elif self.kind == LIST:
            for item in self.value:
                yield from item.walk()


class Entry(NamedTuple):
    """A key with its value; the key's node says where a missing or unknown thing is to be reported."""

    key: Node
    value: Node

    @property
    def name(self) -> str:
        """The key's text."""
        return str(self.key.value)
