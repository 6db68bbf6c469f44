"""The tree of a region or a unit as it stood on any day, read from the store (reference §4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from engine.definitions.load import no_collection
from engine.organisation.models import Position, Unit
from sakip.tree.models import TreeRevision
from sakip.tree.rows import MOST_AT_ONCE, Condition, numbers_of, of_keys, read_edges, read_nodes, unit_keys
from sakip.tree.values import Edge, Node, Tree

_DEEPEST = 64  # nodes above a unit's own: a longer chain is a circle, which a check names


def tree_on(session: Session, region_id: int, unit_id: int | None, day: date, *, also: Iterable[str] = ()) -> Tree:
    """The tree of a unit, or with None the region's own, as it stood on a (local) day, past ones too.

    A unit's holds its own nodes (``node.tree`` is its key), every edge that begins or ends at one of them, the nodes at
    the other ends, and ``also`` nodes with these keys; with all of them those they hang under, up to the top. A unit of
    another region has an empty tree.
    """
    trees = unit_keys(session, region_id)
    if unit_id not in trees:
        return Tree(())
    own = read_nodes(session, region_id, day, _of_unit(unit_id), _of_unit(unit_id), trees)
    nodes = {node.key: node for node in own}
    edges = _edges_at(session, region_id, day, list(nodes), trees)
    wanted = {*also, *(key for edge in edges for key in (edge.start, edge.end) if key)}
    _add_with_above(session, region_id, day, nodes, wanted, trees)
    return Tree(nodes.values(), edges)


def whole_tree_on(session: Session, region_id: int, day: date) -> Tree:
    """Everything of a region as it stood on a (local) day: its own tree and those of all its units."""
    trees = unit_keys(session, region_id)
    with no_collection():  # a large tree is a million objects that all stay
        nodes = read_nodes(session, region_id, day, _everything, _everything, trees)
        return Tree(nodes, read_edges(session, region_id, day, _everything, trees))


def nodes_on(session: Session, region_id: int, keys: Iterable[str], day: date) -> dict[str, Node]:
    """The nodes with these keys as they stood on a day, by key; what was not there is left out."""
    trees = unit_keys(session, region_id)
    found: dict[str, Node] = {}
    for nodes, indicators in zip(of_keys("key", listed := list(keys)), of_keys("node_key", listed), strict=True):
        found.update((one.key, one) for one in read_nodes(session, region_id, day, nodes, indicators, trees))
    return found


def tree_of_position(session: Session, region_id: int, position_id: int, day: date) -> Tree:
    """The tree an annex of a position is taken from: everything of the position's unit and of the units it lies in, so
    that a head of section finds what the agency's tree gives them. Empty for a position of another region."""
    position = session.get(Position, position_id)
    if position is None or position.region_id != region_id:
        return Tree(())
    unit = session.get_one(Unit, position.unit_id)
    line = [int(one) for one in unit.path.split("/") if one] or [unit.id]

    def of_line(table: Any) -> ColumnElement[bool]:
        return or_(table.unit_id.in_(line), table.unit_id.is_(None))

    trees = unit_keys(session, region_id)
    return Tree(read_nodes(session, region_id, day, of_line, of_line, trees))


def revision_numbers(session: Session, region_id: int, keys: Iterable[str], day: date) -> dict[str, int]:
    """At which revision of its tree each indicator stands on a day, by key; unknown keys are left out."""
    return numbers_of(session, region_id, day, keys)


def revisions_of(session: Session, region_id: int, unit_id: int | None) -> list[TreeRevision]:
    """The revisions of a tree, newest first."""
    wanted = select(TreeRevision).where(TreeRevision.region_id == region_id, _of_unit(unit_id)(TreeRevision))
    return list(session.scalars(wanted.order_by(TreeRevision.in_force_on.desc(), TreeRevision.number.desc())))


def revision_on(session: Session, region_id: int, unit_id: int | None, day: date) -> TreeRevision | None:
    """The revision a tree stands at on a day: the last that came in force by then."""
    return next((one for one in revisions_of(session, region_id, unit_id) if one.in_force_on <= day), None)


def _everything(table: Any) -> ColumnElement[bool]:  # noqa: ARG001
    return true()


def _of_unit(unit_id: int | None) -> Condition:
    def condition(table: Any) -> ColumnElement[bool]:
        column: ColumnElement[Any] = table.unit_id
        return column.is_(None) if unit_id is None else column == unit_id

    return condition


def _add_with_above(
    session: Session, region_id: int, day: date, nodes: dict[str, Node], wanted: set[str],
    trees: dict[int | None, str],
) -> None:  # fmt: skip
    for _ in range(_DEEPEST):
        missing = sorted((wanted | {node.parent for node in nodes.values() if node.parent}) - nodes.keys())
        found = 0
        for by_key, by_node in zip(of_keys("key", missing), of_keys("node_key", missing), strict=True):
            for node in read_nodes(session, region_id, day, by_key, by_node, trees):
                nodes[node.key] = node
                found += 1
        if not found:
            return


def _edges_at(session: Session, region_id: int, day: date, keys: list[str], trees: dict[int | None, str]) -> list[Edge]:
    found: dict[str, Edge] = {}
    for start in range(0, len(keys), MOST_AT_ONCE):
        part = keys[start : start + MOST_AT_ONCE]

        def touches(table: Any, part: list[str] = part) -> ColumnElement[bool]:
            return or_(table.starts.in_(part), table.ends.in_(part))

        found.update((edge.key, edge) for edge in read_edges(session, region_id, day, touches, trees))
    return list(found.values())
