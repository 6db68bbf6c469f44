"""A folder of the field's files as one region has them: every file parsed, the one that governs a year found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from engine.definitions.source import Node
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.heads import Head
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.configuration.whatif import WhatIf


class Headed(Protocol):
    """What every file's value has."""

    @property
    def head(self) -> Head: ...


Model = TypeVar("Model", bound=Headed)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Model]):
    """One file: its value, and the nodes to point at (overlays merged, parameters in place)."""

    model: Model
    root: Node


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
