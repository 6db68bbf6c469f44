"""The definition a running case is decided by: its own version with what is hot of the newest one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.definitions.check import check_case_type
from engine.definitions.hot import Written, hot_changes, with_hot
from engine.definitions.library import read_library
from engine.definitions.model import Definition
from engine.definitions.parse import parse_case_type
from engine.definitions.problems import Problems
from engine.definitions.tree import from_texts
from engine.definitions.vocabulary_protocol import VocabularyLike

# A scenario or a plan may speak of older files that are not stored with a version; no running case asks them.
OF_THE_PROOF = frozenset({"WF090", "WF091", "WF120"})
WHOLE, VALUES_ALONE, TEXTS_ALONE = (True, True), (False, True), (True, False)


def written(files: Mapping[str, str], case_type: str, region: str | None) -> Written | None:
    """A stored version as its files have it, with the region's overlays; None when the case type is not in them."""
    library = read_library(from_texts(files).groves[0], Problems())
    if case_type not in library.workflows:
        return None
    regions = [region] if region is not None else []
    root = library.workflows[case_type]
    overlay = next((one for one in library.overlays_of(case_type) if one.region == region), None)
    if overlay is not None:
        merged = library.merged(overlay, Problems())
        root = merged[0] if merged is not None else root
        regions = [layer.region for layer in library.chain(overlay)]
    return Written(root, library.region_forms(regions, Problems()))


def hot_definition(pinned: Definition, old: Written, new: Written, vocabulary: VocabularyLike) -> Definition:
    """``pinned`` (read from ``old``) with what is hot of ``new``; its digest stays that of the version it is.

    Where the older structure cannot bear a newer value or text (a quorum of more places than it has), the values
    alone are tried, then the texts alone; else the version stays as it was published.
    """
    used = Written(old.workflow, {key: old.forms[key] for key in pinned.forms if key in old.forms})
    found = list(hot_changes(used, new))
    if not found:
        return pinned
    for texts, values in (WHOLE, VALUES_ALONE, TEXTS_ALONE):
        if not any(values if change.is_value else texts for change in found):
            continue
        moved = with_hot(used, new, texts=texts, values=values)
        problems = Problems()
        case_type = parse_case_type(
            moved.workflow, {**old.forms, **moved.forms}, vocabulary, problems, region=pinned.region
        )
        check_case_type(case_type, problems)
        if not any(problem.is_error and problem.code not in OF_THE_PROOF for problem in problems.sorted()):
            return replace(case_type.definition, digest=pinned.digest, extras=pinned.extras)
    return pinned
