"""What scenarios pass through, recorded as they run: arrows taken, rules that refused somebody, regions finished last.

A mark is a text, ``kind:place``: ``in:review``, ``taken:review.approve``, ``guard:draft.submit``,
``requires:review.return.comment``, ``excluded:review.drafter``, ``duty:rule``, ``weak:daily_executor`` (a stand-in
without the power), ``last:parallel.region``, ``fired:state.timer``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.cases.checks import places
from engine.cases.handling import ACTS, open_tasks
from engine.cases.paper import Happened, PaperCase
from engine.cases.people import excluded_people, routes_of
from engine.cases.simulate import ScenarioResult, run_scenario
from engine.cases.standing_in import has_power
from engine.cases.step import Step
from engine.changes import Plan
from engine.definitions.expressions import Expression
from engine.definitions.model import Definition, Scenario, State
from engine.definitions.scenarios import Given
from engine.definitions.scope import ExpressionFault, Scope
from engine.facts import CaseFacts, CaseState, Command, PersonId

REQUIRED: Mapping[str, str] = {
    "comment_required": "comment",
    "attachment_required": "attachment",
    "second_factor_required": "second_factor",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """How a scenario came out, and what it passed through."""

    scenario: Scenario
    result: ScenarioResult
    marks: frozenset[str]


def watch_all(definition: Definition) -> tuple[Watched, ...]:
    """Every scenario of a definition, watched, in the order written."""
    marks: set[str] = set()
    probed = _with_probes(definition, marks)
    found = []
    for scenario in definition.scenarios.values():
        marks.clear()
        result = run_scenario(probed, scenario, lambda definition, given: WatchedCase(marks, definition, given))
        found.append(Watched(scenario, result, frozenset(marks)))
    return tuple(found)


# -- guards -------------------------------------------------------------------------------------------------------


def _with_probes(definition: Definition, marks: set[str]) -> Definition:
    """The definition with guards that note when they do not hold."""
    return replace(definition, states={key: _probed(state, marks) for key, state in definition.states.items()})


def _probed(state: State, marks: set[str]) -> State:
    transitions = {
        action: replace(arrow, guard=_probe(arrow.guard, f"guard:{state.key}.{action}", marks))
        for action, arrow in state.transitions.items()
    }
    always = tuple(
        replace(each, guard=_probe(each.guard, f"guard:{state.key}.always.{each.key}", marks)) for each in state.always
    )
    return replace(state, transitions=transitions, always=always)


def _probe(guard: Expression | None, mark: str, marks: set[str]) -> Expression | None:
    if guard is None:
        return None
    run: Callable[[Scope], Any] = guard.run

    def noted(scope: Scope) -> Any:
        try:
            value = run(scope)
        except Exception:
            marks.add(mark)
            raise
        if not value:
            marks.add(mark)
        return value

    return replace(guard, run=noted)


# -- acts and their refusals --------------------------------------------------------------------------------------


class WatchedCase(PaperCase):
    """A case on paper that notes what it passes through in ``marks``."""

    def __init__(self, marks: set[str], definition: Definition, given: Given) -> None:
        self.marks = marks
        super().__init__(definition, given)

    def act(self, command: Command) -> Happened:
        """As on paper; a refusal is noted with the rule that refused."""
        happened = super().act(command)
        if happened.refusal is not None:
            self.marks.update(refused_by(self.definition, self.facts, command, happened.refusal.code))
        return happened

    def keep(self, plan: Plan, happened: Happened) -> None:
        """As on paper; arrows, timers, states and regions are noted."""
        self.marks.update(f"in:{key}" for entry in plan.entries for key in entry.entered)
        self.marks.update(f"taken:{arrow}" for arrow in plan.taken)
        self.marks.update(f"fired:{timer}" for timer in plan.fired)
        self.marks.update(_finished_last(self.definition, plan))
        super().keep(plan, happened)


def refused_by(definition: Definition, facts: CaseFacts, command: Command, code: str) -> Iterator[str]:
    """The rules by which an act was refused with ``code``, as marks; those of the place that answered."""
    step = Step(definition, facts, command.actor, command.comment)
    found = places(step, command.action, command.state)
    if not found:
        tasks = open_tasks(step, command.state) if command.action in ACTS else []
        for task in tasks[:1]:
            yield from _kept_out(step, code, task.state, task.roles, command.actor, command.action)
        return
    known = found[0].known
    if code in REQUIRED:
        yield f"requires:{known.source}.{known.transition.action}.{REQUIRED[code]}"
        return
    holder = known.source if known.is_vote else known.holder
    roles = known.transition.by if not known.is_vote else ()
    if not roles and holder is not None:
        roles = tuple(dict.fromkeys(role for task in step.tasks_of(holder) for role in task.roles))
    yield from _kept_out(step, code, holder, roles, command.actor, command.action)


def _kept_out(
    step: Step, code: str, state: str | None, roles: Iterable[str], person: PersonId, action: str
) -> Iterator[str]:  # fmt: skip
    if code == "excluded" and state is not None:
        work = step.chart.work(state)
        for name in () if work is None else work.excluded:
            if person in excluded_people(step, [name]):
                yield f"excluded:{state}.{name}"
    elif code == "separation_of_duties":
        for role in roles:
            if any(route.seat.person == person for route in routes_of(step, [role])):
                yield from _conflicts(step, role, person)
    elif code == "not_within_acting_powers":
        for route in routes_of(step, roles):
            if route.seat.person == person and not has_power(step, route.seat, frozenset({action})):
                yield f"weak:{route.seat.kind}"


def _conflicts(step: Step, role: str, person: PersonId) -> Iterator[str]:
    for rule in step.chart.duties.get(role, ()):
        try:
            holds = bool(rule.exclude_when.evaluate(step.scope(user=person)))
        except ExpressionFault:
            holds = True
        if holds:
            yield f"duty:{rule.key}"


# -- regions ------------------------------------------------------------------------------------------------------


def _finished_last(definition: Definition, plan: Plan) -> Iterator[str]:
    """The regions whose end met the join of their parallel state in this step."""
    entered = {key for entry in plan.entries for key in entry.entered}
    for arrow in plan.taken:
        key, _, action = arrow.rpartition(".")
        state = definition.states.get(key)
        if state is None or state.kind != "parallel" or action != "done":
            continue
        before = _finished(definition, state, plan.before)
        for child in state.children:
            inner = definition.states[child]
            if inner.kind == "final" and child in entered and inner.region not in before:
                yield f"last:{key}.{inner.region}"


def _finished(definition: Definition, state: State, case: CaseState) -> set[str | None]:
    states = definition.states
    return {states[child].region for child in state.children if child in case.active and states[child].kind == "final"}
