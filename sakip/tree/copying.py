"""A tree carried into the next year or planning period: keys stay, so trends go on (reference §4.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sakip.configuration.levels import Levels
from sakip.tree.values import WHOLE_YEAR, Indicator, Node
from sakip.values import Target


@dataclass(frozen=True, slots=True)
class Copied:
    """The nodes of the new year or period. ``left`` are keys of nodes whose level is not there any more, and of what
    hung under them: somebody has to place these."""

    nodes: tuple[Node, ...]
    left: tuple[str, ...] = ()


def into_year(nodes: Iterable[Node], year: int) -> Copied:
    """Everything as it is, with the plan's target of ``year``; targets of last year's periods are not taken along."""
    return Copied(tuple(_with_indicators(node, lambda one: _for_year(one, year)) for node in nodes))


def _for_year(indicator: Indicator, year: int) -> Indicator:
    planned = indicator.plan_targets.get(year)
    return replace(indicator, targets={} if planned is None else {WHOLE_YEAR: planned})


def into_period(nodes: Iterable[Node], levels: Levels, baselines: Mapping[str, Target]) -> Copied:
    """The tree under the levels of the next planning period. Targets of years that are not in it stay behind; what an
    indicator reached at the end (``baselines`` by key) is where the new period starts."""
    everything = list(nodes)
    left = _left(everything, levels)
    first = levels.head.first_year

    def renewed(one: Indicator) -> Indicator:
        planned = {year: target for year, target in one.plan_targets.items() if levels.head.governs(year)}
        now = {WHOLE_YEAR: planned[first]} if first in planned else {}
        return replace(one, plan_targets=planned, targets=now, baseline=baselines.get(one.key, one.baseline))

    kept = tuple(_with_indicators(node, renewed) for node in everything if node.key not in left)
    return Copied(kept, tuple(node.key for node in everything if node.key in left))


def _left(nodes: list[Node], levels: Levels) -> set[str]:
    children: dict[str | None, list[str]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node.key)
    waiting = [node.key for node in nodes if node.level not in levels.levels]
    left: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in left:
            left.add(key)
            waiting += children.get(key, ())
    return left


def _with_indicators(node: Node, renewed: Callable[[Indicator], Indicator]) -> Node:
    return replace(node, indicators=tuple(renewed(one) for one in node.indicators))
