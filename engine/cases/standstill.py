"""What a pause does to time: when a case goes on, everything that was counted goes on with what was left of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.cases.clocks import calendar_key
from engine.cases.promises import after_left, is_warning, sla_of, time_left
from engine.cases.step import Step
from engine.definitions.model import Duration
from engine.facts import CaseState, OpenTask, RunningTimer


def moved_on(step: Step, since: datetime) -> CaseState:
    """The case's state after a pause that began at ``since`` and ends now.

    What is counted in a duration (timers with ``after`` and their repetitions, due moments of tasks, promises and their
    warnings) keeps what was left of it, in its own unit and calendar. A moment that was named (``at``, a date of a
    task) stays; so does what had passed before the pause. Claims lapse as they would have.
    """
    state = step.facts.state
    timers = {key: _timer(step, timer, since) for key, timer in state.timers.items()}
    slas = {}
    for key, running in state.slas.items():
        if running.due_at is not None and running.stopped_at is None:
            sla = step.definition.slas[key]
            running = replace(running, due_at=_later(step, sla.target, sla.calendar, since, running.due_at))
        slas[key] = running
    tasks = {number: _task(step, task, since) for number, task in state.tasks.items()}
    return replace(state, timers=timers, slas=slas, tasks=tasks, last_act=None)


def _timer(step: Step, timer: RunningTimer, since: datetime) -> RunningTimer:
    if is_warning(timer.key):
        sla = step.definition.slas[sla_of(timer.key)]
        return replace(timer, due_at=_later(step, sla.target, sla.calendar, since, timer.due_at))
    state, _, name = timer.key.rpartition(".")
    spec = step.chart.states[state].timers.get(name) if state in step.chart.states else None
    counted = None if spec is None else (spec.repeat_every if timer.count else spec.after)
    if spec is None or counted is None:
        return timer
    return replace(timer, due_at=_later(step, counted, calendar_key(step, spec), since, timer.due_at))


def _task(step: Step, task: OpenTask, since: datetime) -> OpenTask:
    work = step.chart.work(task.state)
    if task.due_at is None or work is None or not isinstance(work.due, Duration):
        return task
    return replace(task, due_at=_later(step, work.due, work.calendar, since, task.due_at))


def _later(step: Step, counted: Duration, calendar_of: str | None, since: datetime, due: datetime) -> datetime:
    if due <= since:
        return due
    calendar = step.calendar(counted.calendar or calendar_of)
    return after_left(calendar, counted.unit, step.now, time_left(calendar, counted.unit, since, due), ())
