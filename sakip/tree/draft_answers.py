"""A revision as the answers of a case, and back: the case is the document, the tree is drawn from it (reference §3.2).

``act`` of a row says what becomes of it: ``new``, ``changed`` (the row is the whole node as it will be) or ``ended``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sakip.tree.history import Revision
from sakip.tree.rows import edge_key
from sakip.tree.target_text import (
    NoTarget,
    number_of_text,
    planned_of_text,
    target_of_text,
    targets_of_text,
    text_of_number,
    text_of_target,
    text_of_targets,
)
from sakip.tree.values import Edge, Indicator, Node

NEW, CHANGED, ENDED = "new", "changed", "ended"
ACTS = (NEW, CHANGED, ENDED)
_NODE_COLUMNS = frozenset(
    ("row_key", "act", "key", "level", "parent", "statement", "place", "result_kind", "owner", "indicators")
)
_WORDS = (
    "name", "definition", "formula", "unit", "direction", "method", "consolidation", "basis", "periods", "frequency",
    "source", "superior",
)  # fmt: skip


class UnreadableDraft(ValueError):
    """A draft with a row that stands for nothing: ``args`` are the key of the node or indicator, and what it says."""


def revision_of(answers: Mapping[str, Any], tree: str, units: Mapping[int, str]) -> Revision:
    """The revision that the stored answers of a case stand for, its nodes in the tree called ``tree``.

    ``units`` are the keys of the region's units by id. Raises UnreadableDraft.
    """
    rows: list[Mapping[str, Any]] = list(answers.get("nodes") or ())
    written: dict[str, dict[str, Node]] = {NEW: {}, CHANGED: {}}
    ended = set()
    for row in rows:
        act, key = row.get("act") or NEW, str(row.get("key") or "").strip()
        if not key or key in ended or any(key in nodes for nodes in written.values()):
            raise UnreadableDraft(key, "key")
        if act == ENDED:
            ended.add(key)
        else:
            written[CHANGED if act == CHANGED else NEW][key] = _node(key, row, tree)
    edges: dict[str, dict[str, Edge]] = {NEW: {}, ENDED: {}}
    for row in answers.get("edges") or ():
        edge = _edge(row, units)
        edges[ENDED if row.get("act") == ENDED else NEW][edge.key] = edge
    return Revision(
        str(answers.get("reason") or ""),
        str(answers.get("legal_basis") or ""),
        written[NEW],
        written[CHANGED],
        frozenset(ended),
        edges[NEW],
        edges[ENDED],
    )


def answers_of(revision: Revision, units: Mapping[str, int]) -> dict[str, Any]:
    """The raw answers that a revision is opened with: what ``revision_of`` reads back. ``units`` are ids by key."""
    rows = [
        *(_node_row(NEW, node) for node in revision.new.values()),
        *(_node_row(CHANGED, node) for node in revision.changed.values()),
        *({"act": ENDED, "key": key} for key in sorted(revision.ended)),
    ]
    edges = [
        *(_edge_row(NEW, edge, units) for edge in revision.edges.values()),
        *(_edge_row(ENDED, edge, units) for edge in revision.edges_ended.values()),
    ]
    found: dict[str, Any] = {"reason": revision.reason, "legal_basis": revision.legal_basis}
    return found | {name: value for name, value in (("nodes", rows), ("edges", edges)) if value}


def _node(key: str, row: Mapping[str, Any], tree: str) -> Node:
    return Node(
        key,
        str(row.get("level") or ""),
        tree,
        row.get("parent") or None,
        str(row.get("statement") or ""),
        int(row.get("place") or 0),
        row.get("result_kind") or None,
        _position(row.get("owner")),
        {name: value for name, value in row.items() if name not in _NODE_COLUMNS and value is not None},
        tuple(_indicator(one) for one in row.get("indicators") or ()),
    )


def _indicator(row: Mapping[str, Any]) -> Indicator:
    key = str(row.get("key") or "").strip()
    if not key:
        raise UnreadableDraft(str(row.get("name") or ""), "key")
    words = {name: row[name] for name in _WORDS if row.get(name)}
    due_in = [each.strip() for each in str(row.get("due_in") or "").split(",") if each.strip()]
    try:
        return Indicator(
            key,
            **words,
            due_in=tuple(due_in) or None,
            owner=_position(row.get("owner")),
            verifier=_position(row.get("verifier")),
            baseline=target_of_text(row.get("baseline") or ""),
            plan_targets=planned_of_text(row.get("plan_targets") or ""),
            targets=targets_of_text(row.get("targets") or ""),
            weight=number_of_text(str(row.get("weight") or "")),
            is_key=bool(row.get("is_key")),
            is_published=bool(row.get("is_published")),
        )
    except NoTarget as fault:
        raise UnreadableDraft(key, str(fault)) from fault


def _edge(row: Mapping[str, Any], units: Mapping[int, str]) -> Edge:
    starts, ends = str(row.get("starts") or ""), row.get("ends") or None
    unit = row.get("partner")
    partner = units.get(int(unit)) if unit is not None else None
    partner = partner or row.get("partner_name") or None
    weight = None if row.get("weight") is None else Fraction(int(row["weight"]))
    kind = str(row.get("kind") or "")
    if not kind or not starts or not (ends or partner):
        raise UnreadableDraft(starts, "edge")
    return Edge(edge_key(kind, starts, ends, partner), kind, starts, ends, weight, partner)


def _node_row(act: str, node: Node) -> dict[str, Any]:
    row: dict[str, Any] = {
        "act": act, "key": node.key, "level": node.level, "parent": node.parent, "statement": node.statement,
        "place": node.place or None, "result_kind": node.result_kind, "owner": _id(node.owner), **node.fields,
    }  # fmt: skip
    indicators = [_indicator_row(one) for one in node.indicators]
    if indicators:
        row["indicators"] = indicators
    return {name: value for name, value in row.items() if value is not None}


def _indicator_row(one: Indicator) -> dict[str, Any]:
    row: dict[str, Any] = {"key": one.key} | {name: getattr(one, name) for name in _WORDS if getattr(one, name)}
    more = {
        "due_in": ", ".join(one.due_in or ()),
        "owner": _id(one.owner),
        "verifier": _id(one.verifier),
        "baseline": "" if one.baseline is None else text_of_target(one.baseline),
        "plan_targets": text_of_targets(one.plan_targets),
        "targets": text_of_targets(one.targets),
        "weight": None if one.weight is None else text_of_number(one.weight),
        "is_key": one.is_key or None,
        "is_published": one.is_published or None,
    }
    return row | {name: value for name, value in more.items() if value not in (None, "")}


def _edge_row(act: str, edge: Edge, units: Mapping[str, int]) -> dict[str, Any]:
    row = {
        "act": act, "kind": edge.kind, "starts": edge.start, "ends": edge.end,
        "weight": None if edge.weight is None else int(edge.weight), "partner": units.get(edge.partner or ""),
        "partner_name": edge.partner if edge.partner and edge.partner not in units else None,
    }  # fmt: skip
    return {name: value for name, value in row.items() if value is not None}


def _position(answer: Any) -> str | None:
    return None if answer in (None, "") else str(answer)


def _id(position: str | None) -> int | None:
    return None if position is None else int(position)
