"""What a plan means as rows: the difference of before and after, found without a database.

Every list belongs to one statement of ``apply.py`` and holds its parameters in the order of its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.audit.record import stored_row_hash
from engine.cases.answer_store import to_store
from engine.cases.change_rows import change_rows
from engine.cases.chart import Chart, chart_of
from engine.cases.offer_rows import due_key, offer_changes
from engine.cases.offering import offered_to
from engine.cases.people import excluded_from
from engine.cases.returns import sends_back
from engine.cases.sealing import Sealing
from engine.cases.state import to_plain
from engine.cases.step import Step
from engine.changes import HistoryEntry, Plan
from engine.database import json_in_order, json_text, moment_text
from engine.definitions.model import Definition
from engine.errors import KeyNeeded
from engine.facts import CaseFacts, CaseState, OpenTask, PersonId

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What a step has to know of the stored case beside its facts."""

    id: int
    region_id: int
    digest: str
    number: str
    revision: int
    head_hash: str
    unit_id: int | None
    initiator_id: int | None
    returned_count: int
    returned_seq: int | None


@dataclass(slots=True)
class StepRows:
    """All that one step writes. ``move`` are the case's own new values; ``lists`` are per statement, never empty."""

    revision: int
    move: Row
    answers: str | None
    lists: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, statement: str, rows: list[Row]) -> None:
        if rows:
            self.lists[statement] = rows


def rows_of(
    case: CaseRow,
    definition: Definition,
    plan: Plan,
    facts: CaseFacts,
    now: datetime,
    *,
    is_new: bool = False,
    older: Definition | None = None,
    sealing: Sealing | None = None,
) -> StepRows:
    """The rows that make ``plan``, decided on ``facts``, true for ``case``; ``is_new`` when it has no rows yet.

    ``definition`` is the one the case has afterwards, ``older`` the one before where that is another. A sealed case
    comes with its ``sealing``; without one nothing of it may be written: raises KeyNeeded.
    """
    if sealing is None and definition.is_sealed:
        raise KeyNeeded
    history, head = _history(case, definition, plan, older or definition, sealing)
    revision = case.revision + len(history)
    returned = sends_back(definition, plan, case.initiator_id)
    after = plan.after
    rows = StepRows(
        revision,
        (
            revision,
            json_in_order(to_plain(after)) if sealing is None else sealing.state(after),
            moment_text(now) if after.is_ended else None,
            head,
            case.returned_count + returned,
            revision if returned else case.returned_seq,
        ),
        _answers(definition, plan, is_new=is_new) if sealing is None else sealing.answers(plan, is_new=is_new),
    )
    rows.add("history_add", history)
    _tasks(rows, case, plan)
    _offers(rows, case, definition, plan)
    _people(rows, definition, facts, plan)
    _timers(rows, plan.before, after)
    for statement, written in change_rows(definition, plan, case.region_id, revision, now).items():
        rows.add(statement, written)
    if sealing is not None:
        sealing.finish(rows.lists)
    return rows


def _answers(definition: Definition, plan: Plan, *, is_new: bool) -> str | None:
    if not is_new and plan.answers_changed is None:
        return None
    return json_text(to_store(definition.fields, plan.answers))


def _history(
    case: CaseRow, definition: Definition, plan: Plan, older: Definition, sealing: Sealing | None
) -> tuple[list[Row], str]:
    head, rows = case.head_hash, []
    changed = _stored_changes(definition, plan.answers_changed, older)
    for seq, entry in enumerate(plan.entries, case.revision + 1):
        row = _entry_row(seq, entry, changed)
        changed = None  # told once, with the act that did it
        if sealing is not None:
            row = sealing.history(seq, row)
        head = stored_row_hash(head, case.id, row)
        rows.append((*row, head))
    return rows, head


def _entry_row(seq: int, entry: HistoryEntry, changed: str | None) -> Row:
    return (
        seq,
        moment_text(entry.at),
        entry.actor,
        _text(entry.principal),
        entry.kind,
        entry.action,
        entry.state,
        _keys(entry.left),
        _keys(entry.entered),
        entry.comment,
        entry.item,
        json_text(dict(entry.details)) if entry.details else "{}",
        changed,
    )


def _stored_changes(
    definition: Definition, changed: Mapping[str, tuple[Any, Any]] | None, older: Definition
) -> str | None:
    if not changed:
        return None
    old = to_store(older.fields, {name: pair[0] for name, pair in changed.items()})
    new = to_store(definition.fields, {name: pair[1] for name, pair in changed.items()})
    return json_text({name: [old.get(name), new.get(name)] for name in changed})


