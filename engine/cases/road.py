"""Where a case stands and what is asked there, as a page shows it: states, and open tasks with who may take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.cases.actions import able_now
from engine.cases.models import History
from engine.cases.step import Step
from engine.cases.telling import principal_text
from engine.cases.views import StateView, TaskView
from engine.cases.wording import place_title, state_title
from engine.changes import ActionView
from engine.definitions.model import Definition, State, Text
from engine.facts import CaseFacts, OpenTask, PersonId


def task_views(
    definition: Definition, facts: CaseFacts, actions: Sequence[ActionView], reader: PersonId
) -> tuple[TaskView, ...]:
    """The open tasks, oldest first, as ``reader`` sees them."""
    step = Step(definition, facts)
    return tuple(_task_view(step, task, actions, reader) for task in facts.state.tasks.values())


def _task_view(step: Step, task: OpenTask, actions: Sequence[ActionView], reader: PersonId) -> TaskView:
    definition, directory = step.definition, step.directory
    state = definition.states[task.state]
    work = state.task or state.approval
    offered = {action.action for action in actions if action.task == task.number and action.refusal is None}
    seats = list(able_now(step, task))
    people = [seat.person for seat in seats]
    mine = next((seat for seat in seats if seat.person == reader and seat.kind is not None), None)
    claimed = task.assignee if task.claimed_at is not None else None
    return TaskView(
        number=task.number,
        state=task.state,
        title=state_title(definition, task.state),
        place=task.place,
        place_title=place_title(definition, task.state, task.place),
        item=task.item,
        candidates=tuple(dict.fromkeys(directory.person(person).name or str(person) for person in people)),
        waits_for=tuple(
            Text(directory.title(audience, "id"), directory.title(audience, "en")) for audience in task.audiences
        ),
        assignee_id=claimed,
        assignee_name=None if claimed is None else directory.person(claimed).name,
        claimed_at=task.claimed_at,
        opened_at=task.opened_at,
        due_at=task.due_at,
        is_mine=claimed == reader or people == [reader],
        may_claim="claim" in offered,
        may_release="release" in offered,
        may_assign="assign" in offered,
        instructions=None if work is None else work.instructions,
        seat=mine,
        in_name_of=None if mine is None else principal_text(definition, directory, str(mine.principal)),
    )


def state_views(
    definition: Definition, facts: CaseFacts, tasks: Sequence[TaskView], rows: Sequence[History]
) -> tuple[StateView, ...]:
    """The steps of the case's road in document order: those done, those it stands in, those it may yet reach."""
    entered, left = _moments(rows)
    active, visited = facts.state.active, facts.state.visited
    found = []
    for state in definition.states.values():
        if state.children or (_is_passed_by(state) and state.key not in active):
            continue
        mark = "now" if state.key in active else "done" if state.key in visited else "waiting"
        if mark == "waiting" and facts.state.is_ended:
            continue
        here = [task for task in tasks if task.state == state.key]
        found.append(
            StateView(
                key=state.key,
                title=state.title,
                mark=mark,
                who=_who(facts, state, mark, here),
                due_at=min((task.due_at for task in here if task.due_at), default=None),
                entered_at=entered.get(state.key),
                left_at=left.get(state.key) if mark == "done" else None,
                parent=state.parent,
            )
        )
    return tuple(found)


def _is_passed_by(state: State) -> bool:
    """Ends and automatic states are no steps anybody waits in."""
    return state.kind == "final" or (state.task is None and state.approval is None and bool(state.always))


def _who(facts: CaseFacts, state: State, mark: str, tasks: Sequence[TaskView]) -> tuple[str, ...]:
    if mark == "done":
        people = facts.state.performers.get(state.key, ())
        return tuple(facts.directory.person(person).name or str(person) for person in people)
    if mark == "now":
        holder = tasks[0].assignee_name if len(tasks) == 1 else None
        found = [holder] if holder else [name for task in tasks for name in task.candidates]
        return tuple(dict.fromkeys(name for name in found if name))
    return ()


def _moments(rows: Sequence[History]) -> tuple[Mapping[str, datetime], Mapping[str, datetime]]:
    entered: dict[str, datetime] = {}
    left: dict[str, datetime] = {}
    for row in rows:
        for state in row.states_left:
            left[state] = row.at
        for state in row.states_entered:
            entered[state] = row.at
    return entered, left
