"""What each state becomes in BPMN: a user task, a subprocess, a gateway, an end; and its timers at its edge."""

from __future__ import annotations

from engine.definitions.bpmn_model import Node
from engine.definitions.diff.words import due
from engine.definitions.draw_dot import moment
from engine.definitions.model import Approval, Definition, Duration, State, Timer

_ISO = {"days": "P{}D", "hours": "PT{}H", "minutes": "PT{}M"}


def node_of(definition: Definition, state: State, language: str) -> Node:
    """The node of a state, without what flows in or out."""
    tag = tag_of(definition, state)
    node = Node(f"state_{state.key}", tag, state.title.into(language))
    work = state.task or state.approval
    if state.task is not None:
        node.roles = state.task.candidates
    if state.approval is not None:
        roles = [role for approver in state.approval.approvers for role in approver.candidates]
        roles += [state.approval.along.from_role] if state.approval.along is not None else []
        node.roles = tuple(dict.fromkeys(roles))
        node.loop = (state.approval.ordering == "sequential", _completion(state.approval))
    if state.multi_instance is not None:
        many = state.multi_instance
        node.loop = (many.ordering == "sequential", str(many.quorum or many.completion))
    if work is not None and work.due is not None:
        node.notes.append(f"{'Batas' if language == 'id' else 'Due'}: {due(work.due).into(language)}")
    if work is not None and work.instructions is not None:
        node.notes.append(work.instructions.into(language))
    return node


def tag_of(definition: Definition, state: State) -> str:
    """The BPMN element of a state."""
    if state.children:
        return "subProcess"
    if state.kind == "final":
        parent = definition.states.get(state.parent or "")
        is_joined = parent is not None and parent.kind == "parallel" and state.region in joined(parent)
        return "intermediateThrowEvent" if is_joined else "endEvent"
    if state.task is not None or state.approval is not None:
        return "userTask"
    return "exclusiveGateway" if state.always and not state.transitions and not state.timers else "task"


def joined(state: State) -> tuple[str, ...]:
    """The regions a parallel state waits for; of a quorum any may be among them."""
    if state.join is None or state.join.quorum is not None:
        return tuple(state.regions)
    return tuple(region for region in state.join.regions if region in state.regions)


def _completion(approval: Approval) -> str:
    return str(approval.quorum) if approval.quorum is not None else approval.completion


def timer_of(state: State, timer: Timer, language: str) -> Node:
    """A timer at the edge of its state; with ``to`` or ``do`` it interrupts."""
    name = moment(timer).into(language)
    node = Node(f"timer_{state.key}_{timer.key}", "boundaryEvent", name, attached_to=f"state_{state.key}")
    node.event = "timer"
    node.interrupts = timer.to is not None or timer.do is not None
    if timer.at is not None:
        node.value = ("timeDate", timer.at.text)
    elif timer.after is not None:
        every = timer.repeat_every
        node.value = ("timeDuration", span(timer.after))
        if every is not None and not node.interrupts:
            times = str(timer.repeat_at_most) if timer.repeat_at_most else ""
            node.value = ("timeCycle", f"R{times}/{span(every)}")
    return node


def span(duration: Duration) -> str:
    """A span as ISO 8601 says it; working time, which ISO does not know, in our own words."""
    form = _ISO.get(duration.unit)
    return form.format(duration.amount) if form is not None else f"{duration.amount} {duration.unit}"