def _tasks(rows: StepRows, case: CaseRow, plan: Plan) -> None:
    before, after = plan.before.tasks, plan.after.tasks
    at = moment_text(plan.entries[0].at)
    closed = {
        item.task.number: (item.task.number, at, item.person, _text(item.principal), item.outcome)
        for item in plan.closed
    }
    for number in before:
        if number not in after and number not in closed:
            closed[number] = (number, at, None, None, "cancelled")
    opener = plan.entries[0].actor
    rows.add(
        "tasks_open",
        [_task_row(task, case.unit_id, opener) for task in after.values() if task.number not in before],
    )
    rows.add("tasks_close", list(closed.values()))
    rows.add(
        "tasks_change",
        [
            (number, task.assignee, _moment(task.claimed_at), _moment(task.due_at), due_key(task))
            for number, task in after.items()
            if number in before and _handling(task) != _handling(before[number])
        ],
    )


def _task_row(task: OpenTask, unit_id: int | None, opener: PersonId | None) -> Row:
    return (
        task.number,
        task.entry,
        task.state,
        task.place,
        task.item,
        unit_id,
        task.assignee,
        _moment(task.claimed_at),
        moment_text(task.opened_at),
        _moment(task.due_at),
        due_key(task),
        opener,
    )


def _handling(task: OpenTask) -> tuple[Any, ...]:
    return (task.assignee, task.claimed_at, task.due_at)


def _offers(rows: StepRows, case: CaseRow, definition: Definition, plan: Plan) -> None:
    gone, new = offer_changes(definition, plan)
    rows.add("offers_drop", [(case.region_id, *key) for key in gone])
    rows.add("offers_add", [(case.region_id, *key) for key in new])


def _people(rows: StepRows, definition: Definition, facts: CaseFacts, plan: Plan) -> None:
    known = {audience for task in plan.before.tasks.values() for audience in task.audiences}
    seen = {
        str(audience): False
        for task in plan.after.tasks.values()
        for audience in (*task.audiences, *offered_to(plan.after.extras, task))
        if audience not in known
    }
    if plan.after.case_roles != plan.before.case_roles:  # who is chosen for a case may see it, with a task or without
        chosen = [person for people in plan.after.case_roles.values() for person in people]
        seen.update(dict.fromkeys([f"person:{person}" for person in chosen], False))
    for entry in plan.entries:
        if entry.actor is not None:
            seen[f"person:{entry.actor}"] = True
    rows.add("participants_add", list(seen.items()))
    if definition.is_sealed:
        return  # who holds a copy of the key may see it: nobody else needs to be named
    chart = chart_of(definition)
    asked = [
        task
        for number, task in plan.after.tasks.items()
        if _excludes(chart, task) and _is_asked_anew(plan, number, task)
    ]
    if asked:
        step = Step(definition, replace(facts, state=plan.after, answers=plan.answers))
        rows.add("exclusions_add", _excluded(step, asked))


def excluded_rows(definition: Definition, facts: CaseFacts, tasks: Iterable[OpenTask]) -> list[Row]:
    """Who may never take these tasks: (person, task number)."""
    chart = chart_of(definition)
    asked = [task for task in tasks if _excludes(chart, task)]
    return _excluded(Step(definition, facts), asked) if asked else []


def _excluded(step: Step, tasks: Iterable[OpenTask]) -> list[Row]:
    return [(person, task.number) for task in tasks for person in sorted(excluded_from(step, task), key=str)]


def _excludes(chart: Chart, task: OpenTask) -> bool:
    work = chart.work(task.state)
    return bool(work is not None and work.excluded) or not chart.duties.keys().isdisjoint(task.roles)


def _is_asked_anew(plan: Plan, number: int, task: OpenTask) -> bool:
    before = plan.before.tasks.get(number)
    return before is None or before.audiences != task.audiences or plan.answers_changed is not None


def _timers(rows: StepRows, before: CaseState, after: CaseState) -> None:
    rows.add("timers_drop", [(key,) for key in before.timers if key not in after.timers])
    rows.add(
        "timers_put",
        [
            (key, timer.entry, timer.count, moment_text(timer.due_at))
            for key, timer in after.timers.items()
            if before.timers.get(key) != timer
        ],
    )


def _keys(keys: tuple[str, ...]) -> str:
    """A JSON list of keys, which hold nothing to escape."""
    return '["' + '","'.join(keys) + '"]' if keys else "[]"


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment_text(moment)


def _text(value: PersonId | None) -> str | None:
    return None if value is None else str(value)
