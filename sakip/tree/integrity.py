"""The faults of a tree: each check is a function over values, its level a word of the file (reference §4.7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from engine.definitions.load import no_collection
from sakip.configuration.levels import ERROR, OFF, Levels
from sakip.configuration.measurement import Measurement
from sakip.tree import indicator_checks, node_checks
from sakip.tree.situation import Facts, Situation
from sakip.tree.values import Tree

CIRCLE = "circle"
Check = Callable[[Situation], Iterable[str]]
CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        node_checks.circle,
        node_checks.parent_of_wrong_level,
        node_checks.goal_without_regional_parent,
        indicator_checks.indicator_without_owner,
        node_checks.node_without_indicator,
        indicator_checks.method_does_not_fit_unit,
        indicator_checks.quarters_do_not_add_up,
        indicator_checks.annex_indicator_without_superior,
        node_checks.owner_vacant,
        node_checks.child_repeats_parent,
        node_checks.programme_without_objective,
        node_checks.node_without_success_factor,
        indicator_checks.weights_not_100,
        indicator_checks.target_below_last_year,
        indicator_checks.annex_differs_from_plan,
        indicator_checks.same_wording_elsewhere,
        node_checks.depth_not_reached,
        node_checks.crosscutting_unanswered,
    )
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the check, its severity (error or warning), and the key of the node or indicator it is about."""

    check: str
    severity: str
    key: str


def findings(
    levels: Levels,
    tree: Tree,
    measurement: Measurement | None,
    facts: Facts | None = None,
    only: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Every fault the file asks for, in the order of the checks, then of the keys; ``only`` looks for these alone.

    A check the file does not name is off, but the circle, which no file can lower. Without ``measurement`` nothing is
    said about methods. 20,000 nodes take well below a second.
    """
    situation = Situation(tree, levels, measurement, facts or Facts())
    found = []
    with no_collection():
        for name, check in CHECKS.items():
            severity = severity_of(levels, name)
            if severity != OFF and (only is None or name in only):
                found += [Finding(name, severity, key) for key in sorted(set(check(situation)))]
    return tuple(found)


def severity_of(levels: Levels, check: str) -> str:
    """error, warning or off."""
    return ERROR if check == CIRCLE else levels.integrity.get(check, OFF)


def by_check(found: Iterable[Finding]) -> dict[str, list[str]]:
    """The keys of every check that found something."""
    grouped: dict[str, list[str]] = {}
    for one in found:
        grouped.setdefault(one.check, []).append(one.key)
    return grouped


def stops(found: Iterable[Finding]) -> bool:
    """Whether a tree with these findings may not go in force."""
    return any(one.severity == ERROR for one in found)
