# ruff: noqa: E501 - scenario steps in one line
"""Scenarios on paper: the worked examples pass, and a miss says what was expected and what came (reference §11)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cases.simulate import run_all, run_scenario
from engine.definitions.load import load_tree, read_tree
from engine.definitions.model import Scenario
from engine.vocabulary import load
from tests.engine.cases.walking import WALKED
from tests.engine.cases.written import define

EXAMPLES = Path(__file__).parent.parent / "definitions" / "examples"
SMALL = """
notifications:
  told: {channel: email, to: [clerk, starter], template: returned}
  task_assigned: {channel: email, to: [candidates], template: task_assigned}
slas:
  promise: {target: {working_days: 4}, start: draft.submit, stop: [over], at_risk: {at: 0.5, effects: {tell: {notify: told}}}}
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter], form: sample, fields: {amount: edit}}
      transitions: {submit: {to: review, effects: {tell: {notify: told}}}}
    review:
      task: {candidates: [clerk], form: sample, due: {working_days: 2}}
      transitions: {approve: {to: over}, return: {to: draft, requires: [comment]}}
    over: {type: final}
"""
GIVEN = {"initiator": "ani", "users": {"clerk": ["carla"]}, "clock": "2026-03-02"}


@pytest.mark.parametrize(
    "name", ["performance_agreement", "performance_agreement.jabar", "complaint_investigation", "sakip_document"]
)
def test_the_worked_examples_pass_their_own_scenarios(name):
    definition = load_tree(read_tree([EXAMPLES], EXAMPLES), load()).definitions[name]
    results = run_all(definition)
    assert results
    assert [result for result in results if not result.passed] == []


def played(*steps, given=GIVEN, written=SMALL):
    return run_scenario(define(written), Scenario("sample", given, steps))


def test_scenarios_that_begin_alike_do_not_meet():
    """Their common beginning is walked once; whoever goes on from there goes alone."""
    written = (
        SMALL
        + """
fixtures: {all: {initiator: ani, users: {clerk: [carla]}, clock: 2026-03-02, acting: {starter: {user: joko, kind: delegate}}}}
substitution: {delegate: {title: {id: Wakil, en: Delegate}, may: [submit], record: on_behalf_of}}
scenarios:
  returned: {given: {uses: all}, steps: [{as: ani, do: submit}, {as: carla, do: return, with: {comment: x}, expect: {state: draft}}, {as: joko, do: submit, expect: {on_behalf_of: ani}}]}
  approved: {given: {uses: all}, steps: [{as: ani, do: submit, expect: {state: review}}, {as: carla, do: approve, expect: {ended: true}}]}
  late: {given: {uses: all}, steps: [{as: ani, do: submit}, {advance: {working_days: 3}, expect: {fired: [promise.at_risk]}}, {as: carla, do: approve}]}
  refused: {given: {uses: all}, steps: [{as: ani, do: submit}, {as: carla, do: return, refused: comment_required, expect: {state: review}}]}
  wrong: {given: {uses: all}, steps: [{as: ani, do: submit, refused: guard}]}
