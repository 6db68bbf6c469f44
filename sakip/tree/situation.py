"""What the checks of a tree look at: the tree, the rules, and the few facts that do not stand in a tree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sakip.configuration.levels import Level, Levels
from sakip.configuration.measurement import Consolidation, Measurement, Method, Unit
from sakip.plan import method_of
from sakip.reasons import Reason
from sakip.tree.values import Indicator, Node, Tree
from sakip.values import Target

_NO_LETTER = re.compile(r"[\W_]+")
DEFAULT_UNIT_KIND = "number"


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """One row of an agreement in force, as its annex printed it."""

    agreement: str
    indicator: str
    text: str
    unit: str | None
    target: Target | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the world around a tree knows. ``vacant`` are positions nobody holds; ``last_year`` what an indicator
    reached last year, or its target of that year, by key; ``carried`` the rows of agreements in force."""

    year: int | None = None
    vacant: frozenset[str] = frozenset()
    last_year: Mapping[str, Target] = field(default_factory=dict)
    carried: tuple[CarriedRow, ...] = ()


@dataclass(frozen=True, eq=False)
class Situation:
    """Everything one check may ask."""

    tree: Tree
    levels: Levels
    measurement: Measurement | None
    facts: Facts

    def level(self, node: Node) -> Level | None:
        """The level of a node, None for one nobody knows."""
        return self.levels.levels.get(node.level)

    @cached_property
    def on_circles(self) -> frozenset[str]:
        """The keys of nodes that are their own ancestor."""
        found: set[str] = set()
        done: set[str] = set()
        for start in self.tree.nodes.values():
            road: list[str] = []
            here: Node | None = start
            on_road: set[str] = set()
            while here is not None and here.key not in done:
                if here.key in on_road:
                    found.update(road[road.index(here.key) :])
                    break
                road.append(here.key)
                on_road.add(here.key)
                here = self.tree.parent(here)
            done.update(road)
        return frozenset(found)

    def method(self, indicator: Indicator) -> Method | None:
        """The method an indicator names, or the one its direction means; None for neither or an unknown one."""
        if self.measurement is None:
            return None
        found = method_of(self.measurement, indicator.measured())
        return None if isinstance(found, Reason) else found

    def consolidation(self, indicator: Indicator) -> Consolidation | None:
        """Its consolidation or the file's own; None for an unknown one."""
        if self.measurement is None:
            return None
        return self.measurement.consolidations.get(indicator.consolidation or self.measurement.default_consolidation)

    def unit(self, indicator: Indicator) -> Unit | None:
        """Its unit of measure, None when it names none or an unknown one."""
        return None if self.measurement is None else self.measurement.units.get(indicator.unit or "")


def folded(text: str) -> str:
    """A text without capitals, punctuation and spaces: what stays when only the writing differs."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())
