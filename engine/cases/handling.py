"""The acts every task has: claim, release, assign, delegate; and taking the last act back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.cases import people
from engine.cases.acts import finish
from engine.cases.answers import from_store
from engine.cases.assigning import claimed, release
from engine.cases.checks import suspended
from engine.cases.people import held_by_other, routes, seat_or_refusal
from engine.cases.refusals import missing_fields, refuse
from engine.cases.settling import settle
from engine.cases.standing_in import has_power
from engine.cases.state import from_plain
from engine.cases.step import Step
from engine.changes import FieldFault, Plan, Refusal
from engine.definitions.model import Substitution, Text
from engine.facts import Audience, Command, OpenTask, PersonId, Seat

ACTS = frozenset({"claim", "release", "assign", "delegate", "recall"})
_TITLES = {
    "claim": Text("mengambil tugas", "take the task"),
    "release": Text("melepas tugas", "give the task back"),
    "assign": Text("menugaskan", "assign the task"),
    "delegate": Text("mendelegasikan", "delegate the task"),
}


def handle(step: Step, command: Command) -> Plan | Refusal:
    """The plan of one of ``ACTS``, or why not."""
    if command.action == "recall":
        return recall(step, command)
    tasks = open_tasks(step, command.state)
    if not tasks:
        return refuse("unknown_event", action=command.action)
    if command.item is not None:
        tasks = [task for task in tasks if task.item == str(command.item)]
        if not tasks:
            return refuse("unknown_item")
    if step.facts.is_suspended:
        return suspended(step)
    first: Refusal | None = None
    for task in tasks:
        found = may_handle(step, command.action, task, command.actor)
        if isinstance(found, Refusal):
            first = first or found
            continue
        refusal = _receiver(step, command, task, found)
        if refusal is not None:
            return refusal
        if command.revision is not None and command.revision != step.facts.revision:
            return refuse("stale_revision", seen=command.revision, now=step.facts.revision)
        return _carry_out(step, command, task, found)
    assert first is not None
    return first


def open_tasks(step: Step, within: str | None) -> list[OpenTask]:
    """The open tasks of the active states, document order; ``within`` names a state they must lie in."""
    states = step.chart.in_order(step.active)
    if within is not None:
        states = tuple(key for key in states if within in step.chart.path[key])
    return [task for key in states for task in step.tasks_of(key)]


def may_handle(step: Step, action: str, task: OpenTask, person: PersonId) -> Seat | Refusal:
    """By which seat ``person`` may claim, release, assign or delegate this task."""
    if action == "release":
        if task.assignee == person:
            return Seat(person)
        if task.claimed_at is None:
            seat = _as_candidate(step, action, task, person)
            return seat if isinstance(seat, Refusal) else refuse("unknown_event", action=_TITLES[action])
    seat = _as_candidate(step, action, task, person)
    return seat if isinstance(seat, Refusal) else held_by_other(step, task, person) or seat


def _as_candidate(step: Step, action: str, task: OpenTask, person: PersonId) -> Seat | Refusal:
    excluded = people.excluded_of(step, task.state)
    actions = step.chart.candidate_actions(task.state)
    found = seat_or_refusal(step, routes(step, task), task.audiences, person, excluded, _TITLES[action], actions)
    if isinstance(found, Refusal):
        return found
    seat = found[0].seat
    if action == "delegate" and seat.kind is not None and not _may_pass_on(step, task, seat):
        kind = people.kind_title(step.definition, seat.kind)
        return refuse("not_within_acting_powers", kind=kind, action=_TITLES[action])
    return seat


def _may_pass_on(step: Step, task: OpenTask, seat: Seat) -> bool:
    """Only a delegate may delegate on, and only as deep as the case type allows (once, if it does not say)."""
    powers = step.definition.substitution.get("delegate")
    return seat.kind == "delegate" and powers is not None and _depth(step, task, seat) < (powers.max_depth or 1)


def _depth(step: Step, task: OpenTask, seat: Seat) -> int:
    """How many hands a mandate has gone through: 0 in one's own right, 1 for a delegate."""
    if seat.kind is None:
        return 0
    known = step.memory("delegated", str(task.number))
    return int(known.get("depth", 1)) if known is not None and known["to"] == seat.person else 1


def _receiver(step: Step, command: Command, task: OpenTask, seat: Seat) -> Refusal | None:
    """Whether the one who is to get the task may have it."""
    if command.action not in ("assign", "delegate"):
        return None
    action = Text(command.action, command.action)
    if command.to is None:
        return refuse("not_candidate", who=Text("orang lain", "somebody else"))
    excluded = people.excluded_of(step, task.state)
    if command.action == "assign":
        actions = step.chart.candidate_actions(task.state)
        found = seat_or_refusal(step, routes(step, task), task.audiences, command.to, excluded, action, actions)
        return found if isinstance(found, Refusal) else None
    if command.to in people.excluded_people(step, excluded):
        return refuse("excluded")
    if any(people.is_conflicted(step, role, command.to) for role in task.roles):
        return refuse("separation_of_duties", role=step.definition.roles[task.roles[0]].title)
    powers = step.definition.substitution.get("delegate")
    stand_in = Seat(command.to, seat.capacity, "delegate")
    if powers is None or not has_power(step, stand_in, step.chart.candidate_actions(task.state)):
        return refuse("not_within_acting_powers", kind=people.kind_title(step.definition, "delegate"), action=action)
    if "reason" in powers.requires and not command.comment.strip():
        return refuse("comment_required", action=action)
    fault = _until_fault(step, command, powers)
    return None if fault is None else missing_fields((fault,), {"until": Text("Sampai tanggal", "Last day")})


