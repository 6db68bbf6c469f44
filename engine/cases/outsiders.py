"""Which of those a task is offered to are people outside: they come by receipt or link, never by the queue (§3)."""

from __future__ import annotations

from dataclasses import replace

from engine.cases.people import audiences, direct_audiences
from engine.cases.step import Step
from engine.facts import Audience, OpenTask


def mark_outsiders(step: Step, task: OpenTask) -> OpenTask:
    """The task with ``outside`` as it is now: whoever no role of staff, no place and no delegation names, and a holder
    who has the task by none of these."""
    external = step.chart.external
    if not external or external.isdisjoint(task.roles):
        return task if not task.outside else replace(task, outside=())
    inside = set(named_directly(step, task))
    inside.update(audience for role in task.roles if role not in external for audience in audiences(step, role))
    outside = [audience for audience in task.audiences if audience not in inside]
    if task.claimed_at is not None:
        holder = Audience("person", str(task.assignee))
        seats = (seat for audience in inside for seat in step.directory.seats(audience, step.now))
        if holder not in inside and holder not in outside and all(seat.person != task.assignee for seat in seats):
            outside.append(holder)  # a member of a group outside who took the task
    return replace(task, outside=tuple(outside))


def named_directly(step: Step, task: OpenTask) -> list[Audience]:
    """Whom a task is offered to without a role: those its place names, and whoever it was delegated to."""
    found = direct_audiences(step, task) if task.place is not None else []
    delegated = step.memory("delegated", str(task.number))
    return found if delegated is None else [*found, Audience("person", str(delegated["to"]))]
