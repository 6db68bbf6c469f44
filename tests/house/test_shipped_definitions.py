"""The definitions we ship are without a finding, and do what their scenarios say."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cases import simulate
from engine.cases.strength import measure
from engine.cases.vote_titles import vote_title
from engine.definitions.lint import lint
from engine.vocabulary import load as vocabulary
from tests.shipped import PATHS, shipped

ROOT = Path(__file__).resolve().parents[2]
LOADED = shipped()
SCENARIOS = [(name, key) for name, definition in LOADED.definitions.items() for key in definition.scenarios]
TITLED = ("states", "roles", "parameters", "substitution")


def test_there_is_nothing_to_report_about_them_but_the_legal_basis_a_region_has_yet_to_fill_in() -> None:
    found = [f"{problem.file}:{problem.line} {problem.code} {problem.message.en}" for problem in LOADED.problems]
    assert [line for line in found if "/regions/" not in line or " WF100 " not in line] == []
    assert lint(PATHS, vocabulary(), ROOT) == LOADED.problems


@pytest.mark.parametrize(("case_type", "scenario"), SCENARIOS, ids=[f"{name}-{key}" for name, key in SCENARIOS])
def test_a_shipped_scenario_holds(case_type: str, scenario: str) -> None:
    definition = LOADED.definitions[case_type]
    result = simulate.run_scenario(definition, definition.scenarios[scenario])
    assert result.passed, f"step {result.step}: expected {result.expected}, was {result.actual}"


@pytest.mark.parametrize("case_type", LOADED.definitions)
def test_its_scenarios_notice_nearly_every_single_mistake(case_type: str) -> None:
    found = measure(LOADED.case_types[case_type])
    assert not found.failing
    # in reports of what should not have happened nothing at all may go unnoticed
    assert found.score >= (100 if case_type.startswith("complaint_investigation") else 95), found.survivors


@pytest.mark.parametrize("case_type", LOADED.definitions)
@pytest.mark.parametrize("kind", TITLED)
def test_people_read_words_and_never_keys(case_type: str, kind: str) -> None:
    things = getattr(LOADED.definitions[case_type], kind)
    bare = [key for key, thing in things.items() if key in (thing.title.id, thing.title.en)]
    assert bare == []


@pytest.mark.parametrize("case_type", LOADED.definitions)
def test_every_arrow_and_every_question_has_words(case_type: str) -> None:
    definition = LOADED.definitions[case_type]
    arrows = [arrow for state in definition.states.values() for arrow in state.transitions.values()]
    assert [arrow.action for arrow in arrows if arrow.title.id == arrow.action] == []
    columns = [column for field in definition.fields.values() for column in (field, *field.columns.values())]
    assert [column.key for column in columns if column.title.id == column.key] == []


@pytest.mark.parametrize("case_type", LOADED.definitions)
def test_every_decision_of_an_approval_has_words_in_both_languages(case_type: str) -> None:
    approvals = [state.approval for state in LOADED.definitions[case_type].states.values() if state.approval]
    outcomes = {one for approval in approvals for one in (approval.accept, approval.refuse) if one}
    assert [one for one in outcomes if vote_title(one).id == vote_title(one).en] == []


def test_every_refusal_a_definition_can_give_is_tried_by_a_scenario() -> None:
    definition = LOADED.definitions["performance_agreement"]
    tried = {step.get("refused") for scenario in definition.scenarios.values() for step in scenario.steps}
    assert tried >= {
        "guard", "comment_required", "excluded", "separation_of_duties", "not_within_acting_powers", "not_candidate",
        "already_decided", "not_recallable", "field_invalid", "unknown_event",
    }  # fmt: skip
