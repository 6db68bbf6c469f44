"""Cases at any moment of a random walk go over to a version that says the same: nothing of them changes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from engine.cases.migrating import NotMoved, plan_migration
from engine.cases.paper import PaperCase, read_given
from engine.cases.simulate import run_all
from engine.changes import Plan
from engine.definitions.migration_plans import MigrationPlan, bound
from engine.definitions.model import Definition, Duration, Text
from engine.errors import InvalidInput
from engine.facts import CaseState
from engine.vocabulary import load
from tests.engine.cases.inventing import GIVEN, invented
from tests.engine.cases.test_invented_definitions import _command as command_of
from tests.engine.cases.test_random_walks import coherent, excluded_are_no_candidates
from tests.engine.cases.walking import WALKED


def a_plan(**policies: str) -> MigrationPlan:
    policies = {"tasks": "keep", "votes": "keep", "timers": "keep", "slas": "keep", **policies}
    return MigrationPlan(
        key="twin", title=Text("", ""), wanted="*", select=None, states={}, renamed={}, dropped=frozenset(),
        computed={}, ask=(), notify=(), **policies,
    )  # fmt: skip


def twin_of(definition: Definition) -> Definition:
    return replace(definition, version="99.0.0")


def standing(state: CaseState) -> Mapping[str, Any]:
    """What must not change: all but who may still take an act back, votes that come late and change nothing, and whose
    tasks are, which is asked anew."""
    tasks = {
        number: (task.state, task.entry, task.place, task.item, task.due_at, set(task.roles))
        for number, task in state.tasks.items()
        if state.active.get(task.state) == task.entry
    }  # fmt: skip
    extras = {name: value for name, value in state.extras.items() if name not in ("late", "events", "burst")}
    kept = sorted(map(repr, state.kept_votes))
    return {
        "active": dict(state.active), "tasks": tasks, "votes": sorted(map(repr, state.votes)), "kept": kept,
        "timers": dict(state.timers), "slas": dict(state.slas), "history": dict(state.history),
        "performers": dict(state.performers), "case_roles": dict(state.case_roles), "extras": extras,
        "raised": state.raised,
    }  # fmt: skip


def walked(definition: Definition, seed: int) -> None:
    """Walks at random; at every step the case could go over, and now and then it does."""
    chosen = random.Random(seed)
    try:
        case = PaperCase(definition, read_given(definition, GIVEN))
    except InvalidInput:
        return
    for _ in range(30):
        if case.facts.state.is_ended:
            return
        here, twin = case.definition, twin_of(case.definition)
        plan = plan_migration(bound(a_plan(), here, twin, load()), case.facts)
        assert isinstance(plan, Plan), plan
        assert standing(plan.after) == standing(case.facts.state)
        assert plan.answers_changed is None
        anew = a_plan(tasks="reopen", votes="drop", timers="restart", slas="restart")
        other = plan_migration(bound(anew, here, twin, load()), case.facts)
        if isinstance(other, NotMoved):  # a timer or an automatic step that is due at once has an effect that fails
            assert other.reason.en.startswith("An effect fails"), other
        if chosen.random() < 0.2:
            case.go_over(plan if isinstance(other, NotMoved) or chosen.random() < 0.5 else other, twin)
            coherent(case)
            excluded_are_no_candidates(case)
        command = command_of(case, chosen)
        if command is None:
            case.advance(Duration(chosen.choice(["working_days", "hours"]), chosen.choice([0, 1])))
        else:
            case.act(command)
        coherent(case)


@pytest.mark.parametrize("seed", range(60))
def test_a_case_of_an_invented_type_goes_over_unchanged(seed: int) -> None:
    definition = invented(seed)
    if definition is not None:
        walked(definition, seed)


@pytest.mark.parametrize("name", sorted(WALKED))
def test_every_scenario_of_the_examples_passes_after_going_over_at_any_step(name: str) -> None:
    definition = WALKED[name]()[0]
    twin = twin_of(definition)
    for scenario in definition.scenarios.values():
        given = {**scenario.given, "version": definition.version}
        going = {}
        for at in range(len(scenario.steps) + 1):
            steps = (*scenario.steps[:at], {"migrate": "twin"}, *scenario.steps[at:])
            going[str(at)] = replace(scenario, key=str(at), given=given, steps=steps)
        moved = replace(
            twin, migrations={"twin": a_plan()}, extras={"older": {definition.version: definition}}, scenarios=going,
        )  # fmt: skip
        for result in run_all(moved):
            assert result.passed, result
