"""A linked case told this one that something happened: it takes that action as the system."""

from __future__ import annotations

from engine.cases import promises, settling
from engine.cases.acts import finish
from engine.cases.moving import follow, may_move
from engine.cases.step import Step
from engine.changes import Plan
from engine.definitions.model import Definition
from engine.facts import CaseFacts

MOST_WAITING = 100  # signals a paused case keeps


def plan_signal(definition: Definition, facts: CaseFacts, event: str) -> Plan | None:
    """The plan of ``event`` taken by the system: its guard is asked, what it requires of a person is not.

    None when no active state knows the event or no guard lets it pass: a signal is never refused, it passes by. A
    paused case keeps it until it goes on. Raises StepFailed when an effect fails.
    """
    step = Step(definition, facts)
    if facts.state.is_ended:
        return None
    if facts.is_suspended:
        step.extras["signals"] = [*step.extras.get("signals", ()), event][-MOST_WAITING:]
        return finish(step, "signal", None, details={"waits": event})
    active = sorted(facts.state.active, key=lambda key: definition.states[key].position, reverse=True)
    for leaf in active:
        transition = definition.states[leaf].transitions.get(event)
        if transition is not None and may_move(step, leaf, transition):
            step.last_act = None
            promises.happened(step, (f"{leaf}.{event}",))
            follow(step, leaf, transition)
            settling.settle(step)
            return finish(step, event, leaf)
    return None
