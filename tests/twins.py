"""One case twice: on paper and in the store, moved by the same steps; whatever one does the other does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.chart import chart_of
from engine.cases.escalate import run_due_timers
from engine.cases.fire import Fired, fire
from engine.cases.models import History, Incident
from engine.cases.open import Opened, open_case
from engine.cases.paper import Happened, PaperCase, read_given
from engine.cases.plan import actions_for, candidates
from engine.cases.stored import StoredCase, read_case
from engine.changes import IssueNumber, Plan, QueueMessage, Refusal, RenderDocument
from engine.definitions.model import Definition, Duration
from engine.errors import NotFound
from engine.facts import Audience, Command
from engine.organisation.directory import snapshot
from engine.outbox.models import Message
from engine.timers.models import TimerRow
from tests.peopled import SUPERVISORS, Peopled

MOST_MOMENTS = 300  # at which timers fire in one advance of the clock


@dataclass(frozen=True)
class Line:
    """One line of history, by names."""

    action: str
    actor: str | None
    principal: Any
    kind: str | None
    state: str | None
    item: str | None
    comment: str
    timer: str | None
    incident: str | None
    left: tuple[str, ...]
    entered: tuple[str, ...]


class Watched(PaperCase):
    """A case on paper that remembers its history, and who is written to by which act."""

    def __init__(self, definition: Definition, given: Any, supervisors: frozenset[str], number: str) -> None:
        self.supervisors = supervisors
        self.lines: list[Line] = []
        self.mails: dict[tuple[int, str], set[str]] = {}
        self.issued: set[str] = set()  # numbers, which no two cases share
        self.asked_for: set[str] = set()  # documents: on paper there at once, in the store made by the worker
        super().__init__(definition, given, number)

    def keep(self, plan: Plan, happened: Happened) -> None:
        super().keep(plan, happened)
        for entry in plan.entries:
            actor, details = None if entry.actor is None else str(entry.actor), entry.details
            moved = tuple(entry.left), tuple(entry.entered)
            acted = entry.action, actor, entry.principal, entry.kind, entry.state, entry.item, entry.comment
            self.lines.append(Line(*acted, details.get("timer"), details.get("incident"), *moved))
        for change in plan.changes:
            if isinstance(change, QueueMessage):
                self._written_to(plan, change)
            elif isinstance(change, IssueNumber):
                self.issued.add(change.field)
            elif isinstance(change, RenderDocument):
                self.asked_for.add(change.field)

    def _written_to(self, plan: Plan, message: QueueMessage) -> None:
        people: set[str] = set()
        for audience in message.audiences:
            if str(audience) == f"group:{SUPERVISORS}":
                people |= self.supervisors
            elif message.notification != "task_assigned" or str(audience) != f"person:{plan.entries[0].actor}":
                people |= {str(seat.person) for seat in self.facts.directory.seats(audience, self.facts.now)}
        if people:
            self.mails.setdefault((self.facts.revision, message.notification), set()).update(people)


class Twins:
    """A case on paper and one in the store that begin alike."""

    def __init__(
        self, session: Session, definition: Definition, peopled: Peopled, answers: Mapping[str, Any], now: datetime
    ) -> None:
        self.session, self.definition, self.peopled = session, definition, peopled
        self.compared = 0  # lines of history, which are the case's revisions
        opened = open_case(
            session, region_id=peopled.region.id, case_type=definition.case_type,
            person_id=peopled.people[peopled.initiator], answers=peopled.stored(definition.fields, answers), now=now,
        )  # fmt: skip
        assert isinstance(opened, Opened), opened
        self.case_id = opened.case_id
        # a scenario gives what the case has; what was typed and is hidden (reference §7) is not among it
        kept = peopled.told(definition.fields, read_case(session, self.case_id, now).facts.answers)
        data = {name: value for name, value in kept.items() if name in answers}
        given = {**peopled.given(session, definition, data, now), "clock": now.isoformat()}
        supervisors = snapshot(session, peopled.region.id, now).seats(Audience("group", SUPERVISORS), now)
        names = frozenset(str(peopled.name(seat.person)) for seat in supervisors)
        self.paper = Watched(definition, read_given(definition, given), names, opened.number)
        self.agree(self.paper.opening)

    # -- moving both ----------------------------------------------------------------------------------------------

    def act(self, command: Command) -> Refusal | None:
        """The same act by the same person; both do it, or refuse it with the same code."""
        happened = self.paper.act(command)
        people = self.peopled.people
        stored = replace(
            command, actor=people[str(command.actor)], to=None if command.to is None else people[str(command.to)],
            answers=self.peopled.stored(self.definition.fields, command.answers),
            assign={role: tuple(people[str(name)] for name in names) for role, names in command.assign.items()},
        )  # fmt: skip
        try:
            outcome = fire(self.session, self.case_id, stored, now=self.paper.facts.now)
        except NotFound:  # somebody who may not see the case: on paper it is a refusal
            assert happened.refusal is not None, (command, "done on paper, hidden in the store")
        else:
            if happened.refusal is not None:
                assert isinstance(outcome, Refusal), (command, happened.refusal.code, outcome)
                assert outcome.code == happened.refusal.code, (command, happened.refusal, outcome)
            else:
                assert isinstance(outcome, Fired), (command, outcome)
        self.agree(happened)
        return happened.refusal

    def advance(self, duration: Duration) -> list[str]:
        """The clock of both moves; what was due fires on time. The timers that fired."""
        before = self.paper.facts.now
        happened = self.paper.advance(duration)
        target = self.paper.facts.now
        for _ in range(MOST_MOMENTS):
            due = self.session.scalar(select(func.min(TimerRow.due_at)).where(TimerRow.case_id == self.case_id))
            if due is None or due > target:
                break
            before = max(before, due)
            run_due_timers(self.session, before, "walk", limit=1)
        else:
            raise AssertionError("timers without end")
        self.agree(happened)
        return happened.fired

    # -- comparing ------------------------------------------------------------------------------------------------

    def agree(self, happened: Happened) -> None:
        """States, tasks with their deadlines, timers, promises, candidates, answers, history, mails and incidents."""
        stored = read_case(self.session, self.case_id, self.paper.facts.now)
        self._same(
            "standing",
            _standing(self.paper.facts, str, self._stood_for),
            _standing(stored.facts, self._named, self._stood_for),
        )
        self._same("answers", self._answers(self.paper.facts.answers), self._answers(self._told(stored)))
        new = [replace(line, principal=self._stood_for(line.principal)) for line in self.paper.lines[self.compared :]]
        self._same("history", new, self._lines())
        self._same("revision", self.paper.facts.revision, stored.row.revision)
        mails = {key: people for key, people in self.paper.mails.items() if key[0] > self.compared}
        self._same("mails", mails, self._mails())
        self.compared = len(self.paper.lines)
        self._same("incidents", sorted(happened.incidents), self._incidents())
        self._same(
            "candidates",
            sorted(map(str, self.paper.candidates())),
            sorted(self._named(person) for person, _ in candidates(self.definition, stored.facts)),
        )

    def views_agree(self, name: str) -> None:
        """What one person may do, and why not, is the same in both."""
        stored = read_case(self.session, self.case_id, self.paper.facts.now)
        on_paper, in_store = (
            [
                (
                    view.action,
                    view.state,
                    view.task,
                    view.item,
                    view.needs,
                    view.edits,
                    view.next_states,
                    view.refusal and view.refusal.code,
                )
                for view in views
            ]
            for views in (
                actions_for(self.definition, self.paper.facts, name),
                actions_for(self.definition, stored.facts, self.peopled.people[name]),
            )
        )
        self._same(f"what {name} may do", on_paper, in_store)

    def _same(self, what: str, on_paper: Any, in_store: Any) -> None:
        assert on_paper == in_store, f"{self.definition.case_type}: {what}\n  paper: {on_paper}\n  store: {in_store}"

    def _named(self, person: Any) -> str:
        return str(self.peopled.name(person))

    def _stood_for(self, principal: Any) -> str | None:
        """Whoever somebody acted for; a vacant place is a role on paper and a position in the store."""
        if principal is None:
            return None
        name = self._named(principal)
        return name if name in self.peopled.people else "vacant"

    def _told(self, stored: StoredCase) -> dict[str, Any]:
        return self.peopled.told(self.definition.fields, stored.facts.answers)

    def _answers(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers that are there; of issued numbers only that they are, of documents nothing."""
        return {
            key: True if key in self.paper.issued else _plain(value)
            for key, value in answers.items()
            if value is not None and value not in ([], "") and key not in self.paper.asked_for
        }

    def _lines(self) -> list[Line]:
        rows = self.session.scalars(
            select(History).where(History.case_id == self.case_id, History.seq > self.compared).order_by(History.seq)
        )
        found = []
        for row in rows.unique():
            actor, principal = (
                None if row.actor_id is None else self._named(row.actor_id),
                self._stood_for(row.principal),
            )
            moved = tuple(row.states_left), tuple(row.states_entered)
            acted = row.action, actor, principal, row.kind, row.state, row.item, row.comment
            found.append(Line(*acted, row.details.get("timer"), row.details.get("incident"), *moved))
        return found

    def _mails(self) -> dict[tuple[int, str], set[str]]:
        directory = snapshot(self.session, self.peopled.region.id, self.paper.facts.now)
        found: dict[tuple[int, str], set[str]] = {}
        rows = self.session.execute(
            select(Message.revision, Message.notification, Message.audience).where(
                Message.case_id == self.case_id, Message.revision > self.compared
            )
        )
        for revision, notification, audience in rows:
            seats = directory.seats(Audience(*audience.split(":", 1)), self.paper.facts.now)
            people = {self._named(seat.person) for seat in seats}
            if people:
                found.setdefault((revision, notification), set()).update(people)
        return found

    def _incidents(self) -> list[str]:
        rows = self.session.execute(
            select(Incident.id, Incident.code).where(Incident.case_id == self.case_id, Incident.resolved_at.is_(None))
        ).all()
        for identity, _ in rows:  # told once: the next step's are those that come after
            self.session.get_one(Incident, identity).resolved_at = self.paper.facts.now
        self.session.flush()
        return sorted(code for _, code in rows)


