"""Random walks through a shipped definition: what people do, try and leave undone, made from whole numbers.

A step is six small numbers, so that a walk that fails can be shrunk, and a long one drawn from ``random``. What they
mean depends on where the case stands: most steps do something that is possible, others are wrong in some way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.chart import chart_of
from engine.cases.plan import actions_for
from engine.changes import ActionView
from engine.definitions.model import Definition, Duration, Field
from engine.definitions.scenarios import merged_given
from engine.facts import Command
from engine.organisation.models import Region
from engine.publishing import library
from engine.publishing.publish import publish
from engine.vocabulary import load
from tests.peopled import Peopled
from tests.shipped import shipped as all_shipped
from tests.twins import Twins, known_actions

ROOT = Path(__file__).resolve().parents[1]
Step = tuple[int, int, int, int, int, int]

CLOCK = (
    Duration("hours", 5), Duration("days", 1), Duration("working_days", 1), Duration("working_days", 3),
    Duration("working_days", 7), Duration("working_days", 30), Duration("days", 90),
)  # fmt: skip
NOTHING: Sequence[Any] = (None, "", [])
ODD: Sequence[Any] = (
    None, "", "x", -1, 0, 10**19, "10 juta", "1.000", [], ["x", ""], [None], {"a": 1}, True, "2026-02-30", "x" * 21000,
)  # fmt: skip


@cache
def shipped() -> dict[str, Path]:
    """Every definition there is under ``workflows/``, with its file: those for all, and each region's."""
    return {name: Path(file) for name, file in all_shipped().files.items()}


def unsealed(text: str) -> str:
    """A copy that may be stored while there is no sealed store: without ``confidentiality``, without what only a
    sealed case type has (``visibility``), and without the seal on these keys."""
    kept, is_dropping = [], False
    for line in text.splitlines(keepends=True):
        if line[:1] not in (" ", "#", "\n"):
            is_dropping = line.startswith(("confidentiality:", "visibility:"))
        if not is_dropping and not line.startswith("  confidentiality:"):
            kept.append(line)
    return "".join(kept)


OPENS = re.compile(r"open_case: \{case_type: (\w+)")


def published(session: Session, name: str, region: Region, now: datetime) -> Definition:
    """The definition, published for this region as it is shipped, or its unsealed copy, and what its steps open: on
    paper that is only told, in the store it has to be there."""
    case_type, _, is_regional = name.partition(".")
    files = [ROOT / "workflows" / f"{case_type}.yaml", *sorted((ROOT / "forms_config").glob("*.yaml"))]
    if is_regional:
        folder = shipped()[name].parent.name
        files += [ROOT / shipped()[name], *sorted((ROOT / "forms_config" / "regions" / folder).glob("*.yaml"))]
    texts = {path.relative_to(ROOT).as_posix(): unsealed(path.read_text(encoding="utf-8")) for path in files}
    opened = OPENS.findall(texts[f"workflows/{case_type}.yaml"])
    for other in sorted(set(opened) - {case_type}):
        published(session, other, region, now)
    version = publish(
        session, texts, case_type, reason="Uji", by=None, region=region.id, vocabulary=load(), now=now,
        prove=lambda definition: (),
    )  # fmt: skip
    return library.definition(session, version.digest, load())


