"""One case type as the base has it, and as each region has it: read, checked, and who is to blame for what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from engine.definitions.check import check_case_type
from engine.definitions.library import Library
from engine.definitions.older import older_versions
from engine.definitions.overlay import Overlay
from engine.definitions.overlay_changes import report_changes
from engine.definitions.overlay_findings import Layer, blame
from engine.definitions.overlay_seals import Touch
from engine.definitions.parse import CaseType, parse_case_type
from engine.definitions.parse_form_files import parse_form_alone
from engine.definitions.problems import Problem, Problems
from engine.definitions.source import Node
from engine.definitions.vocabulary_protocol import VocabularyLike

_OF_ANSWERS = ("WF026", "WF052", "WF081")


@dataclass(slots=True)
class Variant:
    """A case type read for everybody or for one region. ``found`` are all findings where they stand, ``blamed``
    those a region's files cause, in those files."""

    case_type: CaseType
    found: list[Problem]
    blamed: list[Problem] = field(default_factory=list)


def plain_variant(
    root: Node, library: Library, vocabulary: VocabularyLike, templates: Collection[str] | None
) -> Variant:
    """The case type without any region's changes."""
    problems = Problems()
    case_type = parse_case_type(root, library.forms, vocabulary, problems, templates=templates)
    _check(case_type, library, vocabulary, problems)
    return Variant(case_type, problems.sorted())


def with_overlay(
    overlay: Overlay, below: Variant, library: Library, vocabulary: VocabularyLike, templates: Collection[str] | None
) -> Variant | None:
    """The case type with a region's overlay and that region's forms; None when there is no base to lay it on."""
    problems = Problems()
    merged = library.merged(overlay, problems)
    if merged is None:
        return None
    root, touches = merged
    report_changes(overlay, library, problems)
    regions = [layer.region for layer in library.chain(overlay)]
    layers = [Layer(overlay.root, touches, below.case_type.written), *_form_layers(regions, library)]
    return _variant(root, regions, layers, below, library, vocabulary, templates, problems, overlay)


def with_region_forms(
    name: str,
    region: str,
    below: Variant,
    library: Library,
    vocabulary: VocabularyLike,
    templates: Collection[str] | None,
) -> Variant:
    """The case type of a region that changes forms only."""
    root = library.workflows[name]
    layers = _form_layers([region], library)
    return _variant(root, [region], layers, below, library, vocabulary, templates, Problems())


def _variant(
    root: Node,
    regions: list[str],
    layers: list[Layer],
    below: Variant,
    library: Library,
    vocabulary: VocabularyLike,
    templates: Collection[str] | None,
    problems: Problems,
    overlay: Overlay | None = None,
) -> Variant:
    forms = library.region_forms(regions, problems)
    case_type = parse_case_type(root, forms, vocabulary, problems, region=regions[-1], templates=templates)
    _check(case_type, library, vocabulary, problems, overlay)
    found = problems.sorted()
    return Variant(case_type, found, blame(found, below.found, layers, case_type.written) if layers else [])


def told(found: list[Problem], case_type: CaseType, regions: Collection[str], library: Library) -> list[Problem]:
    """Findings without those on answers of a form that is there and cannot be read: that is told at the form."""
    if not library.unread or not any(library.is_form_unread(form, regions) for form in case_type.outline.forms()):
        return found
    return [problem for problem in found if problem.code not in _OF_ANSWERS]


def _form_layers(regions: list[str], library: Library) -> list[Layer]:
    layers = []
    for form, overlay in library.form_overlays_of(regions).items():
        merged = library.merged(overlay, Problems())
        touches: list[Touch] = merged[1] if merged is not None else []
        layers.append(Layer(overlay.root, touches, library.forms[form], is_form=True))
    return layers


def _check(
    case_type: CaseType,
    library: Library,
    vocabulary: VocabularyLike,
    problems: Problems,
    overlay: Overlay | None = None,
) -> None:
    older = [version for kind, name, version in library.older if (kind, name) == ("workflow", case_type.key)]
    case_type.compiler.known_versions = older
    case_type.compiler.older = older_versions(case_type.key, library, vocabulary, overlay) if older else {}
    check_case_type(case_type, problems)


def check_form_overlays(library: Library, vocabulary: VocabularyLike, problems: Problems) -> None:
    """What form overlays say by themselves, each; see ``form_overlay_findings``."""
    for overlay in library.form_overlays.values():
        problems.take_all(form_overlay_findings(overlay, library, vocabulary))


def form_overlay_findings(overlay: Overlay, library: Library, vocabulary: VocabularyLike) -> list[Problem]:
    """Of one form overlay: sealed nodes, nulls that remove nothing, a changed base, faults in a form nobody uses."""
    own = Problems()
    merged = library.merged(overlay, own)
    if merged is None:
        return []
    report_changes(overlay, library, own)
    parse_form_alone(merged[0], vocabulary, own)
    return _of_file(own.sorted(), overlay.root.file)


def _of_file(problems: Iterable[Problem], file: str) -> list[Problem]:
    return [problem for problem in problems if problem.file == file]