def _standing(facts: Any, named: Any, stood_for: Any) -> dict[str, Any]:
    """Where a case stands, without what only numbers tell."""
    state = facts.state
    someone = lambda person: None if person is None else named(person)  # noqa: E731
    return {
        "active": dict(state.active),
        "visited": sorted(state.visited),
        "ended": state.is_ended,
        "tasks": [
            (task.number, task.entry, task.state, task.place, task.item, task.roles, someone(task.assignee),
             task.claimed_at, task.opened_at, task.due_at)
            for task in state.tasks.values()
        ],
        "timers": [(timer.key, timer.entry, timer.count, timer.due_at) for timer in state.timers.values()],
        "votes": [
            (vote.state, vote.place, someone(vote.person), stood_for(vote.principal), vote.outcome, vote.at)
            for vote in state.votes
        ],
        "case_roles": {role: [named(person) for person in people] for role, people in state.case_roles.items()},
        "performers": {key: [named(person) for person in people] for key, people in state.performers.items()},
        "slas": {key: (sla.started_at, sla.due_at, sla.stopped_at) for key, sla in state.slas.items()},
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(cell) for key, cell in value.items() if cell is not None and cell != []}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.normalize() if isinstance(value, Decimal) else value


def known_actions(definition: Definition) -> list[str]:
    """Every action of the definition, and the acts every task has."""
    chart = chart_of(definition)
    found = {action for key in definition.states for action in chart.known(key)}
    return sorted(found | {"claim", "release", "recall", "assign", "delegate", "done", "no_such_action"})
