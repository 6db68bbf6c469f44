"""The scenario to write: the way to the place of a change, taken from scenarios there are, and the step that shows it.

A suggestion that passes as the definition is and fails with the change is *proved*; otherwise it is a beginning, with
a line that says what is still to be filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.cases.coverage import Watched
from engine.cases.expectations import Miss
from engine.cases.paper import read_given
from engine.cases.simulate import do_step, run_scenario
from engine.cases.strength import Strength
from engine.cases.strength_acts import Idea, Standing, workers
from engine.cases.strength_steps import ideas
from engine.definitions.model import Definition, Scenario, Text
from engine.definitions.mutations import Mutation
from engine.definitions.strength import mutated
from engine.errors import InvalidInput

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*( [A-Za-z0-9_.-]+)*\Z")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_MOST_WAYS = 4  # ways to a place that are tried before a suggestion is left unproved


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``text`` is YAML to put under ``scenarios``; ``is_proved`` tells that it catches the change as it stands."""

    text: str
    is_proved: bool


@dataclass(slots=True)
class Way:
    """How to come to a state: what is given, the steps, and the case as it stands there."""

    given: Mapping[str, Any]
    steps: list[Mapping[str, Any]]
    case: Standing


def to_write(strength: Strength, mutation: Mutation) -> tuple[Suggestion, Text]:
    """The scenario that would notice a change, and a line on what is still missing in it (empty when proved)."""
    definition = strength.case_type.definition
    changed = mutated(strength.case_type, mutation)[0].definition
    first: tuple[Way, Idea] | None = None
    for way, idea in _thoughts(strength, mutation):
        given, steps = merged(way, idea)
        if idea.missing is None and _catches(definition, changed, given, steps):
            return Suggestion(written(_name(mutation), given, steps), True), Text("", "")
        first = first or (way, idea)
    if first is None:
        missing = Text(f'belum ada skenario yang sampai ke "{mutation.state}"',
                       f'no scenario comes to "{mutation.state}" yet')  # fmt: skip
        fixture = next(iter(definition.fixtures), None)
        given = {} if fixture is None else {"uses": fixture}
        return Suggestion(written(_name(mutation), given, []), False), missing
    given, steps = merged(*first)
    missing = first[1].missing or Text(
        "lengkapi langkah atau harapan ini: belum membedakan", "complete this: it does not tell the two apart yet"
    )
    return Suggestion(written(_name(mutation), given, steps), False), missing


def _thoughts(strength: Strength, mutation: Mutation) -> Iterator[tuple[Way, Idea]]:
    for way in _ways(strength, mutation):
        try:
            for idea in ideas(strength.case_type.definition, mutation, way.case):
                yield way, idea
        except InvalidInput:  # a clock that would fire without end
            continue


def _catches(definition: Definition, changed: Definition, given: Mapping[str, Any], steps: Sequence[Any]) -> bool:
    scenario = Scenario("suggested", given, tuple(steps))
    return run_scenario(definition, scenario).passed and not run_scenario(changed, scenario).passed


def merged(way: Way, idea: Idea) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """What is given and done when an idea is added to the way to its place."""
    given = dict(way.given)
    for key, value in idea.given.items():
        old = given.get(key)
        given[key] = {**old, **value} if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    steps = list(way.steps)
    if idea.expect and steps:
        steps[-1] = {**steps[-1], "expect": idea.expect}
    return given, [*steps, *idea.steps]


# -- the way there ------------------------------------------------------------------------------------------------


def _ways(strength: Strength, mutation: Mutation) -> Iterator[Way]:
    """Ways to where a change can be seen, the shortest scenarios first."""
    definition = strength.case_type.definition
    passing = [each for each in strength.watched if each.result.passed]
    examples = [
        _bare(step) for each in passing for step in each.scenario.steps if "do" in step and "refused" not in step
    ]
    for state in _places(definition, mutation):
        through = [each for each in passing if state is None or f"in:{state}" in each.marks]
        through.sort(key=lambda each: len(flow(each.scenario.given)) + len(flow(each.scenario.steps)))
        for each in through[:_MOST_WAYS]:
            way = _way(definition, each, state)
            if way is not None:
                way.case.examples = examples
                yield way


def _places(definition: Definition, mutation: Mutation) -> list[str | None]:
    """Where a change can be seen: its state; of a power or a separation every state with such work."""
    if mutation.state:
        return [mutation.state]
    if mutation.kind == "power":
        return [key for key, state in definition.states.items() if _offers(definition, key, mutation.action)]
    if mutation.kind == "separation":
        applies = definition.separation_of_duties[mutation.name].applies_to
        return [key for key in definition.states if applies & set(workers(definition, key))]
    sla = definition.slas.get(mutation.name)
    return [None] if sla is None else [start.partition(".")[0] for start in sla.start]


def _offers(definition: Definition, key: str, action: str) -> bool:
    state = definition.states[key]
    if state.approval is not None:
        return action in (state.approval.accept, state.approval.refuse)
    here: str | None = key
    while here is not None:
        if action in definition.states[here].transitions:
            return True
        here = definition.states[here].parent
    return False


def _way(definition: Definition, watched: Watched, state: str | None) -> Way | None:
    """The steps of a scenario until the state is active; what they expect, and what is refused, is left out. A state
    that is only passed is reached when it has been."""
    given = watched.scenario.given
    marks: set[str] = set()
    try:
        case = Standing(marks, definition, read_given(definition, given))
        steps: list[Mapping[str, Any]] = []
        if state is None or state in case.facts.state.active:
            return Way(given, steps, case)
        for step in watched.scenario.steps:
            if "refused" in step:
                continue
            bare = _bare(step)
            before = case.facts
            marks.clear()
            do_step(case, bare)
            steps.append(bare)
            if f"in:{state}" not in marks:
                continue
            if "drive" in bare and state not in case.facts.state.active and _rests(definition, state):
                case.facts = before
                steps[-1] = {**bare, "until": state}
                do_step(case, steps[-1])
            return Way(given, steps, case)
    except (InvalidInput, Miss):
        return None
    return None


def _bare(step: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in step.items() if key != "expect"}


def _rests(definition: Definition, state: str) -> bool:
    return not any(each.guard is None for each in definition.states[state].always)


# -- writing it down ----------------------------------------------------------------------------------------------


def _name(mutation: Mutation) -> str:
    words = [mutation.kind, mutation.action.rpartition(".")[2], mutation.state, mutation.name]
    joined = "_".join(word for word in words if re.fullmatch(r"[a-z][a-z0-9_]*", word))
    return joined[:60]


def written(name: str, given: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> str:
    """One scenario as YAML, a step a line."""
    lines = [f"{name}:", f"  given: {flow(given)}", "  steps:" if steps else "  steps: []"]
    return "\n".join([*lines, *(f"    - {flow(step)}" for step in steps)])


def flow(value: Any) -> str:
    """Plain values as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str) and not (_PLAIN.match(value) and value.lower() not in _WORDS):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
