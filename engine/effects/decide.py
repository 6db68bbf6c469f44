"""Asks a decision table; its outputs become answers of the same names.

    weigh: {decide: priority}

`first` takes the first rule that holds, `unique` the only one, `collect` a list of every rule's output.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.changes import Decided, SetAnswer
from engine.definitions.model import DecisionTable, TableRule
from engine.definitions.scope import Scope
from engine.definitions.vocabulary_protocol import Option
from engine.effects import EffectFault, effect
from engine.facts import Situation


@effect("decide", "table", table=Option("decision_table", is_required=True))
def decide(options: Mapping[str, Any], situation: Situation) -> Iterator[Decided | SetAnswer]:
    """Yields the decision and an answer for each output. Raises the incident ``no_rule_matched`` when none holds."""
    table = situation.definition.decision_tables[options["table"]]
    outputs = _outputs(table, situation.scope)
    yield Decided(table.key, outputs)
    for name, value in outputs.items():
        yield SetAnswer(name, value)


def _outputs(table: DecisionTable, scope: Scope) -> Mapping[str, Any]:
    inputs = {name: expression.evaluate(scope) for name, expression in table.inputs.items()}
    within = replace(scope, inputs=inputs)
    matching = [rule for rule in table.rules if _holds(rule, within)]
    if table.hit_policy == "collect":
        return {name: [rule.then.get(name) for rule in matching] for name in table.outputs}
    if not matching:
        raise EffectFault(f"{table.key}: no rule holds", "no_rule_matched")
    if table.hit_policy == "unique" and len(matching) > 1:
        raise EffectFault(f"{table.key}: {', '.join(rule.key for rule in matching)} hold together")
    return {name: matching[0].then.get(name) for name in table.outputs}


def _holds(rule: TableRule, scope: Scope) -> bool:
    return all(condition.evaluate(scope) for condition in rule.when.values())
