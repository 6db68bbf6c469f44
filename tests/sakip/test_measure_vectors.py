"""Vectors of the kinds achievement, band, efficiency, aggregate and entry, run as a stranger writes them (§12)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.problems import Problems
from sakip.run_vectors import run_vectors
from tests.sakip.measuring import MEASURED

REGION = """
schema: sakip-measurement/1
overlay: trial.here
extends: {measurement: trial, version: ^1.0}
region: here
patch: {limits: {cap: 120}, directions: {lower: minimise_ratio}, target_basis: year}
"""
QUARTERS = "targets: {q1: 4, q2: 6, q3: 7, q4: 8, year: 25}"
NINE = "method: maximise, target: 10, realisation: 9"
YEARLY = "consolidation: sum, targets: {q1: 5, q2: 5, year: 20}, realisations: {q1: 2, q2: 3}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("configuration")
    (place / "measurement.yaml").write_text(MEASURED, encoding="utf-8")
    (place / "regions" / "here").mkdir(parents=True)
    (place / "regions" / "here" / "measurement.yaml").write_text(REGION, encoding="utf-8")
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


def measured(given: str, expect: str, patch: str = "{}") -> tuple[str, ...]:
    return ("kind: achievement", f"patch: {patch}", f"given: {{{given}}}", f"expect: {{{expect}}}")


ACHIEVEMENTS = [
    ("method: maximise, target: 80, realisation: 60", 'value: "75.00", band: near, limited: null, provisional: false'),
    ('method: maximise, target: "80", realisation: "60.5"', 'value: "75.63"'),
    ("method: maximise, target: 80, realisation: 0", 'value: "0.00", band: below'),
    ("method: maximise, target: 80", "reason: no_realisation"),
    ("method: maximise, target: 80, realisation: null", "reason: no_realisation"),
    ('method: maximise, target: 80, realisation: ""', "reason: no_realisation"),
    ('method: maximise, target: " ", realisation: 5', "reason: no_target"),
    ("method: maximise, realisation: 5", "reason: no_target"),
    ("method: maximise, target: 80, realisation: not_issued", "reason: not_issued"),
    ("target: 80, realisation: 60", "reason: no_method"),
    ("method: maximise, target: 80, realisation: BB", "reason: wrong_kind"),
    ('method: maximise, target: 80, realisation: "34,49"', "reason: wrong_kind"),
    ("method: maximise, target: {from: 1, to: 5}, realisation: 1", "reason: wrong_kind"),
    ("method: maximise, unit: sakip, target: BB, realisation: B", "reason: wrong_kind"),
    ("method: maximise, unit: people, target: 4, realisation: 3", 'value: "75.00"'),
    ("direction: higher, unit: percent, target: 80, realisation: 60", 'value: "75.00"'),
    ("direction: lower, region: here, target: 10, realisation: 12", 'value: "83.33"'),
    ("region: here, method: maximise, target: 10, realisation: 20", 'value: "120.00", limited: cap'),
    ("method: range, target: {from: 80, to: 90}, realisation: 85", 'value: "100.00"'),
    ("method: range, target: {from: 90, to: 80}, realisation: 85", "reason: target_does_not_fit"),
    ("method: range, target: 80, realisation: 85", "reason: wrong_kind"),
    ("method: grade, unit: sakip, target: BB, realisation: b", 'value: "80.00"'),
    ("method: grade, unit: sakip, target: BB, realisation: E", "reason: unknown_grade"),
    ("method: grade, unit: sakip, target: ZZ, realisation: {from: 1, to: 2}", "reason: wrong_kind"),
    ("method: grade, unit: sakip, target: ZZ, realisation: [B]", "reason: wrong_kind"),
    ("method: grade, unit: sakip, target: {a: 1, b: x}, realisation: E", "reason: wrong_kind"),
    ("method: grade, unit: sakip, target: [BB], realisation: E", "reason: wrong_kind"),
    ("method: grade, unit: bare, target: BB, realisation: B", "reason: no_scale"),
    ("method: milestone, unit: done, target: true, realisation: true", 'value: "100.00"'),
    ('method: milestone, unit: done, target: "yes", realisation: "no"', 'value: "0.00"'),
    ("method: milestone, unit: done, target: false, realisation: true", "reason: target_does_not_fit"),
    ("method: milestone, unit: milestone, target: {a: 30, b: 70}, realisation: [b]", 'value: "70.00"'),
    ("method: milestone, unit: milestone, target: {a: 30, b: 70}, realisation: {a: true, b: false}", 'value: "30.00"'),
    ("method: milestone, unit: milestone, target: [a, b], realisation: {a: 1, b: 1}", "reason: wrong_kind"),
    ("method: milestone, unit: milestone, target: [a, b], realisation: {a: ya, b: null}", 'value: "50.00"'),
    ("method: milestone, unit: milestone, target: [a, b, c], realisation: [a]", 'value: "33.33"'),
    (
        "method: milestone, unit: milestone, target: {a: {weight: 1}, b: {weight: 3}}, realisation: [b]",
        'value: "75.00"',
    ),
    ("method: milestone, unit: milestone, target: [a, b], realisation: []", 'value: "0.00"'),
    (f"method: reduction, {YEARLY}, due_in: [q1, q2], span: year", 'value: "75.00"'),
    (f"method: reduction, {YEARLY}, span: to_q2", 'value: "200.00"'),
    (f"method: reduction, {YEARLY}, span: to_q2, basis: year", 'value: "75.00"'),
    (f"method: reduction, {YEARLY}, span: to_q2, region: here", 'value: "75.00"'),
    (f"method: maximise, {QUARTERS}, realisations: {{q1: 3}}, span: to_q1, basis: year", 'value: "12.00"'),
    (f"method: maximise, {QUARTERS}, realisations: {{q1: 3}}, span: to_q2", "reason: incomplete"),
    (f"method: maximise, {QUARTERS}, realisations: {{q1: 3}}, span: q2, due_in: [q1]", "reason: not_due"),
    (f"method: maximise, {QUARTERS}, span: q1", "reason: no_realisation"),
    ("method: maximise, periods: semester, targets: {s1: 4}, realisations: {s1: 3}, span: to_s1", 'value: "75.00"'),
    ('method: maximise, target: 1, realisation: 1, on: "2025-01-01"', "band: reached"),
    ('method: maximise, target: 1, realisation: 1, on: "2024-12-31"', "reason: no_bands"),
]


@pytest.mark.parametrize(("given", "expect"), ACHIEVEMENTS)
def test_an_achievement_is_computed_from_what_a_vector_gives(folder: Path, given: str, expect: str) -> None:
    assert run(folder, *measured(given, expect))[0], run(folder, *measured(given, expect))[1]


@pytest.mark.parametrize(
    ("patch", "given", "expect"),
    [
        ("{limits: {cap: 100}}", "method: maximise, target: 4, realisation: 5", 'value: "100.00", limited: cap'),
        ("{limits: {floor: null}}", "method: minimise_difference, target: 4, realisation: 12", 'value: "-100.00"'),
        ("{rounding: {mode: half_even}}", "method: maximise, target: 100, realisation: 70.005", 'value: "70.00"'),
        ("{rounding: {band_on: exact}}", "method: maximise, target: 100, realisation: 99.995", "band: near"),
        ("{rounding: {places: 0}}", "method: maximise, target: 100, realisation: 99.5", 'value: "100", band: reached'),
        ("{applies: {achievement: {since_2025: {bands: traffic_light}}}}", NINE, "band: yellow"),
        ("{applies: {achievement: {since_2025: null}}}", NINE, "reason: no_bands"),
        ("{complete: {when_incomplete: provisional}}",
         f"method: maximise, consolidation: sum, {QUARTERS}, realisations: {{q1: 4}}, span: to_q2",
         'value: "100.00", provisional: true'),
        ("{complete: {counts: verified}}", "method: maximise, target: 10, realisation: 9",
         'value: "90.00", provisional: false'),
        ("{default_consolidation: sum}", f"method: maximise, {QUARTERS}, realisations: {{q1: 2, q2: 3}}, span: to_q2",
         'value: "50.00"'),
        ("{methods: {maximise: null}}", "method: maximise, target: 10, realisation: 9", "reason: no_method"),
    ],
)  # fmt: skip
def test_a_patch_changes_the_measurement_a_vector_is_computed_by(
    folder: Path, patch: str, given: str, expect: str
) -> None:
    assert run(folder, *measured(given, expect, patch))[0], run(folder, *measured(given, expect, patch))[1]


OTHERS = [
    ("band", 'bands: three_steps, value: "99.995"', 'band: reached, value: "100.00"'),
    ("band", "bands: traffic_light, value: 90", "band: yellow"),
    ("band", "value: 75", "band: near"),
    ("band", 'on: "2024-12-31", value: 75', "reason: no_bands"),
    ("band", "bands: efficiency, value: -7", "band: not_efficient"),
    ("efficiency", "bands: efficiency, achievement: 95, absorption: 90", 'value: "5.00", band: fairly'),
    ("efficiency", "achievement: 95, absorption: 90", "reason: no_bands"),
    ("aggregate", "level: goal, items: {a: {value: 100}, b: {value: 50}, c: {reason: not_due}}",
     'value: "75.00", band: near, of: "2 of 3"'),
    ("aggregate", "level: unit, items: {a: {value: 100, weight: 1}, b: {value: 50, weight: 3}}", 'value: "62.50"'),
    ("aggregate", "level: unit, items: {a: {value: 100}}", "reason: no_weight"),
    ("aggregate", "level: goal, items: {a: {reason: zero_target}}",
     "reason: item_not_computable, because: zero_target"),
    ("aggregate", "level: goal, items: {a: {reason: not_due}}", "reason: nothing_to_aggregate"),
    ("aggregate", "level: goal, items: {}", "reason: nothing_to_aggregate"),
    ("aggregate", "region: here, level: goal, items: {a: {value: 200}, b: {value: 100}}", 'value: "110.00"'),
    ("entry", 'unit: percent, text: "34,50 %"', 'value: "34.50"'),
    ("entry", 'unit: percent, text: "34,50 %"', 'value: "34.5"'),
    ("entry", 'text: "1.250,75"', 'value: "1250.75"'),
    ("entry", 'text: "34.49"', 'reason: not_a_number, proposal: "34,49"'),
    ("entry", 'unit: people, text: "1,5"', "reason: too_many_places"),
    ("entry", "text: 34.491", 'value: "34.491"'),
    ("entry", "unit: sakip, text: bb", "value: BB"),
    ("entry", "unit: sakip, text: zz", "reason: unknown_grade"),
    ("entry", "unit: done, text: ya", "value: true"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "expect"), OTHERS)
def test_the_other_kinds_are_computed_from_what_a_vector_gives(
    folder: Path, kind: str, given: str, expect: str
) -> None:
    passed, found = run(folder, f"kind: {kind}", f"given: {{{given}}}", f"expect: {{{expect}}}")
    assert passed, found


@pytest.mark.parametrize(
    ("kind", "given", "expect", "said"),
    [
        ("achievement", "method: maximise, target: 1, realisation: 1", 'value: "100.0"', "100.00"),
        ("achievement", "method: maximise, target: 1, realisation: 1", "reason: no_target", "None"),
        ("achievement", "method: maximise, target: 1, realisation: 1, span: q9", "value: x", "q9"),
        ("achievement", "method: maximise, targets: 5, realisations: {}, span: q1", "value: x", "targets"),
        ("band", "bands: five, value: 5", "band: x", "five"),
        ("band", "bands: whole", "band: x", "value"),
        ("aggregate", "level: street, items: {}", "value: x", "street"),
        ("aggregate", "level: goal, items: {a: {}}", "value: x", "items.a"),
        ("entry", 'unit: bushel, text: "5"', "value: x", "bushel"),
        ("entry", "unit: number", "value: x", "text"),
    ],
)
def test_what_differs_or_cannot_be_computed_has_not_passed_and_says_so(
    folder: Path, kind: str, given: str, expect: str, said: str
) -> None:
    passed, found = run(folder, f"kind: {kind}", f"given: {{{given}}}", f"expect: {{{expect}}}")
    assert not passed and said in found
