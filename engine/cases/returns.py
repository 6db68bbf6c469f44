"""Whether a step sends a case back: what the queue counts and what "changed since you returned it" starts from."""

from __future__ import annotations

from engine.changes import HistoryEntry, Plan
from engine.definitions.model import Definition
from engine.facts import Audience, PersonId


def sends_back(definition: Definition, plan: Plan, initiator: PersonId | None) -> bool:
    """True for an act that needs a reason and puts the case where it has been before, or with who opened it."""
    act = plan.entries[0]
    if not act.left or plan.after.is_ended or not _needs_reason(definition, act):
        return False
    if any(state in plan.before.visited for state in act.entered):
        return True
    opener = Audience("person", str(initiator))
    return act.actor != initiator and any(opener in task.audiences for task in plan.opened)


def _needs_reason(definition: Definition, act: HistoryEntry) -> bool:
    state = definition.states.get(act.state or "")
    if state is None:
        return False
    if state.approval is not None and act.action == state.approval.refuse:
        return True
    parent: str | None = state.key
    while parent is not None:
        here = definition.states[parent]
        if act.action in here.transitions:
            return "comment" in here.transitions[act.action].requires
        parent = here.parent
    return False
