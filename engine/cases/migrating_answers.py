"""The answers of a case as a newer version's fields: carried on, renamed, given up or worked out anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.cases.answers import given_answers, to_store
from engine.cases.calculated import computed, defaults
from engine.cases.migrating_refused import NotCovered
from engine.cases.step import Step
from engine.definitions.migration_plans import Bound
from engine.definitions.model import Field, Text
from engine.definitions.scope import ExpressionFault
from engine.facts import CaseFacts, CaseState


def carried_answers(plan: Bound, facts: CaseFacts) -> dict[str, Any]:
    """Typed answers of the newer version. Raises NotCovered for an answer that has no place, or does not fit there.

    Fields with a default that have no answer get it, as when a case opens.
    """
    step = Step(plan.new, replace(facts, state=CaseState(case_roles=facts.state.case_roles), answers={}))
    found: dict[str, Any] = {}
    for name, value in facts.answers.items():
        if value is None or name in plan.plan.dropped:
            continue
        target = plan.plan.renamed.get(name, name)
        if target not in plan.computed:
            _carry(plan, step, found, name, target, value)
    for name, value in _worked_out(plan, facts).items():
        if value is not None:
            found[name] = _fitting(step, name, value)
    answers = {**defaults(plan.new), **found}
    if step.chart.has_computed:
        answers = computed(plan.new, answers, step.scope())
    return answers


def _carry(plan: Bound, step: Step, found: dict[str, Any], name: str, target: str, value: Any) -> None:
    old, new = plan.old.fields.get(name), plan.new.fields.get(target)
    if new is None:
        if old is None or old.computed is not None or value in ("", [], {}):
            return  # nobody gave it
        raise NotCovered(Text(f'Jawaban "{name}" tidak punya tempat.', f'Answer "{name}" has no place.'))
    if new.computed is not None:
        return
    if target in found:
        raise NotCovered(Text(f'Dua jawaban menuju "{target}".', f'Two answers go to "{target}".'))
    if old is None or _is_same(old, new):
        found[target] = value
    else:
        found[target] = _fitting(step, target, to_store({name: old}, {name: value})[name])


def _is_same(old: Field, new: Field) -> bool:
    """Whether what was an answer to one is one to the other, unseen."""
    return (
        old.type == new.type
        and old.options == new.options
        and old.columns.keys() == new.columns.keys()
        and all(_is_same(column, new.columns[key]) for key, column in old.columns.items())
    )


def _fitting(step: Step, name: str, value: Any) -> Any:
    values, faults = given_answers(step.definition, {name: value}, step.scope())
    if faults:
        said = faults[0].message
        raise NotCovered(Text(f'Jawaban "{name}" tidak cocok: {said.id}', f'Answer "{name}" does not fit: {said.en}'))
    return values.get(name)


def _worked_out(plan: Bound, facts: CaseFacts) -> Mapping[str, Any]:
    """What the plan's expressions give for the older answers."""
    found, scope = {}, Step(plan.old, facts).scope()
    for name, expression in plan.computed.items():
        try:
            found[name] = expression.evaluate(scope)
        except ExpressionFault as fault:
            text = Text(
                f'"{name}" tidak dapat dihitung: {fault.reason.id}', f'"{name}" cannot be worked out: {fault.reason.en}'
            )
            raise NotCovered(text) from fault
    return found
