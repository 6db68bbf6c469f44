"""The field's files as kinds of definition: what is published, proved by vectors, and read again from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from engine.definitions.model import Text
from engine.definitions.problems import Problem, Problems
from engine.definitions.source import read
from engine.errors import DefinitionError, InvalidInput
from sakip.checked import check_folder
from sakip.configuration.files import of_texts, read_folder, region_folder
from sakip.configuration.folder import Configuration, Parsed, load_files
from sakip.configuration.heads import EVALUATION, LEVELS, MEASUREMENT, WHATIF, Head
from sakip.configuration.library import read_field_library
from sakip.run_vectors import VectorResult, run_texts

KIND_NAMES = {
    LEVELS: "sakip-levels", MEASUREMENT: "sakip-measurement", EVALUATION: "sakip-evaluation", WHATIF: "sakip-whatif",
}  # fmt: skip
VECTORS = "vectors.yaml"
KEPT = 16  # folders looked at last: each file of a folder is checked, proved and read with the texts of all of them

Texts = tuple[tuple[str, str], ...]  # path and text


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """One file of the field as publishing looks at it."""

    digest: str
    version: str
    title: Text
    region: str | None
    legal_basis: Sequence[str]
    valid_from: date | None = None  # its ``years`` say what it governs


class FolderRefused(DefinitionError):
    """Nothing of a folder can be published; ``problems`` are the findings that say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"Nothing of the folder can be published: {len(problems)} findings.")
        self.problems = tuple(problems)


def gather(folder: Path, region: str | None) -> dict[str, str]:
    """The texts of a folder that a version for this region (None: for all) is made of, by path inside the folder: the
    bases, their older versions, the overlays that are laid on for it, and the vectors that prove them.

    Raises FolderRefused for a file among them that cannot be opened or is no text.
    """
    grove = read_folder(folder)
    library = read_field_library(grove, Problems())
    regions = {region, None, *library.regions_of(region)}
    texts, unread = {}, Problems()
    for file in grove.files:
        if region_folder(file.inside) not in regions:
            continue
        text = _text(file.content)
        if text is None:
            read(file.content, file.inside, unread)
        else:
            texts[file.inside] = text
    if unread.has_errors:
        raise FolderRefused(unread.sorted())
    return texts


def _text(content: bytes | None) -> str | None:
    try:
        return None if content is None else content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def findings(files: Mapping[str, str]) -> tuple[Problem, ...]:
    """Every finding in the texts, in their order."""
    return _found(texts_of(files))


def build_of(
    schema: str, files: Mapping[str, str], key: str, region: str | None
) -> tuple[FieldDefinition | None, Sequence[Problem]]:
    """A file's definition and every finding in it and the files it is published with."""
    told = _found(texts_of(files))
    found = _all(_read(texts_of(files), region))
    head = next((one.model.head for one in found if _is(one, schema, key)), None)
    if head is None or any(problem.is_error for problem in told):
        return None, told
    return FieldDefinition(head.digest, head.version, head.title, region, head.legal_basis), told


def prove_of(files: Mapping[str, str], key: str, region: str | None) -> Sequence[VectorResult]:  # noqa: ARG001
    """The vectors published with the files that do not pass."""
    return _failed(texts_of(files))


def model_of(schema: str, key: str, files: Mapping[str, str], region: str | None) -> Parsed:  # type: ignore[type-arg]
    """The value of a stored file. Raises InvalidInput when this program no longer reads it."""
    for one in _all(_read(texts_of(files), region)):
        if _is(one, schema, key):
            return one
    raise InvalidInput(f"The stored file '{key}' cannot be read any more.")


def keys_of(files: Mapping[str, str], region: str | None) -> list[tuple[str, str]]:
    """Every file among the texts, as (schema, the name it is published under in its kind)."""
    return [_name(one.model.head) for one in _all(_read(texts_of(files), region))]


def overlaid(files: Mapping[str, str], region: str) -> list[tuple[str, str]]:
    """The files among the texts that the region's overlays change, as ``keys_of`` has them."""
    library = read_field_library(of_texts(files), Problems())
    changed = {base.root.file for base in library.bases if library.layers(base, region)}
    return [_name(one.model.head) for one in _all(_read(texts_of(files), region)) if one.model.head.file in changed]


def texts_of(files: Mapping[str, str]) -> Texts:
    """Texts by path, as what is remembered of them is found by."""
    return tuple(sorted(files.items()))


@lru_cache(maxsize=KEPT)
def _found(texts: Texts) -> tuple[Problem, ...]:
    """Every finding in the texts of a folder, in their order."""
    problems = Problems()
    check_folder(read_field_library(of_texts(dict(texts)), problems), None, problems)
    return tuple(problems.sorted())


@lru_cache(maxsize=KEPT)
def _read(texts: Texts, region: str | None) -> Configuration:
    return load_files(of_texts(dict(texts)), region, Problems())


@lru_cache(maxsize=KEPT)
def _failed(texts: Texts) -> tuple[VectorResult, ...]:
    files = dict(texts)
    if VECTORS not in files:
        return ()
    return tuple(one for one in run_texts(VECTORS, files[VECTORS], of_texts(files)) if not one.passed)


def _is(one: Parsed, schema: str, key: str) -> bool:  # type: ignore[type-arg]
    return _name(one.model.head) == (schema, key)


def _name(head: Head) -> tuple[str, str]:
    """Its schema, and its key with the first year it governs: one name may have a file for other years."""
    return head.schema, f"{head.key}@{head.first_year}"


def _all(found: Configuration) -> list[Parsed]:  # type: ignore[type-arg]
    return [*found.all_levels, *found.measurements, *found.evaluations, *found.whatifs]
