"""Automatic steps until nothing moves by itself: always, tasks to open, joins, approvals decided, timers due."""

from __future__ import annotations

from engine.cases import approvals, clocks, firing, instances, promises
from engine.cases.assigning import open_task
from engine.cases.machine import always_event, moves_of
from engine.cases.moving import follow, holds, may_move, travel
from engine.cases.performing import StepFailed
from engine.cases.step import Step
from engine.definitions.model import Always, Text, Transition

AUTOMATIC_LIMIT = 100  # automatic steps after one act (reference §8.5)


def settle(step: Step) -> None:
    """Automatic steps run to completion. Raises StepFailed after a hundred; timers have a limit of their own."""
    for _ in range(AUTOMATIC_LIMIT + 1):
        if not _automatic(step):
            promises.watch_pauses(step)
            return
    raise StepFailed("effect_failed", next(iter(step.active), ""), "more than 100 automatic steps")


def _automatic(step: Step) -> bool:
    """Takes one automatic step, if there is one; timers that are due already fire before it is said that none is."""
    while True:
        if _always(step):
            return True
        if _has_ended(step):
            return False
        for key in step.chart.in_order(step.fresh):
            _open(step, key)
        step.fresh.clear()
        _raise_done(step)
        clocks.follow_answers(step)
        if _follow_events(step):
            return True
        if not firing.fire_due(step):
            return False


def _always(step: Step) -> bool:
    for key in step.chart.in_order(step.fresh):
        for always in step.chart.states[key].always:
            if _takes(step, key, always):
                step.taken.append(f"{key}.always.{always.key}")
                travel(step, key, always.to, always.effects)
                return True
    return False


def _takes(step: Step, key: str, always: Always) -> bool:
    event = always_event(key, always.key)
    return moves_of(step.definition).decide(key, event, lambda: holds(step, always.guard)) is not None


def _has_ended(step: Step) -> bool:
    """A final state at the top ends the case."""
    states = step.chart.states
    if not any(states[key].parent is None and states[key].kind == "final" for key in step.active):
        return False
    end(step)
    return True


def end(step: Step) -> None:
    """The case is over: nothing is open, timed or promised any more."""
    for task in tuple(step.tasks.values()):
        step.close(task, "cancelled", None, None)
    step.extras.pop("late", None)
    step.timers.clear()
    step.due_now.clear()
    step.fresh.clear()
    promises.stop_all(step)
    step.extras["ended"] = True


def _open(step: Step, key: str) -> None:
    state = step.chart.states[key]
    if state.approval is not None:
        approvals.enter(step, key)
    elif state.multi_instance is not None:
        instances.enter(step, key)
    elif state.task is not None:
        open_task(step, key, state.task.candidates)


def _raise_done(step: Step) -> None:
    """``done``: of a compound state whose child is final, of a parallel one whose join is met; once an entry (§8.6)."""
    states = step.chart.states
    for key, entry in step.active.items():
        state = states[key]
        if not state.children or "done" not in state.transitions or key in step.events:
            continue
        if step.memory("spent", key) == entry:
            continue
        finals = [child for child in state.children if child in step.active and states[child].kind == "final"]
        if state.kind == "compound" and finals:
            step.events[key] = "done"
        elif state.kind == "parallel":
            finished = {states[child].region for child in finals}
            join = state.join
            if join is None or join.quorum is None:
                is_met = finished.issuperset(join.regions if join is not None else state.regions)
            else:
                is_met = len(finished) >= join.quorum
            if is_met:
                step.events[key] = "done"


def _follow_events(step: Step) -> bool:
    for key in step.chart.in_order(step.events):
        event = step.events[key]
        found = _answering(step, key, event)
        if found is None:
            continue
        source, transition = found
        is_empty = step.chart.states[key].multi_instance is not None
        if not is_empty and not may_move(step, source, transition):
            continue
        promises.happened(step, dict.fromkeys((f"{key}.{event}", f"{source}.{event}")))
        if transition.to is None:
            step.remember("spent", key, step.active[key])
            del step.events[key]
        if is_empty:
            step.taken.append(f"{source}.{event}")
            # no item: neither guard nor effects (reference §8.17)
            travel(step, source, transition.to or key, (), resumes=transition.resumes)
        else:
            follow(step, source, transition)
        step.is_recallable = step.is_recallable or transition.is_recallable
        return True
    return False


def _answering(step: Step, key: str, event: str) -> tuple[str, Transition] | None:
    """The transition an event takes; ``done`` is not passed to ancestors."""
    for source in step.chart.path[key] if event != "done" else (key,):
        transition = step.chart.states[source].transitions.get(event)
        if transition is not None:
            return source, transition
    return None


def waiting_branches(step: Step, key: str) -> list[Text]:
    """The titles of what still runs in a parallel state whose join is not met."""
    states = step.chart.states
    return [
        states[child].title
        for child in states[key].children
        if child in step.active and states[child].kind != "final" and _is_joined(step, key, child)
    ]


def _is_joined(step: Step, key: str, child: str) -> bool:
    join = step.chart.states[key].join
    return join is None or join.quorum is not None or step.chart.states[child].region in join.regions
