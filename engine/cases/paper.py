"""A case on paper: people as a scenario names them, a clock that is moved by hand, and the real plan. No database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.cases.answers import given_answers
from engine.cases.chart import chart_of
from engine.cases.people import named_people
from engine.cases.plan import candidates, plan_act, plan_open, plan_timer
from engine.cases.promises import is_warning
from engine.cases.step import Step
from engine.changes import IssueNumber, Plan, QueueMessage, RaiseIncident, Refusal, RenderDocument
from engine.definitions.model import Definition, Duration, Role
from engine.errors import InvalidInput
from engine.facts import Audience, CaseFacts, CaseState, Command, Person, PersonId, Seat

_FIRST_DAY = date(2026, 1, 5)  # when nothing says what day it is; a Monday
_CASE_KNOWS = frozenset({"initiator", "case_role", "field", "performer_of"})


class PaperDirectory:
    """The people of a scenario. ``users`` holds the roles the case does not know, ``acting`` the stand-ins by role.

    Audiences are ``role:<key>``, ``person:<name>`` and, for somebody's superior, ``holder:<name>``.
    """

    def __init__(self, given: Given, people_of: Callable[[str], Sequence[PersonId]]) -> None:
        self._given = given
        self._people_of = people_of  # the people of a role the case knows, as the case stands now

    def audiences(self, role: Role, case: CaseFacts) -> tuple[Audience, ...]:  # noqa: ARG002 - the protocol's shape
        """The role itself, if somebody is named for it or stands in for it."""
        is_named = bool(self._given.users.get(role.key)) or role.key in self._given.acting
        return (Audience("role", role.key),) if is_named else ()

    def seats(self, audience: Audience, now: datetime) -> tuple[Seat, ...]:
        """Those named, then those who stand in for them."""
        key = audience.key
        if audience.kind == "role":
            people = self._given.users.get(key, ())
            stand_ins = [self._stand_in(key, people[0] if people else key, now)]
            return (*map(Seat, people), *(seat for seat in stand_ins if seat is not None))
        own = Seat(key)
        roles = [role for role in self._given.acting if key in self._people(role, audience.kind)]
        return (own, *(seat for role in roles if (seat := self._stand_in(role, key, now)) is not None))

    def _people(self, role: str, kind: str) -> Sequence[PersonId]:
        return self._given.users.get(role, ()) if kind == "holder" else self._people_of(role)

    def _stand_in(self, role: str, principal: PersonId, now: datetime) -> Seat | None:
        acting = self._given.acting.get(role)
        if acting is None or not acting.covers(now.date()):
            return None
        return Seat(acting.user, principal, acting.kind, acting.until)

    def ended_mandate(self, audience: Audience, person: PersonId, now: datetime) -> Seat | None:
        """The mandate of a stand-in whose last day has passed."""
        roles = [audience.key] if audience.kind == "role" else list(self._given.acting)
        for role in roles:
            acting = self._given.acting.get(role)
            if acting is None or acting.user != person or acting.until is None or now.date() <= acting.until:
                continue
            if audience.kind == "role" or audience.key in self._people(role, audience.kind):
                return Seat(person, audience.key, acting.kind, acting.until)
        return None

    def person(self, person: PersonId) -> Person:
        """The name itself, and the limit if the scenario gives one."""
        return Person(person, str(person), None, self._given.limits.get(str(person)))

    def superior(self, person: PersonId, now: datetime) -> Audience | None:  # noqa: ARG002
        """The person one step above, as ``organisation.superiors`` says."""
        above = self._given.superiors.get(str(person))
        return None if above is None else Audience("holder", above)

    def title(self, audience: Audience, language: str) -> str:  # noqa: ARG002
        """The key."""
        return audience.key


@dataclass(frozen=True, slots=True)
class Acting:
    """A stand-in for a role, from one day to another, both inclusive."""

    user: str
    kind: str
    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Given:
    """How a scenario begins (reference §11), with its fixtures merged in."""

    initiator: str | None
    users: Mapping[str, tuple[str, ...]]
    data: Mapping[str, Any]
    case_roles: Mapping[str, tuple[str, ...]]
    acting: Mapping[str, Acting]
    superiors: Mapping[str, str | None]
    limits: Mapping[str, Decimal]
    clock: str | None
    version: str | None

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody named, each once."""
        found = [] if self.initiator is None else [self.initiator]
        found += [person for people in (*self.users.values(), *self.case_roles.values()) for person in people]
        found += [acting.user for acting in self.acting.values()]
        return tuple(dict.fromkeys(found))


