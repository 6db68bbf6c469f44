"""From files to definitions: every case type of a tree and every overlay on it, with all findings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.definitions.canonical import canonical, digest
from engine.definitions.check import check_case_type
from engine.definitions.library import Library, read_library
from engine.definitions.model import Definition, Form
from engine.definitions.overlay import Overlay
from engine.definitions.overlay_findings import blame
from engine.definitions.parse import CaseType, parse_case_type, parse_form_alone
from engine.definitions.problems import Position, Problem, Problems
from engine.definitions.source import Node
from engine.definitions.tree import Grove, Tree, TreeFile, from_texts, read_tree
from engine.definitions.vocabulary_protocol import VocabularyLike

__all__ = ["Loaded", "build", "load_tree", "read_tree"]


@dataclass(slots=True)
class Loaded:
    """What a tree gives. ``definitions`` by case type, or by the overlay's name; only those without errors.

    ``files`` says which file each came from; ``forms`` are those of the last tree read; ``problems`` are sorted.
    """

    definitions: dict[str, Definition] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    older: dict[tuple[str, str], Definition] = field(default_factory=dict)  # (case type, version), from history/
    case_types: dict[str, CaseType] = field(default_factory=dict)


def load_tree(tree: Tree, vocabulary: VocabularyLike, templates: Collection[str] | None = None) -> Loaded:
    """Parse and check every definition of the trees. ``templates`` are the mail folders there are (None: not known)."""
    loaded = Loaded()
    every = Problems()
    for grove in tree.groves:
        asked = {file.shown for file in grove.files if file.is_asked}
        found = _load_grove(grove, vocabulary, templates, loaded)
        every.take_all(problem for problem in found if problem.file in asked)
    loaded.problems = every.sorted()
    return loaded


def _load_grove(
    grove: Grove, vocabulary: VocabularyLike, templates: Collection[str] | None, loaded: Loaded
) -> list[Problem]:
    problems = Problems()
    library = read_library(grove, problems)
    heads = problems.sorted()
    broken = {problem.file for problem in heads if problem.is_error}
    asked = {file.shown for file in grove.files if file.is_asked}
    used: set[str] = set()
    for name, root in library.workflows.items():
        if not _is_needed(root.file, library, asked):
            continue
        own = Problems()
        case_type = parse_case_type(root, library.forms, vocabulary, own, templates=templates)
        _check(case_type, own, library)
        used |= case_type.definition.forms.keys()
        problems.take_all(own.sorted())
        _keep(name, root.file, case_type, own, broken, library.forms, loaded)
        _load_overlays(name, own, library, vocabulary, templates, problems, broken, loaded)
    for key, root in library.forms.items():
        if key not in used:
            parse_form_alone(root, vocabulary, problems)
    _load_older(library, vocabulary, loaded)
    return problems.sorted()


def _check(case_type: CaseType, problems: Problems, library: Library) -> None:
    older = [version for kind, name, version in library.older if (kind, name) == ("workflow", case_type.key)]
    case_type.compiler.known_versions = older
    check_case_type(case_type, problems)


def _is_needed(file: str, library: Library, asked: Collection[str]) -> bool:
    """A workflow nobody asked about is read only where a form or an overlay of its tree was asked about."""
    if file in asked:
        return True
    others = [root.file for root in library.forms.values()]
    others += [overlay.root.file for overlay in library.workflow_overlays.values()]
    others += [overlay.root.file for overlay in library.form_overlays.values()]
    return any(other in asked for other in others)


def _keep(
    name: str,
    file: str,
    case_type: CaseType,
    found: Problems,
    broken: Collection[str],
    forms: Mapping[str, Node],
    loaded: Loaded,
) -> None:
    loaded.case_types[name] = case_type
    files = {file} | {forms[key].file for key in case_type.definition.forms}
    if found.has_errors or files & set(broken):
        return
    loaded.definitions[name] = with_digest(case_type, forms, {})
    loaded.files[name] = file
    loaded.forms.update(case_type.definition.forms)


def with_digest(case_type: CaseType, forms: Mapping[str, Node], templates: Mapping[str, str]) -> Definition:
    """The definition with the digest of its canonical form."""
    used = {key: forms[key] for key in case_type.definition.forms}
    text = canonical(case_type.written, used, templates)
    return replace(case_type.definition, digest=digest(text))


def _overlays_of(case_type: str, library: Library) -> Iterator[Overlay]:
    for overlay in library.workflow_overlays.values():
        chain = library.chain(overlay)
        if chain and chain[0].base == case_type:
            yield overlay


def _load_overlays(
    name: str,
    base: Problems,
    library: Library,
    vocabulary: VocabularyLike,
    templates: Collection[str] | None,
    problems: Problems,
    broken: Collection[str],
    loaded: Loaded,
) -> None:
    for overlay in _overlays_of(name, library):
        own = Problems()
        case_type = _merged_case_type(overlay, library, vocabulary, templates, own)
        if case_type is None:
            continue
        below = base.sorted() + [each for layer in library.chain(overlay)[:-1] for each in _found_in(layer, problems)]
        blamed = blame(own.sorted(), below, overlay, case_type, library)
        problems.take_all(blamed)
        _keep(overlay.name, overlay.root.file, case_type, own, broken, case_type.forms, loaded)


def _found_in(layer: Overlay, problems: Problems) -> list[Problem]:
    return [problem for problem in problems.sorted() if problem.file == layer.root.file]


def _merged_case_type(
    overlay: Overlay,
    library: Library,
    vocabulary: VocabularyLike,
    templates: Collection[str] | None,
    problems: Problems,
) -> CaseType | None:
    merged = library.merged(overlay, problems)
    if merged is None:
        return None
    root, touches = merged
    regions = [layer.region for layer in library.chain(overlay)]
    forms = library.region_forms(regions, problems)
    case_type = parse_case_type(root, forms, vocabulary, problems, region=overlay.region, templates=templates)
    case_type.touches = touches
    case_type.forms = forms
    _check(case_type, problems, library)
    return case_type


def _load_older(library: Library, vocabulary: VocabularyLike, loaded: Loaded) -> None:
    """Versions in ``history/``: with the form of their own number there, otherwise the current one."""
    for (kind, name, version), root in library.older.items():
        if kind != "workflow":
            continue
        forms = dict(library.forms)
        for form_kind, form, form_version in library.older:
            if form_kind == "form" and form_version == version:
                forms[form] = library.older[(form_kind, form, form_version)]
        found = Problems()
        case_type = parse_case_type(root, forms, vocabulary, found)
        if not found.has_errors:
            loaded.older[(name, version)] = with_digest(case_type, forms, {})


def build(
    files: Mapping[str, str], case_type: str, vocabulary: VocabularyLike, region: str | None = None
) -> tuple[Definition | None, list[Problem]]:
    """The definition of one case type from stored texts by path (workflow, forms, overlays, mail templates).

    With ``region`` that region's overlays are merged in, where there are any. The definition is None when a finding
    of level error concerns it; findings of all its files come back, sorted.
    """
    grove = from_texts(files).groves[0]
    problems = Problems()
    library = read_library(grove, problems)
    root = library.workflows.get(case_type)
    if root is None:
        _missing_case_type(case_type, grove.files, problems)
        return None, problems.sorted()
    overlay = next((each for each in _overlays_of(case_type, library) if each.region == region), None)
    if overlay is not None:
        built = _merged_case_type(overlay, library, vocabulary, None, problems)
        if built is None:
            return None, problems.sorted()
        forms = built.forms
    else:
        forms = library.forms if region is None else library.region_forms([region], problems)
        built = parse_case_type(root, forms, vocabulary, problems, region=region)
        _check(built, problems, library)
    texts = {path: text for path, text in files.items() if _is_template(path, built.definition)}
    if problems.has_errors:
        return None, problems.sorted()
    return with_digest(built, forms, texts), problems.sorted()


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
