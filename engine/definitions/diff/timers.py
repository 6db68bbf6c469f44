"""Timers of a step: when they are due, how often, what they do and whether they move the case on."""

from __future__ import annotations

from engine.definitions.diff.actors import Place
from engine.definitions.diff.effects import compare_effects
from engine.definitions.diff.plain import is_same
from engine.definitions.diff.values import RULE, Comparison, listed
from engine.definitions.diff.words import act, duration, effect
from engine.definitions.model import State, Text, Timer


def compare_timers(comparison: Comparison, old: State, new: State) -> None:
    """All timers of one state."""
    for key, timer in old.timers.items():
        if key not in new.timers:
            _note(comparison, old, timer, is_new=False)
    for key, timer in new.timers.items():
        before = old.timers.get(key)
        if before is None:
            _note(comparison, new, timer, is_new=True)
            continue
        place = _place(comparison, new, timer)
        for name, one, other in (
            ("after", _when(before), _when(timer)),
            ("repeat", _repeat(before), _repeat(timer)),
            ("to", _outcome(comparison, old, before), _outcome(comparison, new, timer)),
        ):
            if one != other:
                comparison.add(
                    "timer_changed",
                    RULE,
                    f"{place.path}.{name}",
                    "{place}: kini {new}, semula {old}",
                    "{place}: now {new}, before {old}",
                    {"place": place.title, "old": one, "new": other},
                    state=new.key,
                    old=before,
                    new=timer,
                )
        if (before.acts_as, is_same(before.record, timer.record)) != (timer.acts_as, True):
            comparison.add(
                "timer_changed",
                RULE,
                f"{place.path}.record",
                "{place}: catatan yang ditulis berubah",
                "{place}: what is put on record changed",
                {"place": place.title},
                state=new.key,
                old=before.record,
                new=timer.record,
            )
        compare_effects(comparison, place, before.effects, timer.effects)
        comparison.retitled(place.path, "Pengatur waktu", "timer", _name(before), _name(timer))


def _place(comparison: Comparison, state: State, timer: Timer) -> Place:
    step, name = comparison.title(state.key), _name(timer)
    return Place(
        f"lifecycle.states.{state.key}.timers.{timer.key}",
        Text(f"{step.id}, pengatur waktu '{name.id}'", f"{step.en}, timer '{name.en}'"),
        state.key,
    )


def _name(timer: Timer) -> Text:
    return timer.title or Text(timer.key.replace("_", " "), timer.key.replace("_", " "))


def _note(comparison: Comparison, state: State, timer: Timer, *, is_new: bool) -> None:
    place = _place(comparison, state, timer)
    deeds = [effect(call, comparison) for call in timer.effects]
    if timer.to is not None or timer.do is not None:
        deeds.append(_outcome(comparison, state, timer))
    doing = listed(deeds, Text("tanpa akibat", "without effect"))
    comparison.add(
        "timer_added" if is_new else "timer_removed",
        RULE,
        place.path,
        "{step}: pengatur waktu baru '{name}', {when}: {doing}"
        if is_new
        else "{step}: pengatur waktu '{name}' dihapus; semula {when}: {doing}",
        "{step}: new timer '{name}', {when}: {doing}"
        if is_new
        else "{step}: timer '{name}' removed; before, {when}: {doing}",
        {
            "step": comparison.title(state.key),
            "name": _name(timer),
            "when": _when(timer),
            "doing": doing,
        },
        state=state.key,
        old=None if is_new else timer,
        new=timer if is_new else None,
    )


def _when(timer: Timer) -> Text:
    if timer.after is not None:
        span = duration(timer.after)
        on = f" ('{timer.after.calendar}')" if timer.after.calendar else ""
        return Text(f"setelah {span.id}{on}", f"after {span.en}{on}")
    moment = timer.at.text if timer.at is not None else ""
    return Text(f"pada `{moment}`", f"on `{moment}`")


def _repeat(timer: Timer) -> Text:
    if timer.repeat_every is None:
        return Text("sekali saja", "once only")
    span = duration(timer.repeat_every)
    times = timer.repeat_at_most
    return Text(
        f"diulang tiap {span.id}" + (f", paling banyak {times} kali" if times else ""),
        f"again every {span.en}" + (f", at most {times} times" if times else ""),
    )


def _outcome(comparison: Comparison, state: State, timer: Timer) -> Text:
    if timer.to is not None:
        goal = comparison.title(timer.to)
        return Text(f"pindah ke {goal.id}", f"moves to {goal.en}")
    if timer.do is not None:
        action = act(state, timer.do)
        return Text(f"melakukan {action.id}", f"does {action.en}")
    return Text("tidak memindahkan kasus", "does not move the case")
