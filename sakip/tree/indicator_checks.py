"""Faults of a tree that one sees on its indicators: owner, unit, targets, weights, wording (reference §4.7)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import pairwise

from sakip.configuration.levels import REGION
from sakip.configuration.measurement import Consolidation, Method
from sakip.consolidations import CONSOLIDATIONS
from sakip.methods import METHODS
from sakip.plan import UNITS_A_TARGET_TAKES, UNITS_WITHOUT_A_WORD
from sakip.tree.annex import annex_differences, carriers, superiors_of
from sakip.tree.situation import DEFAULT_UNIT_KIND, Situation, folded
from sakip.tree.values import WHOLE_YEAR, Indicator
from sakip.values import Range, Target

SUM = "sum"
FULL_WEIGHT = 100
# Kinds of method that read a smaller number as better, and those where a greater one is: others have no worse target.
LOWER_IS_BETTER = frozenset(("minimise_ratio", "minimise_difference", "reduction"))
HIGHER_IS_BETTER = frozenset(("maximise", "grade"))


def indicator_without_owner(situation: Situation) -> Iterator[str]:
    """Neither the indicator nor its node has one."""
    return (one.key for node, one in situation.tree.indicators() if not one.owner and not node.owner)


def method_does_not_fit_unit(situation: Situation) -> Iterator[str]:
    """The unit's kind is not among the units of method and consolidation; an unknown name fits nothing."""
    if situation.measurement is None:
        return
    known: dict[tuple[str | None, ...], bool] = {}  # a tree has many indicators and few ways of measuring
    for _node, one in situation.tree.indicators():
        way = (one.unit, one.method, one.direction, one.consolidation)
        if way not in known:
            known[way] = _fits(situation, one)
        if not known[way]:
            yield one.key


def _fits(situation: Situation, indicator: Indicator) -> bool:
    unit = situation.unit(indicator)
    kind = unit.kind if unit is not None else DEFAULT_UNIT_KIND if indicator.unit is None else ""
    names_method = indicator.method is not None or indicator.direction is not None
    fits_method = not names_method or kind in _units_of_method(situation.method(indicator))
    return fits_method and kind in _units_of_consolidation(situation.consolidation(indicator))


def _units_of_method(method: Method | None) -> Collection[str]:
    """As the measure sees it: what it would call a wrong kind is found before anybody enters a value."""
    if method is None or method.kind not in METHODS.values():
        return ()
    takes = METHODS.values()[method.kind].takes
    return UNITS_A_TARGET_TAKES[takes] & frozenset(method.units or UNITS_WITHOUT_A_WORD[takes])


def _units_of_consolidation(consolidation: Consolidation | None) -> Collection[str]:
    kind = CONSOLIDATIONS.values().get(consolidation.kind) if consolidation is not None else None
    if consolidation is None or kind is None:
        return ()
    return frozenset(kind.units) & frozenset(consolidation.units or kind.units)


def quarters_do_not_add_up(situation: Situation) -> Iterator[str]:
    """Consolidation `sum`, a target of the year, some target of a period, and their sum is another."""
    for _node, one in situation.tree.indicators():
        year = one.targets.get(WHOLE_YEAR)
        periods = [target for key, target in one.targets.items() if key != WHOLE_YEAR]
        if year is None or not periods or not _is_summed(situation, one):
            continue
        whole, parts = _ends(year), [_ends(target) for target in periods]
        if whole is None or any(part is None for part in parts):
            continue
        if whole != tuple(sum(ends) for ends in zip(*(part for part in parts if part is not None), strict=True)):
            yield one.key


def _is_summed(situation: Situation, indicator: Indicator) -> bool:
    found = situation.consolidation(indicator)
    return found.kind == SUM if found is not None else indicator.consolidation == SUM


def _ends(target: Target) -> tuple[Fraction, Fraction] | None:
    if isinstance(target, Range):
        return target.low, target.high
    return (target, target) if isinstance(target, Fraction) else None


def weights_not_100(situation: Situation) -> Iterator[str]:
    """Some indicators of a node have a weight, and one has none or they do not add up to 100."""
    for node in situation.tree.nodes.values():
        weights = [one.weight for one in node.indicators]
        given = [weight for weight in weights if weight is not None]
        if given and (len(given) < len(weights) or sum(given) != FULL_WEIGHT):
            yield node.key


def annex_indicator_without_superior(situation: Situation) -> Iterator[str]:
    """It gives a row of an agreement below the region's, and no indicator of a level above carries it."""
    carried = {level for annex in situation.levels.annex.values() for level in annex.levels}
    above = carriers(situation.levels, situation.tree)
    for node, one in situation.tree.indicators():
        level = situation.level(node)
        if level is None or level.tree == REGION or node.level not in carried:
            continue
        if not superiors_of(one, above.get(node.key)):
            yield one.key


def target_below_last_year(situation: Situation) -> Iterator[str]:
    """The year's target is worse than what stood for last year; without a year in hand, any two years of the plan."""
    for _node, one in situation.tree.indicators():
        pairs = _pairs(situation, one)
        method = situation.method(one) if pairs else None
        kind = method.kind if method is not None else "maximise"
        if any(_is_worse(situation, one, kind, before, after) for before, after in pairs):
            yield one.key


def _pairs(situation: Situation, indicator: Indicator) -> Collection[tuple[Target, Target]]:
    year, plan = situation.facts.year, indicator.plan_targets
    if year is None:
        years = sorted(plan)
        return [(plan[one], plan[after]) for one, after in pairwise(years)]
    before = situation.facts.last_year.get(indicator.key, plan.get(year - 1))
    after = indicator.target_of(year)
    return [] if before is None or after is None else [(before, after)]


def _is_worse(situation: Situation, indicator: Indicator, kind: str, before: Target, after: Target) -> bool:
    first, second = _comparable(situation, indicator, before), _comparable(situation, indicator, after)
    if first is None or second is None:
        return False
    return (kind in HIGHER_IS_BETTER and second < first) or (kind in LOWER_IS_BETTER and second > first)


def _comparable(situation: Situation, indicator: Indicator, target: Target) -> Fraction | None:
    if isinstance(target, Fraction):
        return target
    unit = situation.unit(indicator)
    if not isinstance(target, str) or situation.measurement is None or unit is None or unit.scale is None:
        return None
    return situation.measurement.scales.get(unit.scale, {}).get(target)


def annex_differs_from_plan(situation: Situation) -> Iterator[str]:
    """Wording, unit or target of an agreement in force is another than the tree's."""
    known = {one.key: one for _node, one in situation.tree.indicators()}
    for row in situation.facts.carried:
        one = known.get(row.indicator)
        if one is not None and annex_differences(row, one, situation.facts.year):
            yield row.indicator


def same_wording_elsewhere(situation: Situation) -> Iterator[str]:
    """Two indicators of one tree that say the same, and one indicator that stands there with two texts."""
    with_words: dict[tuple[str, str], str] = {}
    words_of: dict[str, str] = {}
    for node, one in situation.tree.indicators():
        words = folded(one.name)
        if not words:
            continue
        first = with_words.setdefault((node.tree, words), one.key)
        if first != one.key:
            yield from (first, one.key)
        if words_of.setdefault(one.key, words) != words:
            yield one.key
