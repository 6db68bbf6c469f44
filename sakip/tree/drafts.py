"""What a draft of a tree cannot hold at all, refused with a code before anybody asks about its quality."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sakip.configuration.levels import Levels
from sakip.tree.values import Edge, Node, Tree

UNKNOWN_LEVEL, UNKNOWN_RESULT_KIND, UNKNOWN_FIELD = "unknown_level", "unknown_result_kind", "unknown_field"
WRONG_TREE, ONE_ONLY, TOO_MANY_INDICATORS = "wrong_tree", "one_only", "too_many_indicators"
UNKNOWN_EDGE, EDGE_NOT_ALLOWED, EDGE_WEIGHT = "unknown_edge", "edge_not_allowed", "edge_weight"
INDICATOR_TWICE, STATEMENT_MISSING, NEGATIVE_WEIGHT = "indicator_twice", "statement_missing", "negative_weight"


@dataclass(frozen=True, slots=True)
class DraftFault:
    """A code and the key of the node, indicator or edge it is about."""

    code: str
    key: str


def draft_faults(levels: Levels, tree: Tree) -> tuple[DraftFault, ...]:
    """Everything in a draft that the levels do not know or allow, in the order of the tree. Circles and parents of a
    wrong level are not among these: a draft may hold them while it is worked on, they are integrity findings."""
    found = [DraftFault(code, node.key) for node in tree.nodes.values() for code in _of_node(levels, node)]
    found += [DraftFault(code, edge.key) for edge in tree.edges for code in _of_edge(levels, tree, edge)]
    return (*found, *_of_tree(levels, tree))


def _of_node(levels: Levels, node: Node) -> Iterator[str]:
    level = levels.levels.get(node.level)
    if level is None:
        yield UNKNOWN_LEVEL
        return
    if (level.tree == "region") != node.is_regional:
        yield WRONG_TREE
    if not node.statement.strip():
        yield STATEMENT_MISSING
    if node.result_kind is not None and node.result_kind not in (level.result_kinds or levels.result_kinds):
        yield UNKNOWN_RESULT_KIND
    if level.most_indicators is not None and len(node.indicators) > level.most_indicators:
        yield TOO_MANY_INDICATORS
    if node.fields.keys() - levels.node_fields.keys():
        yield UNKNOWN_FIELD


def _of_edge(levels: Levels, tree: Tree, edge: Edge) -> Iterator[str]:
    kind = levels.edges.get(edge.kind)
    if kind is None:
        yield UNKNOWN_EDGE
        return
    start, end = tree.nodes.get(edge.start), tree.nodes.get(edge.end or "")
    without_node = edge.end is None and kind.partners and edge.partner  # an institution that keeps no tree here
    if (
        start is None
        or start.level not in kind.starts
        or edge.start == edge.end
        or not (without_node or (end is not None and end.level in kind.ends))
    ):
        yield EDGE_NOT_ALLOWED
    if edge.weight is not None and (kind.weight is None or not kind.weight[0] <= edge.weight <= kind.weight[1]):
        yield EDGE_WEIGHT


def _of_tree(levels: Levels, tree: Tree) -> Iterator[DraftFault]:
    of_level: set[tuple[str, str]] = set()
    for node in tree.nodes.values():
        level = levels.levels.get(node.level)
        if level is not None and level.is_one_only:
            if (node.tree, node.level) in of_level:
                yield DraftFault(ONE_ONLY, node.key)
            of_level.add((node.tree, node.level))
    keys: set[str] = set()
    for _node, indicator in tree.indicators():
        if indicator.key in keys:
            yield DraftFault(INDICATOR_TWICE, indicator.key)
        keys.add(indicator.key)
        if indicator.weight is not None and indicator.weight < 0:  # with another's 120 it would add up to 100
            yield DraftFault(NEGATIVE_WEIGHT, indicator.key)
