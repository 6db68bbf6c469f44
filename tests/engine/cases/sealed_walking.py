"""Sealed cases walked at random with a marker in every answer: on paper and in the store, with the keys at hand."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.all_models import metadata
from engine.cases.access import may_see, reader_of
from engine.cases.catching_up import catch_up
from engine.cases.escalate import run_due_timers
from engine.cases.fire import Fired, fire
from engine.cases.follow import comment
from engine.cases.key_copies import holders_of, people_among
from engine.cases.open_sealed import OpenedSealed, open_sealed
from engine.cases.plan import actions_for, plan_act
from engine.cases.stored import StoredCase, read_case
from engine.changes import ActionView, Plan, Refusal
from engine.definitions.library import read_library
from engine.definitions.model import Definition, Field
from engine.definitions.parse import parse_case_type
from engine.definitions.problems import Problems
from engine.definitions.tree import from_texts
from engine.disclosure.days import coarse
from engine.disclosure.keyring import RECEIPT, Keyring, hold, officer
from engine.disclosure.primitives import KeyPair, new_pair
from engine.errors import EffectFailed, NotFound
from engine.facts import REPORTER, CaseState, Command
from engine.organisation.models import Person
from engine.publishing import library
from engine.publishing.models import DefinitionVersion, Publication
from engine.publishing.revision import count_publication
from engine.timers.models import TimerRow
from engine.vocabulary import load
from tests.peopled import Peopled
from tests.sealed_office import a_key_of

ELSEWHERE = frozenset(("definition_versions", "publications", "publication_texts"))  # what authors wrote
MARK = "Kzq saksi"  # begins every marker; with a space, which base64 of ciphertext cannot hold by chance
AMOUNT = 870_319_224_551  # an answer that is a number
_numbers = itertools.count(1)


def marker() -> str:
    """A text nobody else writes."""
    return f"{MARK} {next(_numbers)}"


def store(session: Session, files: Mapping[str, str], case_type: str, region_id: int, now: datetime) -> Definition:
    """The definition counts for the region, whether or not it makes sense to its checks: the engine must hold all the
    same. Raises ValueError for one that cannot even be read."""
    problems = Problems()
    found = read_library(from_texts(files).groves[0], problems)
    parsed = parse_case_type(found.workflows[case_type], found.forms, load(), problems, templates=None)
    if problems.has_errors:
        raise ValueError(problems.sorted())
    definition = parsed.definition
    library._compiled[definition.digest] = definition  # as if an older program, with fewer checks, had stored it
    session.add(
        DefinitionVersion(
            digest=definition.digest, case_type=case_type, region_id=region_id, region_key=None, number=1,
            version="1.0.0", title={"id": "", "en": ""}, files=dict(files), stored_at=now,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        Publication(
            case_type=case_type, region_id=region_id, digest=definition.digest, counts_from=date(2026, 1, 1),
            published_at=now, reason="Uji",
        )
    )  # fmt: skip
    session.flush()
    count_publication(session, region_id)
    return definition


@dataclass
class SealedWalk:
    """One case, its people with their pairs of keys, and the receipt, which reads all the time."""

    session: Session
    definition: Definition
    peopled: Peopled
    random: Random
    now: datetime
    is_from_outside: bool = True
    pairs: dict[int, KeyPair] = field(default_factory=dict)
    receipt: KeyPair = field(default_factory=new_pair)
    case_id: int = 0
    done: int = 0
    written: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)  # markers that were taken in

    def __post_init__(self) -> None:
        for person_id in self.peopled.people.values():
            pair = self.pairs[person_id] = new_pair()
            self.session.add(a_key_of(self.session.get_one(Person, person_id), self.now, pair))
        self.session.flush()

    def open(self) -> bool:
        """Whether a case could be opened: some definitions put together at random hold nobody a case is for."""
        initiator = REPORTER if self.is_from_outside else self.peopled.people[self.peopled.initiator]
        self.at_work(None if self.is_from_outside else int(initiator))
        answers = {key: self.answer(one) for key, one in self.definition.fields.items()}
        first = {name: value for name, value in answers.items() if value is not None}
        for given in (first, {}):
            try:
                with self.session.begin_nested():
                    opened = open_sealed(
                        self.session, region_id=self.peopled.region.id, case_type=self.definition.case_type,
                        answers=given, receipt_public=self.receipt.public, declared=marker(), identity=marker(),
                        initiator=initiator, now=coarse(self.now, ZoneInfo(self.peopled.region.timezone)),
                    )  # fmt: skip
            except EffectFailed:
                return False
            if isinstance(opened, OpenedSealed):
                self.case_id = opened.case_id
                return True
        return False

    # -- keys -----------------------------------------------------------------------------------------------------

    def at_work(self, person: int | str | None) -> None:
        """Whose key the session holds; ``reporter`` is the receipt's."""
        if person is None:
            hold(self.session, None)
        elif person == REPORTER:
            hold(self.session, Keyring(RECEIPT, self.receipt, at=self.now))
        else:
            hold(self.session, Keyring(officer(int(person)), self.pairs[int(person)]))

    def read(self) -> StoredCase:
        """The case as who holds the receipt reads it."""
        self.at_work(REPORTER)
        return read_case(self.session, self.case_id, self.now)

    def holders(self) -> frozenset[int]:
        return people_among(holders_of(self.session, self.case_id))

    # -- steps ----------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Somebody does something, or time passes."""
        kind = self.random.random()
        if kind < 0.15:
            self.let_time_pass(timedelta(hours=self.random.choice((3, 30, 100))))
        elif kind < 0.25:
            self.act(self.anything())
        else:
            self.act(self.possible())

    def act(self, command: Command | None) -> None:
        """The act on paper (the facts, decided with the key) and in the store, with the actor's own key."""
        if command is None:
            return
        paper = self.read()
        facts = replace(paper.facts, now=self.now)
        decided = plan_act(self.definition, facts, command)
        self.at_work(command.actor)
        sees = command.actor == REPORTER or may_see(
            self.session, reader_of(self.session, int(command.actor), self.now), self.case_id
        )
        try:
            outcome = fire(self.session, self.case_id, command, now=self.now)
        except NotFound:
            assert not sees
            return
        assert sees
        if isinstance(decided, Refusal):
            assert isinstance(outcome, Refusal) and outcome.code == decided.code, (decided, outcome)
            assert self.read().row.revision == paper.row.revision
            return
        assert isinstance(outcome, Fired), (command, decided, outcome)
        self.done += 1
        if outcome.incident is None:
            self.agrees(decided)

    def agrees(self, plan: Plan) -> None:
        """What was stored is what was decided, to whomever it is offered."""
        stored = self.read().facts
        assert without_audiences(stored.state) == without_audiences(plan.after)
        wanted = {name: value for name, value in plan.answers.items() if value not in (None, [], ())}
        issued = {name for name, value in wanted.items() if value != stored.answers.get(name)}
        assert not issued or all(self.definition.fields[name].type in ("text", "file") for name in issued), issued

    def let_time_pass(self, span: timedelta) -> None:
        """What is due is done by the worker, or by whoever has the key afterwards."""
        self.now += span
        self.at_work(None)
        for _ in range(50):
            if run_due_timers(self.session, self.now, "walk", limit=5) == 0:
                break
        for person in sorted(self.holders()):
            self.at_work(person)
            catch_up(self.session, person, self.now)

    def possible(self) -> Command | None:
        """Something that somebody who holds a copy may do."""
        facts = self.read().facts
        people: list[Any] = sorted(self.holders())
        if self.is_from_outside:
            people.append(REPORTER)
        self.random.shuffle(people)
        views = {
            person: [view for view in actions_for(self.definition, facts, person) if view.refusal is None]
            for person in people
        }
        onward = [(person, view) for person, found in views.items() for view in found if self._goes_on(view)]
        others = [(person, view) for person, found in views.items() for view in found]
        chosen = onward if onward and self.random.random() < 0.9 else others if self.random.random() < 0.2 else ()
        if not chosen:
            return None
        person, view = self.random.choice(chosen)
        return Command(
            view.action, person, state=view.state or None, item=view.item, comment=self.text(),
            answers=self.answers(view.edits), new_attachments=1, to=self.somebody(), has_second_factor=True,
            assign=self.assigned(view.state),
        )  # fmt: skip

    def _goes_on(self, view: ActionView) -> bool:
        """Whether the act moves the case and does not end it: walks are to get far."""
        states = self.definition.states
        return bool(view.next_states) and not all(states[key].kind == "final" for key in view.next_states)

    def anything(self) -> Command:
        """Anything by anybody."""
        facts = self.read().facts
        actions = sorted({key for one in self.definition.states.values() for key in one.transitions})
        items = [None, *(task.item for task in facts.state.tasks.values())]
        return Command(
            self.random.choice([*actions, "claim", "release", "delegate", "recall"]),
            self.somebody() if self.random.random() < 0.7 or not self.is_from_outside else REPORTER,
            item=self.random.choice(items), comment=self.text(), to=self.somebody(),
        )  # fmt: skip

    def somebody(self) -> int:
        return self.random.choice(sorted(self.pairs))

    def assigned(self, state: str | None) -> dict[str, tuple[int, ...]]:
        found = self.definition.states.get(state or "")
        if found is None or found.task is None:
            return {}
        pool = [self.peopled.people[name] for name in self.peopled.pool]
        return {role: (self.random.choice(pool),) for role in found.task.assigns}

    def remark(self) -> None:
        """A remark of somebody who holds a copy."""
        for person in sorted(self.holders())[:1]:
            self.at_work(person)
            comment(self.session, self.case_id, person, self.text(), self.now)

    # -- answers --------------------------------------------------------------------------------------------------

    def text(self) -> str:
        text = marker()
        self.written.add(text)
        return text

    def answers(self, editable: Any) -> dict[str, Any]:
        found = {name: self.answer(self.definition.fields[name]) for name in editable if self.random.random() < 0.8}
        return {name: value for name, value in found.items() if value is not None}

    def answer(self, asked: Field) -> Any:
        """A value the field takes; every text in it is a marker."""
        options, random = asked.options, self.random
        if asked.type in ("text", "paragraph"):
            return self.text()
        if asked.type == "list" and options.get("of") in (None, "text", "paragraph"):
            return [self.text() for _ in range(random.randint(2, 3))]
        if asked.type == "list" and options.get("of") == "person":
            return [self.somebody() for _ in range(random.randint(0, 2))] if random.random() < 0.3 else None
        if asked.type == "table":
            row = {key: self.answer(column) for key, column in asked.columns.items()}
            return [{key: value for key, value in row.items() if value is not None} for _ in range(2)]
        if asked.type == "choice":
            return random.choice(list(options.get("options", ())) or [None])
        simple = {
            "person": lambda: self.somebody() if random.random() < 0.3 else None,
            "integer": lambda: random.randint(0, 3),
            "money": lambda: random.choice((3, 20, AMOUNT)),
            "date": lambda: (self.now + timedelta(days=random.randint(-2, 9))).date().isoformat(),
            "yes_no": lambda: random.random() < 0.2,
        }
        return simple[asked.type]() if asked.type in simple else None

    # -- what must hold -------------------------------------------------------------------------------------------

    def nothing_lies_open(self) -> None:
        """No table holds anything that was written, answered or declared."""
        self.session.flush()
        assert lying_open(self.session) == {}

    def is_caught_up(self) -> bool:
        """Whether nothing that was due is left for want of a key."""
        due = select(func.count()).select_from(TimerRow).where(
            TimerRow.case_id == self.case_id, TimerRow.due_at <= self.now, TimerRow.attempts == 0
        )  # fmt: skip
        return self.session.scalar(due) == 0


def lying_open(session: Session) -> dict[str, str]:
    """The tables that hold a marker in the open, each with the row."""
    found, connection = {}, session.connection()
    for table in metadata.sorted_tables:
        if table.name not in ELSEWHERE:
            for row in connection.exec_driver_sql(f"SELECT * FROM {table.name}"):
                words = repr(row)
                if MARK in words or str(AMOUNT) in words:
                    found[table.name] = words
    return found


def without_audiences(state: CaseState) -> CaseState:
    """To whom tasks are offered differs on purpose: in the store to single holders of a copy."""
    tasks = {number: replace(task, audiences=(), outside=()) for number, task in state.tasks.items()}
    act = None if state.last_act is None else replace(state.last_act, before=_plain(state.last_act.before))
    return replace(state, tasks=tasks, last_act=act)


def _plain(before: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = dict(before)
    if "t" in kept:
        kept["t"] = [[*row[:4], [], *row[5:11]] for row in kept["t"]]
    return kept
