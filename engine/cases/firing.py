"""A timer fires: its effects, its move, its next time; and the two timers of the engine itself."""

from __future__ import annotations

from dataclasses import replace

from engine.cases import promises
from engine.cases.assigning import release
from engine.cases.clocks import in_turn, repeat
from engine.cases.machine import moves_of, timer_event
from engine.cases.moving import follow, may_move, travel
from engine.cases.performing import perform
from engine.cases.state import moment_to_plain
from engine.cases.step import Step, is_release
from engine.definitions.model import Timer

BURST_LIMIT = 100  # timers that may fire at one moment (reference §8.19)


def fire_due(step: Step) -> bool:
    """Fires one timer that was set in this step and is due already; whether there was one."""
    step.due_now = [key for key in step.due_now if key in step.timers and step.timers[key].due_at <= step.now]
    if not step.due_now:
        return False
    key = in_turn(step.definition, [step.timers[each] for each in dict.fromkeys(step.due_now)])[0].key
    step.due_now.remove(key)
    fire(step, key)
    return True


def fire(step: Step, key: str) -> None:
    """Fires a timer: its effects, and its move if it has one. Raises StepFailed."""
    timer = step.timers.pop(key)
    if not _may_fire(step):
        step.incident("timer_failed", key.partition(".")[0], key)
        return
    if promises.is_warning(key):
        _warn(step, promises.sla_of(key))
        return
    if is_release(key):
        _auto_release(step, int(key.split(".")[1]))
        return
    step.fired.append(key)
    state, _, name = key.rpartition(".")
    spec = step.chart.states[state].timers[name]
    if spec.at is not None:
        step.remember("fired", key, timer.entry)
    repeat(step, spec, timer)
    _act(step, spec)


def _may_fire(step: Step) -> bool:
    moment = moment_to_plain(step.now)
    last, count = step.extras.get("burst", (None, 0))
    count = count + 1 if last == moment else 1
    step.extras["burst"] = [moment, count]
    return count <= BURST_LIMIT


def _act(step: Step, spec: Timer) -> None:
    if spec.to is not None:
        target = moves_of(step.definition).decide(spec.state, timer_event(spec.state, spec.key), lambda: True)
        assert target is not None
        travel(step, spec.state, target, spec.effects)
    elif spec.do is not None:
        _do(step, spec, spec.do)
    else:
        perform(step, spec.effects, spec.state)


def _do(step: Step, spec: Timer, action: str) -> None:
    """Takes a transition as the system: its guard is asked, what it requires of a person is not."""
    approval = step.chart.states[spec.state].approval
    if approval is not None and action in (approval.accept, approval.refuse, "approved", "rejected"):
        perform(step, spec.effects, spec.state)
        step.events[spec.state] = "approved" if action in (approval.accept, "approved") else "rejected"
        return
    for source in _knowing(step, spec.state, action):
        transition = step.chart.states[source].transitions[action]
        if may_move(step, source, transition):
            perform(step, spec.effects, spec.state)
            promises.happened(step, dict.fromkeys((f"{spec.state}.{action}", f"{source}.{action}")))
            follow(step, source, transition)
        return


def _knowing(step: Step, state: str, action: str) -> list[str]:
    """The states that know the action: this one and what encloses it, else what is active inside."""
    inside = [key for leaf in step.chart.leaves(step.active) for key in step.chart.path[leaf]]
    near = [*step.chart.path[state], *(key for key in inside if state in step.chart.path[key])]
    return [key for key in near if action in step.chart.states[key].transitions]


def _warn(step: Step, key: str) -> None:
    step.fired.append(f"{key}.at_risk")
    step.slas[key] = replace(step.slas[key], warned=True)
    perform(step, step.definition.slas[key].at_risk_effects, "")


def _auto_release(step: Step, number: int) -> None:
    task = step.tasks.get(number)
    if task is not None and task.claimed_at is not None:
        release(step, task)
