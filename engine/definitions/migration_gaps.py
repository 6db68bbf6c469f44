"""What a migration plan leaves without a fate between an older version and a newer one (WF091)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions.migration_plans import (
    TO,
    Bound,
    is_rested_in,
    may_be_together,
    path_of,
    structure_of,
    work_of,
)
from engine.definitions.model import Approval, State, Text


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the plan says nothing about, or nothing that can be done. ``path`` leads to it inside the plan, as far
    as it is written there; ``state`` is the older state in question, or None."""

    path: tuple[str, ...]
    message: Text
    state: str | None = None


def gaps(plan: Bound) -> tuple[Gap, ...]:
    """Everything without a fate, in document order of the older version."""
    found: list[Gap] = []
    for state in plan.old.states.values():
        found += _of_state(plan, state)
    found += _together(plan)
    found += _slas(plan)
    return tuple(found)


def _of_state(plan: Bound, state: State) -> Iterator[Gap]:
    path = ("states", state.key)
    fate = plan.fates.get(state.key)
    if fate is None:
        if is_rested_in(plan.old, state):
            yield Gap(path, Text(
                f'langkah "{state.key}" tidak punya padanan', f'state "{state.key}" has no counterpart',
            ), state.key)  # fmt: skip
        elif state.children:
            yield from _dissolved(plan, state)
        return
    if fate.kind != TO:
        return
    target = plan.new.states.get(fate.state or "")
    if target is None:
        return  # told where it is written
    if not (is_rested_in(plan.old, state) or state.children):
        return
    mismatch = kind_gap(plan, state, target)
    if mismatch is not None:
        yield Gap(path, mismatch, state.key)
        return
    yield from (Gap(("timers",), text, state.key) for text in timer_gaps(plan, state, target))
    yield from (Gap(("votes",), text, state.key) for text in vote_gaps(plan, state, target))


def _dissolved(plan: Bound, state: State) -> Iterator[Gap]:
    """A compound or parallel state that is gone leaves nothing behind but its timers."""
    if state.timers and plan.plan.timers == "keep":
        yield Gap(("timers",), _timer(state.key, next(iter(state.timers))), state.key)


def kind_gap(plan: Bound, state: State, target: State) -> Text | None:
    """Why ``target`` is no counterpart of ``state``: another kind of place."""
    if structure_of(state) != structure_of(target):
        return Text(
            f'"{target.key}" bukan jenis langkah yang sama dengan "{state.key}"',
            f'"{target.key}" is not the kind of state that "{state.key}" is',
        )
    if plan.plan.tasks == "keep" and work_of(state) != work_of(target):
        return Text(
            f'tugas "{state.key}" tidak dapat dipertahankan di "{target.key}" (tasks: reopen)',
            f'the tasks of "{state.key}" cannot be kept in "{target.key}" (tasks: reopen)',
        )
    return None


def timer_gaps(plan: Bound, state: State, target: State) -> Iterator[Text]:
    """Timers of ``state`` that would have to run on in ``target``, which has none of that name."""
    if plan.plan.timers == "keep":
        for key in state.timers:
            if key not in target.timers:
                yield _timer(state.key, key)


def _timer(state: str, key: str) -> Text:
    return Text(
        f'pengatur waktu "{state}.{key}" tidak punya padanan (timers: restart)',
        f'timer "{state}.{key}" has no counterpart (timers: restart)',
    )


def vote_gaps(plan: Bound, state: State, target: State) -> Iterator[Text]:
    """Approvers of ``state`` whose votes would have to count on in ``target``, which asks nobody of that name."""
    if state.approval is None or plan.plan.votes == "drop":
        return
    if target.approval is None or _sort(state.approval) != _sort(target.approval):
        yield Text(
            f'suara di "{state.key}" tidak dapat dipertahankan di "{target.key}" (votes: drop)',
            f'the votes in "{state.key}" cannot be kept in "{target.key}" (votes: drop)',
        )
        return
    known = {approver.key for approver in target.approval.approvers}
    for approver in state.approval.approvers:
        if approver.key not in known:
            yield Text(
                f'penyetuju "{state.key}.{approver.key}" tidak punya padanan (votes: drop)',
                f'approver "{state.key}.{approver.key}" has no counterpart (votes: drop)',
            )


def _sort(approval: Approval) -> tuple[bool, bool, bool]:
    return bool(approval.approvers), approval.along is not None, approval.for_each is not None


def _together(plan: Bound) -> Iterator[Gap]:
    """Two branches of a parallel state must come to stand in two branches of one again."""
    leaves = [
        (key, fate.state)
        for key, fate in plan.fates.items()
        if fate.kind == TO and fate.state in plan.new.states and not plan.old.states[key].children
        if any(plan.old.states[key].region is not None for key in path_of(plan.old, key))
    ]
    told: set[str] = set()
    for number, (first, target) in enumerate(leaves):
        for second, other in leaves[number + 1 :]:
            if second in told or not may_be_together(plan.old, first, second):
                continue
            if target == other or not may_be_together(plan.new, target or "", other or ""):
                told.add(second)
                yield Gap(("states", second), Text(
                    f'"{first}" dan "{second}" berjalan bersamaan, padanannya tidak dapat bersamaan',
                    f'"{first}" and "{second}" run side by side, their counterparts cannot',
                ), second)  # fmt: skip


def _slas(plan: Bound) -> Iterator[Gap]:
    if plan.plan.slas == "keep":
        for key in plan.old.slas:
            if key not in plan.new.slas:
                yield Gap(("slas",), Text(
                    f'janji waktu "{key}" tidak punya padanan (slas: restart)',
                    f'SLA "{key}" has no counterpart (slas: restart)',
                ))  # fmt: skip
