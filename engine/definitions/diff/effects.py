"""What a step does besides moving: effects that came, went, changed or run in another order."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.diff.actors import Place
from engine.definitions.diff.plain import is_same
from engine.definitions.diff.values import RULE, Comparison
from engine.definitions.diff.words import effect
from engine.definitions.model import EffectCall


def compare_effects(comparison: Comparison, place: Place, old: Sequence[EffectCall], new: Sequence[EffectCall]) -> None:
    """The effects of one transition, timer, automatic step or SLA."""
    before, after = ({call.key: call for call in calls} for calls in (old, new))
    for key, call in before.items():
        if key not in after:
            _note(comparison, place, "effect_removed", call, None)
    for key, call in after.items():
        if key not in before:
            _note(comparison, place, "effect_added", None, call)
        elif not is_same(before[key], call):
            _note(comparison, place, "effect_changed", before[key], call)
    shared = [[key for key in side if key in before and key in after] for side in (before, after)]
    if shared[0] != shared[1]:
        comparison.add(
            "effects_reordered",
            RULE,
            f"{place.path}.effects",
            "{place}: efek berjalan dalam urutan lain",
            "{place}: effects run in another order",
            {"place": place.title},
            state=place.state,
            states=place.states,
            old=shared[0],
            new=shared[1],
        )


_SENTENCES = {
    "effect_removed": ("{place}: tidak lagi {old}", "{place}: no longer {old}"),
    "effect_added": ("{place}: kini juga {new}", "{place}: now also {new}"),
    "effect_changed": ("{place}: kini {new}, semula {old}", "{place}: now {new}, before {old}"),
}
_SAME_WORDS = ("{place}: rincian berubah pada efek yang {new}", "{place}: details changed in the effect that {new}")


def _note(comparison: Comparison, place: Place, kind: str, old: EffectCall | None, new: EffectCall | None) -> None:
    words = {name: effect(call, comparison) for name, call in (("old", old), ("new", new)) if call is not None}
    is_detail = kind == "effect_changed" and words["old"] == words["new"]
    call = new or old
    comparison.add(
        kind,
        RULE,
        f"{place.path}.effects.{call.key if call else ''}",
        *(_SAME_WORDS if is_detail else _SENTENCES[kind]),
        {"place": place.title, **words},
        state=place.state,
        states=place.states,
        old=old,
        new=new,
    )