def _until_fault(step: Step, command: Command, powers: Substitution) -> FieldFault | None:
    today = step.calendar().today(step.now)
    if command.until is not None and command.until < today:
        return FieldFault("until", Text("Tanggal ini sudah lewat.", "This day has passed."))
    if "until" in powers.requires and command.until is None:
        return FieldFault("until", Text("Isi tanggal terakhirnya.", "Give its last day."), "required")
    return None


def _carry_out(step: Step, command: Command, task: OpenTask, seat: Seat) -> Plan:
    step.seat = seat
    step.last_act = None
    details: dict[str, Any] = {"task": task.number}
    if task.place is not None:
        details["place"] = task.place
    if command.action == "claim":
        if task.assignee != seat.person or task.claimed_at is None:
            step.tasks[task.number] = claimed(step, task, seat.person)
    elif command.action == "release":
        release(step, task)
    else:
        assert command.to is not None
        details["to"] = command.to
        if command.action == "delegate":
            given: dict[str, Any] = {"to": command.to, "by": seat.capacity, "depth": _depth(step, task, seat) + 1}
            if command.until is not None:
                given["until"] = details["until"] = command.until.isoformat()
            step.remember("delegated", str(task.number), given)
            offered = (*task.audiences, Audience("person", str(command.to)))
            task = replace(task, audiences=tuple(dict.fromkeys(offered)))
        step.tasks[task.number] = claimed(step, task, command.to)
    settle(step)
    return finish(step, command.action, task.state, task.item, details)


# -- taking back --------------------------------------------------------------------------------------------------


def may_recall(step: Step, person: PersonId) -> Refusal | None:
    """Whether the last act is this person's and may still be taken back."""
    last = step.last_act
    if last is None:
        return refuse("not_recallable")
    if last.person != person:
        who = people.person_title(step, last.person)
        sentence = Text(
            f"Hanya {who.id} yang dapat menarik kembali langkah terakhir.",
            f"Only {who.en} can take the last step back.",
        )
        return replace(refuse("not_recallable"), sentence=sentence)
    return suspended(step) if step.facts.is_suspended else None


def recall(step: Step, command: Command) -> Plan | Refusal:
    """Puts the case where it stood before the last act. Tasks open again under new numbers; answers that effects
    changed go back, what a person typed stays."""
    refusal = may_recall(step, command.actor)
    if refusal is not None:
        return refusal
    if command.revision is not None and command.revision != step.facts.revision:
        return refuse("stale_revision", seen=command.revision, now=step.facts.revision)
    last = step.last_act
    assert last is not None
    before = from_plain(last.before)
    step.seat = Seat(command.actor)
    for task in tuple(step.tasks.values()):
        step.close(task, "cancelled", None, None)
    step.left = [
        *reversed(step.chart.in_order(key for key in step.active if step.active[key] != before.active.get(key)))
    ]
    step.entered = [*step.chart.in_order(key for key in before.active if step.active.get(key) != before.active[key])]
    step.active, step.votes, step.kept_votes = dict(before.active), list(before.votes), list(before.kept_votes)
    step.timers, step.slas, step.history = dict(before.timers), dict(before.slas), dict(before.history)
    step.performers, step.case_roles = dict(before.performers), before.case_roles
    step.visited, step.extras = set(before.visited), dict(before.extras)
    step.events = dict(step.extras.pop("events", {}))
    step.last_act = None
    _open_again(step, before.tasks.values())
    if "undo" in last.before:
        names = last.before["undo"]
        old = from_store(step.definition.fields, {name: value for name, value in names.items() if value is not None})
        step.answers = {**step.answers, **dict.fromkeys(names), **old}
    step.changed()
    return finish(step, "recall", last.state, details={"action": last.action})


def _open_again(step: Step, tasks: Any) -> None:
    delegated = step.extras.pop("delegated", {})
    for task in tasks:
        number, step.next_task = step.next_task, step.next_task + 1
        step.tasks[number] = replace(task, number=number)
        timer = step.timers.pop(f"task.{task.number}.auto_release", None)
        if timer is not None:
            key = f"task.{number}.auto_release"
            step.timers[key] = replace(timer, key=key)
        if str(task.number) in delegated:
            step.remember("delegated", str(number), delegated[str(task.number)])
