"""Definitions built of texts, the last ones kept: a draft is tried, looked at and published with the same texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.definitions.load import build, has_files_of
from engine.definitions.model import Definition
from engine.definitions.problems import Problem
from engine.definitions.vocabulary_protocol import VocabularyLike

KEPT = 64  # definitions of half a megabyte at most: all case types of an installation, and its regions' own versions


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that decides what is built. Parts register sources and connectors after the vocabulary is read."""

    texts: tuple[tuple[str, str], ...]
    case_type: str
    vocabulary: VocabularyLike
    region: str | None
    sources: frozenset[str]
    connectors: frozenset[str]


def build_once(
    files: Mapping[str, str], case_type: str, vocabulary: VocabularyLike, region: str | None = None
) -> tuple[Definition | None, list[Problem]]:
    """As ``engine.definitions.load.build`` gives it, which does the work once for the same texts."""
    texts = tuple(sorted(files.items()))
    own = region if region is None or has_files_of(region, files) else None
    asked = _Asked(texts, case_type, vocabulary, own, vocabulary.sources, vocabulary.connectors)
    definition, problems = _built(asked)
    if definition is not None and own != region:
        definition = _of_region(definition, region)
    return definition, list(problems)


@lru_cache(maxsize=KEPT)
def _built(asked: _Asked) -> tuple[Definition | None, tuple[Problem, ...]]:
    definition, problems = build(dict(asked.texts), asked.case_type, asked.vocabulary, asked.region)
    return definition, tuple(problems)


@lru_cache(maxsize=KEPT)
def _of_region(definition: Definition, region: str | None) -> Definition:
    """The definition everybody has, as that of a region without files of its own."""
    return replace(definition, region=region)
