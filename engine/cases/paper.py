"""A case on paper: people as a scenario names them, a clock that is moved by hand, and the real plan. No database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from engine.cases.answers import given_answers
from engine.cases.chart import chart_of
from engine.cases.clocks import in_turn
from engine.cases.given_data import refuse_unreadable
from engine.cases.number_patterns import day_parts, number_text, prefix_of, with_counter
from engine.cases.paper_people import PaperDirectory
from engine.cases.people import named_people
from engine.cases.plan import candidates, plan_act, plan_open, plan_timer
from engine.cases.step import Step
from engine.changes import IssueNumber, Plan, QueueMessage, RaiseIncident, Refusal, RenderDocument
from engine.definitions.model import Definition, Duration
from engine.definitions.scenarios import Given, merged_given, typed_given, zone_of
from engine.errors import EffectFailed, InvalidInput
from engine.facts import CaseFacts, CaseState, Command, PersonId

_FIRST_DAY = date(2026, 1, 5)  # when nothing says what day it is; a Monday
_MOST_FIRED = 5000  # in one advance; a timer that repeats every minute for years is a mistake
_LISTS = frozenset({"list", "choices", "table", "files"})
_CASE_KNOWS = frozenset({"initiator", "case_role", "field", "performer_of"})


def read_given(definition: Definition, plain: Mapping[str, Any]) -> Given:
    """How a scenario begins (reference §11), its fixtures merged in. Raises InvalidInput where that cannot be read."""
    fixture = plain.get("uses")
    if fixture is not None and not (isinstance(fixture, str) and fixture in definition.fixtures):
        raise InvalidInput(f"There is no fixture {fixture!r}.")
    try:
        whole = merged_given(plain, definition.fixtures)
        given = typed_given(whole, zone_of(definition))
        limits = {str(person): Decimal(str(limit)) for person, limit in given.limits.items()}
    except (AttributeError, TypeError, ValueError, InvalidOperation) as error:
        raise InvalidInput("The given people, data or organisation cannot be read.") from error
    if not isinstance(given.data, Mapping):
        raise InvalidInput("data is a map of answers.")
    if given.clock is None and whole.get("clock") is not None:
        raise InvalidInput(f"{whole['clock']!r} is neither a date nor a moment.")
    return replace(given, limits=limits, initiator=given.initiator or _starter(definition, given))


def _starter(definition: Definition, given: Given) -> str | None:
    """Who opened the case when only a role says so: the first user named for it."""
    roles = [key for key, role in definition.roles.items() if role.resolve == "initiator"]
    return next((given.users[key][0] for key in roles if given.users.get(key)), None)


def _beginning(definition: Definition, version: str | None) -> Definition:
    """The version a scenario begins in: its own, or an older one kept in ``history/``."""
    if version is None or version == definition.version:
        return definition
    older: Definition | None = definition.extras.get("older", {}).get(version)
    if older is None:
        raise InvalidInput(f"Version {version} is not kept in history, or cannot be read.")
    return older


def people_of(given: Given) -> tuple[str, ...]:
    """Everybody named, each once."""
    found = [] if given.initiator is None else [given.initiator]
    found += [person for people in (*given.users.values(), *given.case_roles.values()) for person in people]
    found += [acting.user for acting in given.acting.values()]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one of those its notification names. ``also`` are other names a scenario may use: the notification,
    the roles of the candidates. ``is_automatic`` tells of a task that opened; nobody wrote an effect for it."""

    template: str
    to: str
    also: tuple[str, ...] = ()
    is_automatic: bool = False

    def to_plain(self) -> dict[str, str]:
        return {"template": self.template, "to": self.to}


@dataclass(slots=True)
class Happened:
    """What one step of a scenario did."""

    refusal: Refusal | None = None
    fired: list[str] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    decided: dict[str, Any] = field(default_factory=dict)
    on_behalf_of: PersonId | None = None


