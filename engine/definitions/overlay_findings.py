"""Which finding of a merged definition is an overlay's doing, and at which of the overlay's tokens to report it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.definitions.model import Text
from engine.definitions.outline import outline
from engine.definitions.overlay_seals import Touch
from engine.definitions.problems import Position, Problem, Problems
from engine.definitions.source import LIST, MAP, NULL, Node

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """A region's file with what it touches, and what it was laid on."""

    root: Node
    touches: Sequence[Touch]
    base: Node
    is_form: bool = False


def blame(found: Iterable[Problem], below: Iterable[Problem], layers: Sequence[Layer], written: Node) -> list[Problem]:
    """The findings that a region's files cause, each in those files; what there is without them is left out.

    ``layers`` begin with the workflow's overlay where there is one; ``written`` is the merged workflow.
    """
    known = {(problem.position, problem.code) for problem in below}
    own = {layer.root.file for layer in layers}
    paths: dict[Position, Path] | None = None
    found = list(found)
    kept = [problem for problem in found if problem.file in own]  # first: they win where two meet at one token
    for problem in found:
        if problem.file not in own and (problem.position, problem.code) not in known:
            if paths is None:
                paths = dict(_positions(written))
            path = paths.get(problem.position, ())
            at = _cause(problem, path, layers)
            message = _with_scenario(problem.message, path)
            kept.append(Problem(at.file, at.line, at.column, problem.code, message, problem.suggestion))
    return kept


def _with_scenario(message: Text, path: Path) -> Text:
    """Names the inherited scenario a finding is in: nothing at the overlay's own line would tell."""
    if path[:1] != ("scenarios",) or len(path) < 2:
        return message
    return Text(f'{message.id} Skenario "{path[1]}".', f'{message.en} Scenario "{path[1]}".')


def _positions(node: Node, path: Path = ()) -> Iterator[tuple[Position, Path]]:
    """Where every token of the merged definition stands in it; keys and values have the same path."""
    if node.kind == MAP:
        for name, entry in node.entries.items():
            inner = (*path, name)
            yield entry.key.position, inner
            yield entry.value.position, inner
            yield from _positions(entry.value, inner)
    elif node.kind == LIST:
        for number, item in enumerate(node.items):
            yield item.position, (*path, str(number))
            yield from _positions(item, (*path, str(number)))


def _cause(problem: Problem, path: Path, layers: Sequence[Layer]) -> Node:
    """The token that brought a finding about: a field taken away, the arrow turned away, else the nearest change."""
    for layer in layers:
        for touch in layer.touches if layer.is_form else ():
            if touch.path[:1] == ("fields",) and len(touch.path) > 1 and _names(problem, touch.path[1]):
                return touch.at
    first = layers[0]
    if problem.code == "WF120":
        removed = (touch for touch in first.touches if touch.value.kind == NULL and _names(problem, touch.path[-1]))
        for touch in removed:
            return touch.at
    if problem.code == "WF021" and path and not first.is_form:
        arrow = _turned_away(path[-1], first.touches, first.base)
        if arrow is not None:
            return arrow
    return _nearest(path, first.touches) or first.root


def _names(problem: Problem, field: str) -> bool:
    return re.search(rf"(?<![a-z0-9_]){re.escape(field)}(?![a-z0-9_])", problem.message.en) is not None


def _nearest(path: Path, touches: Sequence[Touch]) -> Node | None:
    """The change that shares the longest way down with the finding; the first of several."""
    best: tuple[int, Touch] | None = None
    for touch in touches:
        shared = 0
        for one, other in zip(touch.path, path, strict=False):
            if one != other:
                break
            shared += 1
        if best is None or shared > best[0]:
            best = (shared, touch)
    return best[1].at if best is not None else None


def _turned_away(state: str, touches: Sequence[Touch], base: Node) -> Node | None:
    """The overlay's arrow that led to ``state`` in the base, or to one that led there."""
    arrows = []
    for touch in touches:
        lost = set(_targets(_at(base, touch.path), touch.path[-1] if touch.path else ""))
        if lost:
            arrows.append((touch, lost))
    for touch, lost in arrows:
        if state in lost:
            return _arrow(touch)
    wanted = _leading_to(state, base)
    for touch, lost in arrows:
        if lost & wanted:
            return _arrow(touch)
    return _arrow(arrows[0][0]) if arrows else None


def _arrow(touch: Touch) -> Node:
    """What to point at: the new target where only the target was changed, else the changed key."""
    return touch.value if touch.path[-1:] == ("to",) or touch.path[-1:] == ("initial",) else touch.at


def _at(node: Node, path: Path) -> Node | None:
    return node.get(*path)


def _targets(node: Node | None, name: str) -> Iterator[str]:
    """The states named by ``to`` and ``initial`` in a part of a definition."""
    if node is None:
        return
    if name in ("to", "initial"):
        yield str(node.value)
    for key, entry in node.entries.items():
        yield from _targets(entry.value, key)


def _leading_to(state: str, base: Node) -> set[str]:
    """Every state of the base from which ``state`` could be reached, and what stands around it."""
    states = outline(base.entries.get("lifecycle"), Problems())
    onward = {key: set(_targets(entry.value, key)) for key, entry in states.entries.items()}
    found = set(states.ancestors(state)) if state in states.entries else {state}
    is_growing = True
    while is_growing:
        grown = {key for key, targets in onward.items() if key not in found and targets & found}
        grown |= {outer for key in grown for outer in states.ancestors(key)} - found
        found |= grown
        is_growing = bool(grown)
    return found
