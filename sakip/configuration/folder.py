"""A folder of the field's files as one region has them: every file parsed, the one that governs a year found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from engine.definitions.load import no_collection
from engine.definitions.problems import Problems
from engine.definitions.source import Node
from engine.definitions.tree import Grove
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.files import read_folder, region_folder
from sakip.configuration.heads import Head
from sakip.configuration.levels import Levels
from sakip.configuration.library import FieldLibrary, read_field_library
from sakip.configuration.measurement import Measurement
from sakip.configuration.regional import Merged, merge_all, parse_merged
from sakip.configuration.whatif import WhatIf


class Headed(Protocol):
    """What every file's value has."""

    @property
    def head(self) -> Head: ...


Model = TypeVar("Model", bound=Headed)


class Parsed(Generic[Model]):
    """One file: its value, and the nodes to point at (overlays merged, parameters in place) unless it was kept."""

    __slots__ = ("_root", "model")

    def __init__(self, model: Model, root: Node | None = None) -> None:
        self.model = model
        self._root = root

    @property
    def root(self) -> Node:
        """The nodes of the file. Raises LookupError for one that was kept (``sakip.configuration.cache``)."""
        if self._root is None:
            raise LookupError(f"{self.model.head.file} was kept and has no nodes; read it from its files")
        return self._root


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything a region is measured and asked by, each kind in the order of the years it governs."""

    region: str | None
    all_levels: tuple[Parsed[Levels], ...]
    measurements: tuple[Parsed[Measurement], ...]
    evaluations: tuple[Parsed[Evaluation], ...]
    whatifs: tuple[Parsed[WhatIf], ...]

    def levels(self, year: int) -> Levels | None:
        """The tree's levels of a fiscal year, or None when no file governs it."""
        return _governing(self.all_levels, year)

    def measurement(self, year: int) -> Measurement | None:
        """How a fiscal year is measured, or None when no file governs it."""
        return _governing(self.measurements, year)

    def evaluation(self, year: int) -> Evaluation | None:
        """The rubric of a performance year, or None when there is none."""
        return _governing(self.evaluations, year)

    def whatif(self, year: int) -> WhatIf | None:
        """What improvements cost in a fiscal year, or None when no file governs it."""
        return _governing(self.whatifs, year)


def _governing(files: Sequence[Parsed[Model]], year: int) -> Model | None:
    """The file whose years contain ``year``: an open end reaches to where the next file begins."""
    found = None
    for file in sorted(files, key=lambda each: each.model.head.first_year):
        if file.model.head.governs(year):
            found = file.model
    return found


def load(folder: Path, region: str | None, problems: Problems) -> Configuration:
    """The configuration of a region (None: of the files alone) from a folder, with all findings of shape.

    With findings of level error in ``problems`` it is only good for looking for more of them.
    """
    return load_files(read_folder(folder), region, problems)


def load_files(files: Grove, region: str | None, problems: Problems) -> Configuration:
    """The same from files that were fetched. What other regions' files say is not asked: none holds up a neighbour."""
    heads = Problems()
    with no_collection():
        library = read_field_library(files, heads)
        meant = library.regions_of(region)
        others = {file.shown for file in files.files if (region_folder(file.inside) or region) not in (region, *meant)}
        problems.take_all(problem for problem in heads.sorted() if problem.file not in others)
        return configure(library, region, problems)


def configure(library: FieldLibrary, region: str | None, problems: Problems) -> Configuration:
    """The configuration of a region from files that were read."""
    return parse_all(merge_all(library, region, problems), region, problems)


def parse_all(files: Iterable[Merged], region: str | None, problems: Problems) -> Configuration:
    """The configuration that merged files give; one that cannot be read at all is left out."""
    levels: list[Parsed[Levels]] = []
    measurements: list[Parsed[Measurement]] = []
    evaluations: list[Parsed[Evaluation]] = []
    whatifs: list[Parsed[WhatIf]] = []
    for one in files:
        found = parse_merged(one, problems)
        if found is None:
            continue
        model, root = found
        match model:
            case Levels():
                levels.append(Parsed(model, root))
            case Measurement():
                measurements.append(Parsed(model, root))
            case Evaluation():
                evaluations.append(Parsed(model, root))
            case WhatIf():
                whatifs.append(Parsed(model, root))
    return Configuration(region, _sorted(levels), _sorted(measurements), _sorted(evaluations), _sorted(whatifs))


def _sorted(files: list[Parsed[Model]]) -> tuple[Parsed[Model], ...]:
    return tuple(sorted(files, key=lambda each: each.model.head.first_year))
