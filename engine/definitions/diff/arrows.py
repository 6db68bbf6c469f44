"""What arrows of every kind share: where they lead and the condition before them."""

from __future__ import annotations

from engine.definitions.diff.actors import Place
from engine.definitions.diff.values import RELAXED, RULE, Comparison
from engine.definitions.expressions import Expression
from engine.definitions.model import Text


def goal(comparison: Comparison, to: str | None) -> Text:
    """Where an arrow leads, in words."""
    if to is None:
        return Text("tanpa pindah langkah", "without leaving the step")
    title = comparison.title(to)
    return Text(f"ke {title.id}", f"to {title.en}")


def compare_target(comparison: Comparison, place: Place, old: str | None, new: str | None) -> None:
    """Where an arrow leads."""
    if old != new:
        comparison.add(
            "transition_retargeted",
            RULE,
            f"{place.path}.to",
            "{place}: kini {new}, semula {old}",
            "{place}: now {new}, before {old}",
            {"place": place.title, "old": goal(comparison, old), "new": goal(comparison, new)},
            state=place.state,
            old=old,
            new=new,
        )


def compare_guard(
    comparison: Comparison, place: Place, old: Expression | None, new: Expression | None, name: str = "guard"
) -> None:
    """A condition that came, went or reads otherwise. Without it more becomes possible."""
    if (old and old.text) == (new and new.text):
        return
    words: dict[str, Text | str | int] = {"place": place.title}
    if old is None and new is not None:
        kind, weight = "guard_added", RULE
        sentences = ("{place}: kini hanya bila `{new}`", "{place}: now only if `{new}`")
    elif new is None:
        kind, weight = "guard_removed", RELAXED
        sentences = ("{place}: tidak lagi bersyarat; semula `{old}`", "{place}: no condition any more; before `{old}`")
    else:
        kind, weight = "guard_changed", RULE
        sentences = ("{place}: syarat kini `{new}`, semula `{old}`", "{place}: condition now `{new}`, before `{old}`")
    words |= {"old": old.text if old else "", "new": new.text if new else ""}
    comparison.add(kind, weight, f"{place.path}.{name}", *sentences, words, state=place.state, old=old, new=new)
