"""The proof that travels along: scenarios and fixtures that came, went or ask something else; migration plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.diff.plain import is_same
from engine.definitions.diff.values import ALARM, RELAXED, RULE, Comparison, both_keys
from engine.definitions.model import Scenario


def compare_proof(comparison: Comparison) -> None:
    """Scenarios, fixtures and migrations."""
    old, new = comparison.old, comparison.new
    for key in both_keys(old.scenarios, new.scenarios):
        _compare_scenario(comparison, key, old.scenarios.get(key), new.scenarios.get(key))
    _compare_maps(comparison, "fixture", "fixtures", "Data uji", "fixture", old.fixtures, new.fixtures)
    _compare_maps(
        comparison, "migration", "migrations", "Rencana pemindahan", "migration plan", old.migrations, new.migrations
    )


def _compare_scenario(comparison: Comparison, key: str, old: Scenario | None, new: Scenario | None) -> None:
    if is_same(old, new):
        return
    kind, weight = "scenario_changed", RULE
    if old is None:
        kind = "scenario_added"
        sentences = ("Skenario baru '{key}'", "New scenario '{key}'")
    elif new is None:
        kind, weight = "scenario_removed", ALARM
        sentences = ("Skenario '{key}' dihapus", "Scenario '{key}' removed")
    elif len(new.steps) < len(old.steps):
        weight = RELAXED
        sentences = (
            "Skenario '{key}' dipersingkat: kini {new} langkah, semula {old}",
            "Scenario '{key}' shortened: now {new} steps, before {old}",
        )
    else:
        sentences = ("Skenario '{key}' berubah", "Scenario '{key}' changed")
    counts = {"old": len(old.steps) if old else 0, "new": len(new.steps) if new else 0}
    comparison.add(kind, weight, f"scenarios.{key}", *sentences, {"key": key, **counts}, old=old, new=new)


def _compare_maps(
    comparison: Comparison,
    kind: str,
    section: str,
    indonesian: str,
    english: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> None:
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        if is_same(before, after):
            continue
        ending = "added" if key not in old else "removed" if key not in new else "changed"
        words = {
            "added": (" '{key}' baru", "New " + english + " '{key}'"),
            "removed": (" '{key}' dihapus", "The " + english + " '{key}' was removed"),
            "changed": (" '{key}' berubah", "The " + english + " '{key}' changed"),
        }[ending]
        comparison.add(
            f"{kind}_{ending}",
            RULE,
            f"{section}.{key}",
            indonesian + words[0],
            words[1],
            {"key": key},
            old=before,
            new=after,
        )
