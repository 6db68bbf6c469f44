"""Where everything of a BPMN process is drawn: Graphviz places nodes and bends flows, lanes are bands across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.definitions.bpmn_lanes import Lane, banded, lanes_of
from engine.definitions.bpmn_model import Node, Process, Scope
from engine.definitions.draw import layout

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, width, height
_Placed = tuple[dict[str, Box], dict[str, list[Point]]]
_Inner = dict[str, _Placed]
MARGIN = 30
HEADING = 30  # of a subprocess; of the pool and its lanes, sideways
_POINTS = 72.0
_EMPTY = (600.0, 120.0)  # a pool with nothing in it
_BESIDE = 48  # from one event at an edge to the next


@dataclass(slots=True)
class Picture:
    """Boxes by id (the lanes' too) and the points of each flow, in pixels from the top left."""

    boxes: dict[str, Box] = field(default_factory=dict)
    routes: dict[str, list[Point]] = field(default_factory=dict)
    lanes: list[Lane] = field(default_factory=list)
    width: float = 0
    height: float = 0


def place(process: Process, titles: Mapping[str, str], several: str) -> Picture:
    """The picture of a process; ``titles`` are those of the roles, ``several`` the name of a lane of many roles."""
    scope = process.scopes[None]
    if not scope.nodes:
        return Picture({"pool": (0, 0, *_EMPTY)}, width=_EMPTY[0], height=_EMPTY[1])
    inner: _Inner = {}
    _size(scope, inner)
    found = layout(_graph(scope))
    boxes, _ = _read(found, scope)
    lanes = lanes_of(scope, boxes, titles, several)
    bands, centres, width = banded(scope, lanes, boxes)
    routed = layout(_graph(scope, centres), engine="neato")
    drawn = Picture(lanes=lanes)
    boxes, routes = _read(routed, scope)
    # Graphviz moves the whole; the bands stay where they were counted
    first = next(iter(centres))
    moved = (centres[first][0] - _centre(boxes[first])[0], centres[first][1] - _centre(boxes[first])[1])
    left = 2 * HEADING
    for lane, (top, height) in zip(lanes, bands, strict=True):
        drawn.boxes[lane.id] = (HEADING, top, width + HEADING, height)
    drawn.width, drawn.height = width + left, sum(height for _, height in bands)
    drawn.boxes["pool"] = (0, 0, drawn.width, drawn.height)
    _keep(drawn, scope, (boxes, routes), (left + moved[0], moved[1]), inner)
    return drawn


def _size(scope: Scope, inner: _Inner) -> None:
    """Subprocesses are as large as what they hold; where that is placed goes into ``inner``, by the node's id."""
    for node in scope.nodes.values():
        if node.inner is not None:
            _size(node.inner, inner)
            boxes, routes = inner[node.id] = _read(layout(_graph(node.inner)), node.inner)
            right, bottom = _extent(boxes, routes)
            node.width, node.height = int(right) + 2 * MARGIN, int(bottom) + MARGIN + HEADING


def _extent(boxes: Mapping[str, Box], routes: Mapping[str, Sequence[Point]]) -> Point:
    right = max((left + width for left, _, width, _ in boxes.values()), default=0)
    bottom = max((top + height for _, top, _, height in boxes.values()), default=0)
    points = [point for route in routes.values() for point in route]
    return max([right, *(x for x, _ in points)]), max([bottom, *(y for _, y in points)])


def _graph(scope: Scope, centres: Mapping[str, Point] | None = None) -> str:
    """The scope for Graphviz; with ``centres`` the nodes are pinned and only the flows are bent around them."""
    lines = [
        "digraph bpmn {",
        "graph [rankdir=LR, splines=polyline, nodesep=0.5, ranksep=0.6, margin=0, inputscale=72];",
        'node [shape=box, fixedsize=true, label=""];',
    ]
    names = {key: f"n{number}" for number, key in enumerate(scope.nodes)}  # keys may hold any letters
    for node in scope.nodes.values():
        if node.attached_to is None:
            place = ""
            if centres is not None:
                x, y = centres[node.id]
                place = f', pos="{x:g},{-y:g}!"'
            size = f"width={node.width / _POINTS:.4f}, height={node.height / _POINTS:.4f}"
            lines.append(f"{names[node.id]} [{size}{place}];")
    backwards = _backwards(scope)
    for number, flow in enumerate(scope.flows):
        source, port = flow.source, ""
        edge = scope.nodes[flow.source]
        if edge.attached_to is not None:
            is_free = centres is not None and scope.nodes[edge.attached_to].inner is not None
            source, port = edge.attached_to, "" if is_free else ", tailport=s"
        port += ", weight=1" if edge.attached_to is not None else ", weight=8"
        loose = ", constraint=false" if flow.id in backwards else ""
        lines.append(f"{names[source]} -> {names[flow.target]} [id={number}{port}{loose}];")
    return "\n".join([*lines, "}"])


def _backwards(scope: Scope) -> set[str]:
    """The flows that close a circle: they must not pull what comes first behind what comes later."""
    leading: dict[str, list[tuple[str, str]]] = {}
    for flow in scope.flows:
        source = scope.nodes[flow.source].attached_to or flow.source
        leading.setdefault(source, []).append((flow.id, flow.target))
    found: set[str] = set()
    done: set[str] = set()
    for first in scope.nodes:
        stack = [(first, iter(leading.get(first, ())))] if first not in done else []
        active = {first}
        done.add(first)
        while stack:
            node, ways = stack[-1]
            way = next(ways, None)
            if way is None:
                stack.pop()
                active.discard(node)
            elif way[1] in active:
                found.add(way[0])
            elif way[1] not in done:
                done.add(way[1])
                active.add(way[1])
                stack.append((way[1], iter(leading.get(way[1], ()))))
    return found


def _read(found: Mapping[str, Any], scope: Scope) -> _Placed:
    """Boxes and routes of Graphviz' answer, from the top left, boundary events put at the lower edge of their node."""
    top = float(str(found["bb"]).split(",")[3])
    boxes: dict[str, Box] = {}
    nodes = list(scope.nodes.values())
    for item in found.get("objects", ()):
        node = nodes[int(item["name"].removeprefix("n"))]
        x, y = (float(part) for part in item["pos"].rstrip("!").split(",")[:2])
        boxes[node.id] = (x - node.width / 2, top - y - node.height / 2, node.width, node.height)
    routes = {scope.flows[int(item["id"])].id: _route(item["pos"], top) for item in found.get("edges", ())}
    _put_on_edges(scope, boxes, routes)
    return boxes, routes


def _put_on_edges(scope: Scope, boxes: dict[str, Box], routes: dict[str, list[Point]]) -> None:
    """Events at the edge of an activity: below a task side by side; around a subprocess where their flow leaves."""
    attached: dict[str, list[Node]] = {}
    for node in scope.nodes.values():
        if node.attached_to is not None:
            attached.setdefault(node.attached_to, []).append(node)
    starts = {flow.source: routes[flow.id] for flow in scope.flows if scope.nodes[flow.source].attached_to is not None}
    for key, nodes in attached.items():
        left, top, width, height = boxes[key]
        step = width / (len(nodes) + 1)
        taken: list[Point] = []
        for number, node in enumerate(nodes, 1):
            x, y = left + number * step, top + height
            route = starts.get(node.id)
            is_below = route is None or abs(route[0][1] - y) < 1
            if scope.nodes[key].inner is not None and route is not None and not is_below:
                x, y = _apart(route[0], taken, boxes[key])
            taken.append((x, y))
            boxes[node.id] = (x - node.width / 2, y - node.height / 2, node.width, node.height)
            if route is not None:
                route[0] = (x, y + node.height / 2) if is_below else _towards((x, y), route[1], node.height / 2)


def _apart(point: Point, taken: list[Point], box: Box) -> Point:
    """The point on the border of ``box``, moved along it as long as another event is there."""
    left, top, width, height = box
    is_level = min(abs(point[1] - top), abs(point[1] - top - height)) < 1
    x, y = point
    while any(abs(x - other[0]) + abs(y - other[1]) < _BESIDE for other in taken):
        x, y = (x - _BESIDE, y) if is_level else (x, y + _BESIDE)
    return min(max(x, left), left + width), min(max(y, top), top + height)


def _towards(centre: Point, point: Point, radius: float) -> Point:
    """Where a line from the middle of an event leaves its circle."""
    x, y = point[0] - centre[0], point[1] - centre[1]
    length = max((x * x + y * y) ** 0.5, 1)
    return centre[0] + x * radius / length, centre[1] + y * radius / length


def _route(written: str, top: float) -> list[Point]:
    """The corners of a flow: the ends of the straight pieces Graphviz writes as curves."""
    tip: list[Point] = []
    points: list[Point] = []
    for part in written.split():
        pieces = part.split(",")
        x, y = float(pieces[-2]), float(pieces[-1])
        if pieces[0] == "e":
            tip = [(x, top - y)]
        elif pieces[0] != "s":
            points.append((x, top - y))
    corners = points[::3] + tip
    return [corner for number, corner in enumerate(corners) if number == 0 or corner != corners[number - 1]]


def _centre(box: Box) -> Point:
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def _keep(drawn: Picture, scope: Scope, placed: _Placed, moved: Point, inner: _Inner) -> None:
    """Take over a scope, moved to its place, and what its subprocesses hold."""
    boxes, routes = placed
    for key, (left, top, width, height) in boxes.items():
        drawn.boxes[key] = (left + moved[0], top + moved[1], width, height)
    for key, route in routes.items():
        drawn.routes[key] = [(x + moved[0], y + moved[1]) for x, y in route]
    for node in scope.nodes.values():
        if node.inner is not None:
            left, top, _, _ = drawn.boxes[node.id]
            _keep(drawn, node.inner, inner[node.id], (left + MARGIN, top + HEADING), inner)
