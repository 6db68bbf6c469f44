"""From files to definitions: every case type of a tree and every overlay on it, with all findings."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from engine.definitions.canonical import canonical, digest
from engine.definitions.library import Library, is_of_another_region, read_library
from engine.definitions.model import Definition, Form
from engine.definitions.older import older_versions
from engine.definitions.parse import CaseType
from engine.definitions.parse_form_files import parse_form_alone
from engine.definitions.problems import Position, Problem, Problems
from engine.definitions.regional import (
    Variant,
    check_form_overlays,
    plain_variant,
    told,
    with_overlay,
    with_region_forms,
)
from engine.definitions.source import Node
from engine.definitions.tree import Grove, Tree, TreeFile, from_texts, read_tree
from engine.definitions.vocabulary_protocol import VocabularyLike

__all__ = ["Loaded", "build", "load_tree", "read_tree"]


@dataclass(slots=True)
class Loaded:
    """What a tree gives. ``definitions`` by case type, by the overlay's name, or ``case_type.region`` where a region
    changes forms only; only those without errors. Where a second tree has one of the same name, its file is said with
    it.

    ``files`` says which file each came from; ``forms`` are those of the last tree read; ``problems`` are sorted.
    """

    definitions: dict[str, Definition] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    older: dict[tuple[str, str], Definition] = field(default_factory=dict)  # (case type, version), from history/
    case_types: dict[str, CaseType] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)  # the files the caller named, or that lie in a folder named


def load_tree(tree: Tree, vocabulary: VocabularyLike, templates: Collection[str] | None = None) -> Loaded:
    """Parse and check every definition of the trees. ``templates`` are the mail folders there are (None: not known)."""
    loaded = Loaded()
    every = Problems()
    with no_collection():
        for grove in tree.groves:
            asked = {file.shown for file in grove.files if file.is_asked}
            loaded.asked |= asked
            found = _load_grove(grove, vocabulary, templates, loaded)
            every.take_all(problem for problem in found if problem.file in asked)
    loaded.problems = every.sorted()
    return loaded


@contextmanager
def no_collection() -> Iterator[None]:
    """For work that makes many small objects and hardly any circles, as reading does: looking for circles all the time
    costs up to a third."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(slots=True)
class _Reading:
    """One tree being read."""

    library: Library
    vocabulary: VocabularyLike
    templates: Collection[str] | None
    problems: Problems
    broken: frozenset[str]  # files whose text or head has errors
    loaded: Loaded
    overlays: frozenset[str] | None  # names of the workflow overlays to be read, None for all


def _load_grove(
    grove: Grove, vocabulary: VocabularyLike, templates: Collection[str] | None, loaded: Loaded
) -> list[Problem]:
    problems = Problems()
    library = read_library(grove, problems)
    broken = frozenset(problem.file for problem in problems.sorted() if problem.is_error)
    asked = {file.shown for file in grove.files if file.is_asked}
    overlays = _overlays_asked(library, asked)
    reading = _Reading(library, vocabulary, templates, problems, broken, loaded, overlays)
    used: set[str] = set()
    for name, root in library.workflows.items():
        if not _is_needed(name, library, asked, overlays):
            continue
        base = plain_variant(root, library, vocabulary, templates)
        used |= base.case_type.definition.forms.keys()
        problems.take_all(told(base.found, base.case_type, (), library))
        _keep(name, root.file, base, reading)
        _load_regions(name, base, reading)
    if overlays is None:
        for key in library.forms.keys() - used:
            parse_form_alone(library.forms[key], vocabulary, problems)
        check_form_overlays(library, vocabulary, problems)
    _load_older(library, vocabulary, loaded)
    return problems.sorted()


def _overlays_asked(library: Library, asked: Collection[str]) -> frozenset[str] | None:
    """Where workflows and workflow overlays alone were asked about, these overlays with the layers under and over them:
    what others say is not told then, and reading a neighbour costs as much as reading the one. Else None: all are
    read."""
    overlays = library.workflow_overlays.values()
    meant = [overlay for overlay in overlays if overlay.root.file in asked]
    files = {overlay.root.file for overlay in meant} | {root.file for root in library.workflows.values()}
    if not all(map(library.chain, meant)) or not set(asked) <= files:
        return None
    chains = [library.chain(overlay) for overlay in overlays]
    return frozenset(layer.name for chain in chains if any(each in meant for each in chain) for layer in chain)


def _is_needed(name: str, library: Library, asked: Collection[str], overlays: Collection[str] | None) -> bool:
    """A workflow nobody asked about is read only where a form or an overlay of its tree was asked about."""
    if library.workflows[name].file in asked:
        return True
    if overlays is not None:
        return any(overlay.name in overlays for overlay in library.overlays_of(name))
    others = [root.file for root in library.forms.values()]
    others += [overlay.root.file for overlay in library.workflow_overlays.values()]
    others += [overlay.root.file for overlay in library.form_overlays.values()]
    return any(other in asked for other in others)


def _keep(name: str, file: str, variant: Variant, reading: _Reading) -> None:
    case_type = variant.case_type
    if name in reading.loaded.definitions:
        name = f"{name} in {file}"
    reading.loaded.case_types[name] = case_type
    files = {file} | {case_type.forms[key].file for key in case_type.definition.forms}
    if any(problem.is_error for problem in variant.found) or files & reading.broken:
        return
    reading.loaded.definitions[name] = with_digest(case_type, case_type.forms, {})
    reading.loaded.files[name] = file
    reading.loaded.forms.update(case_type.definition.forms)


