"""Whom a notification reaches and what its text may say, once everything else of the step is settled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.cases.answers import to_store
from engine.cases.assigning import ASSIGNED, INCIDENT
from engine.cases.people import audiences, candidates, person_title
from engine.cases.standing_in import STAND_IN, told_of_absence
from engine.cases.step import Notice, Step
from engine.changes import Change, QueueMessage
from engine.definitions.model import Text
from engine.facts import Audience, OpenTask, PersonId

SUPERVISORS = Audience("group", "supervisors")
_REASONS = {ASSIGNED: "assigned"}


def address(step: Step) -> None:
    """Makes messages of the step's notices, each where its effect stood among the changes."""
    if not step.notices:
        return
    found: list[Change] = []
    waiting = list(step.notices)
    for number, change in enumerate([*step.changes, None]):
        while waiting and waiting[0].place <= number:
            message = _message(step, waiting.pop(0))
            if message is not None:
                found.append(message)
        if change is not None:
            found.append(change)
    step.changes = found


def stand_in_message(step: Step, task: OpenTask, sides: tuple[Audience, ...]) -> QueueMessage:
    """What tells both sides of an absence of a task that was open already."""
    values = _values(step, Notice(0, STAND_IN, task.state, task.number), task)
    return QueueMessage(STAND_IN, sides, (), STAND_IN, task.number, values, is_automatic=True)


def _message(step: Step, notice: Notice) -> QueueMessage | None:
    spec = step.definition.notifications.get(notice.notification)
    tasks = _tasks(step, notice)
    if notice.task is not None and not tasks:
        return None  # opened and gone in one step: nobody was ever asked
    number = tasks[0].number if tasks else None
    values = _values(step, notice, tasks[0] if tasks else None)
    if notice.to:
        reached = [audience for name in notice.to for audience in _reached(step, notice, name, tasks)]
        people = tuple(dict.fromkeys(reached))
        return QueueMessage(notice.notification, people, notice.to, notice.notification, number, values)
    if notice.notification == STAND_IN and notice.task is not None:
        sides = told_of_absence(step, candidates(step, tasks[0]))
        return QueueMessage(STAND_IN, sides, (), STAND_IN, number, values, is_automatic=True)
    if spec is None or notice.notification == INCIDENT:
        return QueueMessage(INCIDENT, (SUPERVISORS,), (), INCIDENT, number, values, is_automatic=True)
    to = tuple(dict.fromkeys(audience for name in spec.to for audience in _reached(step, notice, name, tasks)))
    reason = _REASONS.get(notice.notification, spec.template or notice.notification)
    return QueueMessage(
        notice.notification, to, spec.to, reason, number, values, spec.is_urgent, notice.task is not None
    )  # fmt: skip


def _tasks(step: Step, notice: Notice) -> list[OpenTask]:
    """The tasks a notice is about: the one just opened; those open where its effect stands; else those opened now."""
    if notice.task is not None:
        return [step.tasks[notice.task]] if notice.task in step.tasks else []
    running = [task for task in step.tasks.values() if step.active.get(task.state) == task.entry]
    if notice.state in step.active:
        inside = step.chart.inside(notice.state)
        here = [task for task in running if task.state in inside]
        if here:
            return here
    fresh = [task for task in running if task.number not in step.facts.state.tasks]
    return fresh if notice.state else running


def _reached(step: Step, notice: Notice, name: str, tasks: list[OpenTask]) -> Iterable[Audience]:
    if name == "candidates":
        return [audience for task in tasks for audience in _offered(task)]
    if name == "escalation_point":
        return _escalation(step, notice, tasks)
    if name in ("principal", "substitute"):
        return _capacity(step, name)
    return audiences(step, name) if name in step.definition.roles else ()


def _offered(task: OpenTask) -> tuple[Audience, ...]:
    if task.claimed_at is not None and task.assignee is not None:
        return (_person(task.assignee),)
    return task.audiences


def _person(person: PersonId) -> Audience:
    return Audience("person", str(person))


def _escalation(step: Step, notice: Notice, tasks: list[OpenTask]) -> list[Audience]:
    """The roles an escalation added; without any the superiors of the candidates; without those the supervisors."""
    states = dict.fromkeys([notice.state, *(task.state for task in tasks)])
    added = [
        audience for key in states for role in step.memory("escalated", key) or () for audience in audiences(step, role)
    ]
    if added:
        return added
    people = dict.fromkeys(seat.person for task in tasks for seat in candidates(step, task))
    above = [step.directory.superior(person, step.now) for person in people]
    return [audience for audience in above if audience is not None] or [SUPERVISORS]


def _capacity(step: Step, name: str) -> list[Audience]:
    """The one stood in for, and the one who stands in, of the act that sends the notification."""
    seat = step.seat
    if seat is None or seat.kind is None:
        return []
    if name == "substitute":
        return [_person(seat.person)]
    principal = seat.principal
    if principal is None or principal in step.definition.roles or ":" in str(principal):
        return []  # the place is vacant
    return [_person(principal)]


def _values(step: Step, notice: Notice, task: OpenTask | None) -> dict[str, Any]:
    """The closed list of variables, as far as this step knows them; ``url`` is the sender's. Answers of class ordinary
    that the text names are as stored. A sealed case type's mails say nothing."""
    if step.definition.is_sealed:
        return {}
    state = step.chart.states.get(task.state if task is not None else notice.state)
    values: dict[str, Any] = {
        "case.number": step.facts.number or "",
        "case.title": step.facts.title,
        "actor.name": _both(person_title(step, step.actor)),
        "comment": step.comment,
    }
    if state is not None:
        values["task.title"] = _both(state.title)
    if task is not None and task.due_at is not None:
        values["task.due"] = task.due_at.isoformat()
    for name in step.chart.variables.get(notice.notification, ()):
        field = step.definition.fields.get(name.removeprefix("case."))
        if field is not None and field.classification == "ordinary" and name not in values:
            values[name] = to_store(step.definition.fields, {field.key: step.answers.get(field.key)}).get(field.key)
    return values


def _both(text: Text) -> dict[str, str]:
    return {"id": text.id, "en": text.en}
