"""Rows of the tree become its values: which rows hold on a day, and what each of them stands for (reference §4.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, Text, and_, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from engine.organisation.models import Unit
from sakip.tree.content import indicator_from_plain
from sakip.tree.models import EdgeRow, IndicatorRow, NodeRow, TreeRevision
from sakip.tree.values import OF_REGION, Edge, Indicator, Node

MOST_AT_ONCE = 500  # values in one IN: both databases take more, their planners do not like it
Condition = Callable[[Any], ColumnElement[bool]]  # of the table: which of its rows are wanted

_NODE = (
    NodeRow.key, NodeRow.level, NodeRow.unit_id, NodeRow.parent_key, NodeRow.statement, NodeRow.place,
    NodeRow.result_kind, NodeRow.owner_id, type_coerce(NodeRow.content, Text),
)  # fmt: skip
_INDICATOR = (
    IndicatorRow.key, IndicatorRow.node_key, IndicatorRow.name, IndicatorRow.owner_id, IndicatorRow.verifier_id,
    IndicatorRow.is_key, IndicatorRow.is_published, IndicatorRow.place, IndicatorRow.valid_from,
    type_coerce(IndicatorRow.content, Text),
)  # fmt: skip


def holding(table: Any, region_id: int, day: date, condition: ColumnElement[bool], *columns: Any) -> Select[Any]:
    """The rows of a region that hold on a day. In two halves, each with an index of its own: those without an end, and
    those that ended later."""
    wanted = and_(table.region_id == region_id, condition, table.valid_from <= day)
    open_ones = select(*columns).where(wanted, table.valid_to.is_(None))
    ended = select(*columns).where(wanted, table.valid_to.is_not(None), table.valid_to >= day)
    both = union_all(open_ones, ended).subquery()
    return select(both)


def unit_keys(session: Session, region_id: int) -> dict[int | None, str]:
    """What the trees of a region are called in values: the keys of its units by id, ``region`` under None."""
    found = session.execute(select(Unit.id, Unit.key).where(Unit.region_id == region_id))
    return {None: OF_REGION} | {row.id: row.key for row in found}


def of_keys(column: str, keys: Iterable[str]) -> Iterator[Condition]:
    """Conditions that together want the rows whose ``column`` is one of ``keys``."""
    listed = list(keys)
    for start in range(0, len(listed), MOST_AT_ONCE):
        part = listed[start : start + MOST_AT_ONCE]
        yield lambda table, part=part: getattr(table, column).in_(part)  # type: ignore[misc]


def read_nodes(
    session: Session,
    region_id: int,
    day: date,
    nodes: Condition,
    indicators: Condition,
    trees: Mapping[int | None, str],
) -> list[Node]:
    """The nodes that hold on a day and fulfil a condition, by place and key, with their indicators, which
    ``indicators`` must all let through."""
    hung = _indicators_by_node(session, region_id, day, indicators)
    found = session.execute(holding(NodeRow, region_id, day, nodes(NodeRow), *_NODE)).all()
    rows = sorted(found, key=lambda row: (row[5], row[0]))
    return [
        Node(
            key, level, trees[unit_id], parent, statement, place, result_kind, position_key(owner_id),
            {} if content == "{}" else orjson.loads(content), tuple(hung.get(key, ())),
        )
        for key, level, unit_id, parent, statement, place, result_kind, owner_id, content in rows
    ]  # fmt: skip


def _indicators_by_node(session: Session, region_id: int, day: date, wanted: Condition) -> dict[str, list[Indicator]]:
    rows = session.execute(holding(IndicatorRow, region_id, day, wanted(IndicatorRow), *_INDICATOR)).all()
    found: dict[str, list[Indicator]] = {}
    for key, node_key, name, owner_id, verifier_id, is_key, is_published, _place, begins, content in sorted(
        rows, key=lambda row: (row[7], row[0])
    ):
        more = indicator_from_plain(orjson.loads(content), is_in_hand=begins.year == day.year)
        found.setdefault(node_key, []).append(
            Indicator(
                key, name, owner=position_key(owner_id), verifier=position_key(verifier_id), is_key=bool(is_key),
                is_published=bool(is_published), **more,
            )
        )  # fmt: skip
    return found


def read_edges(
    session: Session, region_id: int, day: date, wanted: Condition, trees: Mapping[int | None, str]
) -> list[Edge]:
    """The edges that hold on a day and fulfil a condition."""
    columns = (
        EdgeRow.kind, EdgeRow.starts, EdgeRow.ends, EdgeRow.weight, EdgeRow.partner_id, EdgeRow.partner, EdgeRow.state,
    )  # fmt: skip
    return [
        Edge(
            edge_key(kind, starts, ends, partner), kind, starts, ends or None,
            None if weight is None else Fraction(weight),
            partner or (None if partner_id is None else trees[partner_id]), state,
        )
        for kind, starts, ends, weight, partner_id, partner, state in session.execute(
            holding(EdgeRow, region_id, day, wanted(EdgeRow), *columns)
        )
    ]  # fmt: skip


def edge_key(kind: str, starts: str, ends: str | None, partner: str | None = None) -> str:
    """What an edge is called: one kind joins two nodes (or a node and an institution) once."""
    return f"{kind}:{starts}:{ends or partner or ''}"


def position_key(position_id: int | None) -> str | None:
    """A position in a value: its id as text."""
    return None if position_id is None else str(position_id)


def numbers_of(session: Session, region_id: int, day: date, keys: Iterable[str]) -> dict[str, int]:
    """At which revision of its tree each indicator stands on a day, by key; unknown keys are left out."""
    found: dict[str, int] = {}
    for wanted in of_keys("key", keys):
        holding_rows = holding(
            IndicatorRow, region_id, day, wanted(IndicatorRow), IndicatorRow.key, IndicatorRow.revision_id
        ).subquery()
        rows = select(holding_rows.c.key, TreeRevision.number).join(
            TreeRevision, TreeRevision.id == holding_rows.c.revision_id
        )
        found.update((key, number) for key, number in session.execute(rows))
    return found


def either(*conditions: Condition) -> Condition:
    """Rows that fulfil one of several conditions."""
    return lambda table: or_(*(one(table) for one in conditions))