def merged(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` over the fixture it uses, and that over its own; maps merge, anything else replaces.

    Raises InvalidInput for a fixture that does not exist or uses itself."""
    found, seen = dict(given), []
    while (name := found.pop("uses", None)) is not None:
        if name in seen or name not in definition.fixtures:
            raise InvalidInput(f"There is no fixture {name!r}.")
        seen.append(name)
        found = _over(definition.fixtures[name], found)
    return found


def _over(base: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(base)
    for key, value in patch.items():
        below = found.get(key)
        found[key] = _over(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return found


def read_given(definition: Definition, plain: Mapping[str, Any]) -> Given:
    """``given`` as values. Raises InvalidInput with a sentence where something cannot be read."""
    raw = merged(definition, plain)
    organisation = raw.get("organisation") or {}
    acting = {
        role: Acting(str(entry["user"]), str(entry["kind"]), _day(entry.get("from")), _day(entry.get("until")))
        for role, entry in (raw.get("acting") or {}).items()
        if entry
    }
    superiors = {
        str(key): None if above is None else str(above) for key, above in (organisation.get("superiors") or {}).items()
    }
    return Given(
        initiator=None if raw.get("initiator") is None else str(raw["initiator"]),
        users=_people(raw.get("users")),
        data=raw.get("data") or {},
        case_roles=_people(raw.get("case_roles")),
        acting=acting,
        superiors=superiors,
        limits={str(key): _number(limit) for key, limit in (organisation.get("limits") or {}).items()},
        clock=None if raw.get("clock") is None else str(raw["clock"]),
        version=raw.get("version"),
    )


def _people(raw: Any) -> dict[str, tuple[str, ...]]:
    found = {}
    for role, people in (raw or {}).items():
        if people is not None:
            found[str(role)] = tuple(map(str, people)) if isinstance(people, list | tuple) else (str(people),)
    return found


def _day(raw: Any) -> date | None:
    try:
        return None if raw is None else date.fromisoformat(str(raw))
    except ValueError as error:
        raise InvalidInput(f"{raw!r} is no date.") from error


def _number(raw: Any) -> Decimal:
    try:
        return Decimal(str(raw))
    except InvalidOperation as error:
        raise InvalidInput(f"{raw!r} is no number.") from error


@dataclass(slots=True)
class Happened:
    """What one step of a scenario did."""

    refusal: Refusal | None = None
    fired: list[str] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)
    mails: list[dict[str, str]] = field(default_factory=list)  # those an effect asked for
    all_mails: list[dict[str, str]] = field(default_factory=list)  # and those of opened tasks
    decided: dict[str, Any] = field(default_factory=dict)
    on_behalf_of: PersonId | None = None


class PaperCase:
    """One case on paper: opened when it is made, then moved by acts and by the clock."""

    def __init__(self, definition: Definition, given: Given) -> None:
        self.definition = definition
        self.given = given
        self._issued = 0
        directory = PaperDirectory(given, self._people_of)
        start = datetime(2026, 1, 5, tzinfo=UTC)
        state = CaseState(case_roles=given.case_roles)
        zone_facts = CaseFacts(
            definition.case_type, "1", definition.title.id, definition.region or "", None, given.initiator,
            start, 0, state, {}, start, directory,
        )  # fmt: skip
        self.calendar = Step(definition, zone_facts).calendar()
        now = self._moment(given.clock)
        self.facts = replace(zone_facts, now=now, opened_at=now)
        values, faults = given_answers(definition, dict(given.data), Step(definition, self.facts).scope())
        unread = {fault.path.partition(".")[0] for fault in faults}
        answers = {**values, **{key: value for key, value in given.data.items() if key in unread}}
        self.facts = replace(self.facts, answers=answers)
        self.opening = Happened()
        opened = plan_open(definition, self.facts, Command("open", given.initiator or ""))
        if isinstance(opened, Refusal):
            raise InvalidInput(opened.sentence.en)
        self._keep(opened, self.opening)

    def _people_of(self, role: str) -> Sequence[PersonId]:
        found = self.definition.roles.get(role)
        if found is None or found.resolve not in _CASE_KNOWS:
            return ()
        return named_people(Step(self.definition, self.facts), role) or ()

    def _moment(self, clock: str | None) -> datetime:
        if clock is None:
            return self.calendar.midnight(_FIRST_DAY)
        try:
            moment = datetime.fromisoformat(clock)
        except ValueError as error:
            raise InvalidInput(f"{clock!r} is neither a date nor a moment.") from error
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=self.calendar.zone)

    # -- moving it ------------------------------------------------------------------------------------------------

    def act(self, command: Command) -> Happened:
        """One act; a refusal leaves everything as it was."""
        happened = Happened()
        decision = plan_act(self.definition, self.facts, command)
        if isinstance(decision, Refusal):
            happened.refusal = decision
        else:
            self._keep(decision, happened)
            happened.on_behalf_of = decision.entries[0].principal
        return happened

    def advance(self, duration: Duration) -> Happened:
        """The clock moves; timers fire in the order of their moments, the clock standing at each."""
        happened = Happened()
        target = self.calendar_of(duration).add(self.facts.now, duration)
        while (timer := self._next_timer()) is not None and timer[0] <= target:
            due, _, key, entry = timer
            self.facts = replace(self.facts, now=max(due, self.facts.now))
            decision = plan_timer(self.definition, self.facts, key, entry)
            if not isinstance(decision, Plan):
                break
            self._keep(decision, happened)
        self.facts = replace(self.facts, now=target)
        return happened

    def calendar_of(self, duration: Duration) -> Any:
        """The calendar a duration of the scenario counts on."""
        return Step(self.definition, self.facts).calendar(duration.calendar)

    def _next_timer(self) -> tuple[datetime, int, str, int] | None:
        order = chart_of(self.definition).order
        waiting = [
            (
                timer.due_at,
                len(order) if is_warning(timer.key) else order.get(timer.key.partition(".")[0], 0),
                number,
                timer,
            )
            for number, timer in enumerate(self.facts.state.timers.values())
        ]
        if not waiting:
            return None
        due, place, _, timer = min(waiting, key=lambda each: each[:3])
        return due, place, timer.key, timer.entry

    def _keep(self, plan: Plan, happened: Happened) -> None:
        answers = dict(plan.answers)
        for change in plan.changes:
            if isinstance(change, QueueMessage):
                spec = self.definition.notifications[change.notification]
                mails = [{"template": spec.template or change.notification, "to": to} for to in change.roles]
                happened.all_mails += mails
                happened.mails += mails if change.reason != "assigned" else []
            elif isinstance(change, RaiseIncident):
                happened.incidents.append(change.code)
            elif isinstance(change, IssueNumber):
                self._issued += 1
                answers[change.field] = f"{change.pattern} [{self._issued}]"
            elif isinstance(change, RenderDocument):
                answers[change.field] = {"id": 0, "name": f"{change.template}.pdf", "size": 0, "sha256": ""}
        happened.fired += plan.fired
        happened.decided.update(plan.decided)
        self.facts = replace(
            self.facts, state=plan.after, answers=answers, revision=self.facts.revision + len(plan.entries)
        )  # fmt: skip

    # -- looking at it --------------------------------------------------------------------------------------------

    @property
    def leaves(self) -> tuple[str, ...]:
        """The active leaves, document order."""
        return chart_of(self.definition).leaves(self.facts.state.active)

    def candidates(self, within: str | None = None) -> list[PersonId]:
        """Who could act now in the state ``within`` if it is open, otherwise in all."""
        return [person for person, _ in candidates(self.definition, self.facts, within)]

    def everybody(self) -> Iterator[PersonId]:
        """Those who could act now, then everybody else the scenario knows."""
        yield from dict.fromkeys([*self.candidates(), *self.given.people])

    def on_day(self, moment: datetime) -> date:
        """The day of a moment in the case type's calendar."""
        return self.calendar.today(moment)
