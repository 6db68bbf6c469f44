"""Vectors of the kinds predicate, grade_suggested, worksheet, tiers and tree, run as a stranger writes them (§12)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.problems import Problems
from sakip.run_vectors import run_vectors
from tests.sakip.configuring import SMALL

EVIDENCE = (
    "patch: {components: {planning: {sub_components: {use: {answered_by: evidence, criteria: "
    "{one: {evidence: {plan: {years: [-1, 0]}, decree: {}}}, two: {evidence: {decree: {}}}}}}}}}"
)
GRADED = "patch: {components: {planning: {sub_components: {use: {scoring: graded, scale: grades}}}}}"
FRAMEWORK = "patch: {logical_framework: {use: {limits: planning.use, by: [planning.quality], then: %s}}}"
USE_ABOVE_QUALITY = 'given: {answers: {"*": full, "planning.quality.*": half}}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("configuration")
    for name, text in SMALL.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def run(folder: Path, *lines: str) -> tuple[bool, str]:
    """Whether one vector passed, and what was found or why it could not run."""
    file = folder / "vectors" / "one.yaml"
    file.parent.mkdir(exist_ok=True)
    body = "\n".join(f"    {line}" for line in lines)
    file.write_text(f"schema: sakip-vectors/1\nvectors:\n  one:\n{body}\n", encoding="utf-8")
    problems = Problems()
    (found,) = run_vectors(file, folder, problems)
    assert [one.message.en for one in problems.sorted() if one.is_error] == []
    return found.passed, str(found.fault or found.actual)


@pytest.mark.parametrize(
    "lines",
    [
        ("kind: predicate", "given: {score: 68.40}", 'expect: {next: {predicate: bb, points: "1.61"}}'),
        ("kind: predicate", 'given: {score: "100"}', 'expect: {score: "100.00", predicate: a, next: null}'),
        ("kind: grade_suggested", "given: {met: 2, of: 7}", "expect: {answer: c}"),
        ("kind: grade_suggested", "given: {met: 2, of: 7, scale: grades}", "expect: {answer: c}"),
        ("kind: grade_suggested", "given: {met: 0, of: 0}", "expect: {reason: nothing_applies}"),
        (
            "kind: tiers",
            'given: {tiers: {final: "69.4"}}',
            'expect: {score: "69.40", predicate: b, provisional: false}',
        ),
        (
            "kind: tiers",
            "patch: {result: {by: weighted, weights: {self: 1, final: 3}, missing: provisional}}",
            'given: {tiers: {self: 60, final: 80, assure: "1"}}',
            'expect: {score: "75.00", predicate: bb, provisional: false}',
        ),
        (
            "kind: tiers",
            "patch: {result: {by: weighted, weights: {self: 1, final: 3}, missing: provisional}}",
            "given: {tiers: {self: 60, final: null}}",
            'expect: {score: "60.00", predicate: c, provisional: true}',
        ),
        ("kind: worksheet", 'given: {answers: {"*": full}}', 'expect: {score: "100.00", limited: [], warned: []}'),
        (
            "kind: worksheet",
            FRAMEWORK % "cap",
            USE_ABOVE_QUALITY,
            'expect: {score: "80.00", limited: [planning.use], sub_components: {planning.use: "10.0000"}}',
        ),
        (
            "kind: worksheet",
            FRAMEWORK % "warn",
            USE_ABOVE_QUALITY,
            'expect: {score: "90.00", limited: [], warned: [planning.use]}',
        ),
        (
            "kind: worksheet",
            FRAMEWORK % "refuse",
            USE_ABOVE_QUALITY,
            'expect: {score: "80.00", refused: [planning.use], limited: [planning.use]}',
        ),
        (
            "kind: worksheet",
            EVIDENCE,
            'given: {answers: {"*": full, planning.use.one: ["plan-1", decree], planning.use.two: none}}',
            'expect: {score: "86.67", sub_components: {planning.use: "6.6667"}}',
        ),
        ("kind: worksheet", EVIDENCE, 'given: {answers: {"*": full}}', "expect: {reason: unknown_answer}"),
        (
            "kind: worksheet",
            GRADED,
            'given: {answers: {"*.one": full, "*.two": full, "*.use": bb}}',
            'expect: {score: "96.00"}',
        ),
        ("kind: worksheet", 'given: {answers: {"planning.*": full}}', "expect: {reason: criterion_open}"),
        (
            "kind: worksheet",
            "patch: {components: {planning: {sub_components: {use: {criteria: {two: {subjects: [region]}}}}}}}",
            'given: {subject: unit, answers: {"*": full, planning.use.two: none}}',
            'expect: {score: "100.00"}',
        ),
        (
            "kind: worksheet",
            "patch: {components: {planning: {sub_components: {use: {criteria: {two: {unit_types: [district]}}}}}}}",
            'given: {subject: unit, unit_type: district, answers: {"*": full, planning.use.two: none}}',
            'expect: {score: "90.00"}',
        ),
        (
            "kind: tree",
            "given: {nodes: {v: {level: vision, parent: w}, w: {level: vision, parent: v}}, only: [circle]}",
            "expect: {findings: {circle: [v, w]}}",
        ),
        (
            "kind: tree",
            "patch: {integrity: {node_without_indicator: off}}",
            "given: {nodes: {g: {level: goal}}, only: [node_without_indicator]}",
            "expect: {findings: {}}",
        ),
        (
            "kind: tree",
            "given: {only: [crosscutting_unanswered], nodes: {a: {level: agency_objective}}, "
            "edges: {e: {kind: crosscuts, from: a, partner: bappeda}}}",
            "expect: {findings: {crosscutting_unanswered: [a]}}",
        ),
    ],
)
def test_12_a_vector_of_these_kinds_passes(folder: Path, lines: tuple[str, ...]) -> None:
    passed, told = run(folder, *lines)
    assert passed, told


def test_12_what_is_limited_is_compared_without_its_order(folder: Path) -> None:
    lines = (
        "kind: worksheet",
        "patch: {logical_framework: {use: {limits: planning.use, by: [planning.existence], then: cap}, "
        "quality: {limits: planning.quality, by: [planning.existence], then: cap}}}",
        'given: {answers: {"*": full, "planning.existence.*": half}}',
    )
    for order in ("planning.use, planning.quality", "planning.quality, planning.use"):
        assert run(folder, *lines, f"expect: {{limited: [{order}]}}")[0]
    assert not run(folder, *lines, "expect: {limited: [planning.use]}")[0]


def test_12_findings_are_compared_whole_so_that_one_too_many_is_seen(folder: Path) -> None:
    lines = ("kind: tree", "given: {nodes: {g: {level: goal, indicators: {i: {weight: 90}}}}}")
    assert not run(folder, *lines, "expect: {findings: {weights_not_100: [g]}}")[0]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("kind: predicate", "given: {score: much}", "expect: {predicate: b}"), "score"),
        (("kind: predicate", "given: {year: 2031, score: 1}", "expect: {predicate: b}"), "2031"),
        (("kind: grade_suggested", "given: {met: 8, of: 7}", "expect: {answer: b}"), "8"),
        (("kind: grade_suggested", "given: {met: 1, of: 7, scale: four}", "expect: {answer: b}"), "four"),
        (("kind: tiers", "given: {tiers: {finale: 3}}", 'expect: {score: "3.00"}'), "finale"),
        (("kind: worksheet", "given: {subject: village, answers: {}}", "expect: {score: x}"), "village"),
        (("kind: worksheet", "given: {answers: [a]}", "expect: {score: x}"), "answers"),
        (("kind: tree", "given: {nodes: {a: {level: nowhere}}}", "expect: {findings: {}}"), "nowhere"),
        (("kind: tree", "given: {only: [circles], nodes: {}}", "expect: {findings: {}}"), "circles"),
    ],
)
def test_12_a_vector_that_cannot_be_computed_says_why(folder: Path, lines: tuple[str, ...], told: str) -> None:
    passed, why = run(folder, *lines)
    assert not passed
    assert told in why


def test_12_a_folder_with_one_rubric_and_one_tree_needs_no_year_in_its_vectors(tmp_path: Path) -> None:
    later = {
        name: text.replace("year: 2025", "year: 2031").replace("from: 2025, to: 2029", "from: 2030, to: 2034")
        for name, text in SMALL.items()
    }
    for name, text in later.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run(tmp_path, "kind: predicate", "given: {score: 71}", "expect: {predicate: bb}") == (
        True,
        "{'predicate': 'bb'}",
    )
    assert run(tmp_path, "kind: tree", "given: {nodes: {}}", "expect: {findings: {}}")[0]
    assert not run(tmp_path, "kind: predicate", "given: {year: 2025, score: 71}", "expect: {predicate: bb}")[0]
