"""Arrows: new, gone, leading elsewhere; what they ask before they may be taken and what they do."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.diff.actors import Place, compare_actors, people_of
from engine.definitions.diff.arrows import compare_guard, compare_target, goal
from engine.definitions.diff.effects import compare_effects
from engine.definitions.diff.values import RELAXED, RULE, WORDS, Comparison, listed, quoted
from engine.definitions.model import State, Text, Transition

_REQUIRED: Mapping[str, Text] = {
    "comment": Text("catatan", "a comment"),
    "attachment": Text("lampiran", "an attachment"),
    "second_factor": Text("kode verifikasi", "the verification code"),
}


def compare_transitions(comparison: Comparison, old: State, new: State) -> None:
    """Every transition written in one state."""
    for action, transition in old.transitions.items():
        if action not in new.transitions:
            _note_arrow(comparison, transition, is_new=False)
    for action, transition in new.transitions.items():
        before = old.transitions.get(action)
        if before is None:
            _note_arrow(comparison, transition, is_new=True)
            continue
        place = _place(comparison, transition)
        compare_target(comparison, place, before.to, transition.to)
        compare_guard(comparison, place, before.guard, transition.guard)
        _compare_requires(comparison, place, before, transition)
        _compare_switches(comparison, place, before, transition)
        if before.by or transition.by:
            actors = [each.by or people_of(state) for each, state in ((before, old), (transition, new))]
            compare_actors(comparison, place.inner("by"), actors[0], actors[1])
        compare_effects(comparison, place, before.effects, transition.effects)
        _compare_words(comparison, place, before, transition)
    _compare_order(comparison, old, new)


def _place(comparison: Comparison, transition: Transition) -> Place:
    step, title = comparison.title(transition.source), quoted(transition.title)
    return Place(
        f"lifecycle.states.{transition.source}.transitions.{transition.action}",
        Text(f"{step.id}, {title.id}", f"{step.en}, {title.en}"),
        transition.source,
    )


def _note_arrow(comparison: Comparison, transition: Transition, *, is_new: bool) -> None:
    place = _place(comparison, transition)
    actors = comparison.roles(transition.by)
    by = Text(f"; oleh {actors.id}", f"; by {actors.en}") if transition.by else Text("", "")
    comparison.add(
        "transition_added" if is_new else "transition_removed",
        RULE,
        place.path,
        "{step}: tindakan baru {action}, {goal}{by}"
        if is_new
        else "{step}: tindakan {action} dihapus; semula {goal}{by}",
        "{step}: new action {action}, {goal}{by}" if is_new else "{step}: action {action} removed; before {goal}{by}",
        {
            "step": comparison.title(transition.source),
            "action": quoted(transition.title),
            "goal": goal(comparison, transition.to),
            "by": by,
        },
        state=place.state,
        old=None if is_new else transition.action,
        new=transition.action if is_new else None,
    )


def _compare_requires(comparison: Comparison, place: Place, old: Transition, new: Transition) -> None:
    for names, kind, weight, indonesian, english in (
        (
            [name for name in old.requires if name not in new.requires],
            "requires_removed",
            RELAXED,
            "{place}: {what} tidak lagi wajib",
            "{place}: {what} is no longer required",
        ),
        (
            [name for name in new.requires if name not in old.requires],
            "requires_added",
            RULE,
            "{place}: kini wajib {what}",
            "{place}: {what} is now required",
        ),
    ):
        if names:
            what = listed([_REQUIRED.get(name, Text(name, name)) for name in names])
            comparison.add(
                kind,
                weight,
                f"{place.path}.requires",
                indonesian,
                english,
                {"place": place.title, "what": what},
                state=place.state,
                old=old.requires,
                new=new.requires,
            )


# attribute, its key in the file, whether true is the weaker, and both sentences for "now true" and "no longer"
_SWITCHES = (
    (
        "may_be_incomplete",
        "answers",
        True,
        ("boleh walau isian wajib belum lengkap", "allowed although required answers are missing"),
        ("isian wajib kini harus lengkap", "required answers must now be complete"),
    ),
    (
        "resumes",
        "resume",
        False,
        ("kini kembali ke tempat terakhir ditinggalkan", "now returns to where it was left"),
        ("tidak lagi kembali ke tempat terakhir ditinggalkan", "no longer returns to where it was left"),
    ),
    (
        "is_recallable",
        "recallable",
        False,
        ("kini dapat ditarik kembali", "may now be taken back"),
        ("tidak lagi dapat ditarik kembali", "may no longer be taken back"),
    ),
    (
        "is_bulk",
        "bulk",
        False,
        ("kini dapat untuk banyak kasus sekaligus", "may now be done for many cases at once"),
        ("tidak lagi untuk banyak kasus sekaligus", "no longer for many cases at once"),
    ),
)


def _compare_switches(comparison: Comparison, place: Place, old: Transition, new: Transition) -> None:
    for attribute, key, is_weaker, on, off in _SWITCHES:
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after:
            indonesian, english = on if after else off
            comparison.add(
                "transition_changed",
                RELAXED if after and is_weaker else RULE,
                f"{place.path}.{key}",
                "{place}: " + indonesian,
                "{place}: " + english,
                {"place": place.title},
                state=place.state,
                old=before,
                new=after,
            )
    if old.window != new.window:
        comparison.add(
            "window_changed",
            RELAXED if new.window is None else RULE,
            f"{place.path}.window",
            "{place}: jadwal kini {new}, semula {old}",
            "{place}: schedule now {new}, before {old}",
            {"place": place.title, "old": _window(comparison, old.window), "new": _window(comparison, new.window)},
            state=place.state,
            old=old.window,
            new=new.window,
        )


def _window(comparison: Comparison, key: str | None) -> Text:
    if key is None:
        return Text("tidak ada", "none")
    for definition in (comparison.new, comparison.old):
        if key in definition.schedules:
            return quoted(definition.schedules[key].title)
    return Text(f"'{key}'", f"'{key}'")


def _compare_words(comparison: Comparison, place: Place, old: Transition, new: Transition) -> None:
    if old.title != new.title:
        comparison.add(
            "title_changed",
            WORDS,
            f"{place.path}.title",
            "{step}: tindakan kini bernama '{new}', semula '{old}'",
            "{step}: the action is now called '{new}', before '{old}'",
            {"step": comparison.title(place.state), "old": old.title, "new": new.title},
            state=place.state,
            old=old.title,
            new=new.title,
        )
    for key, before, after in (
        ("guard_message", old.guard_message, new.guard_message),
        ("tone", old.tone, new.tone),
    ):
        if before != after:
            comparison.add(
                "text_changed",
                WORDS,
                f"{place.path}.{key}",
                "{place}: pesan penolakan berubah" if key == "guard_message" else "{place}: warna tombol berubah",
                "{place}: the message of a refusal changed"
                if key == "guard_message"
                else "{place}: the button's tone changed",
                {"place": place.title},
                state=place.state,
                old=before,
                new=after,
            )


def _compare_order(comparison: Comparison, old: State, new: State) -> None:
    shared = [
        [key for key in side if key in old.transitions and key in new.transitions]
        for side in (old.transitions, new.transitions)
    ]
    if shared[0] != shared[1]:
        comparison.add(
            "order_changed",
            WORDS,
            f"lifecycle.states.{new.key}.transitions",
            "{step}: urutan tindakan berubah",
            "{step}: the actions stand in another order",
            {"step": comparison.title(new.key)},
            state=new.key,
            old=shared[0],
            new=shared[1],
        )
