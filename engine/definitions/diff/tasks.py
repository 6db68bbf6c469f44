"""The human work of a step: who does it, who may not, on which form, until when, and how approvals are counted."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.diff.actors import Place, compare_actors, compare_excluded
from engine.definitions.diff.approvals import compare_approval
from engine.definitions.diff.plain import is_same
from engine.definitions.diff.values import ALARM, RELAXED, RULE, WORDS, Comparison, listed
from engine.definitions.diff.words import due, duration
from engine.definitions.model import Approval, DueAt, Duration, State, Task, Text

_RIGHTS = ("hidden", "read", "edit")
_RIGHT_WORDS: Mapping[str, Text] = {
    "hidden": Text("tersembunyi", "hidden"),
    "read": Text("hanya dibaca", "read only"),
    "edit": Text("dapat diisi", "to be filled in"),
}
_ALLOCATION: Mapping[str, Text] = {
    "offer": Text("ditawarkan kepada semua calon pelaksana", "offered to all candidates"),
    "least_loaded": Text("diberikan kepada yang tugasnya paling sedikit", "given to whoever has least to do"),
    "round_robin": Text("diberikan bergiliran", "given to each in turn"),
}
_AT_ONCE = {False: Text("satu per satu", "one by one"), True: Text("banyak sekaligus", "many at once")}


def compare_work(comparison: Comparison, old: State, new: State) -> None:
    """Task and approval of one state."""
    for name, kind in (("task", Text("tugas", "task")), ("approval", Text("persetujuan", "approval"))):
        before, after = getattr(old, name), getattr(new, name)
        if (before is None) == (after is None):
            continue
        is_new = before is None
        comparison.add(
            f"{name}_added" if is_new else f"{name}_removed",
            RULE if is_new else RELAXED,
            f"lifecycle.states.{new.key}.{name}",
            "{step}: kini ada {kind}" if is_new else "{step}: {kind} dihapus",
            "{step}: now has a {kind}" if is_new else "{step}: {kind} removed",
            {"step": comparison.title(new.key), "kind": kind},
            state=new.key,
            old=before,
            new=after,
        )
    step = comparison.title(new.key)
    place = Place(f"lifecycle.states.{new.key}", step, new.key)
    if old.task is not None and new.task is not None:
        inner = place.inner("task")
        compare_actors(comparison, inner.inner("candidates"), old.task.candidates, new.task.candidates)
        _compare_task(comparison, inner, old.task, new.task)
        _compare_shared(comparison, inner, old.task, new.task)
    if old.approval is not None and new.approval is not None:
        inner = place.inner("approval")
        compare_approval(comparison, inner, old.approval, new.approval)
        _compare_shared(comparison, inner, old.approval, new.approval)


def _compare_shared(comparison: Comparison, place: Place, old: Task | Approval, new: Task | Approval) -> None:
    compare_excluded(comparison, place.inner("excluded"), old.excluded, new.excluded)
    compare_due(comparison, place.inner("due"), old.due, new.due)
    if old.form != new.form:
        comparison.add(
            "form_of_step_changed",
            RULE,
            f"{place.path}.form",
            "{place}: formulir kini {new}, semula {old}",
            "{place}: form now {new}, before {old}",
            {"place": place.title, "old": _form(comparison, old.form), "new": _form(comparison, new.form)},
            state=place.state,
            old=old.form,
            new=new.form,
        )
    _compare_rights(comparison, place, old.fields, new.fields)
    if old.calendar != new.calendar:
        comparison.add(
            "deadline_changed",
            RULE,
            f"{place.path}.calendar",
            "{place}: dihitung menurut kalender {new}, semula {old}",
            "{place}: counted on calendar {new}, before {old}",
            {"place": place.title, "old": _key(old.calendar), "new": _key(new.calendar)},
            state=place.state,
            old=old.calendar,
            new=new.calendar,
        )
    if old.instructions != new.instructions:
        comparison.add(
            "text_changed",
            WORDS,
            f"{place.path}.instructions",
            "{place}: petunjuk berubah",
            "{place}: the instructions changed",
            {"place": place.title},
            state=place.state,
            old=old.instructions,
            new=new.instructions,
        )


def compare_due(
    comparison: Comparison, place: Place, old: Duration | DueAt | None, new: Duration | DueAt | None
) -> None:
    """A deadline that came, went or moved."""
    if is_same(old, new):
        return
    words: dict[str, Text | str | int] = {"place": place.title}
    words |= {name: due(moment) for name, moment in (("old", old), ("new", new)) if moment is not None}
    if old is None:
        kind, weight = "deadline_added", RULE
        sentences = ("{place}: kini ada batas {new}", "{place}: now has a deadline, {new}")
    elif new is None:
        kind, weight = "deadline_removed", RELAXED
        sentences = ("{place}: tidak lagi ada batas; semula {old}", "{place}: no deadline any more; before {old}")
    else:
        kind, weight = "deadline_changed", RULE
        sentences = ("{place}: batas kini {new}, semula {old}", "{place}: deadline now {new}, before {old}")
    comparison.add(
        kind, weight, place.path, *sentences, words, state=place.state, states=place.states, old=old, new=new
    )


def _compare_rights(comparison: Comparison, place: Place, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """What may be seen and changed of each field; a field that is not named is read."""
    for field in dict.fromkeys((*old, *new)):
        before, after = old.get(field, "read"), new.get(field, "read")
        is_known = field in comparison.old.fields and field in comparison.new.fields
        if before == after or not is_known:  # a field that came or went is told with its form
            continue
        is_wider = _RIGHTS.index(after) > _RIGHTS.index(before)
        comparison.add(
            "permission_widened" if is_wider else "permission_narrowed",
            ALARM if is_wider else RULE,
            f"{place.path}.fields.{field}",
            "{place}: isian {field} kini {new}, semula {old}",
            "{place}: field {field} is now {new}, before {old}",
            {
                "place": place.title,
                "field": comparison.field(field),
                "old": _RIGHT_WORDS[before],
                "new": _RIGHT_WORDS[after],
            },
            state=place.state,
            old=before,
            new=after,
        )


def _compare_task(comparison: Comparison, place: Place, old: Task, new: Task) -> None:
    never = Text("tidak pernah", "never")
    for key, indonesian, english, words in (
        (
            "assigns",
            "memilih orang untuk {new}, semula {old}",
            "chooses people for {new}, before {old}",
            [listed([comparison.role(role) for role in each.assigns]) for each in (old, new)],
        ),
        ("allocate", "{new}, semula {old}", "{new}, before {old}", [_ALLOCATION[each.allocate] for each in (old, new)]),
        (
            "bulk",
            "diputus {new}, semula {old}",
            "decided {new}, before {old}",
            [_AT_ONCE[each.is_bulk] for each in (old, new)],
        ),
        (
            "auto_release",
            "dilepas sendiri setelah {new}, semula {old}",
            "released by itself after {new}, before {old}",
            [duration(each.auto_release) if each.auto_release is not None else never for each in (old, new)],
        ),
    ):
        name = "is_bulk" if key == "bulk" else key
        before, after = getattr(old, name), getattr(new, name)
        if not is_same(before, after):
            comparison.add(
                "task_changed",
                RULE,
                f"{place.path}.{key}",
                "{place}: kini " + indonesian,
                "{place}: now " + english,
                {"place": place.title, "old": words[0], "new": words[1]},
                state=place.state,
                old=before,
                new=after,
            )


def _form(comparison: Comparison, key: str | None) -> Text:
    for definition in (comparison.new, comparison.old):
        if key is not None and key in definition.forms:
            title = definition.forms[key].title
            return Text(f"'{title.id}'", f"'{title.en}'")
    return _key(key)


def _key(key: str | None) -> Text:
    return Text("tidak ada", "none") if key is None else Text(f"'{key}'", f"'{key}'")
