"""One way to play a case, on paper and in the store: the same words in a test say what happens in both."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.answers import given_answers
from engine.cases.chart import chart_of
from engine.cases.escalate import run_due_timers
from engine.cases.expectations import plain
from engine.cases.fire import fire
from engine.cases.models import Case, History, Incident
from engine.cases.open import Opened, _write
from engine.cases.paper import PaperCase, read_given
from engine.cases.plan import candidates, plan_open
from engine.cases.step import Step
from engine.cases.stored import StoredCase, definition_of, read_case
from engine.changes import Plan, Refusal
from engine.definitions.model import Definition, Duration
from engine.facts import CaseFacts, CaseState, Command
from engine.organisation.directory import snapshot
from engine.organisation.models import Person
from engine.publishing import library
from engine.publishing.building import build_once
from engine.publishing.publish import publish
from engine.timers.models import TimerRow
from engine.vocabulary import load
from tests.engine.cases.written import CALENDAR, FORM, HEAD, ROLES
from tests.factories import a_delegation, a_group, a_holder, a_person, a_position, a_region, a_unit
from tests.publishers import publishers_if_needed
from tests.shadow import check_case

USERS: Mapping[str, Sequence[str]] = {
    "clerk": ["carla"], "head": ["hana"], "finance": ["fina"], "planning": ["pia"], "legal": ["leo"],
}  # fmt: skip
START = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # Monday 2 March 2026, 00.00 in Jakarta


class Play(Protocol):
    """What a test may do with a case and ask of it."""

    def do(self, person: str, action: str, comment: str = "", **more: Any) -> str | None:
        """One act; the code it was refused with, or None."""
        ...

    def advance(self, **duration: int) -> list[str]:
        """The clock moves; the timers that fired."""
        ...

    def candidates(self, inside: str | None = None) -> list[str]:
        """Who could act now."""
        ...

    def answer(self, field: str) -> Any: ...
    @property
    def states(self) -> list[str]: ...
    @property
    def ended(self) -> bool: ...
    @property
    def incidents(self) -> list[str]:
        """Raised by the last act."""
        ...

    @property
    def on_behalf_of(self) -> str | None:
        """For whom the last act was done."""
        ...

    @property
    def sentence(self) -> str:
        """The last refusal, in English."""
        ...


def texts_of(
    written: str, *, form: str = FORM, roles: str = ROLES, calendar: str = CALENDAR, head: str = HEAD
) -> dict[str, str]:
    """The files of the case type written below."""
    text = head + roles + calendar + textwrap.dedent(written)
    return {"workflows/sample.yaml": text, "forms_config/sample.yaml": form}


def defined(texts: Mapping[str, str]) -> Definition:
    """Its definition; it must have no errors."""
    definition, problems = build_once(texts, "sample", load())
    assert definition is not None, [f"{each.line}: {each.code} {each.message.en}" for each in problems if each.is_error]
    return definition


def command_of(
    action: str, person: Any, comment: str, *, data: Mapping[str, Any] | None = None, inside: str | None = None,
    item: str | None = None, files: int = 0, code: bool = False, **more: Any,
) -> Command:  # fmt: skip
    return Command(
        action, person, state=inside, item=item, comment=comment, answers=data or {}, new_attachments=files,
        has_second_factor=code, **more,
    )  # fmt: skip


class PaperPlay:
    """A case on paper."""

    def __init__(self, texts: Mapping[str, str], given: Mapping[str, Any]) -> None:
        self.definition = defined(texts)
        self.case = PaperCase(self.definition, read_given(self.definition, given))
        self.last = self.case.opening

    def do(self, person: str, action: str, comment: str = "", **more: Any) -> str | None:
        before = self.case.facts
        self.last = self.case.act(command_of(action, person, comment, **more))
        if self.last.refusal is None:
            return None
        assert self.case.facts is before, "a refusal changes nothing"
        return self.last.refusal.code

    def advance(self, **duration: int) -> list[str]:
        self.last = self.case.advance(Duration(*_only(duration)))
        return self.last.fired

    def candidates(self, inside: str | None = None) -> list[str]:
        return sorted(map(str, self.case.candidates(inside)))

    def answer(self, field: str) -> Any:
        return plain(self.case.answer(field))

    @property
    def states(self) -> list[str]:
        return list(self.case.leaves)

    @property
    def ended(self) -> bool:
        return self.case.facts.state.is_ended

    @property
    def incidents(self) -> list[str]:
        return self.last.incidents

    @property
    def on_behalf_of(self) -> str | None:
        found = self.last.on_behalf_of
        return None if found is None else str(found)

    @property
    def sentence(self) -> str:
        assert self.last.refusal is not None
        return self.last.refusal.sentence.en


class StorePlay:
    """The same case in a database: published, opened and moved as in reality, its rows compared after each act."""

    def __init__(self, session: Session, texts: Mapping[str, str], given: Mapping[str, Any]) -> None:
        self.session = session
        self.now = START
        self.definition = defined(texts)
        self.region = a_region(session, timezone="Asia/Jakarta")
        self.unit = a_unit(session, self.region, "agency")
        self.people: dict[str, Person] = {}
        self._organise(given)
        publish(
            session, texts, "sample", reason="Uji", region=None, vocabulary=load(), now=START,
            prove=lambda definition: (),  # on paper it is another test
            **publishers_if_needed(session, "sample"),
        )  # fmt: skip
        opened = self._open(given)
        self.case_id = opened.case_id
        self.seen = 0
        self.refused: Refusal | None = None
        self._raised: list[str] = []
        self._look()

    def _open(self, given: Mapping[str, Any]) -> Opened:
        """As ``open_case`` does, with a case's first answers taken as given, as a scenario's are."""
        directory = snapshot(self.session, self.region.id, START)
        definition = definition_of(
            self.session, library.newest(self.session, self.region.id, "sample", directory.day(START))
        )
        facts = CaseFacts(
            "sample", "S-1", "Sample", directory.region_key, self.unit.id, self._person(given["initiator"]).id, START,
            0, CaseState(), {}, START, directory, holidays=directory.holidays,
        )  # fmt: skip
        data = self._identified(given.get("data") or {})
        values, faults = given_answers(definition, data, Step(definition, facts).scope())
        assert not faults, faults
        roles = {
            role: tuple(self._person(name).id for name in names)
            for role, names in (given.get("case_roles") or {}).items()
        }
        facts = replace(facts, answers=values)
        plan = plan_open(definition, facts, Command("open", facts.initiator or 0, assign=roles))
        assert isinstance(plan, Plan), plan
        return _write(self.session, definition, directory, facts, plan)

    # -- people ---------------------------------------------------------------------------------------------------

    def _organise(self, given: Mapping[str, Any]) -> None:
        users: Mapping[str, Sequence[str]] = given.get("users") or {}
        for role, names in users.items():
            found = self.definition.roles.get(role)
            if found is not None and found.resolve == "group":
                a_group(self.session, self.region, found.options["group"], *(self._person(name) for name in names))
        for name in (
            given["initiator"],
            *(name for names in (given.get("case_roles") or {}).values() for name in names),
        ):
            self._person(name)
        above = (given.get("organisation") or {}).get("superiors") or {}
        limits = (given.get("organisation") or {}).get("limits") or {}
        positions = {}
        for name in dict.fromkeys([*above, *above.values(), *limits]):
            positions[name] = a_position(self.session, self.unit, f"post_{name}", decision_limit=limits.get(name))
            a_holder(self.session, positions[name], self._person(name))
        for below, superior in above.items():
            positions[below].superior_position_id = positions[superior].id
        for role, acting in (given.get("acting") or {}).items():
            assert acting["kind"] in ("delegate", "out_of_office"), "posts are stood in for where there are posts"
            principal = users[role][0] if role in users else given["initiator"]
            a_delegation(self.session, self._person(principal), self._person(acting["user"]), acting["kind"])
        for name in given.get("others") or ():
            self._person(name)
        a_group(self.session, self.region, "supervisors", *self.people.values())  # they see every case
        self.session.flush()

    def _person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = a_person(self.session, self.unit, name)
        return self.people[name]

    def _identified(self, value: Any) -> Any:
        """Names of people in answers become their numbers."""
        if isinstance(value, Mapping):
            return {key: self._identified(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._identified(inner) for inner in value]
        return self.people[value].id if isinstance(value, str) and value in self.people else value

    def _named(self, identity: Any) -> str:
        return next((name for name, row in self.people.items() if str(row.id) == str(identity)), str(identity))

    # -- acts -----------------------------------------------------------------------------------------------------

    def do(self, person: str, action: str, comment: str = "", **more: Any) -> str | None:
        more["data"] = self._identified(more.get("data") or {})
        if "assign" in more:
            more["assign"] = {
                role: tuple(self._person(name).id for name in names) for role, names in more["assign"].items()
            }
        if more.get("to") is not None:
            more["to"] = self._person(more["to"]).id
        before = self._read().facts.state
        outcome = fire(
            self.session, self.case_id, command_of(action, self._person(person).id, comment, **more), now=self.now
        )
        self.refused = outcome if isinstance(outcome, Refusal) else None
        self._look()
        if self.refused is None:
            return None
        assert self._read().facts.state == before, "a refusal changes nothing"
        return self.refused.code

    def advance(self, **duration: int) -> list[str]:
        span = Duration(*_only(duration))
        target = Step(self.definition, self._read().facts).calendar().add(self.now, span)
        first = self.seen
        while (due := self._next_due()) is not None and due <= target:
            self.now = max(self.now, due)
            assert run_due_timers(self.session, self.now, "play", limit=1)
        self.now = target
        self._look()
        rows = self.session.scalars(
            select(History).where(History.case_id == self.case_id, History.seq > first).order_by(History.seq)
        )
        return [row.details["timer"].removeprefix("sla.") for row in rows if row.details and "timer" in row.details]

    def _next_due(self) -> datetime | None:
        return self.session.scalar(select(func.min(TimerRow.due_at)).where(TimerRow.case_id == self.case_id))

    def _look(self) -> None:
        """What the last act left behind, and whether every row agrees with it."""
        check_case(self.session, self.case_id, self.now)
        self.seen = self.session.get_one(Case, self.case_id, populate_existing=True).revision
        rows = self.session.scalars(select(Incident.code).where(Incident.case_id == self.case_id).order_by(Incident.id))
        every = list(rows)
        self._raised, self._known = every[len(getattr(self, "_known", ())) :], every

    def _read(self) -> StoredCase:
        return read_case(self.session, self.case_id, self.now)

    # -- looking at it --------------------------------------------------------------------------------------------

    def candidates(self, inside: str | None = None) -> list[str]:
        return sorted(self._named(person) for person, _ in candidates(self.definition, self._read().facts, inside))

    def answer(self, field: str) -> Any:
        value = plain(self._read().facts.answers.get(field))
        kind = self.definition.fields[field].type if field in self.definition.fields else ""
        if value is None and kind in ("list", "table", "choices"):
            return []
        if field in ("people", "owner"):
            return [self._named(each) for each in value] if isinstance(value, list) else value and self._named(value)
        return value

    @property
    def states(self) -> list[str]:
        return list(chart_of(self.definition).leaves(self._read().facts.state.active))

    @property
    def ended(self) -> bool:
        return self._read().facts.state.is_ended

    @property
    def incidents(self) -> list[str]:
        return self._raised

    @property
    def on_behalf_of(self) -> str | None:
        row = self.session.get_one(History, (self.case_id, self.seen))
        return None if row.principal is None else self._named(row.principal)

    @property
    def sentence(self) -> str:
        assert self.refused is not None
        return self.refused.sentence.en


def _only(duration: Mapping[str, int]) -> tuple[str, int]:
    ((unit, amount),) = duration.items()
    return unit, amount


def whole(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given, with the people everybody knows."""
    filled = {"initiator": "ani", "clock": "2026-03-02", **given}
    filled["users"] = {**USERS, **given.get("users", {})}
    return filled
