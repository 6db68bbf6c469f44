"""WF081: rules of a decision table that overlap under ``unique``, or a rule that is never reached.

Where conditions compare inputs with values written in the table it is enough to try the values that occur, those
just beside and between them, and an empty one: every rule's answer changes only there. Of other conditions nothing is
said but what a value that was tried shows: that two rules do hold together.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.definitions.check.plain_conditions import are_independent, is_plain
from engine.definitions.expression_types import Type
from engine.definitions.model import DecisionTable, TableRule
from engine.definitions.parse import CaseType
from engine.definitions.parse_rules import OUTCOME_ORDER
from engine.definitions.problems import Problems
from engine.definitions.scope import ExpressionFault, Scope

MAXIMUM_TRIES = 100_000  # combinations of values times rules
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_ELSEWHERE = re.compile(r"(?<![\w.])(?:today|now|initiator|actor|user|item|case|case_roles|in_state|was_in_state)\b")
_DATE = re.compile(r"date\(\s*['\"](\d{4}-\d{2}-\d{2})['\"]\s*\)")


def decision_rules(case_type: CaseType, problems: Problems) -> None:
    """Try every table whose conditions look at its inputs alone."""
    for table in case_type.definition.decision_tables.values():
        looks_elsewhere = any(
            condition.names or _ELSEWHERE.search(_QUOTED.sub("", condition.text))
            for rule in table.rules
            for condition in rule.when.values()
        )
        policy = case_type.entry("decision_tables", table.key, "hit_policy")
        is_policy_wrong = policy is not None and policy.value.value != table.hit_policy
        if looks_elsewhere or is_policy_wrong or any(_is_faulty(case_type, table, rule) for rule in table.rules):
            continue
        _check(case_type, table, problems)


def _check(case_type: CaseType, table: DecisionTable, problems: Problems) -> None:
    parameters = case_type.definition.parameter_values
    samples = {name: _samples(name, expression.type, table, parameters) for name, expression in table.inputs.items()}
    tries = len(table.rules)
    for values in samples.values():
        tries *= len(values)
    if tries > MAXIMUM_TRIES or not table.rules:
        return
    matched = _matches(table, samples, parameters)
    reached: set[int] = set()
    overlapping: dict[int, int] = {}
    for found in matched:
        reached.update(found[:1] if table.hit_policy == "first" else found)
        for later in found[1:]:
            overlapping.setdefault(later, found[0])
    independent = are_independent(table.inputs)
    for number, rule in enumerate(table.rules):
        at = case_type.entry("decision_tables", table.key, "rules", rule.key)
        if at is None:
            continue
        if number not in reached:
            if not _is_never_reached(table, number):
                continue
            problems.add(
                "WF081", at.key, f'Aturan "{rule.key}" tidak pernah dipakai.', f'Rule "{rule.key}" is never reached.'
            )
        elif table.hit_policy == "unique" and number in overlapping and independent:
            other = table.rules[overlapping[number]].key
            problems.add(
                "WF081",
                at.key,
                f'Aturan "{rule.key}" dan "{other}" dapat berlaku bersama.',
                f'Rules "{rule.key}" and "{other}" can hold together.',
            )


def _is_never_reached(table: DecisionTable, number: int) -> bool:
    """Whether a rule that no value tried has reached is reached by no other value either."""
    before = table.rules[:number] if table.hit_policy == "first" else ()
    if any(not rule.when for rule in before):
        return True
    conditions = [condition for rule in (*before, table.rules[number]) for condition in rule.when.values()]
    return all(is_plain(condition, table.inputs) for condition in conditions)


def _is_faulty(case_type: CaseType, table: DecisionTable, rule: TableRule) -> bool:
    """Whether a condition or the place of the rule could not be read: then nothing can be said about it."""
    written = case_type.entry("decision_tables", table.key, "rules", rule.key)
    if written is None or (written.value.get("order") is not None and rule.order == OUTCOME_ORDER):
        return True
    when = written.value.get("when")
    return when is not None and len(when.entries) > len(rule.when)


def _matches(
    table: DecisionTable, samples: Mapping[str, Sequence[Any]], parameters: Mapping[str, Any]
) -> list[list[int]]:
    """For every combination of values the rules that hold, each combination of rules once."""
    names = list(samples)
    found: dict[tuple[int, ...], None] = {}
    for values in itertools.product(*samples.values()):
        scope = Scope(inputs=dict(zip(names, values, strict=True)), parameters=parameters)
        found[tuple(number for number, rule in enumerate(table.rules) if _holds(rule, scope))] = None
    return [list(each) for each in found]


def _holds(rule: TableRule, scope: Scope) -> bool:
    try:
        return all(condition.evaluate(scope) for condition in rule.when.values())
    except ExpressionFault:
        return False


def _samples(name: str, kind: Type, table: DecisionTable, parameters: Mapping[str, Any]) -> list[Any]:
    """Values worth trying for one input; a parameter counts as the value it has."""
    texts = [_with_values(condition.text, parameters) for rule in table.rules for condition in rule.when.values()]
    texts = [text for text in texts if re.search(rf"\b{re.escape(name)}\b", text)]
    found: list[Any] = []
    if kind.kind in ("integer", "decimal"):
        found = _numbers(texts, kind.kind)
    elif kind.kind == "boolean":
        found = [True, False]
    elif kind.kind in ("date", "moment"):
        found = _dates(texts)
    elif kind.choices:
        found = list(kind.choices)
    elif kind.kind in ("list", "table"):
        return [[], *([word] for word in _words(texts)), ["…"]]
    else:
        found = [*_words(texts), "…"]
    return [*dict.fromkeys(found), None] if kind.may_be_empty or not found else list(dict.fromkeys(found))


def _with_values(text: str, parameters: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        found = parameters.get(match[1])
        return repr(found) if isinstance(found, str) else str(found)

    return re.sub(r"(?<![\w.])parameters\.(\w+)", value, text)


def _words(texts: Sequence[str]) -> list[str]:
    return [one or two for text in texts for one, two in _QUOTED.findall(text)]


def _numbers(texts: Sequence[str], kind: str) -> list[Any]:
    written = sorted({Decimal(match) for text in texts for match in _NUMBER.findall(text)})
    written = sorted({sign * value for value in written for sign in (1, -1)} | {Decimal(0)})
    found = [written[0] - 1]
    for value, following in zip(written, [*written[1:], written[-1] + 2], strict=True):
        found += [value, (value + following) / 2]
    found.append(written[-1] + 1)
    if kind == "integer":
        return sorted({int(value) for value in found} | {int(value) + 1 for value in found})
    return found


def _dates(texts: Sequence[str]) -> list[Any]:
    found = []
    for text in texts:
        for written in _DATE.findall(text):
            try:
                day = date.fromisoformat(written)
            except ValueError:
                continue
            found += [day - timedelta(days=1), day, day + timedelta(days=1)]
    return found or [date(2026, 1, 1)]
