"""One decision being worked out: a private copy of where the case stands, and what has been gathered to be done.

Nothing outside it changes. Whoever refuses half-way throws it away; whoever is done asks it for the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.cases.chart import Chart, chart_of
from engine.changes import Change, ClosedTask, HistoryEntry, Plan, RaiseIncident
from engine.definitions.model import Definition, Duration
from engine.definitions.scope import Scope
from engine.facts import (
    Audience,
    CaseFacts,
    CaseState,
    LastAct,
    OpenTask,
    PersonId,
    RunningSla,
    RunningTimer,
    Seat,
    Vote,
)
from engine.timers.calendar import WorkingCalendar, calendar_of


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification whose people are found when all else is settled; ``place`` is where it goes among the changes.
    ``task`` is the one just opened when nobody but the engine asked for it; ``to`` are roles or ``candidates``, where
    no notification of the definition says who is told."""

    place: int
    notification: str
    state: str
    task: int | None
    to: tuple[str, ...] = ()


class Step:
    """The case while one act, timer or opening is decided. Attributes mirror ``CaseState``, open for change.

    ``fresh`` are states entered whose tasks are not open yet; ``events`` the done/approved/rejected of a state that
    wait for their guard; ``notices`` are notifications to be addressed when everything else is settled.
    """

    def __init__(
        self,
        definition: Definition,
        facts: CaseFacts,
        actor: PersonId | None = None,
        comment: str = "",
        answers: Mapping[str, Any] | None = None,
    ) -> None:
        state = facts.state
        self.definition = definition
        self.chart: Chart = chart_of(definition)
        self.facts = facts
        self.now = facts.now
        self.directory = facts.directory
        self.actor = actor
        self.seat: Seat | None = None
        self.comment = comment
        self.answers: Mapping[str, Any] = facts.answers if answers is None else answers
        self.active = dict(state.active)
        self.tasks = dict(state.tasks)
        self.votes: list[Vote] = list(state.votes)
        self.kept_votes: list[Vote] = list(state.kept_votes)
        self.timers: dict[str, RunningTimer] = dict(state.timers)
        self.slas: dict[str, RunningSla] = dict(state.slas)
        self.history: dict[str, tuple[str, ...]] = dict(state.history)
        self.performers: dict[str, tuple[PersonId, ...]] = dict(state.performers)
        self.case_roles: Mapping[str, tuple[PersonId, ...]] = state.case_roles
        self.visited: set[str] = set(state.visited)
        self.next_entry = state.next_entry
        self.next_task = state.next_task
        self.last_act: LastAct | None = state.last_act
        self.extras: dict[str, Any] = dict(state.extras)
        self.events: dict[str, str] = dict(self.extras.pop("events", {}))
        self.fresh: list[str] = []
        self.due_now: list[str] = []  # timers set in this step that are due already
        self.left: list[str] = []
        self.entered: list[str] = []
        self.closed: list[ClosedTask] = []
        self.changes: list[Change] = []
        self.notices: list[Notice] = []
        self.entries: list[HistoryEntry] = []
        self.fired: list[str] = []
        self.taken: list[str] = []  # arrows followed
        self.decided: dict[str, Any] = {}
        self.set_by_effects: dict[str, Any] = {}  # field -> what it held before
        self.is_recallable = False
        self.timed_by: Mapping[str, Any] = facts.answers  # the answers the ``at`` timers were last counted from
        self._facts_now: CaseFacts = facts
        self._calendar: WorkingCalendar | None = None
        self._scope: Scope | None = None
        self.offered_to: dict[str, tuple[Audience, ...]] = {}  # role -> audiences, while nothing changes
        self.kept_away: dict[tuple[str, PersonId], bool] = {}  # rule and person -> the answer, while nothing changes
        self._kept_for = (self.answers, self.case_roles)

    # -- what is looked at ----------------------------------------------------------------------------------------

    def calendar(self, key: str | None = None) -> WorkingCalendar:
        """The calendar ``key``; without one the case type's only one, otherwise the national one."""
        calendars = self.definition.calendars
        if key is not None and key in calendars:
            return calendar_of(calendars[key], self.facts.holidays)
        if self._calendar is None:
            only = next(iter(calendars.values())) if len(calendars) == 1 else None
            self._calendar = calendar_of(only, self.facts.holidays)
        return self._calendar

    def after(self, start: datetime, duration: Duration, calendar: str | None) -> datetime:
        """``duration`` after ``start``, on its own calendar or else that of its task or SLA."""
        return self.calendar(duration.calendar or calendar).add(start, duration)

    def scope(self, user: PersonId | None = None, item: Any = None) -> Scope:
        """What an expression sees now. The scope is shared while nothing changes: evaluate at once, do not keep it."""
        scope = self._scope
        if scope is None:
            facts, calendar = self.facts, self.calendar()
            scope = self._scope = Scope(
                self.answers, self.now, calendar.zone, facts.number, facts.opened_at, facts.unit, facts.region,
                self.case_roles, facts.initiator, self.actor, None, None, self.definition.parameter_values,
                frozenset(self.active), frozenset(self.visited), self.directory.person, calendar,
                # On paper everybody is known, so its directory is not asked.
                knows=getattr(self.directory, "is_known", None), above=self.above, units_over=self.units_over,
                store=facts.store,
            )  # fmt: skip
        scope.user, scope.item = user, item
        return scope

    def above(self, person: PersonId) -> tuple[PersonId, ...]:
        """Everybody who sits above ``person`` today, in their own right or for somebody else, the nearest first."""
        seats = (
            seat for above in self.directory.line(person, self.now) for seat in self.directory.seats(above, self.now)
        )
        return tuple(dict.fromkeys(seat.person for seat in seats))

    def units_over(self, unit: Any) -> tuple[Any, ...]:
        """A unit and those it belongs to, from below; on paper only itself."""
        known = getattr(self.directory, "unit", None)
        row = None if known is None else known(unit)
        return (unit,) if row is None else tuple(int(part) for part in reversed(row.path.split("/")) if part)

    def changed(self) -> None:
        """Says that places, answers or people changed, so the next expression and the next question sees it."""
        self._scope = None
        self.offered_to = {}
        seen, roles = self._kept_for
        if seen is not self.answers or roles is not self.case_roles or self.chart.has_duties_of_places:
            self.kept_away = {}
            self._kept_for = (self.answers, self.case_roles)

    def facts_now(self) -> CaseFacts:
        """The case with the answers as they are in this step, for questions about the organisation."""
        if self._facts_now.answers is not self.answers:
            self._facts_now = replace(self.facts, answers=self.answers)
        return self._facts_now

    def tasks_of(self, state: str) -> list[OpenTask]:
        """The open tasks of the running entry of a state, oldest first."""
        entry = self.active.get(state)
        return [task for task in self.tasks.values() if task.state == state and task.entry == entry]

    def memory(self, name: str, state: str) -> Any:
        """What ``extras`` keeps under ``name`` for a state's running entry, or None."""
        return self.extras.get(name, {}).get(state)

    # -- what is changed ------------------------------------------------------------------------------------------

    def remember(self, name: str, state: str, value: Any) -> None:
        """Keeps JSON-able ``value`` for a state; None forgets it."""
        kept = dict(self.extras.get(name, {}))
        if value is None:
            kept.pop(state, None)
        else:
            kept[state] = value
        if kept:
            self.extras[name] = kept
        else:
            self.extras.pop(name, None)

    def set_answer(self, field: str, value: Any) -> None:
        """One answer, by an effect."""
        self.set_by_effects.setdefault(field, self.answers.get(field))
        self.answers = {**self.answers, field: value}
        self.changed()

    def close(self, task: OpenTask, outcome: str, person: PersonId | None, principal: PersonId | None) -> None:
        """Ends an open task."""
        del self.tasks[task.number]
        if task.claimed_at is not None:
            self.timers.pop(release_timer(task), None)
        delegated = self.extras.get("delegated")
        if delegated and str(task.number) in delegated:
            self.remember("delegated", str(task.number), None)
        self.closed.append(ClosedTask(task, outcome, person, principal))

    def incident(self, code: str, state: str | None, detail: str = "") -> None:
        """Something supervisors have to know."""
        self.changes.append(RaiseIncident(code, state, detail))

    # -- the outcome ----------------------------------------------------------------------------------------------

    def state(self) -> CaseState:
        """Where the case stands at the end of this step."""
        extras = self.extras
        if self.events:
            extras = {**extras, "events": dict(self.events)}
        return CaseState(
            self.active, self.tasks, tuple(self.votes), tuple(self.kept_votes), self.timers, self.slas, self.history,
            self.performers, self.case_roles, frozenset(self.events), frozenset(self.visited), self.next_entry,
            self.next_task, self.last_act, extras,
        )  # fmt: skip

    def plan(self) -> Plan:
        """Everything gathered, as a value."""
        before, now = self.facts.answers, self.answers
        changed = None
        if now is not before:
            names = before.keys() | now.keys()
            changed = {
                name: (before.get(name), now.get(name)) for name in names if before.get(name) != now.get(name)
            } or None  # fmt: skip
        return Plan(
            self.facts.state, self.state(), now, changed, tuple(self.entries), tuple(self.closed),
            tuple(self.changes), tuple(self.fired), self.decided, tuple(self.taken),
        )  # fmt: skip


def release_timer(task: OpenTask) -> str:
    """The key of the timer that gives up a claim after a while."""
    return f"task.{task.number}.auto_release"


def is_release(key: str) -> bool:
    """Whether a timer gives up a claim."""
    return key.count(".") == 2 and key.startswith("task.")  # a state may be called task: its timers have one dot
