"""To whom a task is offered, and which of them are people outside, who come by receipt or link, never by queue (§3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.cases.people import audiences, direct_audiences
from engine.cases.step import Step
from engine.facts import Audience, OpenTask


def offered_to(extras: Mapping[str, Any], task: OpenTask) -> tuple[Audience, ...]:
    """Who sees the task in the queue: the one who claimed it, or all its audiences; and whoever it was delegated to.
    ``extras`` are the case's."""
    held = task.assignee is not None and task.claimed_at is not None
    found = (Audience("person", str(task.assignee)),) if held else task.audiences
    delegated = extras.get("delegated", {}).get(str(task.number))
    return found if delegated is None else (*found, Audience("person", str(delegated["to"])))


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
