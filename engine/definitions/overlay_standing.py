"""How every overlay stands on its base or on a new one that is tried: clean, needs a look, broken (reference §10)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.definitions.library import Library, read_library
from engine.definitions.model import Definition
from engine.definitions.overlay import Overlay
from engine.definitions.overlay_changes import BothTouched, both_touched
from engine.definitions.problems import Problem, Problems
from engine.definitions.regional import (
    Variant,
    form_overlay_findings,
    plain_variant,
    with_overlay,
    with_region_forms,
)
from engine.definitions.source import read
from engine.definitions.tree import Grove, Tree, TreeFile
from engine.definitions.vocabulary_protocol import VocabularyLike

CLEAN, LOOK, BROKEN = "clean", "needs a look", "broken"
STATUSES = (CLEAN, LOOK, BROKEN)
Prove = Callable[[Definition], Sequence[Any]]  # runs the scenarios; what it returns are the failures


@dataclass(frozen=True, slots=True)
class Standing:
    """One overlay: ``both`` are the nodes the base changed under it, ``findings`` what is wrong (warnings too),
    ``failures`` what ``prove`` found. Without ``overlay`` the file's head cannot be used."""

    file: str
    overlay: Overlay | None
    both: tuple[BothTouched, ...]
    findings: tuple[Problem, ...]
    failures: tuple[Any, ...]

    @property
    def status(self) -> str:
        """One of ``STATUSES``."""
        if self.failures or any(problem.is_error for problem in self.findings):
            return BROKEN
        return LOOK if self.both else CLEAN


class NoSuchBase(Exception):
    """A file given as a new base is no base of any overlay here; the text names it."""


def standings(
    tree: Tree,
    vocabulary: VocabularyLike,
    templates: Collection[str] | None,
    prove: Prove,
    tried: Tree | None = None,
) -> list[Standing]:
    """Every overlay asked for, or whose base was asked for: first the clean ones, then the others, each by file.

    ``tried`` holds other bases: workflows, forms or provinces' overlays that take the place of those of the same name.
    Raises NoSuchBase for one that no overlay lies on.
    """
    found: list[Standing] = []
    used: set[str] = set()
    new = [file for grove in (tried.groves if tried else ()) for file in grove.files if file.is_asked]
    for grove in tree.groves:
        found += _Stand(grove, new, used, vocabulary, templates, prove).all()
    for file in new:
        if file.shown not in used and not file.is_history:
            raise NoSuchBase(file.shown)
    return sorted(found, key=lambda each: (STATUSES.index(each.status), each.file))


