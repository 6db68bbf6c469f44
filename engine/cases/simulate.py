"""Scenarios run on paper: each step done or refused as written, each expectation compared, the first miss told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.cases.expectations import Miss, expect, mapping
from engine.cases.migrating import BLOCKED, MIGRATED, NotMoved, plan_migration
from engine.cases.paper import Happened, PaperCase, read_given
from engine.cases.scenario_durations import read_duration
from engine.definitions.migration_plans import bound
from engine.definitions.model import Definition, Scenario
from engine.definitions.scenarios import Given
from engine.errors import InvalidInput
from engine.facts import Command
from engine.vocabulary import load

Begin = Callable[[Definition, Given], PaperCase]
_EXPECTED = ("expect", "refused")  # what a step expects does not change what it does
DRIVE_LIMIT = 100  # acts one ``drive`` may make before it counts as going nowhere


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """``step`` counts from 1, 0 for what is given; ``expected`` and ``actual`` are JSON-able, None when passed."""

    scenario: str
    passed: bool
    step: int | None = None
    expected: Any = None
    actual: Any = None

    def to_plain(self) -> dict[str, Any]:
        """As the command line prints it; the caller adds the file."""
        return {
            "scenario": self.scenario, "passed": self.passed, "step": self.step,
            "expected": self.expected, "actual": self.actual,
        }  # fmt: skip


class Roads:
    """Where cases of one definition came to: scenarios that begin alike are walked once as far as they agree."""

    def __init__(self, definition: Definition, begin: Begin = PaperCase) -> None:
        """``begin`` opens a case."""
        self.definition = definition
        self._begin = begin
        self._starts: dict[str, Stop] = {}

    def start(self, given: Mapping[str, Any]) -> Stop:
        """A case that has just been opened. Raises InvalidInput."""
        found = self._starts.get(repr(given))
        if found is None:
            case = self._begin(self.definition, read_given(self.definition, given))
            found = self._starts[repr(given)] = Stop(case, case.opening)
        return found


class Stop:
    """A case as it stands after some steps, and what the last one did. It is looked at and never moved."""

    __slots__ = ("_next", "case", "happened")

    def __init__(self, case: PaperCase, happened: Happened) -> None:
        self.case = case
        self.happened = happened
        self._next: dict[str, Stop] = {}

    def after(self, step: Mapping[str, Any]) -> Stop:
        """Where one more step leads. Raises InvalidInput, Miss."""
        key = repr(step) if "migrate" in step else repr([each for each in step.items() if each[0] not in _EXPECTED])
        found = self._next.get(key)
        if found is None:
            case = self.case.branch()
            found = self._next[key] = Stop(case, do_step(case, step))
        return found


def run_all(definition: Definition) -> tuple[ScenarioResult, ...]:
    """Every scenario of a definition, in the order written."""
    roads = Roads(definition)
    return tuple(run_on(roads, scenario) for scenario in definition.scenarios.values())


def run_scenario(definition: Definition, scenario: Scenario, begin: Begin = PaperCase) -> ScenarioResult:
    """Runs one scenario; stops at the first step that does not come out as written. ``begin`` opens the case."""
    return run_on(Roads(definition, begin), scenario)


def run_on(roads: Roads, scenario: Scenario) -> ScenarioResult:
    """Runs one of several scenarios of a definition."""
    number = 0
    try:
        here = roads.start(scenario.given)
        for step in scenario.steps:
            number += 1
            here = here.after(step)
            expect(here.case, step, here.happened)
    except Miss as miss:
        return ScenarioResult(scenario.key, False, number, miss.expected, miss.actual)
    except InvalidInput as error:
        return ScenarioResult(scenario.key, False, number, "a step that can be read", str(error))
    except OverflowError:
        return ScenarioResult(scenario.key, False, number, "a moment before the year 10000", None)
    return ScenarioResult(scenario.key, True)


# -- doing --------------------------------------------------------------------------------------------------------


def do_step(case: PaperCase, step: Mapping[str, Any]) -> Happened:
    """What a step does. Raises InvalidInput when it cannot be read, Miss when a drive does not arrive."""
    if "advance" in step:
        return case.advance(read_duration(case.definition, step["advance"]))
    if "drive" in step:
        return _drive(case, step)
    if "do" in step:
        return case.act(_command(step, str(step["do"]), step.get("as")))
    if "migrate" in step:
        return _migrate(case, step)
    raise InvalidInput("A step says do, drive, advance or migrate.")


def _migrate(case: PaperCase, step: Mapping[str, Any]) -> Happened:
    """A migration plan applied. A case the plan lets stay goes on as it is; one it does not cover is a miss, unless
    the step expects that incident."""
    plan = case.newest.migrations.get(str(step["migrate"]))
    if plan is None:
        raise InvalidInput(f"There is no migration {step['migrate']!r}.")
    if case.definition is case.newest:
        raise Miss({"version": plan.wanted}, {"version": case.definition.version})
    decision = plan_migration(bound(plan, case.definition, case.newest, load()), case.facts)
    if not isinstance(decision, NotMoved):
        is_moved = decision.entries[-1].action == MIGRATED
        return case.go_over(decision, case.newest if is_moved else case.definition)
    if not decision.is_blocked:
        return Happened()
    if mapping(step, "expect").get("incident") != BLOCKED:
        raise Miss(
            {"migrate": plan.key},
            {"incident": BLOCKED, "because": {"id": decision.reason.id, "en": decision.reason.en}},
        )
    return Happened(incidents=[BLOCKED])


def _command(step: Mapping[str, Any], action: str, person: Any) -> Command:
    given = mapping(step, "with")
    attachments = given.get("attachments") or ()
    state = step.get("in")
    if not (state is None or isinstance(state, str)):
        raise InvalidInput("in names a state.")
    return Command(
        action, "" if person is None else str(person), state=state,
        item=None if step.get("item") is None else str(step["item"]),
        comment=str(given.get("comment") or ""), answers=dict(mapping(given, "data")),
        assign={str(role): _names(people) for role, people in mapping(given, "assign").items()},
        to=None if given.get("to") is None else str(given["to"]), revision=_whole(given.get("revision")),
        new_attachments=len(attachments) if isinstance(attachments, list | tuple) else (_whole(attachments) or 0),
        has_second_factor=bool(given.get("second_factor")),
    )  # fmt: skip


def _whole(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int):
        raise InvalidInput(f"{value!r} is no whole number.")
    return int(value)


def _names(people: Any) -> tuple[str, ...]:
    if people is None:
        return ()
    return tuple(map(str, people)) if isinstance(people, list | tuple) else (str(people),)


def _drive(case: PaperCase, step: Mapping[str, Any]) -> Happened:
    action, target = str(step["drive"]), step.get("until")
    if not isinstance(target, str):
        raise InvalidInput("drive says until which state.")
    total = Happened()
    for _ in range(DRIVE_LIMIT):
        if target in case.facts.state.active:
            return total
        happened = _driven(case, step, action)
        if happened.refusal is not None:
            total.refusal = happened.refusal
            return total
        _add(total, happened)
    raise Miss({"reached": target}, {"states": list(case.leaves)})


def _driven(case: PaperCase, step: Mapping[str, Any], action: str) -> Happened:
    first: Happened | None = None
    for person in tuple(case.everybody()):
        happened = case.act(_command(step, action, person))
        if happened.refusal is None:
            return happened
        first = first or happened
    return first or case.act(_command(step, action, None))


def _add(total: Happened, more: Happened) -> None:
    total.fired += more.fired
    total.incidents += more.incidents
    total.mails += more.mails
    total.decided.update(more.decided)
    total.on_behalf_of = more.on_behalf_of
