"""Lanes of a BPMN pool: one band for each group of roles that works on steps, and who stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.bpmn_model import Node, Scope

Box = tuple[float, float, float, float]
_GAP = 40
_NAMED = 3  # roles a lane is named after; more are only "several"


@dataclass(slots=True)
class Lane:
    """One band: its name and the ids of the nodes in it."""

    id: str
    name: str
    nodes: list[str] = field(default_factory=list)


def lanes_of(scope: Scope, boxes: Mapping[str, Box], titles: Mapping[str, str], several: str) -> list[Lane]:
    """The lanes in the order in which their first node comes. What nobody works on stands with what leads to it."""
    owners = _owners(scope)
    lanes: dict[tuple[str, ...], Lane] = {}
    for key in sorted(scope.nodes, key=lambda each: boxes[each][0]):
        roles = owners[key]
        lane = lanes.get(roles)
        if lane is None:
            name = ", ".join(titles.get(role, role) for role in roles) if len(roles) <= _NAMED else several
            lane = lanes[roles] = Lane(f"lane_{len(lanes) + 1}", name)
        lane.nodes.append(key)
    return list(lanes.values())


def _owners(scope: Scope) -> dict[str, tuple[str, ...]]:
    found = {key: _roles(node) for key, node in scope.nodes.items() if _roles(node)}
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for flow in scope.flows:
        source = scope.nodes[flow.source].attached_to or flow.source
        before.setdefault(flow.target, []).append(source)
        after.setdefault(source, []).append(flow.target)
    is_growing = True
    while is_growing:
        is_growing = False
        for key, node in scope.nodes.items():
            near = [node.attached_to] if node.attached_to else [*before.get(key, ()), *after.get(key, ())]
            owner = next((found[each] for each in near if each in found), None)
            if key not in found and owner is not None:
                found[key] = owner
                is_growing = True
    return {key: found.get(key, ()) for key in scope.nodes}


def _roles(node: Node) -> tuple[str, ...]:
    """The roles that work on a node, or inside it."""
    if node.inner is None:
        return node.roles
    return tuple(dict.fromkeys(role for inner in node.inner.nodes.values() for role in _roles(inner)))


def banded(
    scope: Scope, lanes: list[Lane], boxes: Mapping[str, Box]
) -> tuple[list[tuple[float, float]], dict[str, tuple[float, float]], float]:
    """Top and height of each band, the centre of each node in them, and how wide the whole is.

    From left to right nodes keep their place; in a band they share a row as long as they do not meet.
    """
    bands: list[tuple[float, float]] = []
    centres: dict[str, tuple[float, float]] = {}
    top = 0.0
    right = max(left + width for left, _, width, _ in boxes.values()) + 2 * _GAP
    for lane in lanes:
        rows = _rows([key for key in lane.nodes if scope.nodes[key].attached_to is None], boxes)
        y = top + _GAP / 2
        for row in rows:
            height = max(boxes[key][3] for key in row) + _GAP
            for key in row:
                left, _, width, _ = boxes[key]
                centres[key] = (left + width / 2 + _GAP, y + height / 2)
            y += height
        y += _GAP / 2
        bands.append((top, y - top))
        top = y
    return bands, centres, right


def _rows(keys: list[str], boxes: Mapping[str, Box]) -> list[list[str]]:
    """Nodes in rows: the first row in which there is room beside those already there, upper nodes first."""
    rows: list[list[str]] = []
    for key in sorted(keys, key=lambda each: (round(boxes[each][0]), boxes[each][1])):
        left = boxes[key][0]
        for row in rows:
            if all(left > boxes[other][0] + boxes[other][2] + _GAP / 2 for other in row):
                row.append(key)
                break
        else:
            rows.append([key])
    return rows
