"""Steps that came, went or changed what they are; the arrows, people and timers of each are compared next door."""

from __future__ import annotations

from engine.definitions.diff.actors import people_of
from engine.definitions.diff.always import compare_always
from engine.definitions.diff.parallel import compare_parts
from engine.definitions.diff.plain import plain
from engine.definitions.diff.tasks import compare_work
from engine.definitions.diff.timers import compare_timers
from engine.definitions.diff.transitions import compare_transitions
from engine.definitions.diff.values import ALARM, RULE, WORDS, Comparison
from engine.definitions.diff.words import due, where
from engine.definitions.model import State, Text


def compare_states(comparison: Comparison) -> None:
    """Every state of both sides, in document order."""
    old, new = comparison.old.states, comparison.new.states
    for key in old:
        if key not in new:
            _removed(comparison, old[key])
    for key, state in new.items():
        if key not in old:
            _added(comparison, state)
        else:
            _compare(comparison, old[key], state)
    _compare_start(comparison)
    shared = [[key for key in side if key in old and key in new] for side in (old, new)]
    if shared[0] != shared[1]:
        comparison.add(
            "order_changed",
            RULE,
            "lifecycle.states",
            "Urutan penulisan langkah berubah",
            "The steps stand in another order",
            states=[key for key, other in zip(*shared, strict=True) if key != other],
            old=shared[0],
            new=shared[1],
        )


def path(state: State) -> str:
    """The path of a state in what is reported."""
    return f"lifecycle.states.{state.key}"


def _removed(comparison: Comparison, state: State) -> None:
    comparison.add(
        "state_removed",
        ALARM,
        path(state),
        "Langkah {step} dihapus",
        "Step {step} removed",
        {"step": comparison.title(state.key)},
        state=state.key,
        old=state.key,
    )


def _added(comparison: Comparison, state: State) -> None:
    comparison.add(
        "state_added",
        RULE,
        path(state),
        "Langkah baru {step}{where}{parts}",
        "New step {step}{where}{parts}",
        {
            "step": comparison.title(state.key),
            "where": where(comparison.new, state.key, comparison),
            "parts": _details(comparison, state),
        },
        state=state.key,
        new=state.key,
    )


def _details(comparison: Comparison, state: State) -> Text:
    """The deadline and the people of a step, each behind a semicolon."""
    work = state.task or state.approval
    parts = []
    if work is not None and work.due is not None:
        span = due(work.due)
        parts.append(
            Text(f"; batas {span.id}", f"; due in {span.en}" if hasattr(work.due, "unit") else f"; due {span.en}")
        )
    people = people_of(state)
    if people:
        named = comparison.roles(people)
        parts.append(Text(f"; oleh {named.id}", f"; by {named.en}"))
    return Text("".join(part.id for part in parts), "".join(part.en for part in parts))


def _compare(comparison: Comparison, old: State, new: State) -> None:
    _compare_words(comparison, old, new)
    _compare_nature(comparison, old, new)
    compare_parts(comparison, old, new)
    compare_work(comparison, old, new)
    compare_transitions(comparison, old, new)
    compare_always(comparison, old, new)
    compare_timers(comparison, old, new)


def _compare_words(comparison: Comparison, old: State, new: State) -> None:
    if old.title != new.title:
        comparison.add(
            "title_changed",
            WORDS,
            f"{path(new)}.title",
            "Judul langkah kini '{new}', semula '{old}'",
            "The step is now called '{new}', before '{old}'",
            {"old": old.title, "new": new.title},
            state=new.key,
            old=old.title,
            new=new.title,
        )
    if old.public_title != new.public_title:
        comparison.add(
            "text_changed",
            WORDS,
            f"{path(new)}.public_title",
            "{step}: judul untuk orang luar berubah",
            "{step}: the title outsiders read changed",
            {"step": comparison.title(new.key)},
            state=new.key,
            old=old.public_title,
            new=new.public_title,
        )


_KINDS = {
    "atomic": Text("langkah biasa", "a plain step"),
    "compound": Text("langkah berisi langkah lain", "a step that holds others"),
    "parallel": Text("langkah bercabang", "a step with branches"),
    "final": Text("akhir", "an end"),
}


def _compare_nature(comparison: Comparison, old: State, new: State) -> None:
    step = comparison.title(new.key)
    if old.kind != new.kind:
        comparison.add(
            "state_changed",
            RULE,
            f"{path(new)}.type",
            "{step} kini {new}, semula {old}",
            "{step} is now {new}, before {old}",
            {"step": step, "old": _KINDS[old.kind], "new": _KINDS[new.kind]},
            state=new.key,
            old=old.kind,
            new=new.kind,
        )
    if (old.parent, old.region) != (new.parent, new.region):
        comparison.add(
            "state_moved",
            RULE,
            path(new),
            "{step} dipindah: kini di dalam {new}, semula {old}",
            "{step} moved: now inside {new}, before {old}",
            {"step": step, "old": _inside(comparison, old), "new": _inside(comparison, new)},
            state=new.key,
            old=[old.parent, old.region],
            new=[new.parent, new.region],
        )
    _compare_stay(comparison, old, new)


def _compare_stay(comparison: Comparison, old: State, new: State) -> None:
    """Whether cases may stay, and what is remembered when they leave."""
    step = comparison.title(new.key)
    if old.is_resting != new.is_resting:
        comparison.add(
            "state_changed",
            RULE,
            f"{path(new)}.resting",
            "Kasus kini boleh menetap di {step}" if new.is_resting else "Kasus tidak lagi boleh menetap di {step}",
            "Cases may now stay in {step}" if new.is_resting else "Cases may no longer stay in {step}",
            {"step": step},
            state=new.key,
            old=old.is_resting,
            new=new.is_resting,
        )
    if old.history != new.history:
        comparison.add(
            "state_changed",
            RULE,
            f"{path(new)}.history",
            "{step}: ingatan tempat terakhir kini {new}, semula {old}",
            "{step}: memory of where it was left is now {new}, before {old}",
            {"step": step, "old": _HISTORY[old.history], "new": _HISTORY[new.history]},
            state=new.key,
            old=old.history,
            new=new.history,
        )


_HISTORY = {
    None: Text("tidak ada", "none"),
    "shallow": Text("dangkal", "shallow"),
    "deep": Text("penuh", "deep"),
}


def _inside(comparison: Comparison, state: State) -> Text:
    if state.parent is None:
        return Text("alur utama", "the main line")
    title = comparison.title(state.parent)
    return title if state.region is None else Text(f"{title.id} ({state.region})", f"{title.en} ({state.region})")


def _compare_start(comparison: Comparison) -> None:
    old, new = comparison.old, comparison.new
    if old.initial != new.initial:
        comparison.add(
            "initial_changed",
            RULE,
            "lifecycle.initial",
            "Kasus kini mulai di {new}, semula {old}",
            "Cases now begin in {new}, before in {old}",
            {"old": comparison.title(old.initial), "new": comparison.title(new.initial)},
            states=plain([key for key in (old.initial, new.initial) if key]),
            old=old.initial,
            new=new.initial,
        )
