"""Tasks opened, claimed, given up: whose they are, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from engine.cases.allocating import allocated
from engine.cases.offering import mark_outsiders
from engine.cases.people import audiences, candidates
from engine.cases.standing_in import STAND_IN, told_of_absence
from engine.cases.step import Notice, Step, release_timer
from engine.definitions.model import DueAt, Duration, Task
from engine.definitions.scope import ExpressionFault
from engine.facts import Audience, OpenTask, PersonId, RunningTimer, Seat

INCIDENT = "incident"  # tells the supervisors of a task nobody may take
ASSIGNED = "task_assigned"  # a notification of this name tells the candidates of every task that opens


def open_task(
    step: Step, state: str, roles: Sequence[str], *, place: str | None = None, item: str | None = None,
    direct: Sequence[Audience] = (),
) -> OpenTask:  # fmt: skip
    """One more open task of a state's running entry. A task nobody may take raises ``no_candidate`` and stays open."""
    work = step.chart.work(state)
    offered = [*direct, *(audience for role in roles for audience in audiences(step, role))]
    due = None if work is None else due_of(step, work.due, work.calendar)
    roles, offered_to = tuple(roles), tuple(dict.fromkeys(offered))
    number, entry, now = step.next_task, step.active[state], step.now
    task = OpenTask(number, entry, state, roles, offered_to, now, place, item, None, None, due)
    step.next_task = number + 1
    who = candidates(step, task)
    if not who:
        step.incident("no_candidate", state, place or item or "")
        step.notices.append(Notice(len(step.changes), INCIDENT, state, number))
    elif len(who) == 1:
        task = OpenTask(number, entry, state, roles, offered_to, now, place, item, who[0].person, None, due)
    elif isinstance(work, Task) and work.allocate != "offer":
        task = claimed(step, task, allocated(step, state, work.allocate, who))
    step.tasks[number] = task = mark_outsiders(step, task)
    if told_of_absence(step, who):
        step.notices.append(Notice(len(step.changes), STAND_IN, state, number))
    if ASSIGNED in step.definition.notifications:
        step.notices.append(Notice(len(step.changes), ASSIGNED, state, number))
    return task


def with_sole_candidate(task: OpenTask, who: list[Seat]) -> OpenTask:
    """The task as theirs when there is only one; that is no claim, so it keeps nobody away who may come later."""
    if task.claimed_at is not None:
        return task
    return replace(task, assignee=who[0].person if len(who) == 1 else None)


def due_of(step: Step, due: Duration | DueAt | None, calendar: str | None) -> datetime | None:
    """When a task that opens now is due; a date is 00:00 in the calendar's zone."""
    if due is None:
        return None
    if isinstance(due, Duration):
        return step.after(step.now, due, calendar)
    try:
        value = due.expression.evaluate(step.scope(user=step.actor))
    except ExpressionFault:
        return None
    return moment_of(step, value, calendar)


def moment_of(step: Step, value: date | datetime | None, calendar: str | None) -> datetime | None:
    """A date or moment an expression gave, as a moment."""
    if value is None or isinstance(value, datetime):
        return value
    return step.calendar(calendar).midnight(value)


def claimed(step: Step, task: OpenTask, person: PersonId) -> OpenTask:
    """The task held by ``person`` from now; it is not stored yet."""
    work = step.chart.states[task.state].task
    if work is not None and work.auto_release is not None:
        key = release_timer(task)
        due = step.after(step.now, work.auto_release, work.calendar)
        step.timers[key] = RunningTimer(key, task.entry, due)
    return mark_outsiders(step, replace(task, assignee=person, claimed_at=step.now))


def release(step: Step, task: OpenTask) -> None:
    """Gives a claim up; a sole candidate keeps it as theirs."""
    step.timers.pop(release_timer(task), None)
    free = replace(task, assignee=None, claimed_at=None)
    step.tasks[task.number] = mark_outsiders(step, with_sole_candidate(free, candidates(step, free)))


def release_people(step: Step, people: Sequence[PersonId]) -> None:
    """Gives up every claim of these people in the case."""
    for task in tuple(step.tasks.values()):
        if task.assignee is not None and task.assignee in people:
            release(step, task)


def add_role(step: Step, state: str, role: str) -> None:
    """Offers the open tasks of a state, and of what is active inside it, to one more role."""
    inside = step.chart.inside(state)
    for task in tuple(step.tasks.values()):
        if task.state in inside and role not in task.roles and step.active.get(task.state) == task.entry:
            step.tasks[task.number] = widened(step, task, role)
    step.remember("escalated", state, list(dict.fromkeys([*(step.memory("escalated", state) or ()), role])))


def widened(step: Step, task: OpenTask, role: str) -> OpenTask:
    """The task offered to one more role; it is not stored yet."""
    offered = tuple(dict.fromkeys((*task.audiences, *audiences(step, role))))
    wider = replace(task, roles=(*task.roles, role), audiences=offered)
    return mark_outsiders(step, with_sole_candidate(wider, candidates(step, wider)))