"""
    )
    definition = define(written)
    together = run_all(definition)
    assert together == tuple(run_scenario(definition, each) for each in definition.scenarios.values())
    assert [result.scenario for result in together if not result.passed] == ["wrong"]


def test_every_expectation_is_compared():
    result = played(
        {"as": "ani", "do": "submit", "with": {"data": {"amount": 5}}, "expect": {
            "state": "review", "states": ["review"], "candidates": ["carla"], "ended": False, "data": {"amount": "5.00", "count": 0},
            "fired": [], "mails": [{"template": "returned", "to": "clerk"}, {"template": "told", "to": "starter"}],
            "incident": None, "on_behalf_of": None, "due": "2026-03-04", "decided": {},
        }},
        {"advance": {"working_days": 3}, "expect": {"fired": ["promise.at_risk"], "mails": [{"template": "returned", "to": "starter"}, {"template": "returned", "to": "clerk"}]}},
        {"as": "carla", "do": "return", "refused": "comment_required", "expect": {"state": "review"}},
        {"drive": "approve", "until": "over", "expect": {"ended": True, "candidates": []}},
    )  # fmt: skip
    assert result.passed, result


def test_mails_of_opened_tasks_may_be_named_too():
    result = played(
        {"as": "ani", "do": "submit", "expect": {"mails": [
            {"template": "returned", "to": "clerk"}, {"template": "returned", "to": "starter"}, {"template": "task_assigned", "to": "candidates"},
        ]}}
    )  # fmt: skip
    assert result.passed, result


@pytest.mark.parametrize(
    ("expectation", "actual"),
    [
        ({"state": "draft"}, {"state": "review"}),
        ({"states": ["draft"]}, {"states": ["review"]}),
        ({"candidates": []}, {"candidates": ["carla"]}),
        ({"ended": True}, {"ended": False}),
        ({"data": {"amount": 6}}, {"data": {"amount": None}}),
        ({"fired": ["review.x"]}, {"fired": []}),
        ({"mails": []}, None),
        ({"incident": "no_candidate"}, {"incident": None}),
        ({"on_behalf_of": "ani"}, {"on_behalf_of": None}),
        ({"due": "2026-03-05"}, {"due": "2026-03-04"}),
        ({"decided": {"x": 1}}, {"decided": {"x": None}}),
    ],
)  # fmt: skip
def test_a_miss_names_the_step_what_was_expected_and_what_came(expectation, actual):
    result = played({"as": "ani", "do": "submit", "expect": expectation})
    assert not result.passed
    assert result.step == 1
    assert result.expected == expectation
    if actual is not None:
        assert result.actual == actual
    assert result.to_plain()["scenario"] == "sample"


def test_a_refusal_nobody_expected_and_one_that_did_not_come_are_misses():
    result = played({"as": "ani", "do": "submit"}, {"as": "ani", "do": "approve"})
    assert (result.step, result.expected) == (2, {"refused": None})
    assert result.actual["refused"] == "not_candidate"
    result = played({"as": "ani", "do": "submit", "refused": "guard"})
    assert result.actual == {"refused": None, "states": ["review"]}


def test_a_drive_that_cannot_arrive_is_a_miss():
    result = played({"drive": "submit", "until": "over"})
    assert not result.passed
    assert result.actual["refused"] == "unknown_event"


def test_data_and_users_of_a_scenario_go_over_those_of_its_fixture():
    written = (
        SMALL
        + """
fixtures:
  base: {initiator: ani, users: {clerk: [carla]}, data: {amount: 1, text: a}, clock: 2026-03-02}
  more: {uses: base, data: {text: b}}
"""
    )
    steps = ({"as": "ani", "do": "submit", "expect": {"data": {"amount": 7, "text": "b"}, "candidates": ["cici"]}},)
    given = {"uses": "more", "users": {"clerk": ["cici"]}, "data": {"amount": 7}}
    assert played(*steps, given=given, written=written).passed


@pytest.mark.parametrize(
    ("given", "step"),
    [
        ({"uses": "nothing"}, {"as": "ani", "do": "submit"}),
        ({"clock": "soon"}, {"as": "ani", "do": "submit"}),
        ({"users": 7}, {"as": "ani", "do": "submit"}),
        ({}, {"advance": {"fortnights": 1}}),
        ({}, {"advance": "long"}),
        ({}, {"advance": {"days": -1}}),
        ({}, {"dance": True}),
        ({}, {"as": "ani", "do": "submit", "expect": {"weather": "fine"}}),
    ],
)
def test_what_cannot_be_read_fails_the_scenario_with_a_sentence(given, step):
    result = played(step, given={"initiator": "ani", **given})
    assert not result.passed
    assert isinstance(result.actual, str)


def test_a_scenario_takes_milliseconds():
    definition, _, _ = WALKED["performance_agreement"]()
    assert len(run_all(definition)) == 10


def test_a_rule_over_the_unit_of_people_is_proved_with_units_of_the_organisation():
    written = (
        SMALL
        + """
separation_of_duties:
  colleagues: {applies_to: [clerk], exclude_when: "user.unit == initiator.unit"}
"""
    )
    step = {"as": "ani", "do": "submit", "expect": {"candidates": ["cici"]}}
    given = {"initiator": "ani", "users": {"clerk": ["carla", "cici"]}}
    units = {"ani": "pasar", "carla": "pasar", "cici": "jalan"}
    assert played(step, given={**given, "organisation": {"units": units}}, written=written).passed
    assert not played(step, given=given, written=written).passed
