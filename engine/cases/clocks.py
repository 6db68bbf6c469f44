"""Timers of states: set on entry, gone on leaving, moved by a changed answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from engine.cases.assigning import moment_of
from engine.cases.chart import chart_of
from engine.cases.promises import is_warning, sla_of
from engine.cases.step import Step, is_release
from engine.definitions.model import Definition, Timer
from engine.definitions.scope import ExpressionFault
from engine.facts import RunningTimer

_MISSED_LIMIT = 1000  # times a late timer is stepped over one by one; then it is counted from now


def start(step: Step, state: str) -> None:
    """Sets the timers of a state that was just entered."""
    for timer in step.chart.states[state].timers.values():
        start_timer(step, state, timer)


def start_timer(step: Step, state: str, timer: Timer) -> None:
    """Sets one timer of an active state, counted from now; one whose moment is not known is not set."""
    due = _due(step, timer)
    if due is not None:
        put(step, RunningTimer(f"{state}.{timer.key}", step.active[state], due))


def put(step: Step, timer: RunningTimer) -> None:
    """Sets a timer; one that is due already fires when the step has settled."""
    step.timers[timer.key] = timer
    if timer.due_at <= step.now:
        step.due_now.append(timer.key)


def in_turn(definition: Definition, timers: Iterable[RunningTimer]) -> list[RunningTimer]:
    """Timers as they fire one after the other: by their moment, then in document order, warnings of SLAs last. A timer
    that repeats keeps its place among those of its state."""
    order = chart_of(definition).order

    def place(timer: RunningTimer) -> tuple[int, int]:
        if is_warning(timer.key):
            return len(order), list(definition.slas).index(sla_of(timer.key))
        state, _, name = timer.key.partition(".")
        within = () if is_release(timer.key) or state not in order else definition.states[state].timers
        return order.get(state, 0), list(within).index(name) if name in within else 0

    return sorted(timers, key=lambda timer: (timer.due_at, place(timer)))


def calendar_key(step: Step, timer: Timer) -> str | None:
    """The calendar of the timer's task, on which its durations count unless they name one."""
    work = step.chart.work(timer.state)
    return None if work is None else work.calendar


def _due(step: Step, timer: Timer) -> datetime | None:
    calendar = calendar_key(step, timer)
    if timer.after is not None:
        return step.after(step.now, timer.after, calendar)
    if timer.at is None:
        return None
    try:
        value = timer.at.evaluate(step.scope(user=step.actor))
    except ExpressionFault:
        return None
    return moment_of(step, value, calendar)


def cancel(step: Step, state: str) -> None:
    """Ends the timers of a state that is being left."""
    for timer in step.chart.states[state].timers.values():
        key = f"{state}.{timer.key}"
        step.timers.pop(key, None)
        if "fired" in step.extras:
            step.remember("fired", key, None)


def follow_answers(step: Step) -> None:
    """Moves the ``at`` timers whose moment the answers have changed; one that has fired stays fired."""
    if step.timed_by is step.answers:
        return
    step.timed_by = step.answers
    for state, key in step.chart.moving_timers:
        entry = step.active.get(state)
        running = step.timers.get(key)
        if entry is None or step.memory("fired", key) == entry or (running is not None and running.count):
            continue
        due = _due(step, step.chart.states[state].timers[key[len(state) + 1 :]])
        if due is None:
            step.timers.pop(key, None)
        elif running is None or running.due_at != due:
            put(step, RunningTimer(key, entry, due))


def put_again(step: Step, key: str) -> None:
    """A timer that has fired to no effect: gone, or set for its next time if it repeats."""
    timer = step.timers.pop(key, None)
    state, _, name = key.rpartition(".")
    spec = step.chart.states[state].timers.get(name) if state in step.chart.states else None
    if timer is not None and spec is not None:
        repeat(step, spec, timer)


def repeat(step: Step, spec: Timer, timer: RunningTimer) -> None:
    """Sets the next time of a timer that repeats, counted from the moment it was due. Times that have passed while
    nobody looked are left out: one reminder is enough."""
    every, count = spec.repeat_every, timer.count + 1
    if every is None or (spec.repeat_at_most is not None and count >= spec.repeat_at_most):
        return
    due = step.after(timer.due_at, every, calendar_key(step, spec))
    for _ in range(_MISSED_LIMIT):
        if due > step.now:
            break
        due = step.after(due, every, calendar_key(step, spec))
    else:
        due = step.after(step.now, every, calendar_key(step, spec))
    put(step, replace(timer, due_at=due, count=count))
