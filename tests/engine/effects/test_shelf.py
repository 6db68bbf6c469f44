"""The shelf of effects: the closed list, each with a working example, each a value in and changes out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import yaml

from engine.changes import (
    AddCandidate,
    CallConnector,
    Decided,
    ExtendSla,
    IssueNumber,
    Notify,
    OpenCase,
    ReleaseTasks,
    RenderDocument,
    SetAnswer,
    SignalCase,
    StartSla,
    StopSla,
)
from engine.definitions.model import Duration
from engine.definitions.scope import Scope
from engine.effects import SHELF, EffectFault
from engine.facts import Situation
from tests.engine.cases.written import define

CLOSED_LIST = {
    "notify", "decide", "set", "append", "increment", "open_case", "signal", "add_candidate", "release_tasks_of",
    "start_sla", "stop_sla", "extend_sla", "issue_number", "render_document", "call",
}  # fmt: skip
TABLES = """
decision_tables:
  size:
    hit_policy: POLICY
    inputs: {amount: case.count}
    outputs: {text: text}
    rules:
      odd: {order: 10, when: {amount: "amount == 11"}, then: {text: eleven}}
      big: {order: 20, when: {amount: "amount > 10"}, then: {text: big}}
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample}, transitions: {go: {to: over, effects: {ask: {decide: size}}}}}
    over: {type: final}
"""


def run(name, options, answers=None, actor="ani", definition=None):
    answers = answers or {}
    now = datetime(2026, 3, 2, tzinfo=UTC)
    definition = definition or define(TABLES.replace("POLICY", "first"))
    situation = Situation(definition, answers, Scope(answers=answers, now=now, actor=actor), actor, "", "draft")
    return list(SHELF.values()[name].run(options, situation))


def test_the_list_is_closed():
    assert set(SHELF.values()) == CLOSED_LIST


@pytest.mark.parametrize("name", sorted(CLOSED_LIST))
def test_every_effect_is_documented_with_an_example_of_itself(name):
    item = SHELF.items()[name]
    (call,) = list(yaml.safe_load(item.example.splitlines()[0]).values())
    (kind,) = call
    assert kind == name
    options = call[kind] if isinstance(call[kind], dict) else {item.value.shorthand: call[kind]}
    assert set(options) <= set(item.value.options)
    required = {key for key, option in item.value.options.items() if option.is_required}
    assert required <= set(options)


@pytest.mark.parametrize(
    ("name", "options", "change"),
    [
        ("notify", {"notification": "told"}, Notify("told")),
        ("set", {"field": "text", "value": "x"}, SetAnswer("text", "x")),
        ("add_candidate", {"role": "head"}, AddCandidate("head")),
        ("release_tasks_of", {"role": "actor"}, ReleaseTasks("actor")),
        ("start_sla", {"sla": "p"}, StartSla("p")),
        ("stop_sla", {"sla": "p"}, StopSla("p")),
        ("extend_sla", {"sla": "p", "by": Duration("days", 1)}, ExtendSla("p", Duration("days", 1))),
        ("issue_number", {"field": "text", "pattern": "{seq}"}, IssueNumber("text", "{seq}")),
        ("render_document", {"template": "t", "field": "f"}, RenderDocument("t", "f")),
        ("open_case", {"case_type": "c", "answers": {}, "link": "l"}, OpenCase("c", {}, "l")),
        ("signal", {"link": "l", "event": "e"}, SignalCase("l", "e")),
        ("call", {"connector": "c", "with": {}}, CallConnector("c", {})),
    ],
)
def test_an_effect_yields_its_change(name, options, change):
    assert run(name, options) == [change]


def test_append_makes_the_list_longer_by_one_and_needs_a_person():
    assert run("append", {"field": "people", "value": "actor"}) == [SetAnswer("people", ["ani"])]
    assert run("append", {"field": "people", "value": "actor"}, {"people": ["ani"]}) == [
        SetAnswer("people", ["ani", "ani"])
    ]
    with pytest.raises(EffectFault):
        run("append", {"field": "people", "value": "actor"}, actor=None)
    with pytest.raises(EffectFault):
        run("append", {"field": "people", "value": "x"}, {"people": "text"})


def test_increment_counts_from_nought_and_adds_exactly():
    assert run("increment", {"field": "count"}) == [SetAnswer("count", 1)]
    assert run("increment", {"field": "amount", "by": Decimal("0.1")}, {"amount": Decimal("0.2")}) == [
        SetAnswer("amount", Decimal("0.3"))
    ]
    with pytest.raises(EffectFault):
        run("increment", {"field": "text"}, {"text": "many"})


def test_a_decision_table_by_its_hit_policy():
    first = define(TABLES.replace("POLICY", "first"))
    assert run("decide", {"table": "size"}, {"count": 11}, definition=first) == [
        Decided("size", {"text": "eleven"}), SetAnswer("text", "eleven"),
    ]  # fmt: skip
    with pytest.raises(EffectFault) as fault:
        run("decide", {"table": "size"}, {"count": 1}, definition=first)
    assert fault.value.incident == "no_rule_matched"
    collect = define(TABLES.replace("POLICY", "collect"))
    assert run("decide", {"table": "size"}, {"count": 11}, definition=collect)[0] == Decided(
        "size", {"text": ["eleven", "big"]}
    )
    assert run("decide", {"table": "size"}, {"count": 1}, definition=collect)[0] == Decided("size", {"text": []})
