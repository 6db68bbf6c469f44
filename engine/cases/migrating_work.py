"""Tasks, votes and items of a case that goes over to a newer version: kept with whoever has them, or asked anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engine.cases import instances
from engine.cases.approvals import approval_of
from engine.cases.assigning import open_task, with_sole_candidate
from engine.cases.migrating_refused import NotCovered
from engine.cases.people import audiences, candidates, claim_in_force
from engine.cases.places import audiences_of, places_of
from engine.cases.step import Step, release_timer
from engine.definitions.migration_gaps import vote_gaps
from engine.definitions.migration_plans import Bound, work_of
from engine.definitions.model import Task
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
            _items(step, before, key, tasks, votes)
        elif kind == "task" and is_kept and tasks:
            _keep(step, before, key, tasks[0], step.chart.work(key).candidates)  # type: ignore[union-attr]
        else:
            step.fresh.append(key)
    _kept_votes(step, plan, before)
    step.fresh = list(dict.fromkeys(step.fresh))


def _keep(
    step: Step, before: CaseState, state: str, task: OpenTask, roles: Sequence[str], direct: Iterable[Audience] = ()
) -> None:  # fmt: skip
    """The task goes on under its number, with its claim as long as that holds; who may take it is asked anew."""
    more = [role for role in step.memory("escalated", state) or () if role in step.definition.roles]
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
    task = with_sole_candidate(task, who)
    step.tasks[task.number] = task
    running: RunningTimer | None = before.timers.get(release_timer(task))
    work = step.chart.work(state)
    if running is not None and task.claimed_at is not None and isinstance(work, Task) and work.auto_release is not None:
        step.timers[running.key] = replace(running, entry=task.entry)


# -- approvals ----------------------------------------------------------------------------------------------------


def _approval(
    step: Step, plan: Bound, before: CaseState, key: str, older: str, tasks: Sequence[OpenTask], votes: Sequence[Vote]
) -> None:
    """The places are asked for anew; votes and tasks stay in those that are still there. Entering it opens the rest."""
    if plan.plan.votes == "keep" and votes:
        for gap in vote_gaps(plan, plan.old.states[older], step.chart.states[key]):
            raise NotCovered(gap, older)
        step.kept_votes += [replace(vote, state=key) for vote in votes]
    approval = approval_of(step, key)
    voted = {vote.place for vote in step.kept_votes if vote.state == key}
    open_ = {task.place: task for task in tasks}
    for place in places_of(step, approval):
        if place[0] in voted:
            continue
        if place[0] in open_:
            _keep(step, before, key, open_[place[0]], place[1], audiences_of(place))
        if approval.ordering == "sequential":
            break
    step.fresh.append(key)


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


def _items(step: Step, before: CaseState, key: str, tasks: Sequence[OpenTask], votes: Sequence[Vote]) -> None:
    """Items that are still in the list go on, finished or open; new ones are asked for, those gone are closed."""
    keys = [item for item, _ in instances.collection(step, key)]
    step.remember("items", key, keys)
    step.votes += [replace(vote, state=key) for vote in votes if vote.place in keys]
    roles = step.chart.work(key).candidates  # type: ignore[union-attr]
    for task in tasks:
        if task.item in keys:
            _keep(step, before, key, task, roles)
    if instances.is_complete(step, key):
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
