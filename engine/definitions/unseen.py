"""What no scenario could ever see: changes that provably change nothing are not held against the author.

Each question here is one proof. A change that only looks useless is not left out: somebody may still rely on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal

from engine.definitions.expression_tree import Literal
from engine.definitions.expressions import Expression
from engine.definitions.graph import Graph, is_raised
from engine.definitions.model import Approval, Definition, EffectCall, Sla, State, Transition


def is_passed(graph: Graph, key: str) -> bool:
    """Whether nothing but its ``always`` ever happens in a state: it, or one around it, is left as it is entered."""
    return any(graph.is_passed(here) for here in graph.paths[key])


def is_literally(expression: Expression | None, value: bool) -> bool:
    """Whether an expression is the word ``true`` (or ``false``) and nothing else."""
    return expression is not None and isinstance(expression.tree, Literal) and expression.tree.value is value


def asks(state: State, transition: Transition, word: str) -> bool:
    """Whether ``requires`` is ever held against somebody there.

    A refusal needs its comment anyway (§4.2). ``done`` is raised by the engine; ``approved`` and ``rejected`` are asked
    with the votes of the state's own approval only. What nobody makes (``by: []`` with a timer) asks nobody.
    """
    if not is_raised(state, transition.action):
        return True
    if state.approval is None or transition.action == "done":
        return False
    return not (transition.action == "rejected" and word == "comment")


def most_places(approval: Approval) -> int | None:
    """How many places an approval has at most; None where people decide that as the case runs."""
    return len(approval.approvers) or None


def is_unanimous(approval: Approval) -> bool:
    """Whether every place has to accept, whichever are needed: then one refusal ends it, with a veto or without."""
    most = most_places(approval)
    if approval.completion == "all" or most == 1:
        return True
    return approval.completion == "quorum" and most is not None and (approval.quorum or 1) >= most


def has_use_for_veto(approval: Approval) -> bool:
    """Whether a veto can make a difference."""
    return bool(approval.refuse) and not is_unanimous(approval)


def is_due_seen(approval: Approval) -> bool:
    """Whether a scenario can ever look at when an approval is due: ``due`` is told of the only open task, and where
    one of several who are asked at once decides for all there never is just one."""
    needs_one = approval.completion == "any" or (approval.completion == "quorum" and approval.quorum == 1)
    several = len(approval.approvers) > 1 and all(each.needed_when is None for each in approval.approvers)
    return not (approval.ordering == "parallel" and needs_one and several and approval.same_person in ("once", "each"))


def actions_of(definition: Definition) -> frozenset[str]:
    """Everything a person can do in a case of this type by a name of the author's own."""
    found: set[str] = set()
    for state in definition.states.values():
        if state.approval is not None:
            found |= {state.approval.accept, state.approval.refuse} - {""}
        found |= {action for action in state.transitions if not is_raised(state, action)}
    return frozenset(found)


def working_roles(definition: Definition) -> frozenset[str]:
    """The roles by which somebody may act: candidates, approvers, ``by``, and those an escalation adds."""
    found: set[str] = set()
    for state in definition.states.values():
        if state.task is not None:
            found.update(state.task.candidates)
        if state.approval is not None:
            found.update(role for approver in state.approval.approvers for role in approver.candidates)
        for transition in state.transitions.values():
            found.update(transition.by)
    for effect in effects_of(definition):
        if effect.kind == "add_candidate":
            found.update(str(value) for value in effect.options.values())
    return frozenset(found)


def effects_of(definition: Definition) -> Iterator[EffectCall]:
    """Every effect of a case type."""
    for state in definition.states.values():
        carriers: Iterable[Iterable[EffectCall]] = (
            *(transition.effects for transition in state.transitions.values()),
            *(always.effects for always in state.always),
            *(timer.effects for timer in state.timers.values()),
        )
        for effects in carriers:
            yield from effects
    for sla in definition.slas.values():
        yield from sla.at_risk_effects


def excluded_identity(definition: Definition, name: str) -> str:
    """Two entries of ``excluded`` with the same answer keep the same people out."""
    role = definition.roles.get(name)
    if role is None:
        return name
    if role.resolve == "performer_of":
        return f"performer_of.{role.options.get('state')}"
    return "initiator" if role.resolve == "initiator" else name


def seen_step(sla: Sla) -> int | None:
    """By how much a promise (or its extension) has to grow for its warning surely to move; None without a warning,
    which is all a scenario sees of a promise: a share of the target, rounded up (§8.19)."""
    share = sla.at_risk_share
    if share is None or share <= 0:
        return None
    return math.ceil(Decimal(1) / share)
