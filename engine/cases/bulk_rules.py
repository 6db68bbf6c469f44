"""What may be decided many at once: a task with ``bulk: true``, by its arrows with ``bulk: true`` (reference §4)."""

from __future__ import annotations

from engine.definitions.model import Definition, Transition


def is_bulk_state(definition: Definition, state: str) -> bool:
    """Whether the tasks of ``state`` may be decided many at once, by at least one action."""
    return bool(bulk_actions(definition, state))


def bulk_actions(definition: Definition, state: str) -> dict[str, Transition]:
    """The actions by which tasks of ``state`` may be decided many at once; the inner one of a name wins."""
    found: dict[str, Transition] = {}
    here = definition.states.get(state)
    if here is None or here.task is None or not here.task.is_bulk:
        return found
    seen: set[str] = set()
    while here is not None:
        for action, transition in here.transitions.items():
            if action not in seen and transition.is_bulk and not transition.by:
                found[action] = transition
            seen.add(action)
        here = definition.states.get(here.parent) if here.parent is not None else None
    return found
