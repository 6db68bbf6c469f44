"""Steps that came, went or changed their place, and the arrows between them."""

from __future__ import annotations

from engine.definitions.diff_values import ALARM, RULE, WORDS, Comparison
from engine.definitions.model import State


def compare_states(comparison: Comparison) -> None:
    """Every state of both sides, in document order."""
    old, new = comparison.old.states, comparison.new.states
    for key, state in old.items():
        if key not in new:
            comparison.add(
                "state_removed",
                ALARM,
                f"lifecycle.states.{key}",
                "Langkah {step} dihapus",
                "Step {step} removed",
                {"step": comparison.title(key)},
                state=key,
                old=state,
            )
    for key, state in new.items():
        if key not in old:
            comparison.add(
                "state_added",
                RULE,
                f"lifecycle.states.{key}",
                "Langkah baru {step}",
                "New step {step}",
                {"step": comparison.title(key)},
                state=key,
                new=state,
            )
        else:
            _compare_title(comparison, old[key], state)


def _compare_title(comparison: Comparison, old: State, new: State) -> None:
    if old.title != new.title:
        comparison.add(
            "title_changed",
            WORDS,
            f"lifecycle.states.{new.key}.title",
            "Judul langkah: kini '{new}', semula '{old}'",
            "Title of a step: now '{new}', was '{old}'",
            {"old": old.title, "new": new.title},
            state=new.key,
            old=old.title,
            new=new.title,
        )
