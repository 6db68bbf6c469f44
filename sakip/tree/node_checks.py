"""Faults of a tree that one sees on its boxes: how they hang, what they say, what they lack (reference §4.7)."""

from __future__ import annotations

from collections.abc import Iterator

from sakip.configuration.levels import AGENCY, REGION, Level
from sakip.tree.situation import Situation, folded
from sakip.tree.values import AGREED, REFUSED, Node

SUCCESS_FACTOR = "success_factor"
PROGRAMME = "programme"
WATCHED_DEPTH = "watched_depth"


def circle(situation: Situation) -> Iterator[str]:
    """Nodes that are their own ancestor."""
    yield from situation.on_circles


def parent_of_wrong_level(situation: Situation) -> Iterator[str]:
    """A parent whose level is not in ``under``; one that is not there has no level at all."""
    for node, level in _levelled(situation):
        if node.parent is None:
            continue
        parent = situation.tree.parent(node)
        if parent is None or parent.level not in level.under:
            yield node.key


def goal_without_regional_parent(situation: Situation) -> Iterator[str]:
    """A node of an agency level whose ``under`` are regional levels only, without parent."""
    for node, level in _levelled(situation):
        if node.parent is None and level.tree == AGENCY and level.under and _all_regional(situation, level):
            yield node.key


def _all_regional(situation: Situation, level: Level) -> bool:
    above = [situation.levels.levels.get(key) for key in level.under]
    return all(one is not None and one.tree == REGION for one in above)


def programme_without_objective(situation: Situation) -> Iterator[str]:
    """A node of a level with ``budget: programme`` without parent."""
    for node, level in _levelled(situation):
        if node.parent is None and level.budget == PROGRAMME:
            yield node.key


def node_without_indicator(situation: Situation) -> Iterator[str]:
    """Fewer indicators than the level asks at least."""
    for node, level in _levelled(situation):
        if len(node.indicators) < level.least_indicators:
            yield node.key


def node_without_success_factor(situation: Situation) -> Iterator[str]:
    """A level that needs the success factor, a node that says none."""
    for node, level in _levelled(situation):
        if SUCCESS_FACTOR in level.needs and not str(node.fields.get(SUCCESS_FACTOR) or "").strip():
            yield node.key


def child_repeats_parent(situation: Situation) -> Iterator[str]:
    """An only child whose statement says what its parent's says, after folding the writing."""
    for node in situation.tree.nodes.values():
        child = situation.tree.only_child(node.key)
        if child is None or child.key == node.key:
            continue
        own = folded(node.statement)
        if own and folded(child.statement) == own:
            yield child.key


def owner_vacant(situation: Situation) -> Iterator[str]:
    """The owner's position has no holder: of a node, or of an indicator that names its own."""
    vacant = situation.facts.vacant
    if not vacant:
        return
    for node in situation.tree.nodes.values():
        if node.owner in vacant:
            yield node.key
        yield from (one.key for one in node.indicators if one.owner in vacant)


def depth_not_reached(situation: Situation) -> Iterator[str]:
    """A branch that ends before the depth that is watched: 1 is the first kind of owner in the file, 3 the third."""
    watched = situation.levels.head.parameters.get(WATCHED_DEPTH)
    if not isinstance(watched, int):
        return
    ranks = {owner: rank for rank, owner in enumerate(situation.levels.owners, 1)}
    waiting = [(root, 0) for root in situation.tree.roots()]
    while waiting:
        node, above = waiting.pop()
        level = situation.level(node)
        depth = max(above, ranks.get(level.owner or "", 0) if level is not None else 0)
        children = situation.tree.children(node.key)
        if not children and depth < watched:
            yield node.key
        waiting += [(child, depth) for child in children]


def crosscutting_unanswered(situation: Situation) -> Iterator[str]:
    """Nodes whose partner was asked and has neither agreed nor refused."""
    for edge in situation.tree.edges:
        kind = situation.levels.edges.get(edge.kind)
        if kind is not None and kind.agreed_by is not None and edge.state not in (AGREED, REFUSED):
            yield edge.start


def _levelled(situation: Situation) -> Iterator[tuple[Node, Level]]:
    for node in situation.tree.nodes.values():
        level = situation.level(node)
        if level is not None:
            yield node, level
