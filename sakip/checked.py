"""A folder's files checked, alone and as each region has them; what a region causes is told at its own line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain

from engine.definitions.library import Library
from engine.definitions.overlay_seals import Touch
from engine.definitions.problems import Placed, Position, Problem, Problems
from engine.definitions.reading import Reader
from engine.definitions.source import MAP, TEXT, Node
from sakip.configuration.check import check
from sakip.configuration.check.around import Around, CaseTypeLike, Kinds
from sakip.configuration.check.case_types import CaseTypes
from sakip.configuration.check.findings import ANY, BELOW, Cause, Finding, Findings, Path
from sakip.configuration.check.look import entry_at, text
from sakip.configuration.check.years import check_years
from sakip.configuration.heads import EVALUATION, SCHEMAS
from sakip.configuration.library import FieldLibrary
from sakip.configuration.parse_head import KEYS
from sakip.configuration.regional import Merged, merge_all, parse_merged
from sakip.configuration.unsure import take_out
from sakip.consolidations import CONSOLIDATIONS
from sakip.methods import METHODS
from sakip.scorings import SCORINGS

Standing = Callable[[str | None], Mapping[str, CaseTypeLike]]  # the published case types of a region, None: for all
_PARAMETER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}\Z")


def kinds() -> Kinds:
    """Everything the shelves hold."""
    return Kinds(METHODS.values(), CONSOLIDATIONS.values(), SCORINGS.values())


def check_folder(library: FieldLibrary, workflows: Library | Standing | None, problems: Problems) -> None:
    """Every finding of shape and meaning in the files of a folder: of the bases, then of what each region makes of
    them. ``workflows`` are the case types of the same tree, or of a store by region (those that are not there yet are
    passed over); None where there are none to look names up in."""
    alone = merge_all(library, None, problems)
    has_all = not callable(workflows)
    around = Around(kinds(), case_types=_of_region(workflows, None), has_all_case_types=has_all)
    found = _checked(alone, around, problems)
    problems.take_all(finding.problem for finding in found)
    known = {_place(finding.problem) for finding in found}
    for region in library.regions():
        merged = merge_all(library, region, problems)
        changes = _Changes(merged)
        case_types = _of_region(workflows, region)
        around = Around(
            kinds(), case_types=case_types, has_all_case_types=has_all, is_touched=changes.are_at
        )  # fmt: skip
        below = known
        if any(len(one.layers) > 1 for one in merged):
            lower = replace(around, is_touched=_Changes([_without_top(one) for one in merged]).are_at)
            below = {_place(each.problem) for each in _checked(map(_without_top, merged), lower, Problems())}
        for finding in _checked(merged, around, problems):
            if _place(finding.problem) not in below:
                problems.take(changes.blamed(finding))


def _of_region(workflows: Library | Standing | None, region: str | None) -> Mapping[str, CaseTypeLike] | None:
    if workflows is None or isinstance(workflows, Library):
        return None if workflows is None else CaseTypes(workflows, region)
    return workflows(region)


def _place(problem: Problem) -> tuple[Position, str]:
    return problem.position, problem.code


def _without_top(one: Merged) -> Merged:
    return one if not one.layers else Merged(one.schema, one.base, one.layers[-1].base, one.layers[:-1])


def _checked(files: Iterable[Merged], around: Around, problems: Problems) -> list[Finding]:
    """The findings of meaning in files and between them; those of shape go to ``problems``."""
    read = [(one.schema, parsed[1]) for one in files if (parsed := parse_merged(one, problems)) is not None]
    around = replace(around, evaluations=_by_key(read))
    found: list[Finding] = []
    for schema, root in read:
        found += check(schema, root, around)
    for schema in SCHEMAS:
        between = Findings(schema)
        check_years([root for of, root in read if of == schema], between)
        found += between.found
    return found


def _by_key(read: Sequence[tuple[str, Node]]) -> Mapping[str, Node]:
    plain = [(schema, take_out(root, Reader(Problems()))[0]) for schema, root in read]
    return {text(root.get(KEYS[EVALUATION])) or "": root for schema, root in plain if schema == EVALUATION}


class _Changes:
    """What the region's own files change, by schema, with the files they are merged into."""

    def __init__(self, merged: Sequence[Merged]) -> None:
        self._layers = [_Layer(one) for one in merged if one.layers]
        self._own = {layer.own.file for layer in self._layers}

    def are_at(self, schema: str, path: Path) -> bool:
        """Whether they change what stands at a path of that schema's file."""
        return any(layer.touch_at(Cause(path)) is not None for layer in self._of(schema))

    def blamed(self, finding: Finding) -> Problem:
        """The finding at the token of the region's that brought it about."""
        problem = finding.problem
        if problem.file in self._own:
            return problem
        at = self._cause(finding)
        if at is None:
            return problem
        moved = replace(problem, file=at.file, line=at.line, column=at.column)
        return replace(moved, suggestion=None)  # it was meant for the other place

    def _cause(self, finding: Finding) -> Placed | None:
        for layer in self._of(finding.schema):
            rewritten = layer.rewritten(finding)
            if rewritten is not None:
                return rewritten
        for cause in finding.because:
            for layer in self._of(cause.schema or finding.schema):
                touch = layer.touch_at(cause) or layer.parameter_at(cause)
                if touch is not None:
                    return touch.at
        nearest = [layer.nearest(finding.problem.position) for layer in self._of(finding.schema)]
        best = max(nearest, key=lambda one: one[0], default=None)
        if best is not None:
            return best[1]
        return self._layers[0].own if self._layers else None

    def _of(self, schema: str) -> Iterator[_Layer]:
        return (layer for layer in self._layers if layer.schema == schema)