class _Stand:
    """One tree, with its case types read as far as they are needed."""

    def __init__(
        self,
        grove: Grove,
        new: Sequence[TreeFile],
        used: set[str],
        vocabulary: VocabularyLike,
        templates: Collection[str] | None,
        prove: Prove,
    ) -> None:
        self.asked = {file.shown for file in grove.files if file.is_asked}
        self.heads = Problems()
        self.files = grove.files
        self.library = read_library(grove, self.heads)
        if new:
            self._try(grove, new, used)
        self.vocabulary, self.templates, self.prove = vocabulary, templates, prove
        self._bases: dict[str, Variant] = {}
        self._regional: dict[tuple[str, str], Variant | None] = {}
        self._failures: dict[int, tuple[Any, ...]] = {}

    def _try(self, grove: Grove, new: Sequence[TreeFile], used: set[str]) -> None:
        today, files = self.library, {file.shown: file for file in grove.files}
        places = {file.shown: _of_the_same_name(file, today) for file in new}
        if not _files_with_overlays(today) & set(places.values()):
            return
        for file in new:
            used.add(file.shown)
            present = places[file.shown]
            if present is None:  # a form that a new workflow brings along
                files.setdefault(file.shown, file)
                continue
            files[present] = replace(file, inside=files[present].inside)
            if present in self.asked:
                self.asked.add(file.shown)
        self.heads = Problems()
        self.library = read_library(Grove(grove.root, tuple(files.values())), self.heads)
        self.library.today = today

    def all(self) -> Iterator[Standing]:
        """Every overlay that was asked for."""
        yield from self._unusable()
        for overlay in (*self.library.workflow_overlays.values(), *self.library.form_overlays.values()):
            chain = self.library.chain(overlay) or [overlay]
            bases = self.library.forms if overlay.is_form else self.library.workflows
            root = bases.get(chain[0].base)
            files = {layer.root.file for layer in chain} | ({root.file} if root is not None else set())
            if files & self.asked:
                yield self._stand(overlay)

    def _stand(self, overlay: Overlay) -> Standing:
        own = overlay.root.file
        found = Problems()
        found.take_all(problem for problem in self.heads.sorted() if problem.file == own)
        failures: list[Any] = []
        variants = list(self._variants(overlay))
        for variant, below in variants:
            whole = not overlay.is_form or variant is None
            blamed = variant.blamed if variant is not None else ()
            found.take_all(each for each in blamed if each.file == own or (whole and each.is_error))
            found.take_all(each for each in self._faults(below) if each.is_error)
        if overlay.is_form:
            found.take_all(form_overlay_findings(overlay, self.library, self.vocabulary))
        if not found.has_errors:
            for variant, below in variants:
                failures += self._proved(variant if variant is not None else below)
        both = tuple(both_touched(overlay, self.library))
        return Standing(own, overlay, both, tuple(found.sorted()), tuple(failures))

    def _unusable(self) -> Iterator[Standing]:
        """Files of regions that could not be read as far as to know what they lie on."""
        overlays = (*self.library.workflow_overlays.values(), *self.library.form_overlays.values())
        known = {overlay.root.file for overlay in overlays}
        for file in self.files:
            if file.inside.split("/")[1:2] == ["regions"] and file.shown in self.asked - known:
                found = tuple(problem for problem in self.heads.sorted() if problem.file == file.shown)
                if any(problem.is_error for problem in found):
                    yield Standing(file.shown, None, (), found, ())

    def _variants(self, overlay: Overlay) -> Iterator[tuple[Variant | None, Variant]]:
        """The case types an overlay makes or changes, each with what it is laid on."""
        chain = self.library.chain(overlay)
        if not chain:
            return
        if not overlay.is_form:
            if chain[0].base in self.library.workflows:
                yield self._laid(overlay), self._below(overlay)
            return
        for name in self.library.workflows:
            base = self._base(name)
            if chain[0].base in base.case_type.definition.forms:
                own = next((one for one in self.library.overlays_of(name) if one.region == overlay.region), None)
                yield (self._laid(own) if own is not None else self._with_forms(name, overlay.region)), base

    def _base(self, name: str) -> Variant:
        if name not in self._bases:
            root = self.library.workflows[name]
            self._bases[name] = plain_variant(root, self.library, self.vocabulary, self.templates)
        return self._bases[name]

    def _below(self, overlay: Overlay) -> Variant:
        chain = self.library.chain(overlay)
        base = self._base(chain[0].base)
        return (self._laid(chain[-2]) or base) if len(chain) > 1 else base

    def _laid(self, overlay: Overlay) -> Variant | None:
        key = (overlay.name, "")
        if key not in self._regional:
            below = self._below(overlay)
            self._regional[key] = with_overlay(overlay, below, self.library, self.vocabulary, self.templates)
        return self._regional[key]

    def _with_forms(self, name: str, region: str) -> Variant | None:
        key = (name, region)
        if key not in self._regional:
            built = with_region_forms(name, region, self._base(name), self.library, self.vocabulary, self.templates)
            self._regional[key] = built
        return self._regional[key]

    def _faults(self, below: Variant) -> list[Problem]:
        """What is wrong below an overlay, in the files it is laid on."""
        files = {below.case_type.written.file} | {node.file for node in below.case_type.forms.values()}
        return [*below.found, *(problem for problem in self.heads.sorted() if problem.file in files)]

    def _proved(self, variant: Variant) -> tuple[Any, ...]:
        key = id(variant)
        if any(problem.is_error for problem in variant.found):
            return ()  # told where the error is
        if key not in self._failures:
            self._failures[key] = tuple(self.prove(variant.case_type.definition))
        return self._failures[key]


def _files_with_overlays(library: Library) -> set[str | None]:
    """The files some overlay is laid on, as shown."""
    found: set[str | None] = set()
    for overlay in (*library.workflow_overlays.values(), *library.form_overlays.values()):
        chain = library.chain(overlay)
        root = (library.forms if overlay.is_form else library.workflows).get(chain[0].base) if chain else None
        found |= {layer.root.file for layer in chain[:-1]} | ({root.file} if root is not None else set())
    return found


def _of_the_same_name(file: TreeFile, library: Library) -> str | None:
    """The file of the base that ``file`` would take the place of, as it is shown."""
    root = read(file.content, file.shown, Problems())
    if root is None or file.is_history:
        return None
    for key, roots in (("case_type", library.workflows), ("form", library.forms)):
        name = root.get(key)
        if name is not None and str(name.value) in roots:
            return roots[str(name.value)].file
    name = root.get("overlay")
    for overlays in (library.workflow_overlays, library.form_overlays):
        if name is not None and str(name.value) in overlays:
            return overlays[str(name.value)].root.file
    return None
