"""A recorded case while it is done again: where it has come to, its clock, and the pauses an operator made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.cases.chart import chart_of
from engine.cases.clocks import in_turn
from engine.cases.plan import plan_timer
from engine.cases.standstill import moved_on
from engine.cases.step import Step
from engine.changes import IssueNumber, Plan, RenderDocument
from engine.definitions.model import Definition
from engine.facts import CaseFacts, PersonId

CANNOT = "cannot_be_replayed"
PAUSED, WENT_ON = "suspend", "continue"  # as ``pausing.py`` writes them
MOST_TIMERS = 1000  # in one case; more is a repetition nobody meant


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """One row of the history. ``answers`` are the new stored values of those it changed."""

    at: datetime
    action: str
    actor: PersonId | None
    state: str | None
    item: str | None
    comment: str
    entered: tuple[str, ...]
    answers: Mapping[str, Any]
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished case. ``facts`` are the case on the day it was opened, with nothing in it; ``acts`` begin with the
    opening. ``dues`` are the due moments of its tasks by state, in the order they opened; ``ends`` its last states."""

    definition: Definition
    facts: CaseFacts
    acts: tuple[RecordedAct, ...]
    dues: Mapping[str, tuple[datetime | None, ...]]
    ends: tuple[str, ...]
    answers: Mapping[str, Any]
    case_roles: Mapping[str, tuple[PersonId, ...]]


@dataclass(frozen=True, slots=True)
class Replayed:
    """``kinds`` are of a different case: path, approver, deadline, result. ``state`` is where it shows first; ``code``
    the refusal that told, if one did."""

    outcome: str
    kinds: tuple[str, ...] = ()
    state: str | None = None
    code: str | None = None


class Stopped(Exception):
    def __init__(self, replayed: Replayed) -> None:
        super().__init__(replayed.outcome)
        self.replayed = replayed


@dataclass(slots=True)
class Run:
    """The case under the other definition, as far as it has come; ``paused_at`` while an operator has paused it."""

    definition: Definition
    facts: CaseFacts
    path: list[str] = field(default_factory=list)
    fired: list[str] = field(default_factory=list)
    dues: dict[str, dict[int, datetime | None]] = field(default_factory=dict)  # by state, then by the task's number
    paused_at: datetime | None = None

    def take(self, plan: Plan, recorded: Mapping[str, Any]) -> None:
        """Keeps what a plan leaves; numbers and documents are those that were issued then."""
        incident = next((entry.details["incident"] for entry in plan.entries if "incident" in entry.details), None)
        if incident is not None:
            raise Stopped(Replayed(CANNOT, (), plan.entries[0].state, incident))
        chart = chart_of(self.definition)
        answers = dict(plan.answers)
        for change in plan.changes:
            if isinstance(change, IssueNumber | RenderDocument):
                answers[change.field] = recorded.get(change.field)
        for task in plan.opened:
            self.dues.setdefault(task.state, {})[task.number] = task.due_at
        for entry in plan.entries:
            self.path += [key for key in entry.entered if not chart.states[key].children]
        self.fired += plan.fired
        revision = self.facts.revision + len(plan.entries)
        self.facts = replace(self.facts, state=plan.after, answers=answers, revision=revision)

    @property
    def leaves(self) -> tuple[str, ...]:
        return chart_of(self.definition).leaves(self.facts.state.active)


def advance(run: Run, until: datetime, recorded: Mapping[str, Any]) -> None:
    """Timers that were due by then fire, each at its moment; none while the case is paused. Raises Stopped."""
    for _ in range(0 if run.paused_at is not None else MOST_TIMERS):
        waiting = [timer for timer in run.facts.state.timers.values() if timer.due_at <= until]
        if not waiting:
            return
        timer = in_turn(run.definition, waiting)[0]
        run.facts = replace(run.facts, now=max(timer.due_at, run.facts.now))
        plan = plan_timer(run.definition, run.facts, timer.key, timer.entry)
        if not isinstance(plan, Plan):
            return
        run.take(plan, recorded)
    if run.paused_at is None:
        raise Stopped(Replayed(CANNOT, (), None, "timer_failed"))


def stand_still(run: Run, action: str) -> None:
    """The case was paused, or went on: then everything counted goes on with what was left of it."""
    facts = run.facts
    if action == PAUSED and run.paused_at is None:
        run.paused_at = facts.now
        run.facts = replace(facts, state=replace(facts.state, last_act=None))
    elif action == WENT_ON and run.paused_at is not None:
        run.facts = replace(facts, state=moved_on(Step(run.definition, facts), run.paused_at))
        run.paused_at = None
        for task in run.facts.state.tasks.values():
            run.dues[task.state][task.number] = task.due_at
