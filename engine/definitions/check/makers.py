"""WF032: what nobody may do. WF029: a child's transition that hides its parent's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.definitions.graph import Graph, is_raised
from engine.definitions.model import Definition, State, Transition
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems
from engine.definitions.source import LIST


def nobody_may(case_type: CaseType, problems: Problems) -> None:
    """States nobody can do anything in, tasks without an act, transitions without anybody to make them."""
    graph = case_type.graph
    idle = {key for key in graph.states if _is_idle(case_type, graph, key)}
    for key, state in graph.states.items():
        if key in idle:
            problems.add(
                "WF032",
                case_type.at(key),
                f'Di "{key}" tidak ada yang bisa dikerjakan siapa pun.',
                f'In "{key}" there is nothing anybody could do.',
            )
            continue
        if state.task is not None and state.kind == "atomic":
            _task(case_type, graph, state, problems)
        if state.approval is not None:
            _approval(case_type, graph, state, problems)
        for action, transition in state.transitions.items():
            if not _has_maker(case_type, graph, state, transition):
                problems.add(
                    "WF032",
                    case_type.at(key, "transitions", action),
                    f'Tidak ada yang boleh melakukan "{action}".',
                    f'Nobody may make "{action}".',
                )


def last_guards(case_type: CaseType, problems: Problems) -> None:
    """Report a guard on the last ``always`` of a state in which nothing else could ever happen: a case would stay."""
    graph = case_type.graph
    for key, state in graph.states.items():
        if not state.always or any(each.guard is None for each in state.always):
            continue
        if _is_idle(case_type, graph, key, besides="always"):
            problems.add(
                "WF012",
                case_type.at(key, "always", state.always[-1].key, "guard"),
                "Langkah otomatis terakhir harus tanpa syarat: kalau tidak, kasus dapat tertahan di sini.",
                "The last automatic step has to be without a guard: otherwise a case may stay here for ever.",
            )


def _is_idle(case_type: CaseType, graph: Graph, key: str, besides: str | None = None) -> bool:
    """Atomic, neither final nor resting, and without task, approval, timer, ``always`` or a transition with ``by``.

    ``besides`` is one of these that is not asked for."""
    state = graph.states[key]
    if state.kind != "atomic" or any(graph.states[here].is_resting for here in graph.paths[key]):
        return False
    written = case_type.in_state(key)
    busy = {"task", "approval", "timers", "always"} - {besides}
    if written is None or any(name in written.value.entries for name in busy):
        return False
    around = [graph.states[here] for here in graph.paths[key]]
    if any(state.timers or (state.always and state.key != key) for state in around):
        return False
    if besides is None and graph.states[key].always:
        return False
    if any(graph.states[here].task is not None for here in graph.paths[key]):
        return False
    return not any(_names_makers(case_type, transition) for transition in graph.known(key).values())


def _names_makers(case_type: CaseType, transition: Transition) -> bool:
    """Whether ``by`` is written, also when the roles in it are not known, unless it is empty."""
    entry = case_type.in_state(transition.source, "transitions", transition.action, "by")
    return entry is not None and bool(entry.value.items)


def _task(case_type: CaseType, graph: Graph, state: State, problems: Problems) -> None:
    task = state.task
    assert task is not None
    written = case_type.in_state(state.key, "task", "candidates")
    if written is None or len(written.value.items) > len(task.candidates):
        return  # reported already: missing, or roles nobody knows
    if not task.candidates or set(task.candidates) <= set(task.excluded):
        _nobody(case_type, state, problems)
        return
    identities = {_identity(case_type.definition, role) for role in task.candidates}
    for action, transition in graph.known(state.key).items():
        if is_raised(graph.states[transition.source], action):
            continue
        if not _names_makers(case_type, transition):
            if not _is_empty_by(case_type, transition):
                return
        elif len(transition.by) < _written_count(case_type, transition) or identities & {
            _identity(case_type.definition, role) for role in transition.by
        }:
            return
    _nobody(case_type, state, problems)


def _nobody(case_type: CaseType, state: State, problems: Problems) -> None:
    problems.add(
        "WF032",
        case_type.at(state.key, "task"),
        f'Yang mengerjakan "{state.key}" tidak bisa melakukan apa pun.',
        f'Those who have the task of "{state.key}" can do nothing in it.',
    )


def _written_count(case_type: CaseType, transition: Transition) -> int:
    entry = case_type.in_state(transition.source, "transitions", transition.action, "by")
    return len(entry.value.items) if entry is not None else 0


def _is_empty_by(case_type: CaseType, transition: Transition) -> bool:
    entry = case_type.in_state(transition.source, "transitions", transition.action, "by")
    return entry is not None and entry.value.kind == "list" and not entry.value.items


def _identity(definition: Definition, role: str) -> object:
    """Two roles that are found in the same way are the same people."""
    found = definition.roles.get(role)
    if found is None:
        return role
    return (found.resolve, *sorted((name, str(value)) for name, value in found.options.items()))


def _approval(case_type: CaseType, graph: Graph, state: State, problems: Problems) -> None:
    """An approval has a transition for ``approved`` and, unless it cannot be refused, for ``rejected``; and its places
    have somebody."""
    known = graph.known(state.key)
    missing = [
        event for event in ("approved", "rejected") if graph.can_be_raised(state.key, event) and event not in known
    ]
    if missing:
        listed = ", ".join(f'"{event}"' for event in missing)
        problems.add(
            "WF032",
            case_type.at(state.key, "approval"),
            f"Persetujuan tanpa tindakan {listed}.",
            f"The approval has no transition {listed}.",
        )
    for approver in state.approval.approvers if state.approval is not None else ():
        written = case_type.in_state(state.key, "approval", "approvers", approver.key, "candidates")
        if written is not None and written.value.kind == LIST and not written.value.items:
            problems.add(
                "WF032",
                written.value,
                f'Tempat "{approver.key}" tidak dapat diisi siapa pun.',
                f'Nobody can fill the place "{approver.key}".',
            )


def _has_maker(case_type: CaseType, graph: Graph, state: State, transition: Transition) -> bool:
    action = transition.action
    if state.kind == "final":
        return False
    if is_raised(state, action):
        if action == "done":
            return _may_be_done(graph, state)
        return any(graph.can_be_raised(key, action) for key in _bearers(graph, state, action))
    if _names_makers(case_type, transition):
        return True
    if _is_empty_by(case_type, transition):
        return _is_taken_by_timer(graph, state, action)
    bearers = list(_bearers(graph, state, action))
    if any(graph.states[here].task or graph.states[here].approval for key in bearers for here in graph.paths[key]):
        return True
    return _is_taken_by_timer(graph, state, action)


def _may_be_done(graph: Graph, state: State) -> bool:
    if state.kind == "compound":
        return bool(graph.region_finals(state.key, None))
    if state.join is not None:
        return True  # whether it can be met is WF028
    return state.kind == "parallel" and graph.may_join(state.key, state.key)


def _bearers(graph: Graph, state: State, action: str) -> Iterator[str]:
    """The states in which a transition of ``state`` holds: not those where a child has one of the name."""
    for key in graph.inside[state.key]:
        path: Iterable[str] = graph.paths[key]
        between = []
        for here in path:
            if here == state.key:
                break
            between.append(here)
        if not any(action in graph.states[here].transitions for here in between):
            yield key


def _is_taken_by_timer(graph: Graph, state: State, action: str) -> bool:
    return any(
        timer.do == action
        for key in graph.inside[state.key]
        for here in graph.paths[key]
        for timer in graph.states[here].timers.values()
    )


def hidden_transitions(case_type: CaseType, problems: Problems) -> None:
    """Report a transition with the name of one of an ancestor; ``done`` is not passed on, so it hides nothing."""
    graph = case_type.graph
    for key, state in graph.states.items():
        for action in state.transitions:
            if action == "done":
                continue
            owner = next((here for here in graph.paths[key][1:] if action in graph.states[here].transitions), None)
            if owner is not None:
                problems.add(
                    "WF029",
                    case_type.at(key, "transitions", action),
                    f'"{action}" di sini menutupi "{action}" milik "{owner}".',
                    f'"{action}" here hides the one of "{owner}".',
                )
