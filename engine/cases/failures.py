"""Scenarios that fail, as findings: WF121 at what was expected, with what came instead (reference §12)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from engine.cases.simulate import ScenarioResult
from engine.definitions.parse import CaseType
from engine.definitions.problems import Placed, Position, Problem, Problems, shorten

LONGEST = 200  # characters of a value a sentence repeats


def failures(case_type: CaseType, results: Iterable[ScenarioResult], file: str) -> list[Problem]:
    """One error WF121 for each result that did not pass, by place.

    ``file`` is where the case type was asked for: a scenario an overlay inherits is told there, on its first line.
    """
    problems = Problems()
    for result in results:
        if result.passed:
            continue
        at = _place(case_type, result)
        if at.file != file:
            at = Position(file, 1, 1)
        step, wanted = result.step, _shown(result.expected)
        name = shorten(result.scenario)
        problems.add(
            "WF121",
            at,
            f'Skenario "{name}" gagal di langkah {step}: diharapkan {wanted}, terjadi {_shown(result.actual, "id")}.',
            f'Scenario "{name}" fails in step {step}: expected {wanted}, got {_shown(result.actual, "en")}.',
        )
    return problems.sorted()


def _place(case_type: CaseType, result: ScenarioResult) -> Placed:
    """The value expected; else the step, the scenario, the file."""
    scenario = case_type.entry("scenarios", result.scenario)
    if scenario is None:
        return case_type.root
    steps = scenario.value.get("steps")
    if steps is None or not result.step or result.step > len(steps.items):
        return scenario.key
    step = steps.items[result.step - 1]
    for name in result.expected if isinstance(result.expected, dict) else ():
        found = step.get("expect", name) or step.get(name)
        if found is not None:
            return found
    return step


def _shown(value: Any, language: str = "en") -> str:
    """As JSON; the reason of a refusal in the language of the sentence it stands in."""
    if isinstance(value, dict) and isinstance(value.get("because"), dict):
        value = {**value, "because": value["because"][language]}
    return shorten(json.dumps(value, ensure_ascii=False, default=str), LONGEST)
