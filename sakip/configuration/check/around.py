"""What the checks of one file may look up beside it: kinds on the shelves, other files, case types, a region's changes.

The shelves stand above the configuration, so whoever starts the checks hands their kinds down.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.definitions.source import Node
from sakip.configuration.check.findings import Path


class OptionLike(Protocol):
    """One option of a kind of method."""

    @property
    def name(self) -> str: ...
    @property
    def holds(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def is_needed(self) -> bool: ...


class MethodKindLike(Protocol):
    """A kind of method, with what its target has to be: a number by itself, a range, a grade, or done."""

    @property
    def takes(self) -> str: ...
    @property
    def all_options(self) -> tuple[OptionLike, ...]: ...


class ConsolidationKindLike(Protocol):
    """A kind of consolidation, with the kinds of unit it can make one of."""

    @property
    def units(self) -> frozenset[str]: ...


class ScoringLike(Protocol):
    """A kind of scoring."""

    @property
    def has_one_grade(self) -> bool: ...
    @property
    def needs_points(self) -> bool: ...


class CaseTypeLike(Protocol):
    """A case type of the same tree, as the region has it."""

    @property
    def milestones(self) -> Mapping[str, Collection[str]]: ...
    @property
    def roles(self) -> Collection[str]: ...
    @property
    def states(self) -> Collection[str]: ...
    def has_task(self, state: str) -> bool:
        """Whether somebody has something to do in a state or in one inside it."""

    def showing(self, field_name: str, until: Collection[str], own: str) -> str | None:
        """The first state before those of ``until`` whose task shows a field of its form; ``own`` may."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What stands on the shelves, by name."""

    methods: Mapping[str, MethodKindLike]
    consolidations: Mapping[str, ConsolidationKindLike]
    scorings: Mapping[str, ScoringLike]


@dataclass(frozen=True, slots=True)
class Around:
    """``evaluations`` by key are those of the same folder and region. ``case_types`` is None in a tree without
    ``workflows/``: then no name is looked up there. Where they are those of a store, not all need be there yet
    (``has_all_case_types``), and what nobody has published is passed over. ``is_touched`` tells whether a region's
    files change a path of a schema's file; of a base everything counts as touched."""

    kinds: Kinds
    evaluations: Mapping[str, Node] = field(default_factory=dict)
    case_types: Mapping[str, CaseTypeLike] | None = None
    has_all_case_types: bool = True
    is_touched: Callable[[str, Path], bool] = lambda schema, path: True

    def looks_up(self, case_type: Node | None) -> bool:
        """Whether the name of a case type can be looked up."""
        if self.case_types is None or case_type is None:
            return False
        return self.has_all_case_types or case_type.value in self.case_types
