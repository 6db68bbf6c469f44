"""Steps a case takes by itself: new, gone, leading elsewhere, tried in another order."""

from __future__ import annotations

from engine.definitions.diff.actors import Place
from engine.definitions.diff.arrows import compare_guard, compare_target, goal
from engine.definitions.diff.effects import compare_effects
from engine.definitions.diff.values import RULE, Comparison
from engine.definitions.model import Always, State, Text


def compare_always(comparison: Comparison, old: State, new: State) -> None:
    """The automatic steps of one state."""
    before = {each.key: each for each in old.always}
    after = {each.key: each for each in new.always}
    for key, each in before.items():
        if key not in after:
            _note_always(comparison, new.key, each, is_new=False)
    for key, each in after.items():
        if key not in before:
            _note_always(comparison, new.key, each, is_new=True)
            continue
        step = comparison.title(new.key)
        place = Place(
            f"lifecycle.states.{new.key}.always.{key}",
            Text(f"{step.id}, otomatis '{key}'", f"{step.en}, automatic '{key}'"),
            new.key,
        )
        one = before[key]
        compare_target(comparison, place, one.to, each.to)
        compare_guard(comparison, place, one.guard, each.guard)
        compare_effects(comparison, place, one.effects, each.effects)
    shared = [[each.key for each in side.always if each.key in before and each.key in after] for side in (old, new)]
    if shared[0] != shared[1]:
        comparison.add(
            "order_changed",
            RULE,
            f"lifecycle.states.{new.key}.always",
            "{step}: urutan langkah otomatis berubah",
            "{step}: automatic steps are tried in another order",
            {"step": comparison.title(new.key)},
            state=new.key,
            old=shared[0],
            new=shared[1],
        )


def _note_always(comparison: Comparison, key: str, always: Always, *, is_new: bool) -> None:
    when = Text(f" bila `{always.guard.text}`", f" if `{always.guard.text}`") if always.guard else Text("", "")
    comparison.add(
        "transition_added" if is_new else "transition_removed",
        RULE,
        f"lifecycle.states.{key}.always.{always.key}",
        "{step}: kini otomatis {goal}{when}" if is_new else "{step}: tidak lagi otomatis {goal}{when}",
        "{step}: now goes on by itself {goal}{when}" if is_new else "{step}: no longer goes on by itself {goal}{when}",
        {"step": comparison.title(key), "goal": goal(comparison, always.to), "when": when},
        state=key,
        old=None if is_new else always.key,
        new=always.key if is_new else None,
    )
