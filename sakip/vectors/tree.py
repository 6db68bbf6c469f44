"""A tree of goals and the faults it has (reference §4.7).

r_no_owner:
  kind: tree
  given: {only: [indicator_without_owner], nodes: {v1: {level: vision, statement: "Visi", indicators: {i1: {}}}}}
  expect: {findings: {indicator_without_owner: [i1]}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakip.configuration.folder import Configuration
from sakip.configuration.heads import LEVELS
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import NUMBER, Measurement
from sakip.tree.integrity import CHECKS, by_check, findings
from sakip.tree.situation import Facts
from sakip.tree.values import OF_REGION, WAITING, Edge, Indicator, Node, Tree
from sakip.values import Target
from sakip.vectors import VectorFault, kind, year_of
from sakip.vectors.worksheet import number
from sakip.written_values import target

_NODE_KEYS = frozenset(("level", "parent", "tree", "unit", "statement", "place", "result_kind", "owner", "indicators"))
_WORDS = (
    "name", "definition", "formula", "unit", "direction", "method", "consolidation", "basis", "periods", "frequency",
    "source", "owner", "verifier", "superior",
)  # fmt: skip


@kind("tree", LEVELS, whole=("findings",))
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """The keys every check finds, sorted; ``only`` names the checks, all that are not off when it is left out."""
    year = year_of(given)
    levels = configuration.levels(year)
    if levels is None and not {"year", "on"} & given.keys() and len(configuration.all_levels) == 1:
        levels = configuration.all_levels[0].model
        year = levels.head.first_year
    if levels is None:
        raise VectorFault(f"no levels govern {year}")
    only = given.get("only")
    for name in only or ():
        if name not in CHECKS:
            raise VectorFault(f"only: {name!r} is no check")
    measurement = configuration.measurement(year)
    nodes = [_node(key, node or {}, levels, measurement) for key, node in _map(given, "nodes").items()]
    edges = [_edge(key, edge) for key, edge in _map(given, "edges").items()]
    facts = Facts(given.get("year"), frozenset(given.get("vacant") or ()))
    found = findings(levels, Tree(nodes, edges), measurement, facts, only)
    return {"findings": by_check(found)}


def _map(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = given.get(name) or {}
    if not isinstance(found, Mapping):
        raise VectorFault(f"{name}: not a map")
    return found


def _node(key: str, given: Mapping[str, Any], levels: Levels, measurement: Measurement | None) -> Node:
    level = str(given.get("level"))
    if level not in levels.levels:
        raise VectorFault(f"nodes.{key}: the level {level!r} is unknown")
    return Node(
        key,
        level,
        given.get("tree") or given.get("unit") or OF_REGION,
        given.get("parent"),
        str(given.get("statement") or ""),
        given.get("place") or 0,
        given.get("result_kind"),
        given.get("owner"),
        {name: value for name, value in given.items() if name not in _NODE_KEYS},
        tuple(_indicator(name, one or {}, measurement) for name, one in _map(given, "indicators").items()),
    )


def _indicator(key: str, given: Mapping[str, Any], measurement: Measurement | None) -> Indicator:
    words = {name: given[name] for name in _WORDS if given.get(name) is not None}
    unit = None if measurement is None else measurement.units.get(given.get("unit") or "")
    measures = NUMBER if unit is None else unit.kind
    targets = _targets(given, "targets", measures)
    plan = {int(year): value for year, value in _targets(given, "plan_targets", measures).items()}
    weight = None if given.get("weight") is None else number(given["weight"], key)
    return Indicator(key, **words, targets=targets, plan_targets=plan, weight=weight)


def _edge(key: str, given: Mapping[str, Any]) -> Edge:
    end, partner = given.get("to"), given.get("partner")
    return Edge(key, str(given["kind"]), str(given["from"]), end, None, partner, given.get("state", WAITING))


def _targets(given: Mapping[str, Any], name: str, measures: str) -> dict[str, Target]:
    read = {str(key): target(measures, value) for key, value in _map(given, name).items()}
    return {key: value for key, value in read.items() if value is not None}
