"""A tree, its findings and what a change would break, as JSON for the command line and for export."""

from __future__ import annotations

from typing import Any

from sakip.tree.content import indicator_to_plain
from sakip.tree.impact import Impact
from sakip.tree.values import Edge, Node, Tree
from sakip.values import as_text


def plain_tree(tree: Tree) -> dict[str, Any]:
    """``nodes`` in the order of the tree, from the top, and its ``edges``; numbers are text."""
    numbers = tree.numbers()
    return {
        "nodes": [plain_node(node, numbers[node.key]) for node in in_order(tree)],
        "edges": [_edge(edge) for edge in tree.edges],
    }


def in_order(tree: Tree) -> list[Node]:
    """Every node, each before what hangs under it, siblings by their places; those on a circle at the end."""
    found: dict[str, Node] = {}
    waiting = list(reversed(tree.roots()))
    while waiting:
        node = waiting.pop()
        if node.key not in found:
            found[node.key] = node
            waiting += reversed(tree.children(node.key))
    return [*found.values(), *(node for key, node in tree.nodes.items() if key not in found)]


def plain_node(node: Node, number: int) -> dict[str, Any]:
    """One node with its indicators."""
    return {
        "key": node.key, "tree": node.tree, "level": node.level, "parent": node.parent, "number": number,
        "statement": node.statement, "result_kind": node.result_kind, "owner": node.owner,
        "fields": dict(node.fields),
        "indicators": [
            {
                "key": one.key, "name": one.name, "owner": one.owner, "verifier": one.verifier, "is_key": one.is_key,
                "is_published": one.is_published, **indicator_to_plain(one),
            }
            for one in node.indicators
        ],
    }  # fmt: skip


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "key": edge.key, "kind": edge.kind, "from": edge.start, "to": edge.end, "partner": edge.partner,
        "weight": None if edge.weight is None else as_text(edge.weight), "state": edge.state,
    }  # fmt: skip


def plain_impact(found: Impact) -> dict[str, Any]:
    """Everything a change reaches, by kind."""
    return {
        "nodes_below": [node.key for node in found.nodes_below],
        "indicators": [one.key for one in found.indicators],
        "agreements": list(found.agreements),
        "open_reports": list(found.open_reports),
        "targets": list(found.targets),
        "figures": list(found.figures),
        "partners": [{"edge": edge, "partner": partner} for edge, partner in found.partners],
        "programmes": [one.code for one in found.programmes],
        "budget": as_text(found.budget),
    }
