"""What a region's version was laid on: kept with it, so that its pair of base and overlay is known for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from engine.definitions.hot_definition import written
from engine.definitions.library import read_library
from engine.definitions.model import Definition
from engine.definitions.overlay_bases import version_of
from engine.definitions.overlay_changes import BothTouched, changed_under
from engine.definitions.problems import Problems
from engine.definitions.tree import from_texts
from engine.definitions.vocabulary_protocol import VocabularyLike
from engine.publishing.building import build_once
from engine.publishing.models import DefinitionVersion


class BaseChanges(NamedTuple):
    """Nodes the base changed under an overlay, and the ``version`` of the base it was written on."""

    version: str
    both: tuple[BothTouched, ...]


NOTHING = BaseChanges("", ())


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
    built, _ = build_once(files, case_type, vocabulary, chain[-2].region if len(chain) > 1 else None)
    return built


def base_changes(
    session: Session, replaces: str | None, files: Mapping[str, str], case_type: str, region: str | None
) -> BaseChanges:
    """What the base in ``files`` changed under the region's overlay since its version ``replaces`` (a digest)."""
    row = None if replaces is None or region is None else session.get(DefinitionVersion, replaces)
    found = read_library(from_texts(files).groves[0], Problems())
    overlay = next((one for one in found.overlays_of(case_type) if one.region == region), None)
    if row is None or overlay is None:
        return NOTHING
    chain = found.chain(overlay)
    below = chain[-2].region if len(chain) > 1 else None
    old, new = (written(texts, case_type, below) for texts in (row.files, files))
    if old is None or new is None:
        return NOTHING
    return BaseChanges(version_of(old.workflow) or "", tuple(changed_under(overlay, old.workflow, new.workflow)))
