"""Vectors of the kind whatif, run as a stranger writes them (§12)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.problems import Problems
from sakip.run_vectors import run_vectors
from tests.sakip.configuring import SMALL

MOST = 'answers: {"*": most}'  # 75.00, BB; the file's margin is 0.5, so A is 80.51
ONE_GRADE = (
    "patch: {components: {reporting: {sub_components: {existence: {scoring: graded, scale: grades}}}}, "
    "effort: {sub_components: {reporting.existence: {step: 3}}}, fixed: [planning]}"
)


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
    body = "\n".join(f"    {line}" for line in ("kind: whatif", *lines))
    file.write_text(f"schema: sakip-vectors/1\nvectors:\n  one:\n{body}\n", encoding="utf-8")
    problems = Problems()
    (found,) = run_vectors(file, folder, problems)
    assert [one.message.en for one in problems.sorted() if one.is_error] == []
    return found.passed, str(found.fault or found.actual)


@pytest.mark.parametrize(
    "lines",
    [
        (
            f"given: {{{MOST}}}",
            'expect: {from: "75.00", reachable: true, cost: 4, score: "85.00", predicate: a, best: null}',
        ),
        (f"given: {{{MOST}, goal: a, alternatives: 2}}", "expect: {cost: 4, alternatives: [12, 12]}"),
        (f"given: {{{MOST}, alternatives: 0}}", "expect: {alternatives: []}"),
        (f"given: {{{MOST}, goal: bb}}", 'expect: {reachable: true, cost: 0, score: "75.00", alternatives: []}'),
        (f"given: {{{MOST}, margin: 0}}", "expect: {cost: 4}"),
        (f'given: {{{MOST}, fixed: [reporting, "planning.use.*"], margin: "2.49"}}', "expect: {cost: 12}"),
        (f"given: {{{MOST}, fixed: [reporting.existence.one], weeks_left: 8}}", "expect: {cost: 12}"),
        (f"given: {{{MOST}, weeks_left: 7}}", 'expect: {reachable: false, cost: 0, best: "75.00", alternatives: []}'),
        (f"given: {{{MOST}, weeks_left: 7}}", 'expect: {best: {score: "75.00", cost: 0}}'),
        (f"given: {{{MOST}, fixed: [reporting, planning.use]}}", 'expect: {reachable: true, score: "82.50"}'),
        (
            f"given: {{{MOST}}}",
            "patch: {alternatives: 1, rounding: {places: 1}}",
            'expect: {from: "75.0", alternatives: [12]}',
        ),
        (f"given: {{{MOST}}}", "patch: {parameters: {margin: {default: 4.99}}}", 'expect: {score: "85.00"}'),
        (
            ONE_GRADE,
            'given: {answers: {"*": full, reporting.existence: b}, goal: a, margin: 9}',
            'expect: {from: "88.00", cost: 3, score: "92.00"}',
        ),
        (f"given: {{{MOST}, subject: unit, unit_type: dinas}}", "expect: {cost: 4}"),
        ('given: {answers: {"*": full}}', "expect: {reason: already_highest}"),
        ('given: {answers: {"planning.*": full}}', "expect: {reason: criterion_open}"),
        ('given: {answers: {"*": splendid}}', "expect: {reason: unknown_answer}"),
    ],
)
def test_12_a_what_if_gives_what_the_reference_says(folder: Path, lines: tuple[str, ...]) -> None:
    passed, found = run(folder, *lines)
    assert passed, found


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((f"given: {{{MOST}, goal: wonderful}}", "expect: {cost: 4}"), "'wonderful' is no predicate"),
        (
            (f"given: {{{MOST}, fixed: [planning.use.nine]}}", "expect: {cost: 4}"),
            "'planning.use.nine' is no criterion",
        ),
        ((f'given: {{{MOST}, fixed: "planning.use"}}', "expect: {cost: 4}"), "not a list of paths"),
        ((f"given: {{{MOST}, weeks_left: -1}}", "expect: {cost: 4}"), "weeks_left: -1 is no whole number"),
        ((f"given: {{{MOST}, alternatives: 1.5}}", "expect: {cost: 4}"), "is no whole number"),
        ((f"given: {{{MOST}, margin: much}}", "expect: {cost: 4}"), "margin: 'much' is no number"),
        ((f"given: {{{MOST}, subject: village}}", "expect: {cost: 4}"), "neither region nor unit"),
    ],
)
def test_12_a_what_if_that_cannot_be_asked_has_not_passed_and_says_why(
    folder: Path, lines: tuple[str, ...], fault: str
) -> None:
    passed, found = run(folder, *lines)
    assert not passed
    assert fault in found


def test_12_a_way_that_is_dearer_than_expected_has_not_passed(folder: Path) -> None:
    assert run(folder, f"given: {{{MOST}}}", "expect: {cost: 5}") == (False, "{'cost': '4'}")
