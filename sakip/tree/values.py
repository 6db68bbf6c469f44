"""A tree of goals as values: nodes with their indicators, and edges beside parent and child (reference §4.1, §4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sakip import plan
from sakip.values import Target

OF_REGION = "region"  # the tree of the region itself; any other name of a tree is a unit
WAITING, AGREED, REFUSED = "waiting", "agreed", "refused"
WHOLE_YEAR = "year"
DEFAULT_UNIT = "number"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured of a node. ``unit`` None is a plain number; ``due_in`` None every period of its set.

    ``plan_targets`` are those of the years of the plan, ``targets`` those of the year in hand: of its periods by their
    keys and of the whole ``year``. ``superior`` is the key of an indicator above that this one serves, when chosen.
    """

    key: str
    name: str = ""
    definition: str = ""
    formula: str = ""
    unit: str | None = None
    direction: str | None = None
    method: str | None = None
    consolidation: str | None = None
    basis: str | None = None
    periods: str | None = None
    due_in: tuple[str, ...] | None = None
    frequency: str | None = None
    source: str | None = None
    owner: str | None = None
    verifier: str | None = None
    baseline: Target | None = None
    plan_targets: Mapping[int, Target] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    weight: Fraction | None = None
    is_key: bool = False
    is_published: bool = False
    superior: str | None = None

    def measured(self) -> plan.Indicator:
        """What of it decides its measure."""
        unit = self.unit or DEFAULT_UNIT
        return plan.Indicator(
            unit, self.method, self.direction, self.consolidation, self.basis, self.periods, self.due_in
        )

    def target_of(self, year: int) -> Target | None:
        """The target of a fiscal year: what was set for the year in hand, otherwise the plan's."""
        return self.targets.get(WHOLE_YEAR, self.plan_targets.get(year))


@dataclass(frozen=True, slots=True)
class Node:
    """One box of the tree. ``tree`` is ``OF_REGION`` or the key of a unit, ``parent`` a key or None, ``place`` its
    order among its siblings, ``owner`` a position (never a person), ``fields`` what `node_fields` adds."""

    key: str
    level: str
    tree: str = OF_REGION
    parent: str | None = None
    statement: str = ""
    place: int = 0
    result_kind: str | None = None
    owner: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    indicators: tuple[Indicator, ...] = ()

    @property
    def is_regional(self) -> bool:
        """Whether it stands in the tree of the region itself."""
        return self.tree == OF_REGION


@dataclass(frozen=True, slots=True)
class Edge:
    """A link that is neither parent nor child, from one node to another. ``partner`` is a unit or another institution;
    ``state`` waiting, agreed or refused where somebody has to agree."""

    key: str
    kind: str
    start: str
    end: str | None
    weight: Fraction | None = None
    partner: str | None = None
    state: str = WAITING


class Tree:
    """Nodes by key, with who hangs under whom. Circles and parents that are not there are no problem: everything here
    ends, and a check names them. Edges never make a second parent (§4.9)."""

    def __init__(self, nodes: Iterable[Node], edges: Iterable[Edge] = ()) -> None:
        """Raises ValueError for a key used twice."""
        self.nodes: dict[str, Node] = {}
        for node in nodes:
            if node.key in self.nodes:
                raise ValueError(f"the key {node.key} is used twice")
            self.nodes[node.key] = node
        self.edges = tuple(edges)
        self._children: dict[str | None, list[str]] = {}
        for node in sorted(self.nodes.values(), key=lambda one: (one.place, one.key)):
            self._children.setdefault(node.parent, []).append(node.key)

    def children(self, key: str) -> tuple[Node, ...]:
        """Those directly under a node, in their order."""
        return tuple(self.nodes[one] for one in self._children.get(key, ()))

    def only_child(self, key: str) -> Node | None:
        """The one node directly under a node, None when there are none or several."""
        children = self._children.get(key, ())
        return self.nodes[children[0]] if len(children) == 1 else None

    def siblings(self, node: Node) -> tuple[Node, ...]:
        """Those that hang where it hangs, itself among them, in their order; of a root all roots."""
        return tuple(self.nodes[one] for one in self._children[node.parent])

    def roots(self) -> tuple[Node, ...]:
        """Nodes without a parent, or whose parent is not there, in their order."""
        return tuple(
            self.nodes[key]
            for parent, keys in self._children.items()
            if parent is None or parent not in self.nodes
            for key in keys
        )

    def parent(self, node: Node) -> Node | None:
        """The node it hangs under, None for a root or when it is not there."""
        return None if node.parent is None else self.nodes.get(node.parent)

    def ancestors(self, node: Node) -> Iterator[Node]:
        """From the parent upwards; in a circle every node once, itself not."""
        seen = {node.key}
        above = self.parent(node)
        while above is not None and above.key not in seen:
            seen.add(above.key)
            yield above
            above = self.parent(above)

    def below(self, keys: Iterable[str]) -> tuple[Node, ...]:
        """Everything under these nodes, themselves not, each once, from the top down."""
        first = list(keys)
        seen = set(first)
        found: list[Node] = []
        waiting = first
        while waiting:
            under = [one for key in waiting for one in self._children.get(key, ()) if one not in seen]
            seen.update(under)
            found += [self.nodes[key] for key in under]
            waiting = under
        return tuple(found)

    def indicators(self) -> Iterator[tuple[Node, Indicator]]:
        """Every indicator with its node."""
        return ((node, one) for node in self.nodes.values() for one in node.indicators)

    def numbers(self) -> dict[str, int]:
        """The number of every node: its place among its siblings, from 1 (§4.1). Siblings hang under the same node and
        are of the same tree, so a unit's goals are numbered among its own."""
        counted: dict[tuple[str | None, str], int] = {}
        found: dict[str, int] = {}
        for parent, keys in self._children.items():
            for key in keys:
                group = (parent, self.nodes[key].tree)
                counted[group] = counted.get(group, 0) + 1
                found[key] = counted[group]
        return found

    def counting_edges(self, agreed_kinds: Iterable[str]) -> tuple[Edge, ...]:
        """Edges that count: those of ``agreed_kinds`` only when the partner has agreed (§4.9)."""
        kinds = set(agreed_kinds)
        return tuple(edge for edge in self.edges if edge.kind not in kinds or edge.state == AGREED)