class Walker:
    """Takes steps with both twins."""

    def __init__(self, twins: Twins, bank: Mapping[str, Sequence[Any]]) -> None:
        self.twins, self.bank = twins, bank
        self.actions = known_actions(twins.definition)
        self.everybody = list(twins.peopled.people)

    def take(self, step: Step) -> None:
        kind, who, what, how, value, more = step
        paper = self.twins.paper
        if kind == 0:
            self.twins.advance(CLOCK[what % len(CLOCK)])
        elif kind == 1:
            self._try_anything(who, what, how, value, more)
        elif kind == 2:
            self._handle(who, what, how)
        else:
            able = list(dict.fromkeys(map(str, paper.candidates())))
            if kind == 3 or not able:  # those whose turn it is not may still do some things: withdraw, declare, pause
                able = self.everybody
            self._follow(able[who % len(able)], what, how, value, more)
        self.twins.views_agree(self.everybody[(who + what) % len(self.everybody)])

    def _follow(self, person: str, what: int, how: int, value: int, more: int) -> None:
        """Something this person may do now, with what it asks for; mostly."""
        paper = self.twins.paper
        views = [
            view for view in actions_for(paper.definition, paper.facts, person) if view.refusal is None or how == 0
        ]
        if not views:
            return
        onward = [view for view in views if self._leads_on(view)]
        view = (onward or views)[what % len(onward or views)] if what % 7 else views[what % len(views)]
        command = Command(
            view.action, person, state=view.state or None, item=view.item, comment="" if how == 1 else "Karena",
            answers=self._answers(view.state, how, value, more), assign=self._assigned(view.state, value, more),
            to=self._other(more), new_attachments=0 if how == 2 else 1, has_second_factor=how != 3,
            revision=paper.facts.revision - (how == 4) if how < 6 else None,
        )  # fmt: skip
        self.twins.act(command)

    def _leads_on(self, view: ActionView) -> bool:
        """Whether an act moves the case without ending it: walks are to get far."""
        states = self.twins.definition.states
        return bool(view.next_states) and not all(
            states[key].kind == "final" and states[key].parent is None for key in view.next_states
        )

    def _try_anything(self, who: int, what: int, how: int, value: int, more: int) -> None:
        states = [*self.twins.paper.leaves, *self.twins.definition.states, None, None]
        items = [None, None, *(task.item for task in self.twins.paper.facts.state.tasks.values())]
        state = states[how % len(states)]
        command = Command(
            self.actions[what % len(self.actions)], self.everybody[who % len(self.everybody)], state=state,
            item=items[more % len(items)], comment="x" if value % 3 else "",
            answers=self._answers(state, how, value, more), to=self._other(more), new_attachments=value % 2,
        )  # fmt: skip
        self.twins.act(command)

    def _handle(self, who: int, what: int, how: int) -> None:
        """Take a task, give it back, hand it on, take back the last act."""
        able = list(dict.fromkeys(map(str, self.twins.paper.candidates()))) or self.everybody
        action = ("claim", "claim", "release", "assign", "delegate", "recall", "recall")[what % 7]
        person = self.everybody[who % len(self.everybody)] if how == 0 else able[who % len(able)]
        last = self.twins.paper.facts.state.last_act
        if action == "recall" and last is not None and how > 1:
            person = str(last.person)
        self.twins.act(Command(action, person, comment="Cuti", to=self._other(who + how)))

    def _other(self, number: int) -> str:
        return self.everybody[number % len(self.everybody)]

    def _answers(self, state: str | None, how: int, value: int, more: int) -> dict[str, Any]:
        """For a few or all of the fields the state edits: values of the definition's own scenarios, or odd ones."""
        if state is None or state not in self.twins.definition.states or how == 5:
            return {}
        _, editable = chart_of(self.twins.definition).edits(state)
        fields = sorted(set(editable) & set(self.bank))
        answers: dict[str, Any] = {}
        for number, field in enumerate(fields):
            values = self.bank[field]
            if values and (how > 8 or (value + number) % 4):
                answers[field] = values[(more + number) % len(values)]
        if how == 6 and fields:
            field = fields[value % len(fields)]
            answers[field] = self._odd(field, more)
        if how == 7 and value % 3 == 0:
            everything = sorted(self.twins.definition.fields)
            field = everything[more % len(everything)]
            answers[field] = self._odd(field, value)
        return answers

    def _odd(self, field: str, number: int) -> Any:
        """Something nobody asked for. Names nobody has are left out: on paper anybody may be named."""
        asked = self.twins.definition.fields[field]
        odd = NOTHING if _names_somebody(asked) else ODD
        return odd[number % len(odd)]

    def _assigned(self, state: str | None, value: int, more: int) -> dict[str, tuple[str, ...]]:
        found = self.twins.definition.states.get(state or "")
        if found is None or found.task is None or not value % 4:
            return {}
        roles, pool = self.twins.definition.roles, self.twins.peopled.pool
        chosen = {}
        for number, role in enumerate(found.task.assigns):
            count = 2 if roles[role].options.get("cardinality") == "many" else 1
            chosen[role] = tuple(dict.fromkeys(pool[(more + number + each) % len(pool)] for each in range(count)))
        return chosen


def _names_somebody(field: Field) -> bool:
    named = {"person", "unit", "position", "reference"}
    kinds = {field.type, field.options.get("of"), *(column.type for column in field.columns.values())}
    return bool(named & kinds) or any(_names_somebody(column) for column in field.columns.values() if column.columns)


def answer_bank(definition: Definition, peopled: Peopled) -> dict[str, list[Any]]:
    """By field, the answers its fixtures and scenarios give, with the people and units of this region."""
    found: dict[str, list[Any]] = {}
    given = [merged_given({"uses": name}, definition.fixtures).get("data") or {} for name in definition.fixtures]
    for scenario in definition.scenarios.values():
        given.append(merged_given(scenario.given, definition.fixtures).get("data") or {})
        given += [(step.get("with") or {}).get("data") or {} for step in scenario.steps]
    for data in given:
        for name, value in data.items():
            if name in definition.fields:
                local = _local(definition.fields[name], value, peopled)
                if local not in found.setdefault(name, []):
                    found[name].append(local)
    for name, field in definition.fields.items():
        if field.type in ("person", "list") and (field.type == "person" or field.options.get("of") == "person"):
            people = list(peopled.people)
            found[name] = people if field.type == "person" else [[], people[:1], people[2:4], list(peopled.pool)]
        elif field.type == "unit":
            found[name] = [peopled.concerned]
        elif field.type == "yes_no":
            found[name] = [False, False, True]
        elif field.type == "choice":
            found[name] = [*found.get(name, ()), *field.options.get("options", ())]
    return found


def _local(field: Field, value: Any, peopled: Peopled) -> Any:
    if field.type == "table" and isinstance(value, list | tuple):
        columns = field.columns
        return [
            {key: _local(columns[key], cell, peopled) if key in columns else cell for key, cell in row.items()}
            if isinstance(row, Mapping) else row
            for row in value
        ]  # fmt: skip
    if field.type == "person":
        return peopled.pool[0]
    if field.type == "unit":
        return peopled.concerned
    return list(value) if isinstance(value, tuple) else value


def opening_answers(definition: Definition, bank: Mapping[str, Sequence[Any]], random: Random) -> dict[str, Any]:
    """What whoever opens the case could have typed: the first task's fields, as the scenarios have them."""
    chart = chart_of(definition)
    first = next(key for key in chart.entry((None, None), definition.initial) if chart.work(key) is not None)
    _, editable = chart.edits(first)
    return {field: random.choice(bank[field]) for field in sorted(editable) if bank.get(field)}


def random_step(random: Random) -> Step:
    """Six small numbers; most steps do what is asked, so that a walk gets far."""
    kind = random.randrange(4, 12) if random.randrange(4) else random.randrange(4)
    how = random.randrange(9, 24) if random.randrange(6) else random.randrange(9)
    return kind, random.randrange(60), random.randrange(60), how, random.randrange(60), random.randrange(60)
