"""Mistakes an author could make, as values: the fixed list of single changes that ``strength`` tries (reference §11).

Every state is changed by itself, its template merged in: an overlay can change it in one state alone. The list is
told in ``docs/reference/strength.md``; what no scenario could ever see is left out by ``unseen.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.definitions.model import Text
from engine.definitions.source import MAP, Entry, Node

if TYPE_CHECKING:
    from engine.definitions.parse import CaseType

LIFECYCLE = "lifecycle"
Path = tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Mutation:
    """One change. ``section`` is ``lifecycle``, and ``state`` the state that is changed, or another top-level key.

    ``path`` leads from the state (or the section) to what is replaced by ``value``; None takes it away. ``at`` is the
    place in the author's file. ``kind`` is one of ``KINDS``; ``action`` and ``name`` say what it is about (an action;
    a role, word, timer, region, kind of stand-in). ``mark`` is what a scenario shows that covers the rule, or "".
    """

    kind: str
    section: str
    state: str
    path: Path
    value: Node | None
    at: Node
    change: Text
    action: str = ""
    name: str = ""
    mark: str = ""
    goal: str = ""  # where an arrow leads, how long a duration is, how many a quorum asks for: before the change


KINDS = (
    "arrow_removed", "arrow_retargeted", "guard", "requires", "excluded", "separation", "veto", "power", "timer",
    "join", "quorum", "duration",
)  # fmt: skip


class Subject:
    """A state as it is changed: its nodes, its meaning, and where it stands."""

    def __init__(self, case_type: CaseType, key: str) -> None:
        self.case_type = case_type
        self.key = key
        self.definition = case_type.definition
        self.state = case_type.definition.states[key]
        self.entry = case_type.outline.entries[key]

    def find(self, *path: str) -> Entry | None:
        """What is written at the end of a path inside the state."""
        return self.case_type.in_state(self.key, *path)

    def inside(self, *path: str) -> Mapping[str, Entry]:
        """The entries of a map inside the state; nothing where there is none."""
        found = self.find(*path)
        return found.value.entries if found is not None else {}

    def mutation(self, kind: str, path: Path, value: Node | None, at: Node, change: Text, **about: Any) -> Mutation:
        """A change of this state."""
        return Mutation(kind, LIFECYCLE, self.key, path, value, at, change, **about)

    def without_item(self, kind: str, path: Path, number: int, change: Text, **about: Any) -> Mutation:
        """The list at ``path`` without one of its items; the key goes with the last one."""
        found = self.find(*path)
        assert found is not None
        return self.mutation(kind, path, without(found.value, number), found.value.items[number], change, **about)


def without(listed: Node, number: int) -> Node | None:
    """A list without one item; None for a list of that item alone."""
    items = [item for place, item in enumerate(listed.items) if place != number]
    return listed.with_value(items) if items else None


def edited(node: Node, path: Path, value: Node | None) -> Node:
    """A map with the value at the end of ``path`` replaced, taken away (None) or, where its key is new, added."""
    name, *rest = path
    entries = dict(node.entries)
    old = entries.get(name)
    inner = value
    if rest:
        inner = edited(old.value if old is not None else Node(MAP, {}, node.position), tuple(rest), value)
    if inner is None:
        entries.pop(name, None)
    else:
        entries[name] = Entry(old.key if old is not None else Node("text", name, node.position), inner)
    return node.with_value(entries)


def numbered(items: Iterator[str] | tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Items with their places, each name once."""
    seen: set[str] = set()
    for number, name in enumerate(items):
        if name not in seen:
            seen.add(name)
            yield number, name
