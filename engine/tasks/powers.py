"""Who of an audience may do anything in a place, as a small mask the queue can compare."""

from __future__ import annotations

from functools import lru_cache

from engine.definitions.model import Definition

OWN_RIGHT = 1
POWER_BITS = {None: OWN_RIGHT, "acting_official": 2, "daily_executor": 4, "delegate": 8, "out_of_office": 16}
ALL_POWERS = 31


@lru_cache(maxsize=8192)
def powers_of(definition: Definition, state: str) -> int:
    """The mask of those who may act on the task of ``state``: own right always, a stand-in with one power there.

    Actions with ``by`` are not the candidates' and do not count.
    """
    actions = candidate_actions(definition, state)
    mask = OWN_RIGHT
    for kind, substitution in definition.substitution.items():
        if substitution.may & actions:
            mask |= POWER_BITS.get(kind, 0)
    return mask


def candidate_actions(definition: Definition, state: str) -> frozenset[str]:
    """The actions a candidate of the state's task or approval may take, those of its parents included."""
    here = definition.states[state]
    if here.approval is not None:
        own = {here.approval.accept, here.approval.refuse}
        own |= {action for action, way in here.transitions.items() if not way.by and way.is_internal}
    else:
        own = {action for action, way in here.transitions.items() if not way.by}
    seen = set(here.transitions)
    parent = here.parent
    while parent is not None:
        above = definition.states[parent]
        own |= {action for action, way in above.transitions.items() if not way.by and action not in seen}
        seen |= set(above.transitions)
        parent = above.parent
    return frozenset(own)
