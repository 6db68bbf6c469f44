"""The annex of an agreement, taken from the tree by owner and level (reference §4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sakip.configuration.levels import Levels
from sakip.tree.situation import CarriedRow
from sakip.tree.values import Indicator, Node, Tree
from sakip.values import Target

TEXT, UNIT, TARGET = "text", "unit", "target"
INDIVIDUAL = "individual"


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One row as it is proposed. ``node`` and ``indicator`` are keys and stay linked with ``revision``; statement, text
    and unit are copies; ``target`` that of the year, which the parties may change. ``superiors`` are the keys of the
    indicators above that it serves."""

    node: str
    indicator: str
    revision: int
    statement: str
    text: str
    unit: str | None
    target: Target | None
    weight: Fraction | None
    superiors: tuple[str, ...]


def annex_rows(
    levels: Levels, tree: Tree, owner: str, position: str, year: int, revisions: Mapping[str, int] | None = None
) -> tuple[AnnexRow, ...]:
    """The rows for a position of the kind ``owner``: nodes of its levels that it owns, in the order of levels, then of
    the tree. ``revisions`` say at which revision an indicator stands (1 where they say nothing)."""
    annex = levels.annex.get(owner)
    if annex is None:
        return ()
    ranks = {level: rank for rank, level in enumerate(annex.levels)}
    owned = [node for node in _in_order(tree) if node.level in ranks and node.owner == position]
    owned.sort(key=lambda node: ranks[node.level])
    known, above = revisions or {}, carriers(levels, tree)
    return tuple(
        AnnexRow(
            node.key,
            one.key,
            known.get(one.key, 1),
            node.statement,
            one.name,
            one.unit,
            one.target_of(year),
            one.weight,
            superiors_of(one, above.get(node.key)),
        )
        for node in owned
        for one in node.indicators
    )


def _in_order(tree: Tree) -> list[Node]:
    waiting = list(reversed(tree.roots()))
    found = []
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += reversed(tree.children(node.key))
    return found


def carriers(levels: Levels, tree: Tree) -> dict[str, Node | None]:
    """For every node the nearest one above whose level gives rows to somebody's agreement; nodes on or under a circle
    are left out. One walk from the top: a chain of 20,000 nodes takes no longer than a bush."""
    carried = {level for annex in levels.annex.values() for level in annex.levels}
    found: dict[str, Node | None] = {}
    waiting: list[tuple[Node, Node | None]] = [(root, None) for root in tree.roots()]
    while waiting:
        node, carrier = waiting.pop()
        found[node.key] = carrier
        below = node if node.level in carried else carrier
        waiting += [(child, below) for child in tree.children(node.key)]
    return found


def superiors_of(indicator: Indicator, carrier: Node | None) -> tuple[str, ...]:
    """The indicators above that an indicator serves: the one it names, otherwise all of the node that carries it."""
    if indicator.superior is not None:
        return (indicator.superior,)
    return tuple(one.key for one in carrier.indicators) if carrier is not None else ()


def annex_differences(row: CarriedRow, indicator: Indicator, year: int | None) -> tuple[str, ...]:
    """In what a row of an agreement differs from the tree today: text, unit, target (of ``year`` when it is known)."""
    found = []
    if row.text != indicator.name:
        found.append(TEXT)
    if row.unit != indicator.unit:
        found.append(UNIT)
    if year is not None and row.target != indicator.target_of(year):
        found.append(TARGET)
    return tuple(found)


def feeding_nodes(tree: Tree, kinds: Mapping[str, str]) -> tuple[Node, ...]:
    """The nodes that feed their unit's figures: a position whose agreement is of kind *individual* feeds none (§4.6).
    ``kinds`` is the kind of the agreement of each position."""
    return tuple(node for node in tree.nodes.values() if kinds.get(node.owner or "") != INDIVIDUAL)