def with_digest(case_type: CaseType, forms: Mapping[str, Node], templates: Mapping[str, str]) -> Definition:
    """The definition with the digest of its canonical form, and with the older versions its scenarios may begin in."""
    used = {key: forms[key] for key in case_type.definition.forms}
    text = canonical(case_type.written, used, templates)
    extras = {**case_type.definition.extras, "older": case_type.compiler.older}
    return replace(case_type.definition, digest=digest(text), extras=extras)


def lifecycle_of(loaded: Loaded, case_type: str) -> Node:
    """Where the states of a case type that was loaded are written: its key ``lifecycle``, else its file's beginning."""
    found = next(one for one in loaded.case_types.values() if one.key == case_type)
    entry = found.entry("lifecycle")
    return found.root if entry is None else entry.key


def _load_regions(name: str, base: Variant, reading: _Reading) -> None:
    """Every overlay on a case type, the lower layers first, and every region that has only a form of its own."""
    variants: dict[str, Variant] = {}
    library = reading.library
    only = reading.overlays
    needed = [overlay for overlay in library.overlays_of(name) if only is None or overlay.name in only]
    for overlay in sorted(needed, key=lambda each: len(library.chain(each))):
        below = variants.get(overlay.base, base) if overlay.base_kind == "overlay" else base
        built = with_overlay(overlay, below, library, reading.vocabulary, reading.templates)
        if built is None:
            continue
        variants[overlay.name] = built
        regions_of = [layer.region for layer in library.chain(overlay)]
        reading.problems.take_all(told(built.blamed, built.case_type, regions_of, library))
        _keep(overlay.name, overlay.root.file, built, reading)
    if only is not None:
        return
    regions = {overlay.region for overlay in library.overlays_of(name)}
    for overlay in library.form_overlays.values():
        chain = library.chain(overlay)
        if overlay.region in regions or not chain or chain[0].base not in base.case_type.definition.forms:
            continue
        regions.add(overlay.region)
        built = with_region_forms(name, overlay.region, base, library, reading.vocabulary, reading.templates)
        reading.problems.take_all(built.blamed)
        _keep(f"{name}.{overlay.region}", overlay.root.file, built, reading)


def _load_older(library: Library, vocabulary: VocabularyLike, loaded: Loaded) -> None:
    """Versions in ``history/``, of every case type that has some."""
    for name in dict.fromkeys(key for kind, key, _ in library.older if kind == "workflow"):
        for version, definition in older_versions(name, library, vocabulary).items():
            loaded.older[(name, version)] = definition


def build(
    files: Mapping[str, str], case_type: str, vocabulary: VocabularyLike, region: str | None = None
) -> tuple[Definition | None, list[Problem]]:
    """The definition of one case type from stored texts by path (workflow, forms, overlays, mail templates).

    With ``region`` that region's overlays are merged in, where there are any. The definition is None when a finding
    of level error concerns it; findings of all its files come back, sorted. What other regions' files say is not
    asked: none of them holds up a base or a neighbour.
    """
    grove = from_texts(files).groves[0]
    every, problems = Problems(), Problems()
    library = read_library(grove, every)
    regions = library.regions_of(region)
    problems.take_all(one for one in every.sorted() if not is_of_another_region(one.file, regions))
    root = library.workflows.get(case_type)
    if root is None:
        _missing_case_type(case_type, grove.files, problems)
        return None, problems.sorted()
    base = plain_variant(root, library, vocabulary, None)
    overlay = next((each for each in library.overlays_of(case_type) if each.region == region), None)
    built: Variant | None = base
    if overlay is not None:
        built = with_overlay(overlay, base, library, vocabulary, None)
    elif region is not None and library.form_overlays_of([region]):
        built = with_region_forms(case_type, region, base, library, vocabulary, None)
    if built is None:
        return None, problems.sorted()
    problems.take_all(base.found)
    problems.take_all(built.found if built is base else built.blamed)
    forms = built.case_type.forms
    texts = {path: text for path, text in files.items() if _is_template(path, built.case_type.definition)}
    if problems.has_errors:
        return None, problems.sorted()
    definition = with_digest(built.case_type, forms, texts)
    return replace(definition, region=region) if built is base else definition, problems.sorted()


def has_files_of(region: str, files: Mapping[str, str]) -> bool:
    """Whether any of the stored texts is a region's own, readable or not: without, its definition differs from the
    base's in its ``region`` alone."""
    if any(path.split("/")[1:3] == ["regions", region] for path in files):
        return True
    library = read_library(from_texts(files).groves[0], Problems())
    overlays = [*library.workflow_overlays.values(), *library.form_overlays.values()]
    return any(overlay.region == region for overlay in overlays)


def _is_template(path: str, definition: Definition) -> bool:
    """Whether a stored text belongs to a mail folder the case type names."""
    parts = path.split("/")
    return "templates" in parts and any(
        notification.template in parts for notification in definition.notifications.values() if notification.template
    )


def _missing_case_type(case_type: str, files: tuple[TreeFile, ...], problems: Problems) -> None:
    if problems.has_errors:
        return
    at = Position(files[0].shown if files else case_type, 1, 1)
    problems.add("WF011", at, f'Jenis kasus "{case_type}" tidak ada.', f'There is no case type "{case_type}".')
