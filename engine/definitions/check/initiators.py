"""WF031: the initiator may decide on their own case.

The first step's task is the initiator's work, and so is every task that names the initiator or the first step's
roles: those write the case. Every other task or approval decides on it.
"""

from __future__ import annotations

import re

from engine.definitions.graph import WHOLE, Graph, is_raised
from engine.definitions.model import Definition, State
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems

_ASKS_FOR_INITIATOR = re.compile(r"\binitiator\b")


def own_decisions(case_type: CaseType, problems: Problems) -> None:
    """Report tasks and approvals the initiator could have, where nothing keeps them out."""
    definition, graph = case_type.definition, case_type.graph
    initiators = {key for key, role in definition.roles.items() if role.resolve == "initiator"}
    if any(definition.roles[key].is_external for key in initiators):
        return
    writers = initiators | _first_roles(definition, graph)
    for key, state in graph.states.items():
        roles = _deciders(state)
        if not roles or roles & writers or not _decides(graph, state):
            continue
        open_roles = {role for role in roles if not _cannot_be_initiator(definition, role)}
        if not open_roles or _is_excluded(definition, state, writers, initiators):
            continue
        uncovered = sorted(role for role in open_roles if not _is_separated(definition, role))
        if uncovered:
            path = ("task", "candidates") if state.task is not None else ("approval",)
            problems.add(
                "WF031",
                case_type.at(key, *path),
                f'Pembuka kasus boleh memutus kasusnya sendiri sebagai "{uncovered[0]}".',
                f'The initiator may decide on their own case as "{uncovered[0]}".',
            )


def _first_roles(definition: Definition, graph: Graph) -> set[str]:
    """Who has the first task of a case."""
    if definition.initial not in graph.states:
        return set()
    found: set[str] = set()
    for key in graph.entered(WHOLE, definition.initial):
        task = graph.states[key].task
        if task is not None:
            found.update(task.candidates)
    return found


def _deciders(state: State) -> set[str]:
    if state.task is not None:
        return set(state.task.candidates)
    if state.approval is None:
        return set()
    return {role for approver in state.approval.approvers for role in approver.candidates}


def _decides(graph: Graph, state: State) -> bool:
    """Whether those who have the task can move the case on."""
    if state.approval is not None:
        return True
    assert state.task is not None
    candidates = set(state.task.candidates)
    return any(
        transition.to is not None and (not transition.by or candidates & set(transition.by))
        for action, transition in graph.known(state.key).items()
        if not is_raised(graph.states[transition.source], action)
    )


def _cannot_be_initiator(definition: Definition, role: str) -> bool:
    """The superior of the initiator is somebody else; an external role is no official."""
    found = definition.roles.get(role)
    if found is None or found.is_external:
        return True
    if found.resolve != "superior_of":
        return False
    below = definition.roles.get(str(found.options.get("role")))
    return below is not None and below.resolve == "initiator"


def _is_excluded(definition: Definition, state: State, writers: set[str], initiators: set[str]) -> bool:
    excluded = state.task.excluded if state.task is not None else state.approval.excluded if state.approval else ()
    for name in excluded:
        if name in initiators:
            return True
        performed = definition.states.get(name.removeprefix("performer_of."))
        if name.startswith("performer_of.") and performed is not None and _deciders(performed) & writers:
            return True
        role = definition.roles.get(name)
        if role is not None and role.resolve == "performer_of":
            performed = definition.states.get(str(role.options.get("state")))
            if performed is not None and _deciders(performed) & writers:
                return True
    return False


def _is_separated(definition: Definition, role: str) -> bool:
    """Whether a separation of duties for this role asks about the initiator."""
    return any(
        role in rule.applies_to and _ASKS_FOR_INITIATOR.search(rule.exclude_when.text)
        for rule in definition.separation_of_duties.values()
    )
