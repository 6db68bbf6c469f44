"""The tree an expression is read into: small nodes that know their place, and later their type and what they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.definitions.expression_types import UNKNOWN, Type
from engine.definitions.model import Text


@dataclass(slots=True, eq=False)
class Node:
    """``offset`` and ``end`` are characters; ``type`` is set by the check, ``run`` by the compiler."""

    offset: int
    end: int
    type: Type = field(default=UNKNOWN, init=False)
    run: Callable[[Any], Any] = field(default=lambda _: None, init=False, repr=False)


@dataclass(slots=True, eq=False)
class Literal(Node):
    value: Any


@dataclass(slots=True, eq=False)
class Path(Node):
    """A name and its attributes. ``places`` are the offsets of each; The rest is set by the check."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    title: Text | None = field(default=None, init=False)
    field_key: str | None = field(default=None, init=False)
    is_private: bool = field(default=False, init=False)


@dataclass(slots=True, eq=False)
class Call(Node):
    name: str
    arguments: tuple[Node, ...]
    function: Any = field(default=None, init=False)


@dataclass(slots=True, eq=False)
class Junction(Node):
    """``and`` when ``is_and``, otherwise ``or``."""

    is_and: bool
    parts: tuple[Node, ...]


@dataclass(slots=True, eq=False)
class Not(Node):
    part: Node


@dataclass(slots=True, eq=False)
class Comparison(Node):
    """``operators[i]`` stands between ``operands[i]`` and ``operands[i + 1]``."""

    operands: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Negative(Node):
    part: Node


@dataclass(slots=True, eq=False)
class Listed(Node):
    items: tuple[Node, ...]


def calls(tree: Node) -> frozenset[str]:
    """The names of all functions called in a tree."""
    return frozenset(node.name for node in nodes(tree) if isinstance(node, Call))


def paths(tree: Node) -> Iterator[Path]:
    """All names in a tree."""
    return (node for node in nodes(tree) if isinstance(node, Path))


def nodes(tree: Node) -> Iterator[Node]:
    """The tree's nodes, itself first."""
    yield tree
    match tree:
        case Call(arguments=parts) | Junction(parts=parts) | Listed(items=parts) | Comparison(operands=parts):
            below: tuple[Node, ...] = parts
        case Not(part=part) | Negative(part=part):
            below = (part,)
        case Arithmetic(left=left, right=right):
            below = (left, right)
        case _:
            below = ()
    for each in below:
        yield from nodes(each)
