"""Where a node may hang and stand: the choices of the editor, made without dragging (reference §13.1)."""

from __future__ import annotations

from dataclasses import replace

from sakip.configuration.levels import Levels
from sakip.tree.values import Node, Tree


def allowed_parents(levels: Levels, tree: Tree, node: Node) -> tuple[Node, ...]:
    """The nodes it may hang under: of a level in its level's ``under``, neither itself nor anything below it."""
    level = levels.levels.get(node.level)
    if level is None:
        return ()
    barred = {node.key, *(one.key for one in tree.below([node.key]))}
    return tuple(one for one in tree.nodes.values() if one.level in level.under and one.key not in barred)


def allowed_levels(levels: Levels, tree: Tree, parent: Node | None, tree_name: str) -> tuple[str, ...]:
    """The levels a new node of a tree may have under ``parent`` (None: as a root), in their order. A level of which
    there is ``one_only`` is left out when the tree has it."""
    there = {one.level for one in tree.nodes.values() if one.tree == tree_name}
    return tuple(
        key
        for key, level in levels.levels.items()
        if (parent.level in level.under if parent is not None else not level.under)
        and not (level.is_one_only and key in there)
    )


def moved(tree: Tree, key: str, by: int) -> tuple[Node, ...]:
    """The nodes whose place changes when one goes ``by`` places down (up when negative) among its siblings, which then
    stand at 10, 20, …; none when it stands at the end already. KeyError for a node that is not there."""
    node = tree.nodes[key]
    siblings = [one for one in tree.siblings(node) if one.tree == node.tree]
    at = [one.key for one in siblings].index(key)
    to = min(max(at + by, 0), len(siblings) - 1)
    if to == at:
        return ()
    siblings.insert(to, siblings.pop(at))
    placed = [replace(one, place=10 * number) for number, one in enumerate(siblings, 1)]
    return tuple(one for one in placed if one != tree.nodes[one.key])
