"""The older versions of a case type in ``workflows/history/``: read for migrations and comparisons, never reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.definitions.canonical import canonical, digest
from engine.definitions.library import Library
from engine.definitions.model import Definition
from engine.definitions.parse import parse_case_type
from engine.definitions.problems import Problems
from engine.definitions.vocabulary_protocol import VocabularyLike


def older_versions(name: str, library: Library, vocabulary: VocabularyLike) -> Mapping[str, Definition]:
    """The older versions of a case type by their number; one that cannot be read any more is left out."""
    found = library.older_read.get(name)
    if found is None:
        found = library.older_read[name] = {}
        for kind, key, version in library.older:
            definition = _read(name, version, library, vocabulary) if (kind, key) == ("workflow", name) else None
            if definition is not None:
                found[version] = definition
    return found


def _read(name: str, version: str, library: Library, vocabulary: VocabularyLike) -> Definition | None:
    """An older workflow takes the forms of its own version number there, otherwise the current ones."""
    forms = dict(library.forms)
    for kind, form, number in library.older:
        if kind == "form" and number == version:
            forms[form] = library.older[(kind, form, number)]
    problems = Problems()
    case_type = parse_case_type(library.older[("workflow", name, version)], forms, vocabulary, problems)
    if problems.has_errors:
        return None
    used = {key: forms[key] for key in case_type.definition.forms}
    return replace(case_type.definition, digest=digest(canonical(case_type.written, used, {})))
