"""An accepted act carried out: tasks closed, effects, the move, and what may be recalled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.cases import approvals, instances, promises, settling
from engine.cases.answers import to_store
from engine.cases.assigning import claimed
from engine.cases.checks import Accepted, Place
from engine.cases.moving import follow
from engine.cases.notices import address
from engine.cases.performers import note_performer
from engine.cases.performing import perform
from engine.cases.recipients import hand_outside
from engine.cases.state import to_plain
from engine.cases.step import Step
from engine.changes import HistoryEntry, Plan
from engine.definitions.model import Transition
from engine.facts import Command, LastAct, OpenTask, PersonId, Seat


def carry_out(step: Step, accepted: Accepted, command: Command) -> Plan:
    """The plan of an accepted act, automatic steps included. Raises StepFailed."""
    known = accepted.place.known
    _stand_in(step, accepted.seat)
    step.last_act = None
    if accepted.ballot is not None:
        promises.happened(step, (f"{known.source}.{known.action}",))
        approvals.vote(step, known, accepted.ballot)
    elif known.transition.to is None:
        _internal(step, accepted)
    elif (
        accepted.task is not None and not known.transition.by and step.chart.instances(accepted.task.state) is not None
    ):
        _item(step, accepted, accepted.task)
    else:
        _ordinary(step, accepted)
    settling.settle(step)
    item = command.item if accepted.task is None else accepted.task.item
    details: dict[str, Any] = {}
    if accepted.ballot is not None:
        details["places"] = list(accepted.ballot.places)
    if command.has_second_factor and "second_factor" in known.transition.requires:
        details["second_factor"] = True
    if command.assign:
        details["assigned"] = assigned(command)
    return finish(step, command.action, known.source if accepted.ballot else _told(accepted), item, details)


def assigned(command: Command) -> dict[str, list[PersonId]]:
    """Whom an act chose for the case's roles, as the history keeps it: a replay has to choose them again."""
    return {role: list(people) for role, people in command.assign.items()}


def _told(accepted: Accepted) -> str:
    """The state the act is told of: that of the task, else the leaf where it was taken."""
    return accepted.place.leaf if accepted.task is None else accepted.task.state


def _happened(step: Step, place: Place, task: OpenTask | None = None) -> None:
    action = place.known.action
    states = dict.fromkeys([place.leaf, place.known.source, *(() if task is None else (task.state,))])
    promises.happened(step, [f"{state}.{action}" for state in states])


def _ordinary(step: Step, accepted: Accepted) -> None:
    place, seat, task = accepted.place, accepted.seat, accepted.task
    transition = place.known.transition
    _note_performer(step, accepted)
    if task is not None and task.number in step.tasks:
        step.close(task, transition.action, seat.person, seat.principal)
    _move(step, place, transition, task, accepted.item)


def _move(step: Step, place: Place, transition: Transition, task: OpenTask | None, item: Any) -> None:
    _happened(step, place, task)
    step.is_recallable = transition.is_recallable
    follow(step, place.known.source, transition, item)


def _note_performer(step: Step, accepted: Accepted) -> None:
    """Whoever acts on a task completes it; with ``by`` also, where the arrow is the state's own or they could work
    on the task. In an approval they join those who decided in this entry."""
    place = accepted.place
    if accepted.task is not None:
        state = accepted.task.state
    elif place.known.source == place.leaf:
        state = place.leaf
    else:
        return
    earlier: tuple[PersonId, ...] = ()
    if step.chart.states[state].approval is not None or step.chart.instances(state) is not None:
        earlier = tuple(vote.person for vote in step.votes if vote.state == state)
    note_performer(step, state, earlier, accepted.seat)


def _internal(step: Step, accepted: Accepted) -> None:
    place, task = accepted.place, accepted.task
    person = accepted.seat.person
    if task is not None and not place.known.transition.by and (task.assignee != person or task.claimed_at is None):
        step.tasks[task.number] = claimed(step, task, person)
    _move(step, place, place.known.transition, task, accepted.item)


def _item(step: Step, accepted: Accepted, task: OpenTask) -> None:
    """One item finished: its effects now, the arrow with the last one (reference §8.17)."""
    transition = accepted.place.known.transition
    if instances.finish(step, task, transition.action, accepted.seat):
        _move(step, accepted.place, transition, task, accepted.item)
    else:
        perform(step, transition.effects, accepted.place.known.source, accepted.item)


def _stand_in(step: Step, seat: Seat) -> None:
    """Remembers who acted for whom: such a person is excluded where their principal is."""
    if seat.kind is None or seat.principal is None:
        return
    principal = str(seat.principal)
    known = step.memory("stood_in", principal) or []
    if seat.person not in known:
        step.remember("stood_in", principal, [*known, seat.person])


# -- the end of every step ----------------------------------------------------------------------------------------


def finish(
    step: Step, action: str, state: str | None, item: str | None = None, details: Mapping[str, Any] | None = None
) -> Plan:  # fmt: skip
    """Notifications addressed, one history entry for the act, and what of it may be recalled."""
    if step.definition.is_sealed:
        hand_outside(step)
    address(step)
    seat = step.seat
    told = dict(details or {})
    if step.fired:
        told["fired"] = list(step.fired)
        on_record = list(_on_record(step))
        if on_record:
            told["record"] = on_record
    step.entries.append(
        HistoryEntry(
            step.now, step.actor, None if seat is None else seat.principal, None if seat is None else seat.kind, action,
            state, tuple(step.left), tuple(step.entered), step.comment, item, told,
        )
    )  # fmt: skip
    if step.is_recallable and step.actor is not None and state is not None:
        step.last_act = LastAct(step.actor, action, state, _before(step))
    return step.plan()


def _on_record(step: Step) -> Iterator[Any]:
    """What the timers that fired want to stand on record: that silence was taken as consent, for example."""
    for key in step.fired:
        state, _, name = key.rpartition(".")
        timer = step.chart.states[state].timers.get(name) if state in step.chart.states else None
        if timer is not None and timer.record is not None:
            yield timer.record


def _before(step: Step) -> Mapping[str, Any]:
    """The moment before, and what effects changed in the answers: taking back undoes those, not what was typed."""
    plain = to_plain(replace(step.facts.state, last_act=None))
    if step.set_by_effects:
        known = {name: value for name, value in step.set_by_effects.items() if name in step.definition.fields}
        plain["undo"] = {**dict.fromkeys(known), **to_store(step.definition.fields, known)}
    return plain
