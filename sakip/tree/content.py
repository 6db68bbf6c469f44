"""What the rows of a tree keep as JSON, and the values it stands for; numbers stay exact (reference §4.1, §4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sakip.facts.stored_values import number_from_text, target_from_plain, target_to_plain
from sakip.tree.values import Indicator
from sakip.values import Target, as_text

_COLUMNS = frozenset(("key", "name", "owner", "verifier", "is_key", "is_published"))  # of the table itself
_TARGETS = ("plan_targets", "targets")
_WORDS = tuple(
    one.name
    for one in fields(Indicator)
    if one.name not in _COLUMNS and one.name not in (*_TARGETS, "due_in", "baseline", "weight")
)


def _target(plain: Any) -> Target:
    # Most are numbers, and a large tree has a hundred thousand of them.
    return number_from_text(plain) if type(plain) is str else target_from_plain(plain)


def indicator_to_plain(indicator: Indicator) -> dict[str, Any]:
    """Everything of an indicator that is no column: only what is there."""
    plain: dict[str, Any] = {name: value for name in _WORDS if (value := getattr(indicator, name))}
    if indicator.due_in is not None:
        plain["due_in"] = list(indicator.due_in)
    if indicator.baseline is not None:
        plain["baseline"] = target_to_plain(indicator.baseline)
    if indicator.weight is not None:
        plain["weight"] = as_text(indicator.weight)
    for name in _TARGETS:
        targets: Mapping[Any, Any] = getattr(indicator, name)
        if targets:
            plain[name] = {str(key): target_to_plain(value) for key, value in targets.items()}
    return plain


def indicator_from_plain(plain: Mapping[str, Any], *, is_in_hand: bool = True) -> dict[str, Any]:
    """The arguments of an `Indicator` that its JSON stands for; what this program does not know is left out.

    Targets of periods are those of the fiscal year in which their row began: unless that year ``is_in_hand`` they are
    another year's and left out, and the plan's target counts.
    """
    found: dict[str, Any] = {name: plain[name] for name in _WORDS if name in plain}
    due_in, baseline, weight = plain.get("due_in"), plain.get("baseline"), plain.get("weight")
    if due_in is not None:
        found["due_in"] = tuple(due_in)
    if baseline is not None:
        found["baseline"] = target_from_plain(baseline)
    if weight is not None:
        found["weight"] = number_from_text(weight)
    planned, targets = plain.get("plan_targets"), plain.get("targets")
    if planned:
        found["plan_targets"] = {int(year): _target(value) for year, value in planned.items()}
    if targets and is_in_hand:
        found["targets"] = {period: _target(value) for period, value in targets.items()}
    return found
