"""The offers of open tasks as rows: which a step takes away, and which it adds."""

from __future__ import annotations

from engine.cases.offering import offered_to
from engine.changes import Plan
from engine.definitions.model import Definition
from engine.facts import CaseState, OpenTask
from engine.tasks.models import NO_DUE
from engine.tasks.powers import powers_of

Key = tuple[str, int, int]  # audience, due key, task number


def due_key(task: OpenTask) -> int:
    """The moment a queue sorts by, in seconds; the year 9999 without one."""
    return NO_DUE if task.due_at is None else int(task.due_at.timestamp())


def _offer_keys(state: CaseState) -> dict[Key, bool]:
    """The offers of the open tasks: (audience, due key, task number) -> whether it is for people outside."""
    return {
        (str(audience), due_key(task), number): audience in task.outside
        for number, task in state.tasks.items()
        for audience in offered_to(state.extras, task)
    }


def offers_of(definition: Definition, state: CaseState) -> dict[Key, int]:
    """Every offer of the open tasks: (audience, due key, task number) -> mask of powers, none for people outside: their
    offer keeps mails alive and is in nobody's queue."""
    return {
        (str(audience), due_key(task), number): 0 if audience in task.outside else powers_of(definition, task.state)
        for number, task in state.tasks.items()
        for audience in offered_to(state.extras, task)
    }


def offer_changes(definition: Definition, plan: Plan) -> tuple[list[Key], list[tuple[str, int, int, int]]]:
    """The keys of the offers that go, and those that come with their mask of powers."""
    before, after = _offer_keys(plan.before), offers_of(definition, plan.after)
    gone = [key for key, outside in before.items() if key not in after or outside != (after[key] == 0)]
    new = [(*key, powers) for key, powers in after.items() if before.get(key) != (powers == 0)]
    return gone, new
