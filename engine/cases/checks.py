"""The order of checks: where an action is known, who may take it, what it needs, and whether its guard holds (§8.2).

Nothing here changes the case: a place is looked at, and either the act is accepted with all it needs, or refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.cases import approvals, instances
from engine.cases.approvals import Ballot
from engine.cases.chart import Known
from engine.cases.moving import may_move, why_not
from engine.cases.people import audiences, held_by_other, routes, routes_of, seat_or_refusal
from engine.cases.refusals import day_text, either, moment_text, refuse
from engine.cases.sent import Sent, editable_of, take_in
from engine.cases.settling import waiting_branches
from engine.cases.step import Step
from engine.cases.vote_titles import vote_title
from engine.changes import Refusal
from engine.definitions.expressions import Expression
from engine.definitions.model import Task, Text
from engine.definitions.scope import ExpressionFault
from engine.facts import Command, OpenTask, PersonId, Seat


@dataclass(frozen=True, slots=True)
class Place:
    """An active leaf that knows the action."""

    leaf: str
    known: Known


@dataclass(frozen=True, slots=True)
class Accepted:
    """An act that may be made: by which seat, on which task or ballot."""

    place: Place
    seat: Seat
    task: OpenTask | None = None
    ballot: Ballot | None = None
    item: Any = None


# -- where --------------------------------------------------------------------------------------------------------


def places(step: Step, action: str, within: str | None) -> list[Place]:
    """The open places that know ``action``, document order; ``within`` names a state they must lie in. Approvals
    whose late votes are still taken come last."""
    chart, found = step.chart, []
    seen: set[tuple[str, str | None]] = set()
    leaves = step.chart.leaves(step.active)
    if within is not None:
        leaves = tuple(leaf for leaf in leaves if within in chart.path[leaf]) if within in step.active else ()
    for leaf in leaves:
        known = chart.known(leaf).get(action)
        if known is None or (known.source, known.holder) in seen:
            continue
        seen.add((known.source, known.holder))
        found.append(Place(leaf, known))
    if len(found) > 1:
        found.sort(key=lambda place: not place.known.transition.by and place.known.holder is None)
    return [*found, *_late(step, action, within)] if "late" in step.extras else found


def _late(step: Step, action: str, within: str | None) -> Iterator[Place]:
    for state in step.extras.get("late", ()):
        known = step.chart.known(state).get(action)
        if known is not None and known.is_vote and known.source == state and within in (None, state):
            yield Place(state, known)


def unknown_here(step: Step, action: str, within: str | None) -> Refusal:
    """Why no place knows the action: a join still waits, or nothing here is called so."""
    if action == "done":
        for key in step.active:
            state = step.chart.states[key]
            if state.kind == "parallel" and "done" in state.transitions and within in (None, key):
                if step.events.get(key) == "done":
                    return refuse("guard", reason=why_not(step, state.transitions["done"]))
                branches = either(waiting_branches(step, key), state.title)
                return refuse("waiting_for_branch", branches=branches)
    return refuse("unknown_event", action=action)


def suspended(step: Step) -> Refusal:
    """The case is paused by an operator. Of a sealed one the reason stands on the page, for who reads officers' notes:
    this sentence also meets the reporter and the head of a unit."""
    note = step.facts.suspension
    said = None if step.definition.is_sealed else note.get("reason")
    at, reason = note.get("at"), said or Text("menunggu", "waiting")
    since = Text("", "")
    if isinstance(at, datetime):
        day = day_text(step.calendar().today(at))
        since = Text(f" {day.id}", f" since {day.en}")
    return refuse("suspended", since=since, reason=reason)


# -- the order of checks ------------------------------------------------------------------------------------------


def check(step: Step, place: Place, command: Command, *, is_asking: bool = False) -> Accepted | Refusal:
    """Whether ``command`` may be carried out in ``place``. ``step`` gets the answers and case roles that came with it.

    ``is_asking`` is a page's question before anything was typed: what a person still can give (comment, files,
    answers, code) is not asked for, and a guard is not held against answers they may yet change.
    """
    if step.facts.is_suspended:
        return suspended(step)
    accepted = _who(step, place, command)
    if isinstance(accepted, Refusal):
        return accepted
    step.seat = accepted.seat
    transition = place.known.transition
    if transition.window is not None:
        closed = _outside(step, transition.window)
        if closed is not None:
            return closed
    if not is_asking:
        missing = _requirements(place, command) or take_in(step, _on(accepted), command)
        if missing is not None:
            return missing
    guard = _guard(step, accepted, is_asking)
    if guard is not None:
        return guard
    if command.revision is not None and command.revision != step.facts.revision and not is_asking:
        return refuse("stale_revision", seen=command.revision, now=step.facts.revision)
    return accepted


def _who(step: Step, place: Place, command: Command) -> Accepted | Refusal:
    known, person = place.known, command.actor
    action = vote_title(known.action) if known.is_vote else known.transition.title
    powers = frozenset({known.action})
    if known.transition.by and not known.is_vote:
        roles = known.transition.by
        asked = [audience for role in roles for audience in audiences(step, role)]
        found = seat_or_refusal(step, routes_of(step, roles), asked, person, (), action, powers)
        return found if isinstance(found, Refusal) else Accepted(place, found[0].seat, _own_task(step, place, person))
    if known.is_vote:
        if command.item is not None:
            return refuse("unknown_item")
        ballot = approvals.ballot(step, known, person)
        return ballot if isinstance(ballot, Refusal) else Accepted(place, ballot.seat, ballot=ballot)
    tasks = [] if known.holder is None else step.tasks_of(known.holder)
    if command.item is not None:
        tasks = [task for task in tasks if task.item is not None and task.item == str(command.item)]
        if not tasks:
            return refuse("unknown_item")
    return _on_task(step, place, tasks, person, action, powers)


def _on_task(
    step: Step, place: Place, tasks: list[OpenTask], person: PersonId, action: Text, powers: frozenset[str]
) -> Accepted | Refusal:  # fmt: skip
    refusal: Refusal | None = None
    work = None if place.known.holder is None else step.chart.work(place.known.holder)
    for task in tasks:
        excluded = () if work is None else work.excluded
        found = seat_or_refusal(step, routes(step, task), task.audiences, person, excluded, action, powers)
        if isinstance(found, Refusal):
            refusal = refusal or found
            continue
        held = held_by_other(step, task, person)
        if held is None:
            item = instances.value_of(step, task) if step.chart.instances(task.state) is not None else None
            return Accepted(place, found[0].seat, task, item=item)
        refusal = held if refusal is None or refusal.code == "not_candidate" else refusal
    return refusal or refuse("not_candidate", who=Text("orang lain", "somebody else"))


def _own_task(step: Step, place: Place, person: PersonId) -> OpenTask | None:
    """The task here that the person of a ``by`` could also work on: its fields are theirs to fill in."""
    for key in step.chart.path[place.leaf]:
        work = step.chart.work(key)
        for task in step.tasks_of(key) if work is not None else ():
            barred = () if work is None else work.excluded
            actions = step.chart.candidate_actions(key) | {place.known.action}
            found = seat_or_refusal(step, routes(step, task), (), person, barred, Text("", ""), actions)
            if not isinstance(found, Refusal) and held_by_other(step, task, person) is None:
                return task
    return None


def _outside(step: Step, window: str) -> Refusal | None:
    schedule = step.definition.schedules[window]
    calendar, scope = step.calendar(), step.scope(user=step.actor)
    try:
        opens, closes = schedule.opens.evaluate(scope), schedule.closes.evaluate(scope)
    except ExpressionFault:
        opens = closes = None
    extended = step.facts.extensions.get(window)
    if opens is None or closes is None:
        unknown = Text("(belum ditetapkan)", "(not set)")
        return refuse("outside_schedule", schedule=schedule.title, opens=unknown, closes=unknown)
    today = calendar.today(step.now)
    is_open = _reached(opens, step.now, today) and not _passed(closes, step.now, today)
    if is_open or (extended is not None and _reached(opens, step.now, today) and today <= extended):
        return None
    shown = [
        moment_text(edge, calendar.zone) if isinstance(edge, datetime) else day_text(edge) for edge in (opens, closes)
    ]  # fmt: skip
    return refuse("outside_schedule", schedule=schedule.title, opens=shown[0], closes=shown[1])


def _reached(edge: date | datetime, now: datetime, today: date) -> bool:
    return now >= edge if isinstance(edge, datetime) else today >= edge


def _passed(edge: date | datetime, now: datetime, today: date) -> bool:
    return now > edge if isinstance(edge, datetime) else today > edge


def _requirements(place: Place, command: Command) -> Refusal | None:
    requires, known = place.known.transition.requires, place.known
    action = vote_title(known.action) if known.is_vote else known.transition.title
    needs_comment = "comment" in requires or (known.is_vote and not known.accepts)
    if needs_comment and not command.comment.strip():
        return refuse("comment_required", action=action)
    if "attachment" in requires and command.new_attachments < 1:
        return refuse("attachment_required", action=action)
    if "second_factor" in requires and not command.has_second_factor:
        return refuse("second_factor_required")
    return None


def _holder(accepted: Accepted) -> str | None:
    """The state whose task or approval the act is on."""
    if accepted.ballot is not None:
        return accepted.place.known.source
    return None if accepted.task is None else accepted.task.state


def _on(accepted: Accepted) -> Sent:
    transition, is_vote = accepted.place.known.transition, accepted.ballot is not None
    is_on_task = is_vote or not transition.by
    is_asked = is_vote or (is_on_task and not transition.is_internal and not transition.may_be_incomplete)
    return Sent(_holder(accepted), is_on_task, is_asked)


# -- the guard ----------------------------------------------------------------------------------------------------


def _fields_of(step: Step, accepted: Accepted) -> frozenset[str]:
    return editable_of(step, _holder(accepted), step.actor)[1]


def _may_yet_hold(step: Step, accepted: Accepted, guard: Expression) -> bool:
    """Whether the guard reads what may still come with the act: answers, or people for the case's roles."""
    if not _fields_of(step, accepted).isdisjoint(guard.names):
        return True
    chosen = _assigned_by(step, accepted)
    return any(f"case_roles.{role}" in guard.text for role in chosen)


def _assigned_by(step: Step, accepted: Accepted) -> tuple[str, ...]:
    """The case roles the act may fill: those of its task, when it is an act on it."""
    if accepted.task is None or accepted.place.known.transition.by:
        return ()
    work = step.chart.work(accepted.task.state)
    return work.assigns if isinstance(work, Task) else ()


def _guard(step: Step, accepted: Accepted, is_asking: bool) -> Refusal | None:
    known = accepted.place.known
    transition = known.transition
    if known.is_vote:
        return None
    if is_asking and (transition.guard is None or _may_yet_hold(step, accepted, transition.guard)):
        return None
    if may_move(step, known.source, transition, accepted.item):
        return None
    return refuse("guard", reason=why_not(step, transition, accepted.item))
