"""Multi-instance: one task an item of a collection, and when enough of them are finished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.cases.assigning import open_task
from engine.cases.performers import note_performer
from engine.cases.performing import StepFailed
from engine.cases.step import Step
from engine.definitions.model import MultiInstance, Task, Transition
from engine.definitions.scope import ExpressionFault, Row
from engine.facts import OpenTask, Seat, Vote


def _instances(step: Step, state: str) -> MultiInstance:
    instances = step.chart.states[state].multi_instance
    assert instances is not None
    return instances


def collection(step: Step, state: str) -> list[tuple[str, Any]]:
    """The items as they are now, by key: an item's own text, of a table the row's number from 1. None where that
    cannot be calculated any more."""
    try:
        return _items(step, state)
    except ExpressionFault:
        return []


def _items(step: Step, state: str) -> list[tuple[str, Any]]:
    items = _instances(step, state).collection.evaluate(step.scope(user=step.actor)) or ()
    return [
        (str(number), Row(item, number)) if isinstance(item, Mapping) else (str(item), item)
        for number, item in enumerate(items, 1)
    ]


def value_of(step: Step, task: OpenTask) -> Any:
    """What ``item`` stands for in an expression about this task."""
    return next((item for key, item in collection(step, task.state) if key == task.item), task.item)


def enter(step: Step, state: str) -> None:
    """Opens the tasks; an empty collection is complete at once, by the first arrow without ``by``. Raises StepFailed
    where the collection cannot be calculated: a fault is not an empty list."""
    try:
        keys = [key for key, _ in _items(step, state)]
    except ExpressionFault as fault:
        raise StepFailed("effect_failed", state, f"multi_instance: {fault.reason.en}") from fault
    step.remember("items", state, keys)
    if keys:
        _open_next(step, state)
        return
    first = first_arrow(step, state)
    if first is not None:
        step.events[state] = first.action


def first_arrow(step: Step, state: str) -> Transition | None:
    """The arrow an empty collection takes."""
    for key in step.chart.path[state]:
        for transition in step.chart.states[key].transitions.values():
            if not transition.by and not transition.is_internal:
                return transition
    return None


def _open_next(step: Step, state: str) -> None:
    instances, task = _instances(step, state), step.chart.states[state].task
    roles = task.candidates if isinstance(task, Task) else ()
    keys = step.memory("items", state) or []
    opened = len(step.tasks_of(state)) + sum(vote.state == state for vote in step.votes)
    for key in keys[opened:]:
        open_task(step, state, roles, item=key)
        if instances.ordering == "sequential":
            return


def finish(step: Step, task: OpenTask, action: str, seat: Seat) -> bool:
    """Ends one item's task; whether the whole is complete with it. The next one opens when they come in turn."""
    state = task.state
    step.close(task, action, seat.person, seat.principal)
    earlier = [vote.person for vote in step.votes if vote.state == state]
    step.votes.append(Vote(state, task.item or "", seat.person, seat.principal, action, step.now))
    note_performer(step, state, earlier, seat)
    if is_complete(step, state):
        return True
    if is_sequential(step, state):
        _open_next(step, state)
    return False


def is_complete(step: Step, state: str) -> bool:
    """Whether enough items are finished; a list without items is."""
    instances, total = _instances(step, state), len(step.memory("items", state) or ())
    needed = {"all": total, "any": min(1, total)}.get(instances.completion, min(instances.quorum or 1, total))
    return sum(vote.state == state for vote in step.votes) >= needed


def is_sequential(step: Step, state: str) -> bool:
    """Whether the items come one after the other."""
    return _instances(step, state).ordering == "sequential"


def leave(step: Step, state: str) -> None:
    """Ends the running entry; what is finished is forgotten, coming again starts anew."""
    for task in step.tasks_of(state):
        step.close(task, "cancelled", None, None)
    step.remember("items", state, None)
    step.votes = [vote for vote in step.votes if vote.state != state]
