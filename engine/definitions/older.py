"""The older versions of a case type in ``workflows/history/``: read for migrations and comparisons, never reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.definitions.canonical import canonical, digest
from engine.definitions.library import Library
from engine.definitions.model import Definition
from engine.definitions.overlay import Overlay, apply
from engine.definitions.parse import parse_case_type
from engine.definitions.problems import Problems
from engine.definitions.source import Node
from engine.definitions.version_ranges import accepts
from engine.definitions.vocabulary_protocol import VocabularyLike


def older_versions(
    name: str, library: Library, vocabulary: VocabularyLike, overlay: Overlay | None = None
) -> Mapping[str, Definition]:
    """The older versions of a case type by their number; one that cannot be read any more is left out.

    With a region's ``overlay`` each is as the region had it, where the overlay may be laid on that version; where not,
    it is the base's (its ``region`` is None then).
    """
    key = name if overlay is None else f"{name} {overlay.name}"
    found = library.older_read.get(key)
    if found is None:
        found = library.older_read[key] = {}
        for version in [version for kind, of, version in library.older if (kind, of) == ("workflow", name)]:
            definition = None if overlay is None else _read(name, version, library, vocabulary, overlay)
            if definition is None:
                definition = _read(name, version, library, vocabulary, None)
            if definition is not None:
                found[version] = definition
    return found


def _read(
    name: str, version: str, library: Library, vocabulary: VocabularyLike, overlay: Overlay | None
) -> Definition | None:
    """An older workflow takes the forms of its own version number there, otherwise the current ones."""
    root: Node | None = library.older[("workflow", name, version)]
    forms = dict(library.forms)
    for kind, form, number in library.older:
        if kind == "form" and number == version:
            forms[form] = library.older[(kind, form, number)]
    if overlay is not None:
        chain = library.chain(overlay)
        root = _laid(chain, library.older[("workflow", name, version)], version)
        for form, each in library.form_overlays_of([layer.region for layer in chain]).items():
            forms[form] = _laid(library.chain(each), forms[form], version) or forms[form]
    if root is None:
        return None
    problems = Problems()
    region = None if overlay is None else overlay.region
    case_type = parse_case_type(root, forms, vocabulary, problems, region=region)
    if problems.has_errors:
        return None
    used = {key: forms[key] for key in case_type.definition.forms}
    return replace(case_type.definition, digest=digest(canonical(case_type.written, used, {})))


def _laid(chain: list[Overlay], root: Node, version: str) -> Node | None:
    """An older base under a region's layers; None where the lowest was not written for that version."""
    if not chain or not accepts(chain[0].version, version):
        return None
    for layer in chain:
        root, _ = apply(layer, root, Problems())
    return root