class _Layer:
    """The region's own patch on one file."""

    def __init__(self, merged: Merged) -> None:
        top = merged.layers[-1]
        self.schema, self.own, self._root, self._below = merged.schema, top.root, merged.root, top.base
        self._touches = top.touches
        self._by_path: dict[Path, Touch] = {}
        self._inside: dict[Path, list[Touch]] = {}  # by every path at or above them
        for touch in top.touches:
            self._by_path.setdefault(touch.path, touch)
            for length in range(len(touch.path) + 1):
                self._inside.setdefault(touch.path[:length], []).append(touch)

    @cached_property
    def _paths(self) -> Mapping[Position, Path]:
        """Where every token of the merged file stands in it."""
        return dict(reversed(list(_positions(self._root, ()))))

    def touch_at(self, cause: Cause) -> Touch | None:
        """The change that a cause stands for: around it first, then at it or below, in the order of the file."""
        known = next((place for place, step in enumerate(cause.path) if step in (ANY, BELOW)), len(cause.path))
        around = (self._by_path.get(cause.path[:length]) for length in range(1, known))
        candidates = chain((touch for touch in around if touch is not None), self._inside.get(cause.path[:known], ()))
        fitting = (touch for touch in candidates if cause.is_touched_by(touch.path))
        found = next((touch for touch in fitting if self._loses(touch, cause.losing)), None)
        # of something new it is the part that counts, such as the weight of a sub-component that was added
        return found and self._by_path.get((*found.path, *cause.path[len(found.path) :]), found)

    def parameter_at(self, cause: Cause) -> Touch | None:
        """Where the region sets a parameter that stands at a cause."""
        if ("parameters",) not in self._inside:
            return None
        for node in _at(self._root, cause.path):
            name = _PARAMETER.match(str(node.value)) if node.kind == TEXT else None
            touch = None if name is None else self._by_path.get(("parameters", name[1]))
            if touch is not None:
                return touch
        return None

    def rewritten(self, finding: Finding) -> Placed | None:
        """Where a map does not add up and the region changed several things in it: the key of that map in its file."""
        path = self._paths.get(finding.problem.position)
        written = entry_at(self.own, "patch", *path) if path else None
        if not path or written is None or written.value.kind != MAP:
            return None
        inside = self._inside.get(path, ())
        causes = [cause for cause in finding.because if cause.schema in (None, self.schema)]
        changed = sum(any(cause.is_touched_by(touch.path) for cause in causes) for touch in inside)
        return written.key if changed > 1 else None

    def nearest(self, position: Position) -> tuple[int, Placed]:
        """The change that shares the longest way down with a token, the first of several, and how much it shares."""
        path = self._paths.get(position, ())
        shared = [_shared(touch.path, path) for touch in self._touches]
        best = max(range(len(shared)), key=lambda place: shared[place], default=None)
        return (-1, self.own) if best is None else (shared[best], self._touches[best].at)

    def _loses(self, touch: Touch, name: str | None) -> bool:
        """Whether a change took away something of that name."""
        before, after = self._below.get(*touch.path), self._root.get(*touch.path)
        return name is None or (_names(before, name) and not _names(after, name))


def _names(node: Node | None, name: str) -> bool:
    return node is not None and any(name == each.value for each in node.walk())


def _shared(one: Path, other: Path) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _at(node: Node, path: Path) -> Iterator[Node]:
    """The nodes a path with ``*`` leads to."""
    if not path:
        yield node
        return
    for key, entry in node.entries.items():
        if path[0] in (key, ANY):
            yield from _at(entry.value, path[1:])


def _positions(node: Node, path: Path) -> Iterator[tuple[Position, Path]]:
    """Every token with its path; keys and values have the same."""
    for key, entry in node.entries.items():
        inner = (*path, key)
        yield entry.key.position, inner
        yield entry.value.position, inner
        yield from _positions(entry.value, inner)
    for item in node.items:
        yield item.position, path
