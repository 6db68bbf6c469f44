"""What a region's version was laid on: kept with it, so that its pair of base and overlay is known for good."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.library import read_library
from engine.definitions.load import build
from engine.definitions.model import Definition
from engine.definitions.problems import Problems
from engine.definitions.tree import from_texts
from engine.definitions.vocabulary_protocol import VocabularyLike


def base_of(
    files: Mapping[str, str], case_type: str, region: str | None, vocabulary: VocabularyLike
) -> Definition | None:
    """The definition the region's overlays in ``files`` are laid on: of the province, else of everybody.

    None without a region, without an overlay of it, and for a base that has errors.
    """
    if region is None:
        return None
    library = read_library(from_texts(files).groves[0], Problems())
    overlay = next((one for one in library.overlays_of(case_type) if one.region == region), None)
    if overlay is None and not library.form_overlays_of([region]):
        return None
    chain = library.chain(overlay) if overlay is not None else []
    built, _ = build(files, case_type, vocabulary, chain[-2].region if len(chain) > 1 else None)
    return built
