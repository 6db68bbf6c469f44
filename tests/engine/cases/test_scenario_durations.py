"""Scenarios that count in a region's own numbers: ``advance`` and ``due`` by a parameter."""

from __future__ import annotations

import pytest

from engine.cases.simulate import run_all
from engine.definitions.load import build
from engine.vocabulary import load
from tests.engine.definitions.leave import FORM, WORKFLOW, leave

DUE = WORKFLOW.replace(
    "excluded: [employee], form: leave}", 'excluded: [employee], due: {working_days: "${review_days}"}}'
)
OWN = DUE.replace("candidates: [budi]}", 'candidates: [budi], due: {working_days: "${review_days}"}}')


@pytest.mark.parametrize("days", [1, 3, 10])
def test_a_due_day_by_a_parameter_holds_whatever_the_parameter_says(days: int) -> None:
    text = OWN.replace("default: 3", f"default: {days}")
    definition, problems = build({"workflows/leave.yaml": text, "forms_config/leave.yaml": FORM}, "leave", load())
    assert definition is not None, problems
    assert [result.passed for result in run_all(definition)] == [True]


def test_another_duration_than_the_steps_own_is_noticed() -> None:
    text = OWN.replace('due: {working_days: "${review_days}"}}', "due: {working_days: 4}}", 1)
    definition, problems = build({"workflows/leave.yaml": text, "forms_config/leave.yaml": FORM}, "leave", load())
    assert definition is not None, problems
    (result,) = run_all(definition)
    assert (result.passed, result.step) == (False, 1)
    assert result.actual == {"due": "2026-03-06"}


@pytest.mark.parametrize(
    ("written", "code"), [('{working_days: "${revue_days}"}', "WF027"), ("{fortnights: 1}", "WF010")]
)
def test_what_is_wrong_in_an_expected_duration_is_told(written: str, code: str) -> None:
    text = OWN.replace(
        'candidates: [budi], due: {working_days: "${review_days}"}', f"candidates: [budi], due: {written}"
    )
    assert code in {problem.code for problem in leave(workflow=text)}
