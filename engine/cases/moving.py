"""Leaving and entering: which states, in which order, and what belongs to one entry of a state and ends with it."""

from __future__ import annotations

from typing import Any

from engine.cases import approvals, clocks, instances, promises
from engine.cases.chart import WHOLE, Container
from engine.cases.machine import moves_of
from engine.cases.performing import perform
from engine.cases.step import Step
from engine.definitions.expressions import Expression
from engine.definitions.model import EffectCall, Text, Transition
from engine.definitions.scope import ExpressionFault


def holds(step: Step, guard: Expression | None, item: Any = None) -> bool:
    """Whether a guard is met; one that meets an empty value or cannot be calculated is not."""
    if guard is None:
        return True
    try:
        return bool(guard.evaluate(step.scope(user=step.actor, item=item)))
    except ExpressionFault:
        return False


def why_not(step: Step, transition: Transition, item: Any = None) -> Text:
    """The guard's message, or the expression read out with its values."""
    if transition.guard_message is not None or transition.guard is None:
        return transition.guard_message or Text("", "")
    scope = step.scope(user=step.actor, item=item)
    try:
        transition.guard.evaluate(scope)
    except ExpressionFault as fault:
        return fault.reason
    return transition.guard.explain(scope)


def may_move(step: Step, source: str, transition: Transition, item: Any = None) -> bool:
    """Whether the machine makes this move now."""
    event = transition.action
    return moves_of(step.definition).decide(source, event, lambda: holds(step, transition.guard, item)) is not None


def follow(step: Step, source: str, transition: Transition, item: Any = None) -> None:
    """Makes a move that was decided: leave, effects, enter; an internal one has effects only."""
    step.taken.append(f"{source}.{transition.action}")
    if transition.to is None:
        perform(step, transition.effects, source, item)
    else:
        travel(step, source, transition.to, transition.effects, resumes=transition.resumes, item=item)


def travel(
    step: Step, source: str, target: str, effects: tuple[EffectCall, ...], *, resumes: bool = False, item: Any = None,
) -> None:  # fmt: skip
    """Leaves what lies below the least common compound ancestor, runs the effects, enters the target (§8.4, §8.7)."""
    container = step.chart.container(source, target)
    leave(step, container)
    perform(step, effects, source, item)
    enter(step, container, target, resumes)


def open_case(step: Step) -> None:
    """Enters the first state."""
    enter(step, WHOLE, step.definition.initial, False)


def leave(step: Step, container: Container) -> None:
    """Leaves every active state below ``container``, the innermost first; history is stored on leaving."""
    below = step.chart.below(container)
    going = step.chart.in_order(key for key in step.active if key in below)
    for key in going:
        _store_history(step, key)
    for key in reversed(going):
        state = step.chart.states[key]
        if state.approval is not None:
            approvals.leave(step, key, is_approved=step.events.get(key) == "approved")
        elif state.multi_instance is not None:
            instances.leave(step, key)
        else:
            for task in step.tasks_of(key):
                step.close(task, "cancelled", None, None)
        clocks.cancel(step, key)
        step.events.pop(key, None)
        for name in ("spent", "escalated"):
            if name in step.extras:
                step.remember(name, key, None)
        del step.active[key]
        step.left.append(key)
    step.fresh = [key for key in step.fresh if key in step.active]
    step.changed()


def _store_history(step: Step, key: str) -> None:
    kind = step.chart.states[key].history
    if kind is None:
        return
    inside = [other for other in step.active if other != key and key in step.chart.path[other]]
    if kind == "deep":
        step.history[key] = step.chart.leaves(inside)
    else:
        step.history[key] = step.chart.in_order(other for other in inside if step.chart.states[other].parent == key)


def enter(step: Step, container: Container, target: str, resumes: bool) -> None:
    """Enters ``target`` with what encloses it and its initial children, or where history says it was left."""
    remembered = step.history.get(target, ()) if resumes else ()
    if remembered:
        states = step.chart.entry_of(container, (target, *remembered))
    else:
        states = step.chart.entry(container, target)
    for key in states:
        step.active[key] = step.next_entry
        step.next_entry += 1
        step.visited.add(key)
        step.entered.append(key)
        step.fresh.append(key)
    step.changed()
    for key in states:
        clocks.start(step, key)
    promises.happened(step, states)
