"""Tasks, votes and items of a case that goes over to a newer version: kept with whoever has them, or asked anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engine.cases import approvals, instances
from engine.cases.approvals import approval_of
from engine.cases.assigning import open_task, with_sole_candidate
from engine.cases.migrating_refused import NotCovered
from engine.cases.offering import mark_outsiders
from engine.cases.people import audiences, candidates, claim_in_force
from engine.cases.places import Place, audiences_of, places_of
from engine.cases.step import Step, release_timer
from engine.definitions.migration_gaps import vote_gaps
from engine.definitions.migration_plans import Bound, work_of
from engine.definitions.model import Approval, Definition, Task
from engine.facts import Audience, CaseState, OpenTask, RunningTimer, Vote


def carry_work(step: Step, plan: Bound, before: CaseState, origins: Mapping[str, str]) -> None:
    """Puts the tasks and votes of the older states into the states that continue them. Raises NotCovered."""
    for key in step.chart.in_order(origins):
        older = origins[key]
        tasks = [task for task in before.tasks.values() if task.state == older and task.entry == before.active[older]]
        votes = [vote for vote in before.votes if vote.state == older]
        is_kept = plan.plan.tasks == "keep" and work_of(plan.old.states[older]) == work_of(step.chart.states[key])
        kind = work_of(step.chart.states[key])
        if kind == "approval":
            _approval(step, plan, before, key, older, tasks if is_kept else [], votes)
        elif kind == "items" and is_kept:
            _items(step, plan, before, key, older, tasks, votes)
        elif kind == "task" and is_kept and tasks:
            _keep(step, plan, before, key, tasks[0], step.chart.work(key).candidates)  # type: ignore[union-attr]
        else:
            step.fresh.append(key)
    for number in before.extras.get("delegated", {}):
        if int(number) not in step.tasks:  # asked anew of everybody
            step.remember("delegated", number, None)
    _kept_votes(step, plan, before)
    step.fresh = list(dict.fromkeys(step.fresh))


def _keep(
    step: Step, plan: Bound, before: CaseState, state: str, task: OpenTask, roles: Sequence[str],
    direct: Iterable[Audience] = (),
) -> None:  # fmt: skip
    """The task goes on under its number, with its claim as long as that holds; who may take it is asked anew, and
    roles an effect added stay."""
    asked = _asked_before(plan, before, task)
    more = [role for role in task.roles if role not in asked and role in step.definition.roles]
    wanted = tuple(dict.fromkeys((*roles, *more)))
    offered = [*direct, *(audience for role in wanted for audience in audiences(step, role))]
    delegated = step.memory("delegated", str(task.number))
    if delegated is not None:
        offered.append(Audience("person", str(delegated["to"])))
    task = replace(
        task, state=state, entry=step.active[state], roles=wanted, audiences=tuple(dict.fromkeys(offered))
    )  # fmt: skip
    if task.claimed_at is not None and not claim_in_force(step, task):
        task = replace(task, assignee=None, claimed_at=None)
    who = candidates(step, task)
    if not who:
        step.incident("no_candidate", state, task.place or task.item or "")
    task = mark_outsiders(step, with_sole_candidate(task, who))
    step.tasks[task.number] = task
    running: RunningTimer | None = before.timers.get(release_timer(task))
    work = step.chart.work(state)
    if running is not None and task.claimed_at is not None and isinstance(work, Task) and work.auto_release is not None:
        step.timers[running.key] = replace(running, entry=task.entry)


def _asked_before(plan: Bound, before: CaseState, task: OpenTask) -> Sequence[str]:
    """The roles the older definition itself asked in this place."""
    if task.place is not None:
        places = before.extras.get("places", {}).get(task.state, ())
        return next((place[1] for place in places if place[0] == task.place), task.roles)
    work = plan.old.states[task.state].task
    return () if work is None else work.candidates


# -- approvals ----------------------------------------------------------------------------------------------------


def _approval(
    step: Step, plan: Bound, before: CaseState, key: str, older: str, tasks: Sequence[OpenTask], votes: Sequence[Vote]
) -> None:
    """Votes and tasks stay in the places that are still there; the rest is opened, or the outcome raised."""
    if plan.plan.votes == "keep" and votes:
        for gap in vote_gaps(plan, plan.old.states[older], step.chart.states[key]):
            raise NotCovered(gap, older)
    approval = approval_of(step, key)
    places = _places(step, plan, before, approval, older)
    step.remember("places", key, places)
    raised = before.extras.get("events", {}).get(older)
    if raised is not None and plan.plan.votes == plan.plan.tasks == "keep":
        step.events[key] = raised  # decided, and waiting for its guard
    keys = {place[0] for place in places}
    if plan.plan.votes == "keep":
        step.votes += [replace(vote, state=key) for vote in votes if vote.place in keys]
    voted = {vote.place for vote in step.votes if vote.state == key}
    open_ = {task.place: task for task in tasks}
    for place in places:
        if place[0] in voted:
            continue
        if place[0] in open_:
            _keep(step, plan, before, key, open_[place[0]], place[1], audiences_of(place))
        if approval.ordering == "sequential":
            break
    if not places:
        step.events.setdefault(key, "approved")
    elif key not in step.events:
        approvals.settle(step, key)


def _places(step: Step, plan: Bound, before: CaseState, approval: Approval, older: str) -> list[Place]:
    """As they were asked for when the approval was entered, where it still asks the same; otherwise asked anew."""
    old = plan.old.states[older].approval
    if old is not None and _asks(old) == _asks(approval):
        return [list(place) for place in before.extras.get("places", {}).get(older, ())]
    return places_of(step, approval)


def _asks(approval: Approval) -> tuple[object, ...]:
    """Everything its places come from."""
    along, each = approval.along, approval.for_each
    return (
        [(one.key, one.candidates, one.order, one.has_veto, one.needed_when and one.needed_when.text)
         for one in approval.approvers],
        along and (along.from_role, along.relation, along.until and along.until.text, along.at_most, along.vacant),
        each and (each.collection.text, each.owner.text, each.is_distinct),
        approval.same_person,
    )  # fmt: skip


def _kept_votes(step: Step, plan: Bound, before: CaseState) -> None:
    """Votes of states that were left and ask nobody again who accepted."""
    if plan.plan.votes == "drop":
        return
    for vote in before.kept_votes:
        fate = plan.fates.get(vote.state)
        target = step.chart.states.get(fate.state or "") if fate is not None else None
        if target is not None and target.approval is not None:
            step.kept_votes.append(replace(vote, state=target.key))


# -- items --------------------------------------------------------------------------------------------------------


def _items(
    step: Step, plan: Bound, before: CaseState, key: str, older: str, tasks: Sequence[OpenTask], votes: Sequence[Vote]
) -> None:
    """Items that are still in the list go on, finished or open; new ones are asked for, those gone are closed. The list
    is the one the state was entered with, unless the newer version takes another."""
    is_same = _list_of(plan.old, older) == _list_of(plan.new, key)
    keys = before.extras.get("items", {}).get(older, ())
    if not is_same:
        keys = [item for item, _ in instances.collection(step, key)]
    step.remember("items", key, list(keys))
    raised = before.extras.get("events", {}).get(older)
    if raised is not None and is_same:
        step.events[key] = raised  # complete, and waiting for its guard
    step.votes += [replace(vote, state=key) for vote in votes if vote.place in keys]
    roles = step.chart.work(key).candidates  # type: ignore[union-attr]
    for task in tasks:
        if task.item in keys:
            _keep(step, plan, before, key, task, roles)
    if key in step.events:
        return
    if not is_same and instances.is_complete(step, key):
        first = instances.first_arrow(step, key)
        if first is not None:
            step.events[key] = first.action
        return
    dealt_with = {task.item for task in step.tasks_of(key)} | {vote.place for vote in step.votes if vote.state == key}
    is_in_turn = instances.is_sequential(step, key)
    for item in keys:
        if item in dealt_with:
            continue
        if is_in_turn and step.tasks_of(key):
            return
        open_task(step, key, roles, item=item)


def _list_of(definition: Definition, key: str) -> object:
    """Where a state's items come from, and how many must be finished."""
    found = definition.states[key].multi_instance
    return found and (found.collection.text, found.ordering, found.completion, found.quorum)
