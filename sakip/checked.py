"""A folder's files checked, alone and as each region has them; what a region causes is told at its own line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from engine.definitions.library import Library
from engine.definitions.overlay_seals import Touch
from engine.definitions.problems import Placed, Position, Problem, Problems
from engine.definitions.reading import Reader
from engine.definitions.source import MAP, TEXT, Node
from sakip.configuration.check import check
from sakip.configuration.check.around import Around, Kinds
from sakip.configuration.check.case_types import CaseTypes
from sakip.configuration.check.findings import ANY, Cause, Finding, Findings, Path
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

_PARAMETER = re.compile(r"\$\{([a-z][a-z0-9_]*)\}\Z")


def kinds() -> Kinds:
    """Everything the shelves hold."""
    return Kinds(METHODS.values(), CONSOLIDATIONS.values(), SCORINGS.values())


def check_folder(library: FieldLibrary, workflows: Library | None, problems: Problems) -> None:
    """Every finding of shape and meaning in the files of a folder: of the bases, then of what each region makes of
    them. ``workflows`` are the case types of the same tree, None where there are none to look names up in."""
    alone = merge_all(library, None, problems)
    found = _checked(alone, Around(kinds(), case_types=_of_region(workflows, None)), problems)
    problems.take_all(finding.problem for finding in found)
    known = {_place(finding.problem) for finding in found}
    for region in library.regions():
        merged = merge_all(library, region, problems)
        changes = _Changes(merged)
        around = Around(kinds(), case_types=_of_region(workflows, region), is_touched=changes.are_at)
        below = known
        if any(len(one.layers) > 1 for one in merged):
            lower = replace(around, is_touched=_Changes([_without_top(one) for one in merged]).are_at)
            below = {_place(each.problem) for each in _checked(map(_without_top, merged), lower, Problems())}
        for finding in _checked(merged, around, problems):
            if _place(finding.problem) not in below:
                problems.take(changes.blamed(finding))


def _of_region(workflows: Library | None, region: str | None) -> CaseTypes | None:
    return None if workflows is None else CaseTypes(workflows, region)


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
        self._merged = [one for one in merged if one.layers]
        self._own = {one.layers[-1].root.file for one in self._merged}

    def are_at(self, schema: str, path: Path) -> bool:
        """Whether they change what stands at a path of that schema's file."""
        return self._touch_at(Cause(path, schema), schema) is not None

    def blamed(self, finding: Finding) -> Problem:
        """The finding at the token of the region's that brought it about."""
        problem = finding.problem
        if problem.file in self._own:
            return problem
        at = self._cause(finding)
        if at is None:
            return problem
        return replace(
            problem, file=at.file, line=at.line, column=at.column, suggestion=None
        )  # meant for the old place

    def _cause(self, finding: Finding) -> Placed | None:
        whole = self._whole(finding)
        if whole is not None:
            return whole
        for cause in finding.because:
            touch = self._touch_at(cause, finding.schema) or self._parameter_at(cause, finding.schema)
            if touch is not None:
                return touch.at
        nearest = self._nearest(finding)
        if nearest is not None:
            return nearest.at
        return self._merged[0].layers[-1].root if self._merged else None

    def _whole(self, finding: Finding) -> Placed | None:
        """Where a map does not add up and the region changed several things in it: the key of that map in its file."""
        for one in self._of(finding.schema):
            path = _path_of(finding.problem.position, one.root)
            written = entry_at(one.layers[-1].root, "patch", *path) if path else None
            if written is None or written.value.kind != MAP:
                continue
            inside = [touch for touch in one.layers[-1].touches if touch.path[: len(path)] == path]
            causes = [cause for cause in finding.because if cause.schema in (None, finding.schema)]
            if len([touch for touch in inside if any(cause.is_touched_by(touch.path) for cause in causes)]) > 1:
                return written.key
        return None

    def _of(self, schema: str) -> Iterator[Merged]:
        return (one for one in self._merged if one.schema == schema)

    def _touch_at(self, cause: Cause, schema: str) -> Touch | None:
        for one in self._of(cause.schema or schema):
            for touch in one.layers[-1].touches:
                if cause.is_touched_by(touch.path) and _loses(touch, one, cause.losing):
                    return touch
        return None

    def _parameter_at(self, cause: Cause, schema: str) -> Touch | None:
        """A place that holds a parameter whose value the region sets."""
        for one in self._of(cause.schema or schema):
            for node in _at(one.root, cause.path):
                name = _PARAMETER.match(str(node.value)) if node.kind == TEXT else None
                for touch in one.layers[-1].touches if name is not None else ():
                    if name is not None and touch.path[:2] == ("parameters", name[1]):
                        return touch
        return None

    def _nearest(self, finding: Finding) -> Touch | None:
        """The change that shares the longest way down with the finding's token; the first of several."""
        best: tuple[int, Touch] | None = None
        for one in self._of(finding.schema):
            path = _path_of(finding.problem.position, one.root)
            for touch in one.layers[-1].touches:
                shared = _shared(touch.path, path)
                if best is None or shared > best[0]:
                    best = (shared, touch)
        return None if best is None else best[1]


def _loses(touch: Touch, one: Merged, name: str | None) -> bool:
    """Whether a change took away something of that name."""
    if name is None:
        return True
    before, after = one.layers[-1].base.get(*touch.path), one.root.get(*touch.path)
    return _names(before, name) and not _names(after, name)


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


def _path_of(position: Position, node: Node, path: Path = ()) -> Path:
    """Where a token stands in a file, () when it is not there."""
    if node.kind != MAP:
        return path if node.position == position else ()
    for key, entry in node.entries.items():
        inner = (*path, key)
        if position in (entry.key.position, entry.value.position):
            return inner
        found = _path_of(position, entry.value, inner) if entry.value.kind == MAP else ()
        if found:
            return found
    return ()
