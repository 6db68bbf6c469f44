"""What a change of the tree breaks, listed before it goes in force: "Apa yang putus" (reference §4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sakip.configuration.levels import Levels
from sakip.tree.history import Revision
from sakip.tree.values import REFUSED, Indicator, Node, Tree


@dataclass(frozen=True, slots=True)
class Programme:
    """A row of the budget that hangs on a node. ``unit``, ``year`` and ``key`` tell two of the same words apart;
    ``parts_of`` are the keys of nodes whose own budget this one is a part of."""

    code: str
    name: str
    budget: Fraction
    unit: str = ""
    year: int | None = None
    key: str = ""
    parts_of: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What hangs on a tree and does not stand in it. The first four by key of indicator, as what names each thing to
    its reader (the number of an agreement, a report, a target, a figure); programmes by key of node."""

    agreements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_reports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    targets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    figures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    programmes: Mapping[str, tuple[Programme, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything a change reaches, each thing once. ``partners`` are (edge, partner) of crosscutting that was asked or
    agreed; ``budget`` the sum of the programmes."""

    nodes_below: tuple[Node, ...]
    indicators: tuple[Indicator, ...]
    agreements: tuple[str, ...]
    open_reports: tuple[str, ...]
    targets: tuple[str, ...]
    figures: tuple[str, ...]
    partners: tuple[tuple[str, str], ...]
    programmes: tuple[Programme, ...]
    budget: Fraction

    @property
    def is_empty(self) -> bool:
        """Whether nothing breaks."""
        lists = (self.nodes_below, self.indicators, self.agreements, self.open_reports, self.targets)
        return not any((*lists, self.figures, self.partners, self.programmes))


def touched_by(revision: Revision) -> frozenset[str]:
    """The keys a revision takes away or changes; what is new breaks nothing."""
    return revision.ended | revision.changed.keys()


def impact(levels: Levels, tree: Tree, touched: Iterable[str], around: Surroundings) -> Impact:
    """What breaks when the nodes ``touched`` of the tree in force change or end: they and everything below them.

    Keys that are not in the tree are passed over. The order is that of the tree.
    """
    keys = [key for key in tree.nodes if key in frozenset(touched)]
    below = tree.below(keys)
    reached = [*(tree.nodes[key] for key in keys), *below]
    indicators = tuple(one for node in reached for one in node.indicators)
    programmes = _whole(_once(one for node in reached for one in around.programmes.get(node.key, ())))
    return Impact(
        below,
        indicators,
        _of(indicators, around.agreements),
        _of(indicators, around.open_reports),
        _of(indicators, around.targets),
        _of(indicators, around.figures),
        _partners(levels, tree, frozenset(node.key for node in reached)),
        programmes,
        sum((one.budget for one in programmes), Fraction(0)),
    )


def _of(indicators: Iterable[Indicator], named: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in indicators for name in named.get(one.key, ())))


def _once(programmes: Iterable[Programme]) -> tuple[Programme, ...]:
    return tuple(dict.fromkeys(programmes))


def _whole(programmes: tuple[Programme, ...]) -> tuple[Programme, ...]:
    """Without the parts of those that are there themselves: no rupiah counts twice."""
    there = {(one.unit, one.year, one.key) for one in programmes}
    return tuple(
        one for one in programmes if not any((one.unit, one.year, key) in there for key in one.parts_of)
    )  # fmt: skip


def _partners(levels: Levels, tree: Tree, reached: frozenset[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for edge in tree.edges:
        kind = levels.edges.get(edge.kind)
        if kind is None or kind.agreed_by is None or edge.state == REFUSED:
            continue
        if edge.start in reached:
            found.append((edge.key, edge.partner or _tree_of(tree, edge.end)))
        elif edge.end in reached:
            found.append((edge.key, _tree_of(tree, edge.start)))
    return tuple(found)


def _tree_of(tree: Tree, key: str | None) -> str:
    node = tree.nodes.get(key or "")
    return node.tree if node is not None else ""
