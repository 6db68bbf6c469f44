"""Units that are split, merged or renamed: history stays, the successor names who was before it (reference §4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sakip.tree.values import Node

SPLIT, MERGED, RENAMED = "split", "merge", "rename"


@dataclass(frozen=True, slots=True)
class Succession:
    """From ``on`` the successors do what the predecessors did. Raises ValueError when the numbers do not fit the kind:
    one is split, several are merged into one, one is renamed. A unit named twice is one."""

    kind: str
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    on: date
    legal_basis: str = ""

    def __post_init__(self) -> None:
        before, after = len(set(self.predecessors)), len(set(self.successors))
        fits = {SPLIT: before == 1 and after > 1, MERGED: before > 1 and after == 1, RENAMED: before == after == 1}
        if not fits.get(self.kind, False):
            raise ValueError(f"{self.kind}: {before} into {after}")


@dataclass(frozen=True, slots=True)
class TrendYear:
    """Whose numbers a trend of today's unit shows for a year, and the succession that makes a break before it."""

    year: int
    units: tuple[str, ...]
    breaks: tuple[Succession, ...]

    @property
    def is_break(self) -> bool:
        """Whether the year before is another unit's, so that the line is interrupted."""
        return bool(self.breaks)


def succeed(nodes: Iterable[Node], succession: Succession, chosen: Mapping[str, str]) -> tuple[Node, ...]:
    """The predecessors' nodes as the successors', keys unchanged; only the nodes that change are given back.

    ``chosen`` says which successor takes a node of a split unit; what hangs under it follows unless it is chosen
    itself. Raises ValueError naming nodes nobody takes, and a successor that is none.
    """
    own = {node.key: node for node in nodes if node.tree in succession.predecessors}
    strange = sorted(set(chosen.values()) - set(succession.successors))
    if strange:
        raise ValueError(f"no successor: {', '.join(strange)}")
    only = succession.successors[0] if len(succession.successors) == 1 else None
    takers = {key: only or _taker(node, own, chosen) for key, node in own.items()}
    nobody = sorted(key for key, taker in takers.items() if taker is None)
    if nobody:
        raise ValueError(f"nobody takes: {', '.join(nobody)}")
    return tuple(replace(node, tree=taker) for key, node in own.items() if (taker := takers[key]) is not None)


def _taker(node: Node, own: Mapping[str, Node], chosen: Mapping[str, str]) -> str | None:
    seen: set[str] = set()
    here: Node | None = node
    while here is not None and here.key not in seen:
        if here.key in chosen:
            return chosen[here.key]
        seen.add(here.key)
        here = own.get(here.parent or "")
    return None


def predecessors(unit: str, successions: Iterable[Succession]) -> tuple[str, ...]:
    """The units this one names as those before it, nearest first, each once."""
    made = list(successions)
    found: list[str] = []
    waiting = [unit]
    while waiting:
        before = [
            one
            for name in waiting
            for succession in made
            if name in succession.successors
            for one in succession.predecessors
            if one not in found and one != unit
        ]
        waiting = list(dict.fromkeys(before))
        found += waiting
    return tuple(found)


def trend(unit: str, years: Sequence[int], successions: Iterable[Succession]) -> tuple[TrendYear, ...]:
    """Whose numbers stand for each year, in the order of ``years``: a year belongs to who was there on its last day.

    A rename is a break too: the name on the line changes, though the unit is the same.
    """
    made = sorted(successions, key=lambda one: one.on, reverse=True)
    return tuple(_year(unit, year, made) for year in years)


def _year(unit: str, year: int, made: Sequence[Succession]) -> TrendYear:
    units: tuple[str, ...] = (unit,)
    breaks: list[Succession] = []
    for succession in made:
        if not set(units) & set(succession.successors):
            continue
        if succession.on.year == year:
            breaks.append(succession)
        if succession.on.year > year:
            kept = tuple(one for one in units if one not in succession.successors)
            units = tuple(dict.fromkeys((*kept, *succession.predecessors)))
    return TrendYear(year, units, tuple(breaks))