class PaperCase:
    """One case on paper: opened when it is made, then moved by acts and by the clock."""

    def __init__(self, definition: Definition, given: Given, number: str = "1") -> None:
        self.newest = definition
        self.definition = definition = _beginning(definition, given.version)
        self.given = given
        self._issued: Counter[str] = Counter()
        directory = PaperDirectory(given, self._people_of)
        start = datetime(2026, 1, 5, tzinfo=UTC)
        state = CaseState(case_roles=given.case_roles)
        unit = given.units.get(given.initiator or "")
        zone_facts = CaseFacts(
            definition.case_type, number, definition.title.id, definition.region or "", unit, given.initiator, start, 0,
            state, {}, start, directory,
        )  # fmt: skip
        self.calendar = Step(definition, zone_facts).calendar()
        now = given.clock or self.calendar.midnight(_FIRST_DAY)
        self.facts = replace(zone_facts, now=now, opened_at=now)
        values, faults = given_answers(definition, dict(given.data), Step(definition, self.facts).scope())
        refuse_unreadable(definition, given.data, faults)
        unread = {fault.path.partition(".")[0] for fault in faults}
        answers = {**values, **{key: value for key, value in given.data.items() if key in unread}}
        self.facts = replace(self.facts, answers=answers)
        self.opening = Happened()
        try:
            opened = plan_open(definition, self.facts, Command("open", given.initiator or ""))
        except EffectFailed as failed:
            raise InvalidInput(str(failed)) from failed
        if isinstance(opened, Refusal):
            raise InvalidInput(opened.sentence.en)
        self.keep(opened, self.opening)

    def branch(self) -> Self:
        """The same case once more: what happens to one does not happen to the other."""
        twin = copy(self)
        twin._issued = self._issued.copy()
        twin.facts = replace(self.facts, directory=PaperDirectory(self.given, twin._people_of))
        return twin

    def _people_of(self, role: str) -> Sequence[PersonId]:
        found = self.definition.roles.get(role)
        if found is None or found.resolve not in _CASE_KNOWS:
            return ()
        return named_people(Step(self.definition, self.facts), role) or ()

    # -- moving it ------------------------------------------------------------------------------------------------

    def act(self, command: Command) -> Happened:
        """One act; a refusal leaves everything as it was."""
        happened = Happened()
        decision = plan_act(self.definition, self.facts, command)
        if isinstance(decision, Refusal):
            happened.refusal = decision
        else:
            self.keep(decision, happened)
            happened.on_behalf_of = decision.entries[0].principal
        return happened

    def advance(self, duration: Duration) -> Happened:
        """The clock moves; timers fire in the order of their moments, the clock standing at each."""
        happened, before = Happened(), self.facts
        target = self.calendar_of(duration).add(self.facts.now, duration)
        while (running := self.facts.state.timers) and (timer := in_turn(self.definition, running.values())[0]):
            if timer.due_at > target:
                break
            if len(happened.fired) >= _MOST_FIRED:
                self.facts = before
                raise InvalidInput(f"More than {_MOST_FIRED} timers fire in one advance.")
            self.facts = replace(self.facts, now=max(timer.due_at, self.facts.now))
            decision = plan_timer(self.definition, self.facts, timer.key, timer.entry)
            if not isinstance(decision, Plan):
                break
            self.keep(decision, happened)
        self.facts = replace(self.facts, now=target)
        return happened

    def go_over(self, plan: Plan, definition: Definition) -> Happened:
        """The case goes on as ``plan`` leaves it, under ``definition``."""
        happened = Happened()
        self.definition = definition
        self.keep(plan, happened)
        return happened

    def calendar_of(self, duration: Duration) -> Any:
        """The calendar a duration of the scenario counts on."""
        return Step(self.definition, self.facts).calendar(duration.calendar)

    def keep(self, plan: Plan, happened: Happened) -> None:
        """What a plan changes, and what it says happened; whoever watches a scenario looks in here."""
        answers = dict(plan.answers)
        for change in plan.changes:
            if isinstance(change, QueueMessage):
                self._mail(plan, change, happened)
            elif isinstance(change, RaiseIncident):
                happened.incidents.append(change.code)
            elif isinstance(change, IssueNumber):
                answers[change.field] = self._number(change.pattern)
            elif isinstance(change, RenderDocument):
                answers[change.field] = {"id": 0, "name": f"{change.template}.pdf", "size": 0, "sha256": ""}
        happened.fired += plan.fired
        happened.decided.update(plan.decided)
        self.facts = replace(
            self.facts, state=plan.after, answers=answers, revision=self.facts.revision + len(plan.entries)
        )  # fmt: skip

    def _number(self, pattern: str) -> str:
        """The next number of a pattern; on paper every counter starts at 1 and no unit has a code."""
        region = self.facts.region or "-"
        parts = {
            **day_parts(self.on_day(self.facts.now)), "unit.code": "-", "unit.name": "-", "region": region,
            "region.code": region,
        }  # fmt: skip
        used = with_counter(pattern)
        self._issued[prefix_of(used, parts)] += 1
        return number_text(used, parts, self._issued[prefix_of(used, parts)])

    def _mail(self, plan: Plan, message: QueueMessage, happened: Happened) -> None:
        spec = self.definition.notifications.get(message.notification)
        task = plan.after.tasks.get(message.task or 0)
        for to in message.roles:
            also = (message.notification, *(task.roles if task is not None and to == "candidates" else ()))
            mail = Mail((spec and spec.template) or message.notification, to, also, message.is_automatic)
            happened.mails.append(mail)

    # -- looking at it --------------------------------------------------------------------------------------------

    @property
    def leaves(self) -> tuple[str, ...]:
        """The active leaves, document order."""
        return chart_of(self.definition).leaves(self.facts.state.active)

    def answer(self, name: str) -> Any:
        """An answer as people would name it: an empty list or table is one without items."""
        value = self.facts.answers.get(name)
        field = self.definition.fields.get(name)
        return [] if value is None and field is not None and field.type in _LISTS else value

    def data(self) -> dict[str, Any]:
        """Every answer there is, and those the scenario began with, empty ones too."""
        return {name: self.answer(name) for name in (*self.given.data, *self.facts.answers)}

    def candidates(self, within: str | None = None) -> list[PersonId]:
        """Who could act now in the state ``within`` if it is open, otherwise in all."""
        return [person for person, _ in candidates(self.definition, self.facts, within)]

    def everybody(self) -> Iterator[PersonId]:
        """Those who could act now, then everybody else the scenario knows."""
        yield from dict.fromkeys([*self.candidates(), *people_of(self.given)])

    def on_day(self, moment: datetime, calendar: str | None = None) -> date:
        """The day of a moment in a calendar, otherwise in the case type's."""
        return Step(self.definition, self.facts).calendar(calendar).today(moment)
