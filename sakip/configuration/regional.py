"""A folder's files as one region has them: overlays merged, parsed, and who is to blame for what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.definitions.overlay import apply
from engine.definitions.overlay_findings import Layer, blame
from engine.definitions.problems import Problem, Problems
from engine.definitions.source import NULL, Node
from sakip.configuration.library import FieldLibrary
from sakip.configuration.older import report_changes
from sakip.configuration.parse import Model, parse_with_root
from sakip.configuration.parse_head import KEYS
from sakip.configuration.unsure import at_own_keys

NO_BASIS, MISSING = "WF100", "WF011"
OPEN_ENDS = ("minimum", "maximum", "from", "floor", "cap")  # null means open (reference §5.9, §5.11), also in new bands


@dataclass(frozen=True, slots=True)
class Merged:
    """One file as a region has it: ``root`` with the ``layers`` of the region's files on ``base``."""

    schema: str
    base: Node
    root: Node
    layers: tuple[Layer, ...]


def merge_all(library: FieldLibrary, region: str | None, problems: Problems) -> list[Merged]:
    """Every file with the region's overlays on it; what is wrong with laying them on goes to ``problems``."""
    found = []
    for base in library.bases:
        root, layers = base.root, []
        chain = library.layers(base, region)
        for place, overlay in enumerate(chain):
            own = problems if overlay.region == region else Problems()
            report_changes(chain[: place + 1], base, root, library, own)
            merged, touches = apply(overlay, root, own, ("schema", KEYS[base.schema]), OPEN_ENDS)
            layers.append(Layer(overlay.root, touches, root))
            root = at_own_keys(merged, overlay.root.get("patch"))
        found.append(Merged(base.schema, base.root, root, tuple(layers)))
    return found


def parse_merged(one: Merged, problems: Problems) -> tuple[Model, Node] | None:
    """A file's value and the nodes to point at; its findings, and those a region causes at the region's own lines, go
    to ``problems``."""
    found, known = _parsed(one.schema, one.base)
    problems.take_all(known)
    for layer, root in steps(one):
        own = Problems()
        found = parse_with_root(one.schema, root, own)
        problems.take_all(blamed(own.sorted(), known, layer, root))
        known = (*known, *own.sorted())
    return found


def steps(one: Merged) -> Iterator[tuple[Layer, Node]]:
    """Each layer with the file as it is with this layer and those below."""
    roots = [*(layer.base for layer in one.layers[1:]), one.root]
    yield from zip(one.layers, roots, strict=True) if one.layers else ()


@lru_cache(maxsize=16)
def _parsed(schema: str, root: Node) -> tuple[tuple[Model, Node] | None, tuple[Problem, ...]]:
    """The same file is read for every region that has something on it."""
    problems = Problems()
    found = parse_with_root(schema, root, problems)
    return found, tuple(problems.sorted())


def blamed(found: Iterable[Problem], below: Iterable[Problem], layer: Layer, root: Node) -> list[Problem]:
    """Of the findings in a merged file those that its top layer causes, each at a line of its file; ``below`` is what
    is found without it."""
    below = list(below)
    known = {(problem.position, problem.code) for problem in below}
    told, others = [], []
    for problem in found:
        at = None if (problem.position, problem.code) in known else _removal(problem, layer)
        if at is None:
            others.append(problem)
        else:
            told.append(replace(problem, file=at.file, line=at.line, column=at.column))
    return told + blame(others, below, [layer], root)


def _removal(problem: Problem, layer: Layer) -> Node | None:
    """What is missing in a file of the base because the layer took it away is told where it did."""
    if problem.file == layer.root.file or problem.code not in (NO_BASIS, MISSING):
        return None
    for touch in layer.touches:
        name = touch.path[-1]
        is_meant = touch.path == ("legal_basis",) if problem.code == NO_BASIS else f'"{name}"' in problem.message.en
        if is_meant and touch.value.kind == NULL:
            return touch.at
    return None
