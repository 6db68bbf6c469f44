"""Ideas for the step that shows who may not act: what is required, who is kept out, a veto, a stand-in's power."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from engine.cases.chart import chart_of
from engine.cases.people import excluded_people, is_conflicted, own_holders
from engine.cases.step import Step
from engine.cases.strength_acts import EVERYTHING, MOST_ACTS, Idea, Standing, doers, outcome, try_step, workers
from engine.definitions.model import Definition, Text
from engine.definitions.mutations import Mutation

STAND_IN = "stand_in"


def requires(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    """The act without what it requires."""
    state = definition.states[mutation.state]
    action = mutation.action
    if state.approval is not None and action in ("approved", "rejected"):
        action = state.approval.accept if action == "approved" else state.approval.refuse
    word = "attachments" if mutation.name == "attachment" else mutation.name
    for step in doers(case, action, mutation.state):
        left = {key: value for key, value in step.get("with", {}).items() if key != word}
        bare = {key: value for key, value in step.items() if key != "with"}
        yield Idea([{**bare, **({"with": left} if left else {}), "refused": f"{mutation.name}_required"}])


def excluded(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    """Whoever is kept out, holding a role that works there as well."""
    step = Step(definition, case.facts)
    for person in sorted(map(str, excluded_people(step, [mutation.name]))):
        yield from _as_well(definition, mutation.state, person, case, "excluded")


def _as_well(
    definition: Definition, state: str, person: str, case: Standing, code: str, roles: Iterable[str] | None = None
) -> Iterator[Idea]:  # fmt: skip
    """Somebody also holds a role that works there, and is refused."""
    actions = sorted(chart_of(definition).candidate_actions(state))
    by = [action for action, arrow in definition.states[state].transitions.items() if arrow.by]
    for role in workers(definition, state):
        if roles is not None and role not in roles:
            continue
        users = [*case.given.users.get(role, ())]
        given = {"users": {role: [*users, person]}} if person not in users else {}
        for action in [*actions, *by][:MOST_ACTS]:
            yield Idea([{"as": person, "do": action, "in": state, "refused": code}], given)


def separation(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    """Somebody for whom the rule holds, in a role it holds for."""
    rule, code = definition.separation_of_duties[mutation.name], "separation_of_duties"
    step = Step(definition, case.facts)
    role = next(iter(sorted(rule.applies_to)))
    state = next((key for key in reversed(case.leaves) if rule.applies_to & set(workers(definition, key))), None)
    if state is None:
        return
    for person in dict.fromkeys(map(str, case.everybody())):
        if is_conflicted(step, role, person):
            yield from _as_well(definition, state, person, case, code, rule.applies_to)
    for name in sorted(rule.exclude_when.names):
        for role in (role for role in workers(definition, state) if role in rule.applies_to):
            for holder in map(str, own_holders(step, role)):
                for idea in _as_well(definition, state, holder, case, code, (role,)):
                    yield replace(idea, given={**idea.given, "data": {name: holder}})
    missing = Text(
        f"pilih orang yang memenuhi: {rule.exclude_when.text}",
        f"choose somebody for whom this holds: {rule.exclude_when.text}",
    )
    yield Idea(missing=missing)


def veto(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    """The first refusal, by whoever has the veto."""
    approval = definition.states[mutation.state].approval
    places = () if approval is None else approval.approvers
    step = Step(definition, case.facts)
    for role in (role for place in places if place.key == mutation.name for role in place.candidates):
        for person in own_holders(step, role):
            act = {"as": str(person), "do": mutation.action, "in": mutation.state, "with": {"comment": "noted"}}
            yield Idea([{**act, "expect": outcome(try_step(case, act)[0])}])


def power(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    """A stand-in who uses the power."""
    for state in case.leaves:
        for role in workers(definition, state):
            act: dict[str, Any] = {"as": STAND_IN, "do": mutation.action, "in": state}
            known = chart_of(definition).known(state).get(mutation.action)
            asked = () if known is None else known.transition.requires
            words = {"comment"} if "comment" in asked or (known is not None and not known.accepts) else set()
            words |= {"attachments"} if "attachment" in asked else set()
            words |= {"second_factor"} if "second_factor" in asked else set()
            if words:
                act["with"] = {word: EVERYTHING[word] for word in EVERYTHING if word in words}
            yield Idea([act], {"acting": {role: {"user": STAND_IN, "kind": mutation.name}}})
